"""API keys from the command line, beside a server that is running."""

from __future__ import annotations

import asyncio
import io
import json
import time
from collections.abc import Awaitable, Callable, Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import httpx
import pytest
from twilio.jwt.access_token import AccessToken
from twilio.jwt.access_token.grants import ChatGrant
from websockets.asyncio.client import ClientConnection, connect

from tests.servers import Server, running
from vestibule import sids
from vestibule.app import House, open_house
from vestibule.cli import app
from vestibule.config import load
from vestibule.errors import ConfigurationError, Conflict, InvalidRequest, VestibuleError
from vestibule.web import web

ELSEWHERE = "SK" + "c" * 32, "a secret that was made elsewhere, and is long enough"


class Operator:
    """Somebody at the command line. The commands run in this process, beside the server's."""

    def __init__(self, capsys: pytest.CaptureFixture[str], patch: pytest.MonkeyPatch) -> None:
        self._capsys, self._patch = capsys, patch
        patch.setenv("COLUMNS", "200")

    def runs(self, data: Path, *arguments: str, given: str = "", **settings: str) -> str:
        """Run a command; gives what it printed."""
        self._capsys.readouterr()
        with self._patch.context() as patch:
            patch.setattr("sys.stdin", io.StringIO(given))
            for name, value in settings.items():
                patch.setenv(f"VESTIBULE_{name.upper()}", value)
            app(["key", *arguments, "--data", str(data)], result_action="return_value")
        return self._capsys.readouterr().out

    def new_key(self, data: Path, name: str = "") -> tuple[str, str]:
        sid, secret = (line.partition("=")[2] for line in self.runs(data, "new", "--name", name).split())
        return sid, secret

    def listed(self, data: Path) -> list[dict[str, Any]]:
        return list(json.loads(self.runs(data, "list", "--json")))


@pytest.fixture
def operator(capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> Operator:
    return Operator(capsys, monkeypatch)


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    with running(tmp_path_factory.mktemp("keys") / "data") as server:
        yield server


def minted(server: Server, sid: str, secret: str) -> str:
    """A token as an integrator's own server makes it."""
    account_sid = server.secrets["account_sid"]
    with server.stranger() as client:
        client.auth = httpx.BasicAuth(account_sid, server.secrets["auth_token"])
        (service,) = client.get("/v2/Services").json()["services"]
    token = AccessToken(account_sid, sid, secret, identity="agent")
    token.add_grant(ChatGrant(service_sid=service["sid"]))
    return str(token.to_jwt())


def status(server: Server, token: str) -> int:
    with server.client(token) as client:
        return client.get("/v1/tasks").status_code


async def hello(socket: ClientConnection, token: str) -> None:
    await socket.send(json.dumps({"type": "hello", "id": 1, "token": token}))
    assert json.loads(await socket.recv())["type"] == "welcome"


def test_the_list_tells_all_of_a_key_but_its_secret(server: Server, operator: Operator) -> None:
    sid, secret = operator.new_key(server.data, "our [shop]")
    shown, rows = operator.runs(server.data, "list"), operator.listed(server.data)
    (row,) = (row for row in rows if row["sid"] == sid)

    assert (row["friendly_name"], row["date_revoked"], row["signs"]) == ("our [shop]", None, False)
    assert "our [shop]" in shown
    assert [row["sid"] for row in rows if row["signs"]] == [server.secrets["api_key"]]
    for text in (shown, json.dumps(rows)):
        assert sid in text
        assert secret not in text
        assert server.secrets["api_secret"] not in text


async def test_a_key_that_is_taken_back_is_void_at_once_and_its_sockets_end(
    server: Server, operator: Operator
) -> None:
    key, other = [await asyncio.to_thread(operator.new_key, server.data) for _ in range(2)]
    held, kept = minted(server, *key), minted(server, *other)
    assert (status(server, held), status(server, kept)) == (200, 200)
    async with (
        connect(server.socket_address, proxy=None) as theirs,
        connect(server.socket_address, proxy=None) as others,
    ):
        await hello(theirs, held)
        await hello(others, kept)
        await asyncio.to_thread(operator.runs, server.data, "revoke", key[0])
        await asyncio.wait_for(theirs.wait_closed(), 10)
        assert theirs.close_code == 4401
        await others.send(json.dumps({"type": "ping", "id": 2}))
        assert json.loads(await others.recv())["type"] == "pong"

    assert (status(server, held), status(server, kept)) == (401, 200)
    with server.stranger() as client:
        assert client.get("/v2/Services", auth=key).status_code == 401
        assert client.get("/v2/Services", auth=other).status_code == 200


def test_a_key_from_elsewhere_is_taken_in_once(server: Server, operator: Operator) -> None:
    sid, secret = ELSEWHERE
    operator.runs(server.data, "add", sid, "--name", "old code", given=f"{secret}\n")

    assert status(server, minted(server, sid, secret)) == 200
    with pytest.raises(Conflict):
        operator.runs(server.data, "add", sid, given=secret)


@pytest.mark.parametrize(("sid", "secret"), [("SK123", "x" * 40), ("SK" + "d" * 32, "too short")])
def test_what_is_no_key_is_not_taken_in(server: Server, operator: Operator, sid: str, secret: str) -> None:
    with pytest.raises(InvalidRequest):
        operator.runs(server.data, "add", sid, given=secret)


def test_the_houses_own_key_cannot_be_taken_back(server: Server, operator: Operator) -> None:
    with pytest.raises(ConfigurationError, match="signs with"):
        operator.runs(server.data, "revoke", server.secrets["api_key"])


def test_a_key_that_is_not_there_cannot_be_taken_back(server: Server, operator: Operator) -> None:
    for sid in ("SK" + "9" * 32, "x"):
        with pytest.raises(VestibuleError, match="There is no key"):
            operator.runs(server.data, "revoke", sid)


# One start of the house after the other


class Stay:
    """What people can do from one start of a house to the next."""

    def __init__(self, house: House, client: httpx.AsyncClient) -> None:
        self.house, self._client = house, client

    async def knows(self, token: str) -> bool:
        headers = {"authorization": f"Bearer {token}"}
        return (await self._client.get("/v1/channels/none", headers=headers)).status_code == 404

    async def post(self, path: str, **content: Any) -> dict[str, Any]:
        answer = await self._client.post(path, json=content)
        assert answer.is_success, answer.text
        return dict(answer.json())

    async def keep(self, **row: Any) -> None:
        await self.house.parts.database.write(lambda tx: tx.run("add_key", **row))

    def token(self) -> str:
        return self.house.tokens.mint("ada", self.house.service.sid)[0]


def started(data: Path, work: Callable[[Stay], Awaitable[None]], **settings: str) -> None:
    async def within() -> None:
        async with open_house(load(data=str(data), **settings), at_work=False) as house:
            transport = httpx.ASGITransport(web(house))
            async with httpx.AsyncClient(transport=transport, base_url="http://x") as client:
                await work(Stay(house, client))

    asyncio.run(within())


def test_the_houses_key_is_rotated_and_nobody_has_to_come_in_anew(tmp_path: Path, operator: Operator) -> None:
    kept: dict[str, str] = {}

    async def before(stay: Stay) -> None:
        chat = await stay.post("/v1/chats", friendly_name="Ada")
        kept.update(token=chat["token"], resume=chat["resume"], key=stay.house.keyring.api_key)

    async def after(stay: Stay) -> None:
        assert stay.house.keyring.api_key != kept["key"]
        assert await stay.knows(kept["token"])
        assert await stay.knows((await stay.post("/v1/chats/resume", resume=kept["resume"]))["token"])

    async def in_the_end(stay: Stay) -> None:
        assert not await stay.knows(kept["token"])
        assert await stay.knows(stay.token())

    started(tmp_path, before)
    operator.runs(tmp_path, "rotate")
    started(tmp_path, after)
    (row,) = (row for row in operator.listed(tmp_path) if row["sid"] == kept["key"])
    assert row["date_lapses"]
    operator.runs(tmp_path, "revoke", kept["key"])
    started(tmp_path, in_the_end)


def test_a_configured_key_is_rotated_by_another_beside_it(tmp_path: Path, operator: Operator) -> None:
    configured, kept = {"api_key": ELSEWHERE[0], "api_secret": ELSEWHERE[1]}, []

    async def before(stay: Stay) -> None:
        kept.append(stay.token())

    async def after(stay: Stay) -> None:
        assert await stay.knows(kept[0])
        assert await stay.knows(stay.token())

    started(tmp_path, before, **configured)
    printed = operator.runs(tmp_path, "rotate", **configured)
    pair = dict(line.split("=", 1) for line in printed.split() if "=" in line)
    started(tmp_path, after, **{name.removeprefix("VESTIBULE_").lower(): pair[name] for name in pair})
    assert set(pair) == {"VESTIBULE_API_KEY", "VESTIBULE_API_SECRET"}
    assert pair["VESTIBULE_API_KEY"] != ELSEWHERE[0]


def test_a_key_counts_until_it_lapses(tmp_path: Path) -> None:
    async def work(stay: Stay) -> None:
        for seconds, is_known in ((60, True), (-60, False)):
            row = {"sid": sids.make(sids.KEY), "secret": ELSEWHERE[1], "friendly_name": ""}
            await stay.keep(**row, date_lapses=time.time() + seconds)
            tokens = replace(stay.house.tokens, key_sid=row["sid"], secret=row["secret"])
            assert await stay.knows(tokens.mint("ada", stay.house.service.sid)[0]) == is_known

    started(tmp_path, work)
