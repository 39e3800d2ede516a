"""The self-test: a stranger who tries what must not be possible in a house, and tells what held."""

from __future__ import annotations

import contextlib
import tempfile
import time
from collections.abc import Callable

import msgspec

from vestibule import __version__
from vestibule.app import open_house
from vestibule.config import Settings
from vestibule.errors import VestibuleError
from vestibule.selftest import files, good, headers, passage, reading, sizes, speaking
from vestibule.selftest.cases import Broken, Case, Cases, NotTested, must
from vestibule.selftest.door import Door
from vestibule.selftest.report import Outcome, Report, Result
from vestibule.selftest.visit import Visit, begun
from vestibule.server import bind, serving

Tell = Callable[[Case], None]

last = Cases("afterwards")
GROUPS = (
    good.cases,
    files.cases,
    sizes.cases,
    reading.cases,
    headers.cases,
    speaking.cases,
    passage.cases,
    last,
)


@last.case("nothing stays")
async def nothing_stays(visit: Visit) -> str:
    """Everything that the self-test sent is deleted again."""
    sent = sum(len(somebody.files) + len(somebody.messages) for somebody in visit.everybody)
    stayed = await visit.end()
    must(not stayed, f"these stayed: {', '.join(stayed)}")
    return f"{sent} files and messages deleted"


ALL = tuple(case for group in GROUPS for case in group)


async def run(settings: Settings, url: str = "", tell: Tell = lambda case: None) -> Report:
    """Test the house at `url`, or without one a house of our own with these settings.

    `tell` hears of each case before it is tried. Raises `ConfigurationError` where there is no house.
    """
    if url:
        return await through(url.rstrip("/"), tell)
    with tempfile.TemporaryDirectory(prefix="vestibule-") as folder:
        async with (
            open_house(apart(settings, folder)) as house,
            serving(house, bind("127.0.0.1", 0)) as address,
        ):
            return await through(address, tell)


def apart(settings: Settings, folder: str) -> Settings:
    """The same checks, policy and limits in a house that touches nothing of the real one."""
    return msgspec.structs.replace(
        settings,
        data=folder,
        database_url="",
        storage_url="",
        bus_url="",
        public_url="",
        files_url="",
        proxies=(),  # the self-test comes from this machine, and must not be taken for one
    )


async def through(url: str, tell: Tell = lambda case: None) -> Report:
    """Test the house at this address, as anybody who comes there."""
    async with Door(url) as door:
        visit = await begun(door)
        results = []
        try:
            for case in ALL:
                tell(case)
                results.append(await tried(case, visit))
        finally:
            if len(results) < len(ALL):  # broken off, such as by Ctrl-C
                with contextlib.suppress(Exception):
                    await visit.end()
        return Report(url=url, version=__version__, results=results)


async def tried(case: Case, visit: Visit) -> Result:
    """What became of one case. Raises `ConfigurationError` when the house is not there any more."""
    began = time.monotonic()
    outcome, seen = await _outcome(case, visit)
    return Result(
        group=case.group,
        name=case.name,
        must=case.must,
        outcome=outcome,
        seen=seen,
        seconds=time.monotonic() - began,
    )


async def _outcome(case: Case, visit: Visit) -> tuple[Outcome, str]:
    try:
        return "held", await case.run(visit)
    except NotTested as why:
        return "not tested", str(why)
    except Broken as seen:
        return "broken", str(seen)
    except VestibuleError:
        raise
    except Exception as error:  # an answer that makes no sense, a connection that breaks: not what must be
        return "broken", f"{type(error).__name__}: {error}"
