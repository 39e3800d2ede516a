"""The watch over the scanners: who works, how old their signatures are, and whether their settings
are what we count on.

What it says is for the operator only, in the log, at `/readyz` and among the numbers. No file waits for it.
"""

from __future__ import annotations

import asyncio
import contextlib
import time
from collections.abc import Mapping

import structlog

from vestibule.checks.probes import faults
from vestibule.checks.scanners import Daemon, Scanners
from vestibule.errors import CheckUnavailable

log = structlog.get_logger(__name__)

EVERY = 50.0  # seconds between two looks: less than a version is good for, so no file waits for that
OLD = 48 * 3600.0  # seconds: official signatures come several times a day
AGAIN = 3600.0  # seconds after which old signatures are told again


class Watch:
    """Asks each daemon, from the start on, about once a minute."""

    def __init__(self, scanners: Scanners, largest: int) -> None:
        """`largest` is the size of the largest file that people may send, in bytes."""
        self._scanners, self._largest = scanners, largest
        self._task: asyncio.Task[None] | None = None
        self._has_looked = asyncio.Event()
        self._told: dict[Daemon, float] = {}  # when old signatures were last told
        self._away: set[Daemon] = set()
        self._faults: dict[Daemon, str] = {}  # settings of its that are not as they should be

    def start(self) -> None:
        self._task = asyncio.create_task(self._keep_looking())

    async def close(self) -> None:
        """Stop, whatever it is at. May be called twice."""
        if self._task:
            self._task.cancel()
            await asyncio.gather(self._task, return_exceptions=True)

    async def look(self) -> None:
        """Ask each daemon now. What is not as it was, is told in the log."""
        await asyncio.gather(*(self._look_at(daemon) for daemon in self._scanners.daemons))

    async def first_look(self, seconds: float = 10.0) -> None:
        """Wait until everything was told once, after `start`; not for ever."""
        with contextlib.suppress(TimeoutError):
            await asyncio.wait_for(self._has_looked.wait(), seconds)

    async def readiness(self) -> Mapping[str, str]:
        """What works, asked now: `antivirus`, `signatures`, and each daemon where there are several.

        Begins with `ok`, `weak` (some of it does not work) or `old`; or says why there is no scanner.
        """
        await asyncio.gather(*(self._asked(daemon) for daemon in self._scanners.daemons))
        states = {daemon.name: self._state(daemon) for daemon in self._scanners.daemons}
        parts = {"antivirus": _summed(states), "signatures": self._signatures()}
        if len(states) > 1:
            # It is weak that one is away; that all are, `antivirus` says.
            parts |= {f"clamd {name}": _not_worse_than_weak(state) for name, state in states.items()}
        return parts

    def up(self) -> Mapping[str, float]:
        """By address: 1 for a daemon that can be reached, else 0."""
        return {daemon.name: float(not daemon.is_away) for daemon in self._scanners.daemons}

    def ages(self) -> Mapping[str, float]:
        """By address, the age of the official signatures in seconds. Who has none is left out."""
        known = ((daemon.name, _age(daemon)) for daemon in self._scanners.daemons)
        return {name: age for name, age in known if age is not None}

    async def _keep_looking(self) -> None:
        while True:
            await self.look()
            self._has_looked.set()
            await asyncio.sleep(EVERY)

    async def _look_at(self, daemon: Daemon) -> None:
        if not await self._asked(daemon):
            if daemon not in self._away:
                log.warning("a virus scanner cannot be asked", clamd=daemon.name, why=daemon.trouble)
            self._away.add(daemon)
            self._faults.pop(daemon, None)  # it may come back as another
            return
        if daemon in self._away:
            self._away.discard(daemon)
            log.info("a virus scanner is back", clamd=daemon.name, version=daemon.version)
        self._tell_age(daemon)
        if daemon not in self._faults:
            await self._probe(daemon)

    async def _asked(self, daemon: Daemon) -> bool:
        """Whether it says its version."""
        try:
            await daemon.ping()
        except (OSError, CheckUnavailable):
            return False
        return True

    def _tell_age(self, daemon: Daemon) -> None:
        age, now = _age(daemon), time.monotonic()
        if age is None or age <= OLD or now - self._told.get(daemon, -AGAIN) < AGAIN:
            return
        self._told[daemon] = now
        log.warning(
            "the virus scanner's signatures are old: is freshclam running?",
            clamd=daemon.name,
            hours=round(age / 3600),
            version=daemon.version,
        )

    async def _probe(self, daemon: Daemon) -> None:
        found = await faults(self._scanners, daemon, self._largest)
        if found is None:  # next time
            return
        self._faults[daemon] = ", ".join(fault.setting for fault in found)
        for fault in found:
            log.warning(
                f"{fault.setting} in a virus scanner's clamd.conf: {fault.sentence}",
                clamd=daemon.name,
                largest=self._largest,
            )

    def _state(self, daemon: Daemon) -> str:
        if daemon.is_away:
            return daemon.trouble
        if daemon.is_resting:
            return f"weak: {daemon.trouble}"
        return f"weak: {settings} in clamd.conf" if (settings := self._faults.get(daemon)) else "ok"

    def _signatures(self) -> str:
        """How old the oldest are, of the daemons that work."""
        working = [daemon for daemon in self._scanners.daemons if not daemon.is_away]
        ages = [_age(daemon) for daemon in working]
        known = [age for age in ages if age is not None]
        if not working:
            return "weak: no scanner says"
        if len(known) < len(ages):
            return "weak: own only, none of ClamAV's"
        hours = round(max(known) / 3600)
        return f"old: {hours} h" if max(known) > OLD else f"ok: {hours} h"


def _age(daemon: Daemon) -> float | None:
    return None if daemon.signed is None else max(0.0, time.time() - daemon.signed)


def _summed(states: Mapping[str, str]) -> str:
    """Of all daemons together: one that works is enough to work."""
    working = [state for state in states.values() if state == "ok" or state.startswith("weak:")]
    if not working:
        return "; ".join(states.values())
    if set(states.values()) == {"ok"}:
        return "ok"
    bad = [state.removeprefix("weak: ") for state in states.values() if state != "ok"]
    return f"weak: {'; '.join(bad)}"


def _not_worse_than_weak(state: str) -> str:
    return state if state == "ok" or state.startswith("weak:") else f"weak: {state}"
