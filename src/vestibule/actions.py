"""Actions: the one way anything changes, and any file is read.

An action is a named step, such as `SendMediaMessage`. Listeners stand before and after it, and one
function may stand in its place:

    permission -> before listeners -> the action, or its replacement -> after listeners

A table is plain data until `invoke`. Your own module makes a table and Vestibule includes it, so
nothing is registered by the mere import of a file.
"""

from __future__ import annotations

import asyncio
import difflib
from collections import defaultdict
from collections.abc import Awaitable, Callable, Iterable, Sequence
from dataclasses import dataclass, field
from typing import Any, TypeVar

import structlog

from vestibule.context import Context
from vestibule.errors import AlreadyDefined, AlreadyReplaced, ListenerFailed, UnknownAction, VestibuleError
from vestibule.payloads import Payload

R = TypeVar("R")
F = TypeVar("F", bound=Callable[..., Awaitable[Any]])
Step = Callable[..., Awaitable[Any]]
Applies = Callable[[Any, Context], bool]

log = structlog.get_logger(__name__)


@dataclass(frozen=True, slots=True)
class Action:
    """A name, who may do it, and what does it."""

    name: str
    permissions: tuple[str, ...]  # one of them is enough
    run: Step
    asks_inside: bool  # `run` does all it does through `ctx.change` or `ctx.look`, which ask


@dataclass(frozen=True, slots=True)
class Listener:
    """Who stands before an action."""

    run: Step
    applies: Applies | None = None  # None: to every payload
    patience: float | None = None  # seconds that it may take; None: as long as the table says
    anew: bool = False  # what it changes goes past those that stand further out again

    def stands(self, payload: Payload[Any], ctx: Context) -> bool:
        return self.applies is None or self.applies(payload, ctx)


@dataclass(slots=True)
class Actions:
    """A table of actions and the listeners around them."""

    actions: dict[str, Action] = field(default_factory=dict)
    befores: dict[str, list[Listener]] = field(default_factory=lambda: defaultdict(list))
    afters: dict[str, list[Step]] = field(default_factory=lambda: defaultdict(list))
    replacements: dict[str, Step] = field(default_factory=dict)
    patience: float = 15.0  # seconds that one listener may take

    def define(
        self, name: str, *, permission: str | Iterable[str], asks_inside: bool = False
    ) -> Callable[[F], F]:
        """Declare an action: an async function of `(payload, ctx)`, for holders of one permission.

        With `asks_inside` the question is left to `ctx.change` or `ctx.look` alone where nobody
        listens: one look-up less for what happens thousands of times a second.
        """
        permissions = (permission,) if isinstance(permission, str) else tuple(permission)

        def decorate(function: F) -> F:
            if name in self.actions:
                raise AlreadyDefined(
                    f"There is an action {name!r} already: {_place(self.actions[name].run)}."
                )
            self.actions[name] = Action(name, permissions, function, asks_inside)
            return function

        return decorate

    def before(
        self,
        name: str,
        *,
        applies: Applies | None = None,
        patience: float | None = None,
        anew: bool = False,
    ) -> Callable[[F], F]:
        """Run `(payload, ctx)` first. Return a new payload to change it, or None.

        `ctx.cancel("why")` stops the action. Any other exception, or taking longer than `patience`
        seconds (else the table's), stops it as well: a guard that broke lets nothing through. With
        `applies` it stands there only where that says so, at once and of the payload as it came: where it
        does not, the action costs nothing more. With `anew` those that stand further out see what it made
        of the payload, too: for what comes from outside the house.
        """

        def decorate(function: F) -> F:
            self.befores[name].append(Listener(function, applies, patience, anew))
            return function

        return decorate

    def after(self, name: str) -> Callable[[F], F]:
        """Run `(result, ctx)` once the action is done. What it raises is only logged."""

        def decorate(function: F) -> F:
            self.afters[name].append(function)
            return function

        return decorate

    def replace(self, name: str) -> Callable[[F], F]:
        """Run `(payload, ctx, original)` in place of the action; one function per action.

        `original(payload, ctx)` is the action itself. The permission is asked either way, and a payload
        that was changed goes past the before-listeners again.
        """

        def decorate(function: F) -> F:
            if name in self.replacements:
                raise AlreadyReplaced(
                    f"{name} is replaced by {_place(self.replacements[name])} already, "
                    f"so {_place(function)} cannot replace it too."
                )
            self.replacements[name] = function
            return function

        return decorate

    def include(self, other: Actions) -> None:
        """Put the table `other` around this one: its listeners stand further out.

        Outer before-listeners run first and outer after-listeners last. So the innermost, our own
        guards, see the payload as it will be used, whatever a listener made of it.
        """
        for action in other.actions.values():
            self.define(action.name, permission=action.permissions, asks_inside=action.asks_inside)(
                action.run
            )
        for name in {*other.befores, *other.afters, *other.replacements}:
            self._find(name)
        for name, befores in other.befores.items():
            self.befores[name][:0] = befores
        for name, afters in other.afters.items():
            self.afters[name] += afters
        for name, function in other.replacements.items():
            self.replace(name)(function)

    async def invoke(self, payload: Payload[R], ctx: Context) -> R:
        """Run the action that `payload` is named for, with all that stands around it."""
        action = self._find(type(payload).__name__)
        inner = ctx.within(action.permissions, getattr(payload, "channel_sid", None))
        if not action.asks_inside or self._is_surrounded(payload, inner):
            await inner.require()
        payload = await self._prepared(payload, inner)
        result: R = await self._run(action, payload, inner)
        for listener in self.afters.get(action.name, ()):
            await self._tell(listener, result, inner)
        return result

    async def _prepared(self, payload: Payload[R], ctx: Context) -> Payload[R]:
        """The payload as the before-listeners leave it."""
        return await self._past(self.befores.get(type(payload).__name__, ()), payload, ctx)

    async def _past(self, listeners: Sequence[Listener], payload: Payload[R], ctx: Context) -> Payload[R]:
        for at, listener in enumerate(listeners):
            if listener.stands(payload, ctx):
                changed = _same_place(payload, await self._consult(listener, payload, ctx))
                if listener.anew and changed is not payload:
                    changed = await self._past(listeners[:at], changed, ctx)
                payload = changed
        return payload

    async def _run(self, action: Action, payload: Payload[R], ctx: Context) -> Any:
        if (replacement := self.replacements.get(action.name)) is None:
            return await action.run(payload, ctx)

        async def original(changed: Payload[R], ctx: Context) -> Any:
            if changed is not payload:  # guards see what is done, whoever changed it last
                changed = await self._prepared(_same_place(payload, changed), ctx)
            return await action.run(changed, ctx)

        return await replacement(payload, ctx, original)

    def _is_surrounded(self, payload: Payload[Any], ctx: Context) -> bool:
        name = type(payload).__name__
        return name in self.replacements or any(
            listener.stands(payload, ctx) for listener in self.befores.get(name, ())
        )

    async def _consult(self, listener: Listener, payload: Payload[R], ctx: Context) -> Any:
        try:
            async with asyncio.timeout(self.patience if listener.patience is None else listener.patience):
                return await listener.run(payload, ctx)
        except VestibuleError:
            raise
        except Exception as error:
            place = _place(listener.run)
            log.exception("before-listener failed", listener=place, action=type(payload).__name__)
            raise ListenerFailed from error

    async def _tell(self, listener: Step, result: object, ctx: Context) -> None:
        try:
            async with asyncio.timeout(self.patience):
                await listener(result, ctx)
        except Exception:
            log.exception("after-listener failed", listener=_place(listener))

    def _find(self, name: str) -> Action:
        try:
            return self.actions[name]
        except KeyError:
            near = difflib.get_close_matches(name, self.actions, n=1)
            hint = f" Did you mean {near[0]!r}?" if near else ""
            raise UnknownAction(f"There is no action {name!r}.{hint}") from None


def _same_place(old: Payload[R], new: Payload[R] | None) -> Payload[R]:
    """A listener may change what is done, never where: permission was given for there."""
    if new is None:
        return old
    if type(new) is not type(old) or getattr(new, "channel_sid", None) != getattr(old, "channel_sid", None):
        log.error("listener moved the action", action=type(old).__name__)
        raise ListenerFailed
    return new


def _place(function: Callable[..., Any]) -> str:
    return f"{function.__module__}.{getattr(function, '__qualname__', repr(function))}"
