"""A house with its media room, whose scanner and checks do what a test tells them."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from tests.people import Chat, House, open_house
from vestibule.checks.filename import safe_name
from vestibule.checks.filetype import FiletypeCheck, content_type_of
from vestibule.checks.policy import Limits, Policy
from vestibule.context import SYSTEM, Context
from vestibule.links import Links
from vestibule.media import media_actions
from vestibule.media.gate import Gate
from vestibule.media.retention import Retention
from vestibule.media.verdicts import Judge
from vestibule.models import Media, Outcome, Verdict
from vestibule.payloads import AttachFile
from vestibule.ports import Finding, Specimen, Storage

if TYPE_CHECKING:
    from tests.media.late import LateHouse

PDF = b"%PDF-1.7\n1 0 obj\n<< >>\nendobj\ntrailer\n<< >>\n%%EOF\n"
LIMIT = 100_000  # bytes

Deed = Callable[[], Awaitable[Verdict]]


@dataclass
class Scripted:
    """A stream check and a check that answers what `deed` does. It keeps what it was fed."""

    name: str = "scripted"
    seconds: float = 0.3
    outcome: Outcome = "clean"
    deed: Deed | None = None
    fed: bytes = b""
    asked: int = 0
    ended: list[str] = field(default_factory=list)

    def applies(self, specimen: Specimen) -> bool:
        return True

    async def __call__(self, specimen: Specimen, storage: Storage) -> Finding:
        self.asked += 1
        return Finding(verdict=await self.finish())

    async def open(self, specimen: Specimen) -> Scripted:
        return self

    async def feed(self, chunk: bytes) -> None:
        self.fed += chunk

    async def finish(self) -> Verdict:
        self.ended.append("finish")
        if self.deed:
            return await self.deed()
        return Verdict(outcome=self.outcome, check=self.name)

    async def abort(self) -> None:
        self.ended.append("abort")


@dataclass
class MediaHouse:
    """The house, what looks at files in it, and its janitor."""

    house: House
    chat: Chat
    scanner: Scripted
    check: Scripted
    judge: Judge
    retention: Retention
    links: Links
    folder: Path

    async def upload(self, data: bytes = PDF, name: str = "bill.pdf", **more: Any) -> Media:
        """The customer sends a file's bytes into the channel."""
        who: Context = more.pop("who", self.chat.customer)
        payload = AttachFile(name, more.pop("declared", ""), bytes_of(data), self.chat.channel_sid, **more)
        return await who.invoke(payload)

    def bytes_on_disk(self) -> list[Path]:
        return [path for path in (self.folder / "files").rglob("*") if path.is_file()]

    def told(self, kind: str) -> list[Any]:
        return [notice for notice in self.house.notices if type(notice).__name__ == kind]


async def bytes_of(data: bytes, step: int = 1000) -> AsyncIterator[bytes]:
    """What a browser sends, piece by piece."""
    for at in range(0, len(data), step):
        yield data[at : at + step]


async def open_media_house(folder: Path, policy: Policy | None = None, **gate: Any) -> MediaHouse:
    policy = policy or Policy(default=Limits(largest=LIMIT))
    scanner, check = Scripted("scanner"), Scripted("check")
    filetype = FiletypeCheck(policy)
    looks: dict[str, Any] = {"streams": (scanner,), "checks": (filetype, check), "pause": 0.001}
    doors = Gate(
        safe_name=safe_name,
        admit=policy.admit,
        limit=policy.limit,
        content_type_of=content_type_of,
        judge_head=filetype.judge_head,
        **{**looks, **gate},
    )
    judge, links = Judge(doors), Links((b"secret",))
    house = await open_house(folder, media_actions(doors, judge, links))
    retention = Retention(judge, lambda sid: Context(house.parts, sid, SYSTEM), unsent=60, held=60)
    return MediaHouse(house, await house.chat(), scanner, check, judge, retention, links, folder)


@pytest.fixture
async def media_house(tmp_path: Path) -> AsyncIterator[MediaHouse]:
    house = await open_media_house(tmp_path)
    yield house
    await house.retention.close()
    await house.judge.close()
    await house.house.close()


async def hang() -> Verdict:
    await asyncio.sleep(3600)
    raise AssertionError("never")


@pytest.fixture
async def both(tmp_path: Path) -> AsyncIterator[LateHouse]:
    """A house in which two checks answer later."""
    from tests.media.late import close, open_late_house

    house = await open_late_house(tmp_path)
    yield house
    await close(house)


@pytest.fixture
async def one(both: LateHouse) -> LateHouse:
    """The same where only the first answers later."""
    both.second.outcome = "clean"
    return both
