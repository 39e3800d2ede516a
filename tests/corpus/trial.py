"""The trial: every specimen is sent by a customer, by the same action as an upload, into a real house."""

from __future__ import annotations

import asyncio
import time
from collections.abc import AsyncIterator, Iterable, Sequence
from dataclasses import dataclass, replace
from typing import Literal

from tests.corpus.insides import holds
from tests.corpus.kept import made
from tests.corpus.specimens import Received, Specimen
from vestibule.app import House
from vestibule.context import Context
from vestibule.errors import VestibuleError
from vestibule.payloads import AttachFile, FetchTimeline, StartChat

PATIENCE = 600.0  # seconds: a trial waits for every verdict
CHUNK = 1 << 16  # bytes

Became = Literal["stopped", "disarmed", "accepted", "missed", "false alarm"]


@dataclass(frozen=True)
class Result:
    """What became of a specimen. `left` says what is still in its copies."""

    specimen: Specimen
    state: str
    why: str  # check, outcome, reason and detail, for whoever looks into it
    left: str = ""
    seconds: float = 0.0

    @property
    def became(self) -> Became:
        is_in = self.state == "clean"
        if not self.specimen.is_hostile:
            return "accepted" if is_in else "false alarm"
        if self.state in ("refused", "held"):
            return "stopped"
        return "disarmed" if self.specimen.should == "disarm" and not self.left else "missed"

    @property
    def has_metadata_left(self) -> bool:
        return not self.specimen.is_hostile and self.state == "clean" and self.left != ""

    def __str__(self) -> str:
        return f"{self.specimen.id}: {self.became} ({self.state}; {self.why}) {self.left}".rstrip()


@dataclass(frozen=True)
class Tally:
    """One class in one configuration."""

    kind: str
    stopped: int = 0  # refused or held
    disarmed: int = 0
    missed: int = 0
    accepted: int = 0
    false_alarms: int = 0
    left: int = 0  # accepted, with something in its copies that says more than it shows

    @property
    def hostile(self) -> int:
        return self.stopped + self.disarmed + self.missed

    @property
    def benign(self) -> int:
        return self.accepted + self.false_alarms


def tallied(results: Sequence[Result], kind: str = "all") -> Tally:
    count = [result.became for result in results].count
    return Tally(
        kind,
        *(count(became) for became in ("stopped", "disarmed", "missed", "accepted", "false alarm")),  # type: ignore[arg-type]
        left=sum(result.has_metadata_left for result in results),
    )


def by_class(results: Sequence[Result]) -> list[Tally]:
    """In the order in which the classes first come."""
    kinds = dict.fromkeys(result.specimen.kind for result in results)
    return [tallied([each for each in results if each.specimen.kind == kind], kind) for kind in kinds]


async def tried(house: House, specimens: Iterable[Specimen], at_once: int = 4) -> list[Result]:
    """Send them all, a few at a time, in one chat."""
    session = await house.context().invoke(StartChat(friendly_name="Ada"))
    customer = house.context(session.identity)
    room = asyncio.Semaphore(at_once)

    async def one(specimen: Specimen) -> Result:
        async with room:
            began = time.monotonic()
            result = await _sent(house, customer, session.channel.sid, specimen)
            return replace(result, seconds=time.monotonic() - began)

    return await asyncio.gather(*map(one, specimens))


async def _sent(house: House, customer: Context, channel_sid: str, specimen: Specimen) -> Result:
    content = await asyncio.to_thread(made, specimen)
    parcel = AttachFile(specimen.filename, specimen.declared, _chunks(content), channel_sid)
    try:
        sid = (await customer.invoke(parcel)).sid
    except VestibuleError as error:
        if not (sid := error.detail.get("media_sid", "")):
            return Result(specimen, "refused", f"{error.code}: {error}")
    except Exception as error:  # nobody was told anything: the gate broke
        return Result(specimen, "broken", f"{type(error).__name__}: {error}")
    return await _looked_into(house, str(sid), specimen, content)


async def _looked_into(house: House, sid: str, specimen: Specimen, content: bytes) -> Result:
    timeline = await house.context().invoke(FetchTimeline(sid))
    media = timeline.media
    against = [each for each in timeline.verdicts if not each.is_clean]
    why = "; ".join(f"{each.check} {each.outcome} {each.reason}: {each.detail}" for each in against)
    if media.state != "clean":
        return Result(specimen, media.state, why)
    copies = {
        copy.name: await _read(house, f"available/{sid}/{copy.name}")
        for copy in media.renditions
        if copy.name != "original"
    }
    received = Received(media, copies, content)
    return Result(specimen, media.state, why, await asyncio.to_thread(left_in, specimen, received))


def left_in(specimen: Specimen, received: Received) -> str:
    """What ought not to be in the copies, in words; empty if nothing is."""
    for name, copy in received.copies.items():
        for needle in specimen.gone:
            if holds(copy, needle):
                return f"{needle[:40]!r} is in {name}"
    try:
        return specimen.proof(received) if specimen.proof else ""
    except Exception as error:  # a real parser does not open the copy
        return f"{type(error).__name__}: {error}"


async def _read(house: House, key: str) -> bytes:
    return b"".join([chunk async for chunk in house.parts.storage.get(key)])


async def _chunks(content: bytes) -> AsyncIterator[bytes]:
    for at in range(0, len(content), CHUNK):
        yield content[at : at + CHUNK]
