"""Cases: small things that must hold, in groups. Each is a function that raises where its thing did not."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Iterator
from dataclasses import dataclass, field
from typing import Any

Run = Callable[[Any], Awaitable[str]]  # of a `Visit`; gives what was seen, in a few words


class Broken(Exception):
    """It did not hold. Says what was seen instead."""


class NotTested(Exception):
    """Whether it holds could not be found out. Says why."""


@dataclass(frozen=True, slots=True)
class Case:
    """One thing that must hold."""

    group: str
    name: str
    must: str  # a sentence: what must hold
    run: Run


@dataclass(slots=True)
class Cases:
    """The cases of one group, in their order."""

    group: str
    cases: list[Case] = field(default_factory=list)

    def case(self, name: str) -> Callable[[Run], Run]:
        """Add a case, whose docstring is the sentence of what must hold."""

        def decorate(run: Run) -> Run:
            self.add(name, (run.__doc__ or "").strip(), run)
            return run

        return decorate

    def add(self, name: str, must: str, run: Run) -> None:
        """Add a case of a table."""
        self.cases.append(Case(self.group, name, must, run))

    def __iter__(self) -> Iterator[Case]:
        return iter(self.cases)


def must(holds: bool, seen: str) -> None:
    """Raise `Broken` unless it holds. `seen` says what is the case if not."""
    if not holds:
        raise Broken(seen)
