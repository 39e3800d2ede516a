"""An operator's own checks: they have a vote, under their own name, and break nothing open."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from functools import partial
from pathlib import Path

import pytest

from tests.files import jpeg_with_gps
from vestibule import gatehouse
from vestibule.app import House
from vestibule.context import Context
from vestibule.errors import ExtensionError, MediaRefused, VestibuleError
from vestibule.models import Media, Verdict
from vestibule.payloads import AttachFile, DownloadMedia, FetchTimeline
from vestibule.testing import a_house

HEAD = """
import asyncio
from vestibule.checks import Checks, chunks
from vestibule.models import Copy, Verdict
from vestibule.ports import Finding

checks = Checks()

"""
REGISTER = '@checks.register(name="own", {options}seconds={seconds})\nasync def own(specimen, storage):\n    '


def check(deed: str, options: str = "", seconds: float = 0.3) -> str:
    """An extension whose one check does this."""
    return HEAD + REGISTER.format(options=options, seconds=seconds) + deed + "\n"


def written(folder: Path, text: str, name: str = "rules.py") -> str:
    folder.mkdir(exist_ok=True)
    (folder / name).write_text(text)
    return str(folder / name)


@asynccontextmanager
async def a_house_with(folder: Path, *texts: str) -> AsyncIterator[House]:
    files = tuple(written(folder, text, f"rules{at}.py") for at, text in enumerate(texts))
    async with a_house(folder / "data", extensions=files) as house:
        yield house


async def sent(house: House, content: bytes = b"Hello.\n", name: str = "notes.txt") -> Media:
    async def one() -> AsyncIterator[bytes]:
        yield content

    return await house.context().invoke(AttachFile(name, "", one()))


async def verdicts(ctx: Context, media_sid: str) -> list[Verdict]:
    return (await ctx.invoke(FetchTimeline(media_sid))).verdicts


CLEAN = 'return Verdict(outcome="clean", check="")'


async def test_it_looks_after_the_house_s_own_and_signs_with_its_name(tmp_path: Path) -> None:
    async with a_house_with(tmp_path, check(CLEAN)) as house:
        media = await sent(house)
        looked = [verdict.check for verdict in await verdicts(house.context(), media.sid)]
    assert media.state == "clean"
    assert looked[-1] == "own"
    assert "texts" in looked


async def test_its_refusal_counts(tmp_path: Path) -> None:
    deed = 'return Verdict(outcome="refused", check="own", reason="rule", detail="Not today.")'
    async with a_house_with(tmp_path, check(deed)) as house:
        with pytest.raises(MediaRefused) as refused:
            await sent(house)
        assert refused.value.detail["reason"] == "rule"
        last = (await verdicts(house.context(), refused.value.detail["media_sid"]))[-1]
    assert (last.check, last.detail) == ("own", "Not today.")


BREAKING = {
    "raises": "raise RuntimeError('a bug')",
    "hangs": "await asyncio.sleep(3600)",
    "answers nothing": "pass",
    "answers yes": "return True",
    "answers a word": "return 'clean'",
    "answers an unknown outcome": 'return Verdict(outcome="fine", check="own")',
    "answers a finding without a verdict": "return Finding(verdict='clean')",
    "answers later without a vote": 'return Verdict(outcome="later", check="own")',
    "ends the loop's task": "raise asyncio.CancelledError",
}


async def test_however_it_breaks_nothing_is_opened(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """One check that breaks as the file's name says, in one house, which does not wait between its tries."""
    monkeypatch.setattr(gatehouse, "Gate", partial(gatehouse.Gate, pause=0.0))
    ways = [f'if specimen.filename == "{how}.txt":\n        {deed}\n    el' for how, deed in BREAKING.items()]
    async with a_house_with(tmp_path, check("".join([*ways, "se:\n        ", CLEAN]))) as house:
        for how in BREAKING:
            with pytest.raises(VestibuleError) as told:
                await sent(house, how.encode(), f"{how}.txt")
            with pytest.raises(VestibuleError):
                await house.context().invoke(DownloadMedia("", told.value.detail["media_sid"]))
            assert [key async for key in house.parts.storage.list("available/")] == [], how
        assert (await sent(house)).state == "clean"  # and whoever does not break it is let in


async def test_it_sees_the_types_that_it_asked_for(tmp_path: Path) -> None:
    refusing = 'return Verdict(outcome="refused", check="own", reason="rule")'
    async with a_house_with(tmp_path, check(refusing, 'types=["image/", "text/csv"], ')) as house:
        assert (await sent(house)).state == "clean"
        for name, content in (("photo.jpg", jpeg_with_gps()), ("table.csv", b"a,b\n1,2\n")):
            with pytest.raises(MediaRefused):
                await sent(house, content, name)


STAMPING = """
    key = f"quarantine/{specimen.media_sid}/stamped"
    async def stamped():
        yield b"Seen.\\n"
        async for chunk in storage.get(f"quarantine/{specimen.media_sid}/original"):
            yield chunk
    size = await storage.put(key, stamped())
    copy = Copy(name="safe", content_type="text/plain", size=size)
    return Finding(verdict=Verdict(outcome="clean", check="own"), copies=((copy, key),))
"""


async def test_its_copy_takes_the_place_of_an_earlier_one(tmp_path: Path) -> None:
    async with a_house_with(tmp_path, check(STAMPING.strip(), seconds=5)) as house:
        media = await sent(house)
        served = [chunk async for chunk in house.parts.storage.get(f"available/{media.sid}/safe")]
    assert b"".join(served) == b"Seen.\nHello.\n"
    assert [(copy.name, copy.size) for copy in media.renditions] == [("safe", 13)]


OBJECT = (
    HEAD
    + """
class Own:
    name, seconds = "own", 1.0

    def applies(self, specimen):
        return True

    async def __call__(self, specimen, storage):
        return Finding(verdict=Verdict(outcome="refused", check=self.name, reason="rule"))

checks.register(Own())
"""
)


async def test_a_check_may_be_an_object(tmp_path: Path) -> None:
    async with a_house_with(tmp_path, OBJECT) as house:
        with pytest.raises(MediaRefused):
            await sent(house)


def named(name: str, second: str = "") -> str:
    return check(CLEAN).replace('name="own"', f'name="{name}"') + second


UNFIT = {
    "a name of the house's": (named("images"), "there is a check 'images' already"),
    "a name of a scanner that is not connected": (named("webhook"), "there is a check 'webhook' already"),
    "a name twice": (check(CLEAN) + check(CLEAN).removeprefix(HEAD), "There is a check 'own' already"),
    "no name": (named(""), "A check's `name` is like `no_internal_marking`"),
    "no time": (check(CLEAN, seconds=0), "needs its budget in `seconds`, more than 0"),
    "not async": (check(CLEAN).replace("async def", "def"), "must be an `async def` of"),
    "an object that is none": (HEAD + "checks.register(5)", "A check's `name` is like"),
    "a table of another kind": ("checks = []", r"`checks` must be `checks = Checks\(\)`"),
    "no table": ("x = 1", r"`checks = Checks\(\)`"),
}


@pytest.mark.parametrize("what", UNFIT)
async def test_what_does_not_fit_stops_the_start(what: str, tmp_path: Path) -> None:
    text, sentence = UNFIT[what]
    with pytest.raises(ExtensionError, match=sentence):
        async with a_house_with(tmp_path, text):
            pass


async def test_two_files_with_a_check_of_one_name_stop_the_start(tmp_path: Path) -> None:
    with pytest.raises(ExtensionError, match="there is a check 'own' already"):
        async with a_house_with(tmp_path, check(CLEAN), check(CLEAN)):
            pass
