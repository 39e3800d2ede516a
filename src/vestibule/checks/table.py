"""A table of an operator's own checks, which their extension file makes and the house includes.

Nothing they do opens a file by accident: one that raises, hangs or answers what is no verdict closes it.
"""

from __future__ import annotations

import inspect
import re
from collections.abc import AsyncIterator, Awaitable, Callable, Iterable, Iterator
from dataclasses import dataclass, field
from typing import Any, TypeVar, overload

import msgspec

from vestibule.errors import AlreadyDefined, ConfigurationError
from vestibule.models import Verdict
from vestibule.ports import Check, Finding, Specimen, Storage

Look = Callable[[Specimen, Storage], Awaitable[Verdict | Finding]]
F = TypeVar("F", bound=Look)
C = TypeVar("C", bound=Check)

NAME = re.compile(r"[a-z][a-z0-9_-]{0,63}")
SECONDS = 10.0


def chunks(specimen: Specimen, storage: Storage) -> AsyncIterator[bytes]:
    """The file's bytes, piece by piece."""
    return storage.get(f"quarantine/{specimen.media_sid}/original")


@dataclass(slots=True)
class FunctionCheck:
    """A check that is a function."""

    name: str
    seconds: float
    types: tuple[str, ...] | None  # content types, or families such as `text/`; None: every file
    look: Look

    def applies(self, specimen: Specimen) -> bool:
        if self.types is None:
            return True
        return any(
            specimen.content_type.startswith(kind) if kind.endswith("/") else specimen.content_type == kind
            for kind in self.types
        )

    async def __call__(self, specimen: Specimen, storage: Storage) -> Finding:
        """What the function found, under this check's name. What is no verdict is handed on as it is."""
        found: Any = await self.look(specimen, storage)
        if isinstance(found, Verdict):
            found = Finding(verdict=found)
        if isinstance(found, Finding) and isinstance(found.verdict, Verdict):
            verdict = msgspec.structs.replace(found.verdict, check=self.name)
            return msgspec.structs.replace(found, verdict=verdict)
        answer: Finding = found  # whoever asked takes everything else for no consent
        return answer


@dataclass(slots=True)
class Checks:
    """A table of checks, in the order in which they look."""

    checks: dict[str, Check] = field(default_factory=dict)

    @overload
    def register(self, check: C, /) -> C: ...

    @overload
    def register(
        self,
        check: None = None,
        /,
        *,
        name: str,
        types: Iterable[str] | None = None,
        seconds: float = SECONDS,
    ) -> Callable[[F], F]: ...

    def register(
        self,
        check: Any = None,
        /,
        *,
        name: str = "",
        types: Iterable[str] | None = None,
        seconds: float = SECONDS,
    ) -> Any:
        """Add a check: an object that keeps the contract of `Check`, or an async function.

        The function takes `(specimen, storage)` and gives a `Verdict` or a `Finding`; it has `seconds` for
        a file. `types` are content types such as `text/csv`, and families such as `image/`, as the bytes
        tell them; without any it sees every file. Raises `ConfigurationError` for what is no check, and
        `AlreadyDefined`.
        """
        if check is not None:
            self._add(check)
            return check

        def decorate(look: Any) -> Any:
            if not inspect.iscoroutinefunction(look):
                raise ConfigurationError(f"The check {name!r} must be an `async def` of (specimen, storage).")
            self._add(FunctionCheck(name, seconds, None if types is None else tuple(types), look))
            return look

        return decorate

    def __getitem__(self, name: str) -> Check:
        """The check of this name, such as for a test of it."""
        return self.checks[name]

    def __iter__(self) -> Iterator[Check]:
        return iter(self.checks.values())

    def __len__(self) -> int:
        return len(self.checks)

    def _add(self, check: Check) -> None:
        if reason := flaw(check):
            raise ConfigurationError(reason)
        if check.name in self.checks:
            raise AlreadyDefined(f"There is a check {check.name!r} already.")
        self.checks[check.name] = check


def flaw(check: object) -> str:
    """Why this cannot be a check, in a sentence; empty where it can."""
    name, seconds = getattr(check, "name", None), getattr(check, "seconds", None)
    if not isinstance(name, str) or not NAME.fullmatch(name):
        return (
            f"A check's `name` is like `no_internal_marking`: small letters, digits, _ and -. Not {name!r}."
        )
    if isinstance(seconds, bool) or not isinstance(seconds, int | float) or not seconds > 0:
        return f"The check {name!r} needs its budget in `seconds`, more than 0. Not {seconds!r}."
    if not callable(getattr(check, "applies", None)):
        return f"The check {name!r} needs `applies(specimen)`, which says whether it looks at such a file."
    if not callable(check) or not inspect.iscoroutinefunction(type(check).__call__):
        return f"The check {name!r} needs `async def __call__(self, specimen, storage)`."
    return ""
