"""Reaching a house from the command line: through its running server where there is one, else alone.

A server leaves its address in the data folder. Through it open desks hear of a change at once; without one
they read of it when they come back, and the database decides about links either way.
"""

from __future__ import annotations

import contextlib
import os
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any, Protocol, TypeVar, get_args

import httpx
import msgspec

from vestibule.adapters import own_folder
from vestibule.app import open_house
from vestibule.config import Settings
from vestibule.errors import ServerGone, VestibuleError
from vestibule.keyring import open_keyring
from vestibule.payloads import Payload

R = TypeVar("R")

NAME = "server.address"
SECONDS = 900.0  # one file may wait for every check's whole budget
GREETING = 5.0  # seconds that a server has to say that it is there


class Reached(Protocol):
    """A house that takes actions."""

    is_running: bool  # whether a server carries them out

    async def invoke(self, payload: Payload[R]) -> R: ...


class Alone:
    """The house in this process."""

    is_running = False

    def __init__(self, house: Any) -> None:
        self._house = house

    async def invoke(self, payload: Payload[R]) -> R:
        result: R = await self._house.context().invoke(payload)
        return result


class Served:
    """The house in another process, asked over HTTP."""

    is_running = True

    def __init__(self, client: httpx.AsyncClient) -> None:
        self._client = client

    async def invoke(self, payload: Payload[R]) -> R:
        kind = type(payload)
        try:
            answer = await self._client.post(
                f"/v1/house/{kind.__name__}", content=msgspec.json.encode(payload)
            )
        except httpx.HTTPError as error:
            raise ServerGone(f"The server at {self._client.base_url} went away: {error!r}.") from error
        if answer.status_code != 200:
            raise _told(answer)
        (result,) = get_args(kind.__dict__["__orig_bases__"][0])
        return msgspec.json.decode(answer.content, type=result)  # type: ignore[no-any-return]


@contextlib.contextmanager
def announced(data: str, host: str, port: int) -> Iterator[None]:
    """Leave the server's address in the data folder for as long as it runs."""
    file = own_folder(data) / NAME
    here = {"0.0.0.0": "127.0.0.1", "::": "::1"}.get(host, host)  # noqa: S104
    address = f"http://[{here}]:{port}" if ":" in here else f"http://{here}:{port}"
    file.write_text(f"{os.getpid()} {address}", encoding="ascii")
    try:
        yield
    finally:
        file.unlink(missing_ok=True)


@asynccontextmanager
async def reached(settings: Settings) -> AsyncIterator[Reached]:
    """The house of these settings. Alone, it only holds its data and decodes what it is asked to."""
    data = own_folder(settings.data)
    keyring = open_keyring(settings, data)
    async with httpx.AsyncClient(
        base_url=_address(data),
        auth=(keyring.account_sid, keyring.auth_token),
        timeout=SECONDS,
        trust_env=False,
    ) as client:
        if await _answers(client):
            yield Served(client)
            return
    async with open_house(settings, at_work=False) as house:
        yield Alone(house)


def _address(data: Path) -> str:
    """Where the server is. Empty where its process is gone: who has its port now must not get our secret."""
    try:
        pid, address = (data / NAME).read_text(encoding="ascii").split()
        os.kill(int(pid), 0)
    except (OSError, ValueError):
        return ""
    return address


async def _answers(client: httpx.AsyncClient) -> bool:
    """Whether a server is there, and is this very house: it knows the account's credentials."""
    if not str(client.base_url):
        return False
    try:
        answer = await client.post("/v1/house/greeting", timeout=GREETING)
    except (httpx.HTTPError, httpx.InvalidURL):  # it was killed and could not tidy up
        return False
    return answer.status_code == 404 and _told(answer).reason == "not_found"


def _told(answer: httpx.Response) -> VestibuleError:
    try:
        said = answer.json()
        error = VestibuleError(str(said["message"]), advice=str(said.get("advice", "")))
        error.reason, error.status = str(said["reason"]), answer.status_code
    except (ValueError, KeyError, TypeError):
        return VestibuleError(f"The server answered with status {answer.status_code}.")
    return error
