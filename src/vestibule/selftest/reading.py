"""Reading: who gets a file's bytes, by which address, for how long, and with which headers."""

from __future__ import annotations

import asyncio
import base64
import re
import time
from datetime import UTC, datetime
from urllib.parse import urlsplit

import httpx

from vestibule.selftest import samples
from vestibule.selftest.cases import Cases, NotTested, must
from vestibule.selftest.samples import Sample
from vestibule.selftest.visit import Visit
from vestibule.selftest.visitor import Visitor, said

cases = Cases("reading")

CLOSED = (401, 403, 404, 409, 410, 422)  # by which bytes are refused
FLIPS = 12  # places in a link that are changed, one at a time
LONGEST = 3600  # seconds that a link may live
CLOCKS = 31  # seconds that an old link is let pass, because clocks differ, and one more
WAIT = 60  # seconds that the self-test waits for a link to grow old
COPIES = ("safe", "preview", "poster", "original")


def closed(answer: httpx.Response, what: str) -> None:
    must(answer.status_code in CLOSED, f"{what} was answered {answer.status_code}")


async def _no_way_in(visit: Visit, reader: Visitor, media_sid: str, owner: Visitor | None = None) -> None:
    """Nobody gets at this file, its `owner`'s or else the reader's, by any address that could be its own."""
    service = visit.visitor.place["service_sid"]
    for copy in COPIES:
        wanted = {"rendition": copy, "disposition": "attachment"}
        answer = await reader.ask("POST", f"{(owner or reader).channel}/media/{media_sid}/link", json=wanted)
        must(answer.status_code >= 400, f"a link to its copy {copy!r} was answered {answer.status_code}")
    content = await reader.ask("GET", f"/v1/Services/{service}/Media/{media_sid}/Content")
    must(content.status_code >= 400, f"its content was answered {content.status_code}")
    for path in (f"/files/{media_sid}/file", f"/files/available/{media_sid}/safe", f"/media/{media_sid}"):
        answer = await visit.door.ask("GET", path)
        must(answer.status_code >= 400, f"{path} was answered {answer.status_code}")


@cases.case("refused files")
async def refused(visit: Visit) -> str:
    """A refused file has no address, not even for its sender."""
    if not visit.shut:
        raise NotTested("no refused file was given a record")
    for sender, sid in visit.shut:
        await _no_way_in(visit, sender, sid)
    return f"none of {len(visit.shut)} can be read"


@cases.case("files that wait")
async def waiting(visit: Visit) -> str:
    """A file that nobody has called clean yet has no address, not even for its sender."""
    text = samples.text("notes.txt", samples.shell_for_another_machine())
    sent = await visit.visitor.send(text)
    if sent.state != "held":
        raise NotTested(f"this house holds no such file ({sent.told})")
    await _no_way_in(visit, visit.visitor, sent.sid)
    return "held, and cannot be read"


@cases.case("without a token")
async def without_token(visit: Visit) -> str:
    """Who has no token reads no chat, gets no link and sends nothing."""
    photo, channel = await visit.photo(), visit.visitor.channel
    service = visit.visitor.place["service_sid"]
    for method, path in (
        ("GET", channel),
        ("GET", f"{channel}/messages"),
        ("GET", f"{channel}/media/{photo.sid}"),
        ("POST", f"{channel}/media/{photo.sid}/link"),
        ("POST", f"{channel}/messages"),
        ("DELETE", f"{channel}/messages/{photo.message_sid}"),
        ("GET", f"/v1/Services/{service}/Media/{photo.sid}/Content"),
        ("GET", f"/v2/Services/{service}/Channels"),
    ):
        answer = await visit.door.ask(method, path, json={} if method == "POST" else None)
        must(answer.status_code == 401, f"{method} {path} was answered {answer.status_code}")
    return "401 everywhere"


@cases.case("another visitor")
async def another_visitor(visit: Visit) -> str:
    """Another visitor who knows every sid reads, sends and deletes nothing."""
    photo, other = await visit.photo(), visit.other
    await _no_way_in(visit, other, photo.sid, visit.visitor)
    for method, path, body in (
        ("GET", visit.visitor.channel, None),
        ("GET", f"{visit.visitor.channel}/messages", None),
        ("GET", f"{visit.visitor.channel}/media/{photo.sid}", None),
        ("GET", f"{other.channel}/media/{photo.sid}", None),
        ("POST", f"{other.channel}/media/{photo.sid}/link", {}),
        ("POST", f"{other.channel}/messages", {"media_sid": photo.sid}),
        ("POST", f"{visit.visitor.channel}/messages", {"body": "Hello"}),
        ("DELETE", f"{visit.visitor.channel}/messages/{photo.message_sid}", None),
        ("DELETE", f"{other.channel}/media/{photo.sid}", None),
    ):
        answer = await other.ask(method, path, json=body)
        must(400 <= answer.status_code < 500, f"{method} {path} was answered {answer.status_code}")
    return "kept out everywhere"


@cases.case("a visitor is no agent")
async def no_agent(visit: Visit) -> str:
    """A visitor sees neither who waits nor who works here, and takes no task."""
    task = visit.visitor.place["task_sid"]
    for method, path in (
        ("GET", "/v1/tasks"),
        ("POST", f"/v1/tasks/{task}/accept"),
        ("GET", f"/v1/users/{visit.other.place['identity']}"),
    ):
        answer = await visit.visitor.ask(method, path)
        must(400 <= answer.status_code < 500, f"{method} {path} was answered {answer.status_code}")
    return "kept out everywhere"


@cases.case("changed link")
async def changed_link(visit: Visit) -> str:
    """A link with any other letter in it opens nothing."""
    url = await _good(visit)
    start = url.index("/files/") + len("/files/")
    ticket = url[start:].partition("/")[0]
    body = ticket.partition(".")[0]
    places = {round(at * (len(ticket) - 1) / (FLIPS - 1)) for at in range(FLIPS)}
    forged = [ticket[:at] + _another(ticket[at]) + ticket[at + 1 :] for at in sorted(places)]
    for made in (*forged, body, f"{body}.", ticket[:-1], ticket + "A"):
        answer = await visit.door.ask("GET", url.replace(ticket, made))
        closed(answer, "a changed link")
    return f"{len(forged) + 4} changed links open nothing"


async def _good(visit: Visit) -> str:
    """A link that does open: without one, that others do not would mean nothing."""
    url = (await visit.photo()).url
    answer = await visit.door.ask("GET", url)
    must(answer.status_code == 200, f"a good link was answered {answer.status_code}")
    return url


def _another(letter: str) -> str:
    return "B" if letter == "A" else "A"


@cases.case("link for somebody else")
async def rewritten_link(visit: Visit) -> str:
    """A link cannot be made out for another viewer, file or time."""
    url = await _good(visit)
    mine, theirs = visit.visitor, visit.other
    for old, new in (
        (mine.place["identity"], theirs.place["identity"]),
        (mine.channel_sid, theirs.channel_sid),
        ('"safe"', '"original"'),
        (_last_number(_said_in(url)), str(int(time.time()) + 10**6)),
    ):
        answer = await visit.door.ask("GET", _rewritten(url, old, new))
        closed(answer, "a link that was written anew")
    return "four forged links open nothing"


def _said_in(url: str) -> str:
    """What a link says, as far as it can be read."""
    body = url.partition("/files/")[2].partition(".")[0]
    try:
        return base64.urlsafe_b64decode(body + "=" * (-len(body) % 4)).decode()
    except ValueError as error:
        raise NotTested("what links say cannot be read from them") from error


def _last_number(said: str) -> str:
    return str((re.findall(r"\d{9,}", said) or [""])[-1])


def _rewritten(url: str, old: str, new: str) -> str:
    said_there = _said_in(url)
    if not old or old not in said_there:
        raise NotTested("what links say cannot be read from them")
    body = base64.urlsafe_b64encode(said_there.replace(old, new).encode()).decode().rstrip("=")
    return url.replace(url.partition("/files/")[2].partition(".")[0], body)


@cases.case("old link")
async def old_link(visit: Visit) -> str:
    """A link lives an hour at most, and opens nothing afterwards."""
    photo = await visit.photo()
    link = await visit.visitor.link(photo.sid)
    left = (datetime.fromisoformat(link["date_expires"]) - datetime.now(UTC)).total_seconds()
    must(left <= LONGEST + CLOCKS, f"a link lives {left:.0f} s")
    if left + CLOCKS > WAIT:
        raise NotTested(f"links live {left:.0f} s here, and the self-test waits {WAIT} s at most")
    await asyncio.sleep(left + CLOCKS)
    closed(await visit.door.ask("GET", link["url"]), "an old link")
    return f"dead after {left:.0f} s"


@cases.case("deleted message")
async def deleted(visit: Visit) -> str:
    """When a message is deleted, every link to its file is dead at once."""
    photo = await visit.shown(Sample("gone.png", "image/png", samples.png()))
    preview = (await visit.visitor.link(photo.sid, rendition="preview"))["url"]
    for url in (photo.url, preview):
        must((await visit.door.ask("GET", url)).status_code == 200, "its link did not open before")
    answer = await visit.visitor.unsay(photo.message_sid)
    must(answer.status_code == 204, f"it could not be deleted: {said(answer)}")
    for url in (photo.url, preview):
        closed(await visit.door.ask("GET", url), "a link to it")
    await _no_way_in(visit, visit.visitor, photo.sid)
    return "its links are dead"


@cases.case("ranges")
async def ranges(visit: Visit) -> str:
    """Parts of a file are served exactly: players and downloads depend on it."""
    url = (await visit.photo()).url
    whole = (await visit.door.ask("GET", url)).content
    size = len(whole)
    for asked, start, end in (("0-1", 0, 2), ("-5", size - 5, size), ("3-", 3, size)):
        answer = await visit.door.ask("GET", url, headers={"range": f"bytes={asked}"})
        must(answer.status_code == 206, f"bytes={asked} was answered {answer.status_code}")
        must(answer.content == whole[start:end], f"bytes={asked} brought {len(answer.content)} other bytes")
        told = answer.headers.get("content-range", "")
        must(told == f"bytes {start}-{end - 1}/{size}", f"bytes={asked} was said to be {told!r}")
    beyond = await visit.door.ask("GET", url, headers={"range": f"bytes={size}-"})
    must(beyond.status_code == 416, f"what is beyond the end was answered {beyond.status_code}")
    return "206 and 416, byte by byte"


@cases.case("HEAD")
async def head(visit: Visit) -> str:
    """A file's size can be asked for without its bytes; a dead link tells nothing that way either."""
    url = (await visit.photo()).url
    whole, asked = await visit.door.ask("GET", url), await visit.door.ask("HEAD", url)
    must(asked.status_code == 200, f"HEAD was answered {asked.status_code}")
    length = asked.headers.get("content-length", "none")
    must(length == str(len(whole.content)), f"HEAD says {length} bytes, there are {len(whole.content)}")
    changed = urlsplit(url)._replace(path="/files/AAAA.AAAA/file").geturl()
    closed(await visit.door.ask("HEAD", changed), "HEAD of a dead link")
    return f"{length} bytes"
