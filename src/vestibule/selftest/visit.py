"""A visit: two visitors in a house, and what they keep for the cases that need a file which got through."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from vestibule.errors import ConfigurationError
from vestibule.selftest import samples
from vestibule.selftest.cases import Broken, NotTested
from vestibule.selftest.door import Door
from vestibule.selftest.samples import Sample
from vestibule.selftest.visitor import Visitor, arrived, said, told

FEW = 9  # files of one visitor: a house takes ten a minute unless its policy says otherwise


@dataclass(frozen=True, slots=True)
class Shown:
    """A file of the visitor's that got through, sent into the chat, with a link to it."""

    sid: str
    message_sid: str
    link: dict[str, Any]

    @property
    def url(self) -> str:
        return str(self.link["url"])


@dataclass(slots=True)
class Visit:
    """What cases work with."""

    door: Door
    visitor: Visitor
    other: Visitor  # in a chat of their own
    accept: frozenset[str]  # endings that the house takes, such as `.jpg`
    max_bytes: int
    shut: list[tuple[Visitor, str]] = field(default_factory=list)  # who sent what was refused: its sid
    crowd: list[Visitor] = field(default_factory=list)  # who send files in, each a few
    _photo: Shown | None = None

    def accepts(self, ending: str) -> bool:
        return not self.accept or ending in self.accept

    async def sender(self) -> Visitor:
        """Somebody who has sent little so far: a house counts the files of each visitor in a minute."""
        if not self.crowd or self.crowd[-1].uploads >= FEW:
            self.crowd.append(await arrived(self.door))
        return self.crowd[-1]

    @property
    def everybody(self) -> list[Visitor]:
        return [self.visitor, self.other, *self.crowd]

    async def photo(self) -> Shown:
        """A photo that is in the chat; the same one for everybody who asks."""
        if self._photo is None:
            self._photo = await self.shown(self._picture())
        return self._photo

    async def shown(self, sample: Sample) -> Shown:
        """A file in a message, with a fresh link. Raises `NotTested` if it does not get through."""
        try:
            sent = await self.visitor.send(sample)
            if not sent.is_open:
                raise NotTested(f"no {sample.ending} gets through here ({sent.told})")
            message_sid = await self.visitor.say(media_sid=sent.sid)
            return Shown(sent.sid, message_sid, await self.visitor.link(sent.sid))
        except Broken as error:
            raise NotTested(str(error)) from error

    async def end(self) -> list[str]:
        """Take everything back, and go. Gives what stayed behind."""
        stayed = [sid for somebody in self.everybody for sid in await somebody.take_back()]
        for somebody in self.everybody:
            await somebody.leave()
        return stayed

    def _picture(self) -> Sample:
        if self.accepts(".jpg"):
            return Sample("holiday.jpg", "image/jpeg", samples.photo())
        return Sample("picture.png", "image/png", samples.png())


async def begun(door: Door) -> Visit:
    """Come to the house, twice. Raises `ConfigurationError` where it cannot be used."""
    answer = await door.ask("GET", "/v1/site")
    files = told(answer).get("files")
    if answer.status_code != 200 or not isinstance(files, dict):
        raise ConfigurationError(
            f"{door.origin} is no house of Vestibule: it answers {said(answer)} to /v1/site.",
            advice="Give the address at which visitors reach it, such as https://chat.example.com.",
        )
    visitor, other = await arrived(door), await arrived(door)
    return Visit(door, visitor, other, frozenset(files.get("accept", ())), int(files["max_bytes"]))
