"""Context: who acts, in which service, with which parts. Every action and listener is handed one."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import NoReturn, Protocol, TypeVar

import msgspec

from vestibule.errors import Cancelled, NotFound, PermissionDenied
from vestibule.models import Media, Source
from vestibule.payloads import Payload
from vestibule.ports import Bus, Database, Storage, Transaction

R = TypeVar("R")

SYSTEM = "system"  # the identity of the account's own credentials: above roles

# Stand-ins for a permission where no role is asked:
ANYBODY = "(anybody)"
MEMBER = "(member)"  # of the channel, whatever the role: a blocked member still reads
SOMEWHERE = "(somewhere)"  # without a channel: who holds the permission in any channel of theirs
OWN = "(own)"  # where there is no channel: the action itself sees to it that it is one's own
HOUSE = "(house)"  # the system alone


class Invoker(Protocol):
    """What runs an action: `Actions.invoke`."""

    async def __call__(self, payload: Payload[R], ctx: Context) -> R: ...


@dataclass(frozen=True, slots=True)
class Parts:
    """What actions work with."""

    invoke: Invoker
    database: Database
    storage: Storage
    bus: Bus


class Grant(msgspec.Struct, frozen=True):
    """What roles give an identity here and now, joined by spaces. None: it holds no such role."""

    service: str | None
    channel: str | None


@dataclass(frozen=True, slots=True)
class Context:
    """Who acts, and with which parts.

    Inside an action, `permissions` and `channel_sid` are those of the action, and `change` and `look`
    ask for them in the transaction that they run.
    """

    parts: Parts
    service_sid: str
    identity: str
    permissions: tuple[str, ...] = (HOUSE,)
    channel_sid: str | None = None
    address: str = ""  # the caller's, for rate limits and the audit
    source: Source = "SDK"
    tells: bool = True  # whether webhooks hear of it: for REST with account credentials the caller says so

    @property
    def database(self) -> Database:
        return self.parts.database

    @property
    def storage(self) -> Storage:
        return self.parts.storage

    @property
    def bus(self) -> Bus:
        return self.parts.bus

    @property
    def is_system(self) -> bool:
        return self.identity == SYSTEM

    async def invoke(self, payload: Payload[R]) -> R:
        """Run another action as the same actor, with all that stands around it."""
        return await self.parts.invoke(payload, self)

    def within(self, permissions: tuple[str, ...], channel_sid: str | None) -> Context:
        """The same actor inside an action that needs one of `permissions` in that channel."""
        # Not `replace`, which takes three times as long: this is done for every action.
        return Context(
            self.parts,
            self.service_sid,
            self.identity,
            permissions,
            channel_sid,
            self.address,
            self.source,
            self.tells,
        )

    def as_system(self) -> Context:
        """The house itself, in the same service. For what follows from an action, not for callers."""
        return replace(self, identity=SYSTEM)

    async def change(self, change: Callable[[Transaction], R]) -> R:
        """Ask for the action's permission and apply `change`, in one durable transaction."""

        def permitted(tx: Transaction) -> R:
            self.ask(tx)
            tx.actor = self
            return change(tx)

        return await self.database.write(permitted)

    async def look(self, query: Callable[[Transaction], R]) -> R:
        """Ask for the action's permission and run `query`, on one snapshot."""

        def permitted(tx: Transaction) -> R:
            self.ask(tx)
            return query(tx)

        return await self.database.read(permitted)

    async def require(self) -> None:
        """Ask for the action's permission, now. Raises like `ask`."""
        await self.database.read(self.ask)

    def ask(self, tx: Transaction, *permissions: str) -> None:
        """Raise unless one of `permissions` (else the action's own) is held, as the rows say now.

        `NotFound` where the identity may not even know of the channel, else `PermissionDenied`.
        """
        wanted = permissions or self.permissions
        if self.is_system or ANYBODY in wanted or (OWN in wanted and not self.channel_sid):
            return
        is_member, held = self._held(tx)
        if held.intersection(wanted) or (is_member and MEMBER in wanted):
            return
        if self.channel_sid and not is_member:
            raise NotFound(f"There is no channel {self.channel_sid} that you could see.")
        raise PermissionDenied

    def may(self, tx: Transaction, *permissions: str) -> bool:
        """Whether one of these permissions is held here, as the rows say now."""
        return self.is_system or bool(self._held(tx)[1].intersection(permissions))

    def cancel(self, reason: str) -> NoReturn:
        """Stop the action. The reason is told to whoever asked for it."""
        raise Cancelled(reason)

    async def media(self, media_sid: str) -> Media:
        """The record of a file of this service, for listeners. Raises `NotFound`."""
        media = await self.database.read(
            lambda tx: tx.one(Media, "media_by_sid", service_sid=self.service_sid, sid=media_sid)
        )
        if media is None:
            raise NotFound(f"There is no file {media_sid}.")
        return media

    def _held(self, tx: Transaction) -> tuple[bool, set[str]]:
        who = {"service_sid": self.service_sid, "identity": self.identity}
        if SOMEWHERE in self.permissions and not self.channel_sid:
            grants = tx.all(Grant, "grants_somewhere", **who)
        else:
            grants = tx.all(Grant, "grants", **who, channel_sid=self.channel_sid or "")
        held = {name for grant in grants for name in f"{grant.service or ''} {grant.channel or ''}".split()}
        return any(grant.channel is not None for grant in grants), held
