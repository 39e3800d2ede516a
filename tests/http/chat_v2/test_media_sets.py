"""Many files' records with one request."""

from __future__ import annotations

from typing import Any

import httpx
import pytest

from tests.http.chat_v2.uploading import place, uploaded
from tests.http.desk import PDF, Desk
from vestibule.http.chat_v2.media_sets import MOST

NOBODYS = f"ME{'0' * 32}"


async def wanted(desk: Desk, who: httpx.AsyncClient, *media_sids: str, **more: Any) -> httpx.Response:
    given = {"command": "get", "list": [{"media_sid": sid} for sid in media_sids], **more}
    return await who.post(f"{place(desk)}Set", json=given)


async def test_each_file_of_a_set_has_a_code_of_its_own(desk: Desk) -> None:
    own = [(await uploaded(desk, desk.customer))["sid"] for _ in range(2)]
    others = (await uploaded(desk, desk.account))["sid"]
    answer = await wanted(desk, desk.customer, own[0], NOBODYS, others, own[1])

    assert answer.status_code == 200, answer.text
    assert [item["code"] for item in answer.json()] == [200, 404, 404, 200]
    assert [item["media_record"]["sid"] for item in answer.json()] == [own[0], NOBODYS, others, own[1]]
    link = answer.json()[3]["media_record"]["links"]["content_direct_temporary"]
    assert (await desk.client().get(link)).content == PDF


async def test_a_set_has_a_most_and_may_be_empty(desk: Desk) -> None:
    assert (await wanted(desk, desk.customer)).json() == []
    assert len((await wanted(desk, desk.customer, *[NOBODYS] * MOST)).json()) == MOST
    answer = await wanted(desk, desk.customer, *[NOBODYS] * (MOST + 1))
    assert (answer.status_code, answer.json()["code"]) == (400, 20001)


@pytest.mark.parametrize(
    "body", [b"", b"[]", b"{", b'{"command":"delete","list":[]}', b'{"command":"get","list":["ME"]}']
)
async def test_what_is_no_set_is_refused_in_programmable_chats_words(desk: Desk, body: bytes) -> None:
    answer = await desk.customer.post(f"{place(desk)}Set", content=body)
    assert (answer.status_code, answer.json()["code"]) == (400, 20001)
    assert (await desk.client().post(f"{place(desk)}Set", content=body)).status_code == 401
