"""Pages lead somewhere, and speak of the project alone."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from tests.docs.committed import ROOT, files, pages, place

LINK = re.compile(r"\[[^\]]*\]\(([^)\s]+)\)|<(?:img|source|a)\b[^>]*?(?:src|srcset|href)=\"([^\"]+)\"")

KINDS = {"learn", "do", "reference", "why"}


def links(page: Path) -> list[str]:
    text = re.sub(r"^```.*?^```$", "", page.read_text(encoding="utf-8"), flags=re.M | re.S)
    return [first or second for first, second in LINK.findall(text)]


def anchors(page: Path) -> set[str]:
    text = page.read_text(encoding="utf-8")
    headings = re.findall(r"^#+ (.+)$", text, re.M)
    slugs = {re.sub(r"[^\w\- ]", "", heading.lower()).replace(" ", "-") for heading in headings}
    return slugs | set(re.findall(r'<a id="([^"]+)"', text))


@pytest.mark.parametrize("page", pages(), ids=place)
def test_every_link_within_the_project_leads_somewhere(page: Path) -> None:
    for link in links(page):
        if re.match(r"[a-z]+:", link):
            continue
        target, _, anchor = link.partition("#")
        there = (page.parent / target).resolve() if target else page
        assert there.exists(), f"{place(page)} leads to {link}"
        assert not anchor or anchor in anchors(there), f"{place(page)} leads to {link}"


def test_every_page_of_docs_is_of_one_kind_and_reached_from_the_index() -> None:
    docs = ROOT / "docs"
    index = {link.partition("#")[0] for link in links(docs / "index.md")}
    for page in docs.rglob("*.md"):
        name = page.relative_to(docs)
        if name.name not in ("index.md", "numbers.md"):
            assert name.parts[0] in KINDS
            assert str(name) in index, f"docs/index.md does not name {name}"


# Joined here, so that this file does not name what it looks for.
ELSEWHERE = [
    re.compile("".join(parts), re.I)
    for parts in (
        (r"(registry\.|www\.)?", r"npmjs\.", r"(org|com)"),
        (r"(files\.)?python", r"hosted\.org"),
        (r"\bpypi\.", r"(org|python)"),
        (r"\b(deb|security|archive|ports)\.", r"(debian|ubuntu)\.", r"(org|com)"),
        (r"--?(extra-)?index-", r"url\s+\S*://"),
        (r"(^|[\s\"'`(=:])/", r"(work|root|home/\w+)/"),
    )
]


def test_no_file_names_a_registry_s_host_or_a_path_of_somebody_s_machine() -> None:
    for path in files():
        try:
            text = path.read_text(encoding="utf-8")
        except UnicodeDecodeError:
            continue
        for pattern in ELSEWHERE:
            assert not (match := pattern.search(text)), f"{place(path)}: {match and match[0]}"
