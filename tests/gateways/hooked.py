"""A house whose services have webhooks, with its hooks and its follower at work."""

from __future__ import annotations

import asyncio
import sqlite3
import time
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager, closing
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import msgspec

from tests.gateways.receiving import AUTH_TOKEN
from tests.people import Chat, House, erasing, open_house
from vestibule.actions import Actions
from vestibule.context import SYSTEM, Context
from vestibule.events import WebhooksChanged
from vestibule.gateways.webhooks import Asking, Follower, Hooks, Poster, anywhere, hook_actions
from vestibule.models import POST_EVENTS, PRE_EVENTS, ServiceSettings, Webhook
from vestibule.payloads import CreateWebhook

ACCOUNT = "AC" + "0" * 32
FILE = "house.sqlite"
QUICK = {"retry": 0.01, "patience": (0.01, 0.01), "again": 0.02, "seconds": 2.0}


@dataclass
class Hooked:
    """The house, its people, and what calls webhooks."""

    folder: Path
    house: House
    hooks: Hooks
    poster: Poster
    follower: Follower

    def configure(self, **settings: Any) -> None:
        """What the service's owner sets."""
        write_settings(self.folder / FILE, self.house.service_sid, **settings)
        self.house.parts.bus.publish([WebhooksChanged(stream=self.house.service_sid, identity="")])

    def ask(self, url: str, *filters: str, **more: Any) -> None:
        """Have a webhook asked before things are done; of everything where nothing is named."""
        self.configure(pre_webhook_url=url, webhook_filters=filters or PRE_EVENTS, **more)

    def tell(self, url: str, *filters: str, **more: Any) -> None:
        """Have a webhook told of what was done; of everything where nothing is named."""
        self.configure(post_webhook_url=url, webhook_filters=filters or POST_EVENTS, **more)

    async def webhook(self, channel_sid: str, url: str, *filters: str, **more: Any) -> Webhook:
        """A webhook of one channel."""
        given = {"type": "webhook", "url": url, "filters": filters or POST_EVENTS, **more}
        return await self.house.system.invoke(CreateWebhook(channel_sid, **given))

    async def settled(self) -> None:
        """Wait until nothing is left to be told."""
        async with asyncio.timeout(10):
            while len(self.follower):
                await asyncio.sleep(0.005)


def write_settings(file: Path, service_sid: str, **settings: Any) -> None:
    text = msgspec.json.encode(ServiceSettings(**settings)).decode()
    with closing(sqlite3.connect(file, timeout=10)) as connection, connection:
        connection.execute(
            "UPDATE services SET settings = ?, date_updated = ? WHERE sid = ?",
            (text, round(time.time(), 6), service_sid),
        )


@asynccontextmanager
async def hooked(
    folder: Path,
    *rules: Actions,
    is_open: bool = False,
    seconds: float = 2.0,
    may_reach: Callable[[str], bool] = anywhere,
    follows: bool = True,
    **how: Any,
) -> AsyncIterator[Hooked]:
    """As the application puts it together: the hooks around the domain, `rules` around those."""
    poster = Poster(AUTH_TOKEN, may_reach)
    hooks = Hooks(Asking(poster, ACCOUNT, is_open=is_open, seconds=seconds))
    house = await open_house(folder, erasing(), hook_actions(hooks, seconds), *rules)
    bus, database = house.parts.bus, house.parts.database
    bus.listen(hooks.hear)
    follower = Follower(database, bus, poster, ACCOUNT, look=hooks.look, **{**QUICK, **how})
    if follows:
        await follower.start()
    try:
        yield Hooked(folder, house, hooks, poster, follower)
    finally:
        await follower.close()
        await poster.close()
        await house.close()


def account(chat: Chat, *, tells: bool) -> Context:
    """REST with account credentials, with or without the header that asks for webhooks."""
    return replace(chat.agent, identity=SYSTEM, source="API", tells=tells)
