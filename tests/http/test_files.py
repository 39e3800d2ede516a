"""The bytes behind a link: ranges, names, headers, and everything that makes a link die."""

from __future__ import annotations

import re
from urllib.parse import unquote

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.http.desk import PDF, Desk
from vestibule.http.dispositions import disposition, is_inline, served_type
from vestibule.links import Links

SIZE = len(PDF)


async def test_a_link_needs_no_credentials_and_gives_the_bytes(desk: Desk) -> None:
    url = await desk.link(await desk.sent_file(), desk.agent)
    answer = await desk.client().get(url)

    assert answer.status_code == 200
    assert answer.content == PDF
    assert answer.headers["content-type"] == "application/pdf"
    assert answer.headers["content-disposition"].startswith('inline; filename="bill.pdf"')
    assert answer.headers["cache-control"] == "private, no-store"
    assert answer.headers["x-content-type-options"] == "nosniff"
    assert answer.headers["cross-origin-resource-policy"] == "cross-origin"
    assert answer.headers["content-security-policy"].startswith("sandbox; default-src 'none';")
    assert "frame-ancestors 'self'" in answer.headers["content-security-policy"]
    assert "x-frame-options" not in answer.headers
    assert "set-cookie" not in answer.headers


@pytest.mark.parametrize(
    ("asked", "status", "start", "end"),
    [
        ("bytes=0-0", 206, 0, 1),
        ("bytes=0-", 206, 0, SIZE),
        ("bytes=5-9", 206, 5, 10),
        ("bytes=5-99999999", 206, 5, SIZE),
        ("bytes=-4", 206, SIZE - 4, SIZE),
        ("bytes=-99999", 206, 0, SIZE),
        ("Bytes = 3 - 4 ", 206, 3, 5),
        ("bytes=9-5", 200, 0, SIZE),
        ("bytes=a-b", 200, 0, SIZE),
        ("bytes=-", 200, 0, SIZE),
        ("bytes=0-1,3-4", 200, 0, SIZE),
        ("lines=0-1", 200, 0, SIZE),
        ("bytes=٣-٤".encode().decode("latin-1"), 200, 0, SIZE),
        ("bytes=" + "9" * 5000 + "-", 200, 0, SIZE),
    ],
)
async def test_a_range_is_answered_as_the_standard_says(
    desk: Desk, asked: str, status: int, start: int, end: int
) -> None:
    url = await desk.link(await desk.sent_file(), desk.agent)
    answer = await desk.client().get(url, headers={"range": asked.encode("latin-1")})
    head = await desk.client().head(url, headers={"range": asked.encode("latin-1")})

    assert answer.status_code == head.status_code == status
    assert answer.content == PDF[start:end]
    assert head.content == b""
    assert answer.headers["content-length"] == head.headers["content-length"] == str(end - start)
    if status == 206:
        assert answer.headers["content-range"] == f"bytes {start}-{end - 1}/{SIZE}"


@pytest.mark.parametrize("asked", [f"bytes={SIZE}-", f"bytes={SIZE + 5}-{SIZE + 9}", "bytes=-0"])
async def test_a_range_that_is_not_there_is_told_with_the_size(desk: Desk, asked: str) -> None:
    url = await desk.link(await desk.sent_file(), desk.agent)
    answer = await desk.client().get(url, headers={"range": asked})

    assert (answer.status_code, answer.json()["code"]) == (416, 60037)
    assert answer.headers["content-range"] == f"bytes */{SIZE}"


async def test_a_range_of_another_version_gives_the_whole_file(desk: Desk) -> None:
    url = await desk.link(await desk.sent_file(), desk.agent)
    etag = (await desk.client().head(url)).headers["etag"]

    async def status(if_range: str) -> int:
        headers = {"range": "bytes=0-3", "if-range": if_range}
        return (await desk.client().get(url, headers=headers)).status_code

    assert await status(etag) == 206
    assert await status('"other"') == 200
    assert await status(f"W/{etag}") == 200
    assert await status("Wed, 21 Oct 2015 07:28:00 GMT") == 200
    assert (await desk.client().get(url, headers={"if-none-match": etag})).status_code == 304


async def test_the_same_file_sent_twice_has_two_etags(desk: Desk) -> None:
    tags = set()
    for _ in range(2):
        url = await desk.link(await desk.sent_file(), desk.agent)
        tags.add((await desk.client().head(url)).headers["etag"])
    assert len(tags) == 2


async def test_deleting_the_message_kills_every_link(desk: Desk) -> None:
    message = await desk.sent_file()
    links = [await desk.link(message, who) for who in (desk.agent, desk.customer)]
    await desk.agent.delete(f"{desk.channel}/messages/{message['sid']}")

    for url in links:
        for headers in ({}, {"range": "bytes=0-3"}):
            assert (await desk.client().get(url, headers=headers)).status_code in (404, 410)


async def test_who_leaves_the_channel_keeps_no_link(desk: Desk) -> None:
    message = await desk.sent_file()
    url = await desk.link(message, desk.customer)
    removed = await desk.agent.delete(f"{desk.channel}/members/{desk.chat.customer.identity}")

    assert removed.status_code == 204
    assert (await desk.client().get(url)).status_code == 404


async def test_a_blocked_member_still_opens_files(desk: Desk) -> None:
    url = await desk.link(await desk.sent_file(), desk.customer)
    await desk.chat.block()
    assert (await desk.client().get(url)).status_code == 200


async def test_a_link_that_was_changed_or_is_old_opens_nothing(desk: Desk) -> None:
    message = await desk.sent_file()
    url = await desk.link(message, desk.agent)
    _, _, ticket, name = url.split("/")
    body, _, mark = ticket.partition(".")
    old = Links((b"secret",), lifetime=-60)
    media = await desk.house.system.media(message["media"]["sid"])
    for wrong in (f"{body}x.{mark}", f"{body}.{mark[:-1]}", body, ".", "x", f".{mark}"):
        assert (await desk.client().get(f"/files/{wrong}/{name}")).status_code in (403, 404), wrong
    expired = await desk.client().get(old.mint(media, "safe", "inline", "grace").url)
    assert (expired.status_code, expired.json()["code"]) == (403, 60035)
    forged = Links((b"other",)).mint(media, "safe", "inline", "system")
    assert (await desk.client().get(forged.url)).status_code == 403


async def test_a_link_gives_one_copy_and_never_what_lies_beside_it(desk: Desk) -> None:
    message = await desk.sent_file()
    media = await desk.house.system.media(message["media"]["sid"])
    for rendition in ("original", "preview", "poster"):
        link = desk.front.links.mint(media, rendition, "inline", "grace")
        assert (await desk.client().get(link.url)).status_code == 404


async def test_with_an_origin_for_files_each_serves_its_own(desk: Desk) -> None:
    url = await desk.link(await desk.sent_file(), desk.agent)
    front = desk.changed(files_origin="https://files.test")
    app, files = desk.client(front), desk.client(front, host="files.test")

    assert (await app.get(url)).status_code == 404
    assert (await files.get(url)).content == PDF
    assert (await files.get("/v1/site")).status_code == 404
    assert (await app.get("/v1/site")).status_code == 200
    assert (await files.get("/healthz")).status_code == 200


async def test_the_desk_on_its_own_origin_may_frame_a_document(desk: Desk) -> None:
    url = await desk.link(await desk.sent_file(), desk.agent)
    answer = await desk.client(desk.changed(public_url="https://chat.example.com/x")).get(url)
    assert "frame-ancestors 'self' https://chat.example.com" in answer.headers["content-security-policy"]


async def test_text_is_saved_not_shown(desk: Desk) -> None:
    url = await desk.link(await desk.sent_file(b"hello", "a.txt"), desk.agent, disposition="inline")
    answer = await desk.client().get(url)

    assert answer.headers["content-disposition"].startswith("attachment;")
    assert answer.headers["content-type"] == "text/plain; charset=utf-8"
    assert "frame-ancestors 'none'" in answer.headers["content-security-policy"]


async def test_any_page_may_read_the_bytes_of_a_link_it_was_given(desk: Desk) -> None:
    url = await desk.link(await desk.sent_file(), desk.agent)
    answer = await desk.client(origin="https://shop.example").get(url)
    assert answer.headers["access-control-allow-origin"] == "*"
    assert "access-control-allow-credentials" not in answer.headers


@given(st.text(max_size=300))
def test_whatever_a_file_is_called_the_header_stays_one_header(name: str) -> None:
    header = disposition("inline", "application/pdf", name)

    assert re.fullmatch(
        r'inline; filename="[ !#$&-\[\]-~]+"; filename\*=UTF-8\'\'[A-Za-z0-9!#$&+.^_`|~%-]+', header
    ), header
    if name.isprintable() and name:
        assert unquote(header.rpartition("''")[2]) == name


@pytest.mark.parametrize(
    "kind", "text/html image/svg+xml application/xhtml+xml text/xml text/css application/pdf+xml".split()
)
def test_nothing_that_could_run_is_told_as_what_it_is(kind: str) -> None:
    assert served_type(kind) == "application/octet-stream"
    assert not is_inline(kind)


@pytest.mark.parametrize(
    "kind", "wordprocessingml.document spreadsheetml.sheet presentationml.presentation".split()
)
def test_an_office_document_is_told_exactly_and_saved(kind: str) -> None:
    told = f"application/vnd.openxmlformats-officedocument.{kind}"
    assert served_type(told) == served_type(told.upper()) == told
    assert disposition("inline", told, "letter.docx").startswith("attachment;")


@pytest.mark.parametrize(
    ("name", "kind", "saved"),
    [
        ("photo.heic", "image/jpeg", "photo.jpg"),
        ("Photo.JPEG", "image/jpeg", "Photo.JPEG"),
        ("logo.v2.svg", "image/png", "logo.v2.png"),
        ("memo.amr", "audio/ogg", "memo.ogg"),
        ("clip.mov", "video/mp4", "clip.mp4"),
        ("bill.pdf", "image/webp", "bill.webp"),
        ("bill.pdf", "application/pdf", "bill.pdf"),
        ("archive", "image/png", "archive"),
        (".svg", "image/png", ".svg"),
    ],
)
def test_a_copy_is_saved_under_the_ending_of_what_it_is(name: str, kind: str, saved: str) -> None:
    assert f'filename="{saved}"' in disposition("inline", kind, name)


@pytest.mark.parametrize("kind", ["", "x", "image/png\r\nset-cookie: a=b", "text/html;x", "a/b c"])
def test_a_type_that_is_none_never_reaches_the_header(kind: str) -> None:
    assert re.fullmatch(r"[a-z/-]+", served_type(kind))
