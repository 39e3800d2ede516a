"""Headers: what browsers are told of the files that they are given."""

from __future__ import annotations

import hashlib
from collections.abc import Callable

import httpx

from vestibule.selftest import samples
from vestibule.selftest.cases import Cases, NotTested, must
from vestibule.selftest.visit import Visit

cases = Cases("what is said of files")

See = Callable[[httpx.Response], str]  # gives what was seen


async def _photo(visit: Visit) -> httpx.Response:
    return await visit.door.ask("GET", (await visit.photo()).url)


async def _text(visit: Visit) -> httpx.Response:
    if not visit.accepts(".txt"):
        raise NotTested("this house takes no .txt")
    shown = await visit.shown(samples.text("notes.txt", "Only a note.\n"))
    return await visit.door.ask("GET", shown.url)


def of_every_file(name: str, sentence: str, see: See) -> None:
    """What is said of a picture, of its preview, and in the answer to a part of it."""

    async def run(visit: Visit) -> str:
        photo = await visit.photo()
        preview = await visit.visitor.link(photo.sid, rendition="preview")
        whole = await visit.door.ask("GET", photo.url)
        part = await visit.door.ask("GET", photo.url, headers={"range": "bytes=0-1"})
        small = await visit.door.ask("GET", preview["url"])
        seen, *_ = [see(answer) for answer in (whole, part, small)]
        return seen

    cases.add(name, sentence, run)


def _said(answer: httpx.Response, name: str) -> str:
    return str(answer.headers.get(name, "")).lower()


def _nosniff(answer: httpx.Response) -> str:
    seen = _said(answer, "x-content-type-options")
    must(set(_words(seen)) == {"nosniff"}, f"X-Content-Type-Options is {seen!r}")
    return "nosniff"


def _words(text: str) -> list[str]:
    """A header that two of us set is one with a comma, and says the same."""
    return [word.strip() for word in text.split(",") if word.strip()]


def _sandbox(answer: httpx.Response) -> str:
    # Of several policies each holds (CSP level 3, section 8.1), so one that is strict is enough.
    seen = _said(answer, "content-security-policy")
    policies = [[rule.split() for rule in policy.split(";")] for policy in seen.split(",")]
    must(any(["sandbox"] in rules for rules in policies), f"there is no plain `sandbox` in {seen!r}")
    nothing = ["default-src", "'none'"]
    must(any(nothing in rules for rules in policies), f"there is no `default-src 'none'` in {seen!r}")
    return "sandbox; default-src 'none'"


def _referrer(answer: httpx.Response) -> str:
    seen = _said(answer, "referrer-policy")
    # The last one counts (Referrer Policy, section 8.1).
    must((_words(seen) or [""])[-1] == "no-referrer", f"Referrer-Policy is {seen!r}")
    return "no-referrer"


def _resource_policy(answer: httpx.Response) -> str:
    seen = _said(answer, "cross-origin-resource-policy")
    must(seen in ("same-origin", "same-site", "cross-origin"), f"it is {seen!r}")
    return seen


def _uncached(answer: httpx.Response) -> str:
    seen = _said(answer, "cache-control")
    words = {word.strip() for word in seen.split(",")}
    must("no-store" in words or "private" in words, f"Cache-Control is {seen!r}")
    must("public" not in words, f"Cache-Control is {seen!r}")
    return seen


def _etag(answer: httpx.Response) -> str:
    seen = _said(answer, "etag")
    digests = (hashlib.new(name, answer.content).hexdigest() for name in ("md5", "sha1", "sha256"))
    must(not any(digest in seen for digest in digests), "the ETag is a digest of the file")
    return seen or "no ETag"


of_every_file("no guessing", "Browsers do not guess what a file is (nosniff).", _nosniff)
of_every_file("sandbox", "Nothing in a file may run, load or send (CSP sandbox).", _sandbox)
of_every_file("no referrer", "A file's address is not told to others.", _referrer)
of_every_file("other sites", "It is said which sites may load a file (CORP).", _resource_policy)
of_every_file("no cache", "No cache between keeps a file.", _uncached)
of_every_file("no digest", "The ETag does not tell whether two people have the same file.", _etag)


@cases.case("picture's type")
async def picture_type(visit: Visit) -> str:
    """A picture is served as a picture, under its name."""
    answer = await _photo(visit)
    kind, told = _said(answer, "content-type"), _said(answer, "content-disposition")
    must(kind in ("image/jpeg", "image/png"), f"its type is {kind!r}")
    must("filename*=utf-8''" in told, f"Content-Disposition is {told!r}")
    return kind


@cases.case("text is saved")
async def text_is_saved(visit: Visit) -> str:
    """What is no picture, recording or PDF is saved, never shown, even where a link says otherwise."""
    answer = await _text(visit)
    kind, told = _said(answer, "content-type"), _said(answer, "content-disposition")
    must(told.startswith("attachment"), f"Content-Disposition is {told!r}")
    must(kind == "text/plain; charset=utf-8", f"its type is {kind!r}")
    return "attachment"
