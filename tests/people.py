"""A house, and the people who come to it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path

from vestibule.actions import Actions
from vestibule.bus.memory import MemoryBus
from vestibule.chat import chat_actions, services
from vestibule.context import HOUSE, SYSTEM, Context, Parts
from vestibule.database.sqlite import SqliteDatabase
from vestibule.events import Notice
from vestibule.models import Session, Task
from vestibule.payloads import AcceptTask, CreateUser, EraseMedia, StartChat, UpdateMember
from vestibule.storage.folder import FolderStorage


@dataclass
class House:
    """The parts put together as the application does it, without HTTP."""

    actions: Actions
    parts: Parts
    service_sid: str
    notices: list[Notice] = field(default_factory=list)

    def acting(self, identity: str) -> Context:
        return Context(self.parts, self.service_sid, identity)

    @property
    def system(self) -> Context:
        return self.acting(SYSTEM)

    async def agent(self, identity: str, role: str = "agent") -> Context:
        await self.system.invoke(CreateUser(identity, role=role))
        return self.acting(identity)

    async def visitor(self, name: str = "Ada") -> tuple[Context, Session]:
        """A customer who waits."""
        session = await self.system.invoke(StartChat(friendly_name=name))
        return self.acting(session.identity), session

    async def neighbour(self, identity: str, role: str = "service admin") -> Context:
        """Somebody of another service on the same machine."""
        service = await self.parts.database.write(lambda tx: services.add(tx, "Next door"))
        system = Context(self.parts, service.sid, SYSTEM)
        await system.invoke(CreateUser(identity, role=role))
        return Context(self.parts, service.sid, identity)

    async def chat(self) -> Chat:
        """A customer whom the agent Grace has received."""
        customer, session = await self.visitor()
        agent = await self.agent("grace")
        task = await agent.invoke(AcceptTask(session.task.sid))
        return Chat(customer, agent, session.channel.sid, task)

    async def close(self) -> None:
        await self.parts.database.close()
        await self.parts.storage.close()
        await self.parts.bus.close()


@dataclass
class Chat:
    """A customer and an agent in a channel."""

    customer: Context
    agent: Context
    channel_sid: str
    task: Task

    async def block(self) -> None:
        await self.agent.invoke(UpdateMember(self.channel_sid, self.customer.identity, role="blockedUser"))


def erasing() -> Actions:
    """Erases bytes as the media room does, for tests of the domain alone."""
    table = Actions()

    @table.define("EraseMedia", permission=HOUSE)
    async def erase(payload: EraseMedia, ctx: Context) -> None:
        for sid in payload.media_sids:
            await ctx.storage.delete(f"quarantine/{sid}/")
            await ctx.storage.delete(f"available/{sid}/")

    return table


async def open_house(folder: Path, *tables: Actions) -> House:
    """A house whose records and bytes are in `folder`; what `tables` hold stands around the domain."""
    bus = MemoryBus()
    database = SqliteDatabase(folder / "house.sqlite", bus.publish)
    actions = chat_actions()
    for table in tables or (erasing(),):
        actions.include(table)
    service = await services.first_service(database, "Test")
    parts = Parts(actions.invoke, database, FolderStorage(folder / "files"), bus)
    house = House(actions, parts, service.sid)

    def note(notices: Sequence[Notice]) -> None:
        house.notices.extend(notices)

    bus.listen(note)
    return house
