"""A house with checks that answer later, and those who vote in it."""

from __future__ import annotations

import asyncio
import time
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from tests.media.conftest import MediaHouse, Scripted, open_media_house
from vestibule.context import Context
from vestibule.errors import MediaHeld, VestibuleError
from vestibule.models import Media, Outcome
from vestibule.payloads import CastVote, DownloadMedia, FetchMedia, FetchTimeline
from vestibule.ports import Finding, Specimen, Storage


@dataclass
class Late(Scripted):
    """A check that may answer later. It keeps its ballots."""

    later_seconds: float = 30.0

    def __post_init__(self) -> None:
        self.outcome = "later"
        self.ballots: list[str] = []

    @property
    def ballot(self) -> str:
        return self.ballots[-1]

    async def __call__(self, specimen: Specimen, storage: Storage) -> Finding:
        self.ballots.append(specimen.ballot)
        return await super().__call__(specimen, storage)


class LateHouse:
    """A house in which two checks answer later, and one at once, which stands between them."""

    def __init__(self, house: MediaHouse, early: Late, late: Late) -> None:
        self.media_house = house
        self.first, self.second = early, late
        self.check = house.check
        self.chat = house.chat

    async def held(self, **more: Any) -> str:
        """A file that waits for votes: its sid."""
        with pytest.raises(MediaHeld) as held:
            await self.media_house.upload(**more)
        assert held.value.detail["reason"] == "check_pending"
        return str(held.value.detail["media_sid"])

    async def vote(self, ballot: str, outcome: Outcome = "clean", **more: str) -> None:
        """As the route does it: nobody in particular, with a ballot."""
        nobody = Context(self.media_house.house.parts, self.media_house.house.service_sid, "")
        await nobody.invoke(CastVote(ballot, outcome, **more))
        await self.settled()

    async def settled(self) -> None:
        while len(self.media_house.judge):
            await asyncio.sleep(0.005)

    async def restart(self, *cured: Scripted) -> None:
        """As if the process had died: all that is left is in the database."""
        await self.media_house.judge.close()
        for check in cured:
            check.deed = None
        await self.media_house.retention.recover()
        await self.settled()

    async def look(self, media_sid: str) -> Media:
        return await self.chat.customer.invoke(FetchMedia(self.chat.channel_sid, media_sid))

    async def timeline(self, media_sid: str) -> list[tuple[str, str]]:
        timeline = await self.chat.agent.invoke(FetchTimeline(media_sid))
        return [(verdict.check, verdict.outcome) for verdict in timeline.verdicts]

    async def is_open(self, media_sid: str) -> bool:
        try:
            await self.chat.customer.invoke(DownloadMedia(self.chat.channel_sid, media_sid))
        except VestibuleError:
            return False
        return True

    def available(self) -> list[Path]:
        return [path for path in self.media_house.bytes_on_disk() if "available" in path.parts]


async def open_late_house(folder: Path, **gate: Any) -> LateHouse:
    first, second, between = Late("first"), Late("second"), Scripted("check")
    house = await open_media_house(folder, checks=(first, between, second), **gate)
    house.check = between
    return LateHouse(house, first, second)


async def close(house: LateHouse) -> None:
    await house.media_house.retention.close()
    await house.media_house.judge.close()
    await house.media_house.house.close()


def after(monkeypatch: pytest.MonkeyPatch, seconds: float) -> None:
    moment = time.time() + seconds
    monkeypatch.setattr(time, "time", lambda: moment)
