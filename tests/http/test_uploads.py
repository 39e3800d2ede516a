"""Sending files: raw, in a form, too large, broken off, one byte at a time."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from typing import Any

import httpx
import pytest

from tests.http.desk import LARGEST, PDF, Desk, served

TEXT = {"content-type": "text/plain"}


async def pieces(data: bytes, step: int) -> AsyncIterator[bytes]:
    for at in range(0, len(data), step):
        yield data[at : at + step]


async def test_a_raw_file_arrives_with_its_name_and_type(desk: Desk) -> None:
    answer = await desk.customer.post(
        f"{desk.channel}/media",
        params={"Filename": "Rechnung für März.pdf", "Category": "media"},
        content=PDF,
        headers={"content-type": "application/pdf"},
    )
    media = answer.json()

    assert answer.status_code == 201
    assert (media["filename"], media["state"], media["size"]) == ("Rechnung für März.pdf", "clean", len(PDF))
    fetched = await desk.customer.get(f"{desk.channel}/media/{media['sid']}")
    assert fetched.json() == media


@pytest.mark.parametrize("step", [1, 7, 64, 10_000])
async def test_a_form_is_read_however_it_is_cut(desk: Desk, step: int) -> None:
    request = httpx.Request(
        "POST", "http://x", data={"Author": "me"}, files={"Media": ("a b.pdf", PDF, "application/pdf")}
    )
    answer = await desk.customer.post(
        f"{desk.channel}/media", content=pieces(request.read(), step), headers=dict(request.headers)
    )
    assert answer.status_code == 201, answer.text
    assert answer.json()["filename"] == "a b.pdf"
    assert await stored(desk, answer.json()) == PDF


async def test_a_file_that_ends_like_a_boundary_keeps_every_byte(desk: Desk) -> None:
    data = b"text\r\n--bound\r\n--boundar\r\n--\r\n\r\n--bo"
    answer = await post_form(desk, [part('name="f"; filename="a.txt"', data, "text/plain")])
    assert answer.status_code == 201, answer.text
    assert await stored(desk, answer.json()) == data


async def test_a_form_may_have_fields_around_the_file_but_one_file_only(desk: Desk) -> None:
    field, file = part('name="Author"', b"me"), part('name="x"; filename="a.pdf"', PDF, "application/pdf")

    assert (await post_form(desk, [field, file, field])).status_code == 201
    for wrong in ([field], [], [file, file], [field] * 16 + [file], [file, *[field] * 16]):
        answer = await post_form(desk, wrong)
        assert (answer.status_code, answer.json()["code"]) == (400, 20001), answer.text
    assert files_in_quarantine(desk) == []


async def test_a_form_with_endless_fields_or_headers_is_refused(desk: Desk) -> None:
    long_field = part('name="Author"', b"x" * 70_000)
    long_head = part(f'name="{"x" * 9000}"; filename="a.pdf"', PDF)
    many_heads = b"X-Y: z\r\n" * 50 + part('name="f"; filename="a.pdf"', PDF)
    for wrong in (long_field, long_head, many_heads):
        assert (await post_form(desk, [wrong])).status_code == 400


@pytest.mark.parametrize("end", [0, 10, -10, -3])
async def test_a_form_that_was_cut_off_leaves_nothing(desk: Desk, end: int) -> None:
    whole = form([part('name="f"; filename="a.pdf"', PDF, "application/pdf")])
    answer = await send_form(desk, whole[:end])
    assert answer.status_code == 400
    assert files_in_quarantine(desk) == []


async def test_a_form_without_a_boundary_is_refused(desk: Desk) -> None:
    for kind in (
        "multipart/form-data",
        "multipart/form-data; boundary=",
        f"multipart/form-data; boundary={'x' * 300}",
    ):
        answer = await desk.customer.post(
            f"{desk.channel}/media", content=b"x", headers={"content-type": kind}
        )
        assert answer.status_code == 400


async def test_a_file_over_the_limit_is_refused_by_what_it_says(desk: Desk) -> None:
    answer = await desk.customer.post(f"{desk.channel}/media?Filename=a.txt", content=b"a" * (LARGEST + 1))
    assert (answer.status_code, answer.json()["reason"]) == (413, "media_too_large")
    assert answer.json()["advice"]


async def test_a_file_over_the_limit_is_cut_where_it_does_not_say(desk: Desk) -> None:
    sent = 0

    async def endless() -> AsyncIterator[bytes]:
        nonlocal sent
        while sent < 100 * LARGEST:
            sent += 10_000
            yield b"a" * 10_000

    answer = await desk.customer.post(f"{desk.channel}/media?Filename=a.txt", content=endless(), headers=TEXT)
    assert answer.status_code == 413
    assert files_in_quarantine(desk) == []


async def test_a_file_of_exactly_the_limit_is_taken(desk: Desk) -> None:
    answer = await desk.customer.post(
        f"{desk.channel}/media?Filename=a.txt", content=pieces(b"a" * LARGEST, 9999), headers=TEXT
    )
    assert answer.status_code == 201, answer.text


async def test_a_page_that_calls_itself_a_photo_is_refused_with_reason_and_advice(desk: Desk) -> None:
    answer = await desk.customer.post(
        f"{desk.channel}/media?Filename=photo.jpg",
        content=b"<html><script>alert(1)</script>",
        headers={"content-type": "image/jpeg"},
    )
    assert answer.status_code == 422
    assert answer.json()["details"]["reason"] == "type_mismatch"
    assert answer.json()["advice"]
    refusals = (await desk.agent.get(desk.channel)).json()["refusals"]
    assert refusals[0]["refusal"]["reason"] == "type_mismatch"


async def test_a_file_of_ones_own_can_be_taken_back(desk: Desk) -> None:
    answer = await desk.customer.post(f"{desk.channel}/media?Filename=a.pdf", content=PDF)
    address = f"{desk.channel}/media/{answer.json()['sid']}"

    assert (await desk.customer.delete(address)).status_code == 204
    assert (await desk.customer.get(address)).json()["state"] == "gone"


async def test_a_browser_hears_of_a_refusal_while_it_still_sends(desk: Desk) -> None:
    async with served(desk.front) as address, httpx.AsyncClient(base_url=address) as client:
        answer = await client.post(
            f"{desk.channel}/media?Filename=a.exe",
            content=pieces(b"MZ" * 1_000_000, 50_000),
            headers=dict(desk.customer.headers),
        )
        assert answer.status_code == 422
        assert answer.headers["connection"] == "close"


async def test_an_upload_whose_sender_goes_away_leaves_nothing(desk: Desk) -> None:
    async with served(desk.front) as address:
        host, port = address.removeprefix("http://").split(":")
        _, writer = await asyncio.open_connection(host, int(port))
        token = desk.customer.headers["authorization"]
        writer.write(
            f"POST {desk.channel}/media?Filename=a.pdf HTTP/1.1\r\nhost: x\r\nauthorization: {token}\r\n"
            f"content-type: application/pdf\r\ncontent-length: 100000\r\n\r\n".encode()
            + PDF
        )
        await writer.drain()
        while not files_in_quarantine(desk, partial=True):
            await asyncio.sleep(0.01)
        writer.close()
        while files_in_quarantine(desk, partial=True):
            await asyncio.sleep(0.01)


async def test_uploads_are_counted(desk: Desk) -> None:
    await desk.customer.post(f"{desk.channel}/media?Filename=a.pdf", content=PDF)
    await desk.customer.post(f"{desk.channel}/media?Filename=a.exe", content=b"MZ")
    numbers = desk.front.metrics.render().decode()

    assert 'vestibule_uploads_total{outcome="clean"} 1.0' in numbers
    assert 'vestibule_uploads_total{outcome="media_refused"} 1.0' in numbers


def part(disposition: str, data: bytes, content_type: str = "") -> bytes:
    head = f"Content-Disposition: form-data; {disposition}\r\n".encode()
    if content_type:
        head += f"Content-Type: {content_type}\r\n".encode()
    return head + b"\r\n" + data


def form(parts: list[bytes]) -> bytes:
    return b"".join(b"--boundary\r\n" + one + b"\r\n" for one in parts) + b"--boundary--\r\n"


async def post_form(desk: Desk, parts: list[bytes]) -> httpx.Response:
    return await send_form(desk, form(parts))


async def send_form(desk: Desk, body: bytes) -> httpx.Response:
    kind = {"content-type": "multipart/form-data; boundary=boundary"}
    return await desk.customer.post(f"{desk.channel}/media", content=pieces(body, 100), headers=kind)


async def stored(desk: Desk, media: dict[str, Any]) -> bytes:
    key = f"available/{media['sid']}/safe"
    return b"".join([chunk async for chunk in desk.house.parts.storage.get(key)])


def files_in_quarantine(desk: Desk, *, partial: bool = False) -> list[str]:
    found = [path for path in (desk.folder / "files").rglob("*") if path.is_file()]
    return [str(path) for path in found if partial or "quarantine" in path.parts]


async def test_not_even_the_account_sends_a_file_to_a_channel_that_is_not_there(desk: Desk) -> None:
    for nowhere in ("CH" + "0" * 32, "somewhere"):
        answer = await desk.account.post(f"/v1/channels/{nowhere}/media", content=PDF)
        assert (answer.status_code, answer.json()["code"]) == (404, 20404)
    assert (await desk.account.get(f"/v1/Services/{desk.house.service_sid}/Media")).json()["media"] == []
