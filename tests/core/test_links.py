"""Links: signed for one file, one viewer and a few minutes."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from vestibule.errors import LinkInvalid
from vestibule.links import Links
from vestibule.models import Copy, Media

NOW = datetime.now(UTC)
MEDIA = Media(
    sid="ME" + "a" * 32,
    service_sid="IS" + "b" * 32,
    channel_sid="CH" + "c" * 32,
    message_sid=None,
    author="ada",
    filename="Ærø & a/b?.jpg",
    declared_type="image/jpeg",
    content_type="image/jpeg",
    size=1,
    state="clean",
    reason="",
    width=None,
    height=None,
    duration=None,
    pages=None,
    renditions=(Copy(name="safe", content_type="image/webp", size=1),),
    date_created=NOW,
    date_updated=NOW,
)


@pytest.fixture
def links() -> Links:
    return Links((b"a secret",))


def ticket_of(url: str) -> str:
    return url.removeprefix("/files/").partition("/")[0]


def minted(links: Links) -> str:
    return ticket_of(links.mint(MEDIA, "safe", "inline", "grace").url)


def test_a_link_says_which_file_for_whom_and_until_when(links: Links) -> None:
    now = datetime.now(UTC)
    link = links.mint(MEDIA, "safe", "attachment", "grace")
    ticket = links.read(ticket_of(link.url))
    assert (ticket.service_sid, ticket.channel_sid) == (MEDIA.service_sid, MEDIA.channel_sid)
    assert (ticket.media_sid, ticket.rendition, ticket.viewer) == (MEDIA.sid, "safe", "grace")
    assert ticket.disposition == "attachment"
    assert link.content_type == "image/webp"
    assert timedelta(seconds=290) < link.date_expires - now < timedelta(seconds=400)


def test_a_link_ends_in_the_files_name_as_one_part_of_a_path(links: Links) -> None:
    url = links.mint(MEDIA, "safe", "inline", "grace").url
    assert url.startswith("/files/")
    assert url.endswith("/%C3%86r%C3%B8%20%26%20a%2Fb%3F.jpg")
    assert url.count("/") == 3


def test_files_may_have_an_origin_of_their_own() -> None:
    links = Links((b"a secret",), origin="https://files.example.com")
    assert links.mint(MEDIA, "safe", "inline", "grace").url.startswith("https://files.example.com/files/")


@pytest.mark.parametrize("flip", [1, 0x20, 0x80])
def test_every_changed_byte_is_noticed(links: Links, flip: int) -> None:
    text = minted(links)
    for place in range(len(text)):
        with pytest.raises(LinkInvalid):
            links.read(text[:place] + chr(ord(text[place]) ^ flip) + text[place + 1 :])


@pytest.mark.parametrize("text", ["", ".", "..", "a.b", "é.ü", "\0", "\ud800.x", "e30.", "." + "A" * 43])
def test_what_is_no_link_is_refused(links: Links, text: str) -> None:
    with pytest.raises(LinkInvalid):
        links.read(text)


def test_a_cut_or_lengthened_link_is_refused(links: Links) -> None:
    text = minted(links)
    for changed in (text[:-1], text[1:], text + "A", text + "=", text + ".", text.partition(".")[0]):
        with pytest.raises(LinkInvalid):
            links.read(changed)


def test_an_old_link_is_refused_and_says_so(links: Links) -> None:
    old = replace(links, lifetime=-60)
    with pytest.raises(LinkInvalid, match="expired"):
        links.read(minted(old))


def test_a_link_is_read_while_the_secret_is_rotated_and_not_after_it(links: Links) -> None:
    text = minted(links)
    assert Links((b"newer", b"a secret")).read(text).viewer == "grace"
    assert Links((b"a secret", b"newer")).read(minted(Links((b"newer",)))).viewer == "grace"
    with pytest.raises(LinkInvalid):
        Links((b"newer",)).read(text)


def test_without_a_secret_nothing_is_believed(links: Links) -> None:
    with pytest.raises(LinkInvalid):
        Links(()).read(minted(links))
