"""What the official helper libraries do without saying so, and what strangers do on the same wire."""

from __future__ import annotations

import asyncio
import json
from base64 import b64encode
from collections.abc import AsyncIterator
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from twilio.base.exceptions import TwilioRestException
from twilio.rest import Client

from tests.http.desk import Desk, served
from vestibule.errors import HeadTooLarge
from vestibule.http.wire import HEAD_BYTES
from vestibule.testing import a_server


@dataclass
class Answer:
    status: int
    headers: dict[str, str]
    body: bytes

    @property
    def code(self) -> int:
        return int(json.loads(self.body)["code"])


@dataclass
class Wire:
    """A connection on which anything may be written."""

    reader: asyncio.StreamReader
    writer: asyncio.StreamWriter
    credentials: str
    service: str

    async def ask(self, line: str, *headers: str, body: bytes = b"") -> Answer:
        """One request by the account, and its answer."""
        head = [f"{line} HTTP/1.1", "Host: chat.example.com", f"Authorization: {self.credentials}", *headers]
        self.writer.write("\r\n".join([*head, "", ""]).encode() + body)
        return await self.answer(is_bare=line.startswith("HEAD"))

    async def answer(self, *, is_bare: bool = False) -> Answer:
        async with asyncio.timeout(5):
            status = int((await self.reader.readline()).split()[1])
            headers = {}
            while (line := (await self.reader.readline()).strip()) != b"":
                name, _, value = line.decode().partition(": ")
                headers[name.lower()] = value
            size = 0 if is_bare else int(headers.get("content-length", 0))
            return Answer(status, headers, await self.reader.readexactly(size))

    async def is_closed(self) -> bool:
        async with asyncio.timeout(5):
            return await self.reader.read() == b""


@pytest.fixture
async def wire(desk: Desk) -> AsyncIterator[Wire]:
    pair = f"{desk.front.account_sid}:{desk.front.auth_token}"
    async with served(desk.front) as base:
        reader, writer = await asyncio.open_connection("127.0.0.1", urlsplit(base).port)
        yield Wire(reader, writer, f"Basic {b64encode(pair.encode()).decode()}", desk.service)
        writer.close()


FORM = "Content-Type: application/x-www-form-urlencoded"


async def test_a_slash_at_the_end_leads_to_the_same_and_nowhere_else(wire: Wire) -> None:
    for path in ("/v2/Services", wire.service, f"{wire.service}/Channels"):
        assert (await wire.ask(f"GET {path}/")).body.count(b'"sid"') >= 1
    made = await wire.ask(f"POST {wire.service}/Channels/", FORM, "Content-Length: 12", body=b"UniqueName=x")
    assert made.status == 201
    assert (await wire.ask(f"GET {wire.service}//Channels")).status == 404
    assert (await wire.ask(f"GET {wire.service}/Channels//")).status == 404


async def test_a_get_may_speak_of_a_body_that_does_not_come(wire: Wire) -> None:
    assert (await wire.ask("GET /v2/Services", FORM)).status == 200
    assert (await wire.ask("GET /v2/Services", FORM, "Content-Length: 0")).status == 200
    assert (await wire.ask("GET /v2/Services", "Content-Length: 4", body=b"a=b&")).status == 200


async def test_what_was_deleted_is_answered_with_nothing(wire: Wire) -> None:
    made = await wire.ask(f"POST {wire.service}/Channels", FORM, "Content-Length: 12", body=b"UniqueName=x")
    sid = json.loads(made.body)["sid"]
    gone = await wire.ask(f"DELETE {wire.service}/Channels/{sid}", FORM)

    assert (gone.status, gone.body) == (204, b"")
    assert {"content-length", "content-type", "transfer-encoding"}.isdisjoint(gone.headers)
    assert (await wire.ask("GET /v2/Services")).status == 200  # on the same connection


async def test_whoever_asks_to_close_gets_the_answer_and_then_the_end(wire: Wire) -> None:
    answer = await wire.ask(f"GET {wire.service}", "Connection: close")

    assert (answer.status, answer.headers["connection"]) == (200, "close")
    assert json.loads(answer.body)["sid"]
    assert await wire.is_closed()


async def test_a_head_is_a_get_without_its_body(wire: Wire) -> None:
    whole, head = await wire.ask("GET /v2/Services"), await wire.ask("HEAD /v2/Services")
    assert (head.status, head.headers["content-length"]) == (200, whole.headers["content-length"])
    assert (await wire.ask("HEAD /v2/none")).status == 404
    assert (await wire.ask("GET /v2/Services")).status == 200


@pytest.mark.parametrize("method", ["PUT", "PATCH", "POST", "DELETE", "OPTIONS", "QUERY"])
async def test_a_method_that_is_not_taken_is_told_which_are(wire: Wire, method: str) -> None:
    answer = await wire.ask(f"{method} {wire.service}/Users/none/", "Content-Length: 0")
    if method in ("POST", "DELETE"):
        answer = await wire.ask(f"{method} {wire.service}/Channels/none/Members/x/y", "Content-Length: 0")
        assert (answer.status, answer.code) == (404, 20404)
    elif method != "QUERY":  # which the parser of the wire may not know
        assert (answer.status, answer.code) == (405, 20004)
        assert "GET" in answer.headers["allow"]
    else:
        assert answer.status in (400, 405)


async def test_what_is_not_there_is_told_in_the_apis_form(wire: Wire) -> None:
    for path in (
        "/v2/none",
        "/v2/",
        f"{wire.service}/Nothing",
        "/v1/Services/x/Nothing",
        "/v2/Services/IS1/Users",
    ):
        answer = await wire.ask(f"GET {path}")
        body = json.loads(answer.body)
        assert (answer.status, body["code"], body["status"]) == (404, 20404, 404)
        assert body["message"].startswith("The requested resource /")
        assert body["more_info"].startswith("http://chat.example.com/")


@pytest.mark.parametrize("name", ["%FF%FE", "%C3%28", "%ED%A0%80", "%", "%zz", "%00", "%E2%80%AE"])
async def test_a_name_that_is_no_text_is_nobodys(wire: Wire, name: str) -> None:
    for path in (f"{wire.service}/Users/{name}", f"{wire.service}/Channels/{name}/Messages"):
        assert (await wire.ask(f"GET {path}")).status == 404


async def test_bytes_that_are_no_text_are_refused_and_not_bent(wire: Wire) -> None:
    for body in (b"UniqueName=%FF", b"UniqueName=\xff"):
        answer = await wire.ask(
            f"POST {wire.service}/Channels", FORM, f"Content-Length: {len(body)}", body=body
        )
        assert (answer.status, answer.code) == (400, 20001)
    assert (await wire.ask(f"GET {wire.service}/Channels?PageToken=%FF")).status == 400


async def test_a_name_is_decoded_once_however_much_of_it_is_encoded(wire: Wire) -> None:
    body = "Identity=José+a/b@example.com".replace("+", "%2B").encode()
    made = await wire.ask(f"POST {wire.service}/Users", FORM, f"Content-Length: {len(body)}", body=body)
    assert made.status == 201
    for name in ("Jos%C3%A9+a%2Fb@example.com", "Jos%C3%A9%2Ba%2fb%40example.com"):
        found = await wire.ask(f"GET {wire.service}/Users/{name}")
        assert json.loads(found.body)["identity"] == "José+a/b@example.com"


async def test_of_a_parameter_that_comes_twice_the_last_counts(wire: Wire) -> None:
    body = b"UniqueName=first&UniqueName=last&Unknown=x"
    made = await wire.ask(f"POST {wire.service}/Channels", FORM, f"Content-Length: {len(body)}", body=body)
    assert json.loads(made.body)["unique_name"] == "last"
    listed = await wire.ask(f"GET {wire.service}/Channels?PageSize=7&PageSize=1")
    assert json.loads(listed.body)["meta"]["page_size"] == 1


async def test_a_long_address_is_read(wire: Wire) -> None:
    many = "&".join(f"Identity=somebody-{number:06}" for number in range(150))
    assert (await wire.ask(f"GET {wire.service}/Users?{many}")).status == 200
    assert (await wire.ask(f"GET {wire.service}/Users/{'x' * 30_000}")).status == 404


@pytest.mark.parametrize(
    ("path", "header"),
    [("x" * 65_000, "x" * 1000), ("x" * 70_000, ""), ("", "x" * 70_000)],
    ids=["both", "address", "header"],
)
async def test_a_monstrous_head_is_refused_in_the_one_shape(wire: Wire, path: str, header: str) -> None:
    answer = await wire.ask(f"GET {wire.service}/Users/{path}", f"X-Long: {header}")
    assert (answer.status, answer.code) == (431, HeadTooLarge.code)


async def test_what_is_no_request_is_refused_in_the_one_shape(wire: Wire) -> None:
    wire.writer.write(b"GET /v2/Users/Jos\xc3\xa9 HTTP/1.1\r\nHost: x\r\n\r\n")
    answer = await wire.answer()
    assert (answer.status, answer.code, answer.headers["connection"]) == (400, 20001, "close")
    assert await wire.is_closed()


async def test_headers_without_an_end_are_cut(tmp_path: Path) -> None:
    async with a_server(tmp_path) as (_, address):
        reader, writer = await asyncio.open_connection("127.0.0.1", urlsplit(address).port)
        writer.write(b"GET /v2/Services HTTP/1.1\r\nHost: x\r\n" + b"A: b\r\n" * (HEAD_BYTES // 6))
        async with asyncio.timeout(5):
            assert (await reader.readline()).split()[1] == b"431"
        writer.close()


@pytest.mark.parametrize("alias", ["", "/chat", "/ip-messaging"])
async def test_the_official_helper_is_pointed_here_by_its_address_alone(desk: Desk, alias: str) -> None:
    async with served(desk.front) as base:
        client = Client(desk.front.account_sid, desk.front.auth_token)
        client.chat.base_url = f"{base}{alias}"

        def work() -> tuple[list[str], int, bool]:
            service = client.chat.v2.services(desk.house.service_sid)
            for number in range(5):
                service.channels.create(unique_name=f"room {number}")
            names = [channel.unique_name or "" for channel in service.channels.list(page_size=2)]
            with pytest.raises(TwilioRestException) as error:
                service.channels("room 9").fetch()
            return names, error.value.code, service.channels("room 0").delete()

        names, code, is_gone = await asyncio.to_thread(work)
    assert names[-5:] == [f"room {number}" for number in range(5)]
    assert (code, is_gone) == (20404, True)


async def test_the_official_helper_hears_that_it_must_authenticate(desk: Desk) -> None:
    async with served(desk.front) as base:
        client = Client(desk.front.account_sid, "wrong")
        client.chat.base_url = base
        with pytest.raises(TwilioRestException) as error:
            await asyncio.to_thread(client.chat.v2.services(desk.house.service_sid).fetch)
    assert (error.value.status, error.value.code, error.value.msg) == (
        401,
        20003,
        "Unable to fetch record: Authenticate",
    )
