"""Where files are sent: a house, and nginx without and with an fsync."""

from __future__ import annotations

import http.client
import json
import time
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from itertools import count
from pathlib import Path
from typing import Protocol

from house import Served
from parcels import Parcel
from people import Pair
from sender import Sent, send, stream
from webdav import synced


class Target(Protocol):
    """Takes one file at a time from each of its senders."""

    def send(self, parcel: Parcel) -> Sent:
        """Send a file. Raises `RuntimeError` where it was not taken."""

    def clear(self) -> None:
        """Take away what was sent, so that the disk is as it was."""


@dataclass(frozen=True)
class Load:
    """So many files of one size, `at_once` at a time."""

    size: int  # bytes
    files: int
    at_once: int = 1


class House:
    """A customer who sends files into a chat."""

    def __init__(self, served: Served, pair: Pair) -> None:
        self._port = served.port
        self._path = f"/v1/channels/{pair.channel_sid}/media"
        self._headers = {"Authorization": f"Bearer {pair.customer.token}"}
        self._sids: list[str] = []
        self.pid = served.pid

    def send(self, parcel: Parcel) -> Sent:
        sent = send(self._port, "POST", self._address(parcel), parcel.content, self._described(parcel))
        media = json.loads(sent.answer)
        if sent.status != 201 or media["state"] != "clean":
            raise RuntimeError(f"{parcel.name} was not taken: {sent.status} {media}")
        self._sids.append(media["sid"])
        return sent

    def offer(self, parcel: Parcel, pieces: int) -> Sent:
        """Send a file without end."""
        return stream(self._port, self._address(parcel), parcel.content, pieces, self._described(parcel))

    def clear(self) -> None:
        connection = http.client.HTTPConnection("127.0.0.1", self._port, timeout=60)
        for sid in self._sids:
            connection.request("DELETE", f"{self._path}/{sid}", headers=self._headers)
            connection.getresponse().read()
        connection.close()
        self._sids.clear()

    def _address(self, parcel: Parcel) -> str:
        return f"{self._path}?Filename={parcel.name}"

    def _described(self, parcel: Parcel) -> dict[str, str]:
        return {**self._headers, "Content-Type": parcel.content_type}


class WebDav:
    """nginx. With `is_synced` each file is on the disk before it counts."""

    def __init__(self, port: int, files: Path, *, is_synced: bool) -> None:
        self._port = port
        self._files = files
        self._is_synced = is_synced
        self._numbers = count()

    def send(self, parcel: Parcel) -> Sent:
        name = f"{next(self._numbers)}-{parcel.name}"

        def then() -> None:
            if self._is_synced:
                synced(self._files / name)

        sent = send(self._port, "PUT", f"/{name}", parcel.content, {}, then)
        if sent.status != 201:
            raise RuntimeError(f"nginx did not take {name}: {sent.status}")
        return sent

    def clear(self) -> None:
        for file in self._files.iterdir():
            file.unlink()


def carried(target: Target, parcel: Parcel, load: Load) -> tuple[float, list[Sent]]:
    """Send the load; bytes a second, and what became of each file."""
    parcels: Sequence[Parcel] = [parcel] * load.files
    started = time.perf_counter()
    with ThreadPoolExecutor(load.at_once) as senders:
        sent = list(senders.map(target.send, parcels))
    took = time.perf_counter() - started
    target.clear()
    return sum(each.taken for each in sent) / took, sent
