"""How a house is put together: parts, actions, rooms, in this order, and taken apart in the other.

Nothing here decides anything; to see how Vestibule moves, read `actions.py`, and `web.py` for its routes.
"""

from __future__ import annotations

from collections.abc import AsyncIterator, Awaitable, Callable, Mapping, Sequence
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass
from importlib.resources import files
from pathlib import Path
from typing import Any, Protocol, TypeVar

from vestibule import adapters, extensions, http
from vestibule.actions import Actions
from vestibule.agents import receive_first_agent
from vestibule.chat import chat_actions
from vestibule.chat.services import first_service
from vestibule.checks.antivirus import AntivirusCheck
from vestibule.checks.moderation import ModerationCheck
from vestibule.checks.policies import reading
from vestibule.checks.policies.reading import Written
from vestibule.checks.sandbox import Sandbox
from vestibule.checks.watch import Watch
from vestibule.config import Settings
from vestibule.context import SYSTEM, Context, Parts
from vestibule.errors import NotFound
from vestibule.functions import Functions
from vestibule.gatehouse import build_gate, open_moderation, open_scanner
from vestibule.gateways import webhooks
from vestibule.keyring import Keyring, open_keyring
from vestibule.links import Links
from vestibule.media import media_actions
from vestibule.media.bans import BanList
from vestibule.media.retention import Retention
from vestibule.media.verdicts import Judge
from vestibule.models import Service
from vestibule.payloads import FetchKey
from vestibule.ports import Bus, Database, Storage
from vestibule.readiness import readiness_of
from vestibule.sockets.hub import Hub
from vestibule.tokens import Tokens

STATIC = Path(str(files("vestibule").joinpath("static")))  # the built front end


class Closable(Protocol):
    """A part that lets go of what it holds."""

    async def close(self) -> None: ...


C = TypeVar("C", bound=Closable)


@dataclass(frozen=True)
class House:
    """A house at work."""

    settings: Settings
    keyring: Keyring
    parts: Parts
    service: Service
    actions: Actions
    functions: Functions
    tokens: Tokens
    links: Links
    sandbox: Sandbox
    written: Written
    scanner: AntivirusCheck | None
    moderation: ModerationCheck | None
    watch: Watch | None
    hub: Hub
    hooks: webhooks.Hooks
    follower: webhooks.Follower
    metrics: http.Metrics

    def context(self, identity: str = SYSTEM) -> Context:
        """Somebody who acts here; without an identity the house itself."""
        return Context(self.parts, self.service.sid, identity)

    def missing(self) -> list[str]:
        """What is not connected, and what that means, in sentences."""
        sentences = []
        if not (self.scanner or self.settings.icap_url or self.settings.webhook_url):
            sentences.append("a virus scanner. Files are rebuilt, and scanned by rules only (key `clamd`).")
        if weak := self.sandbox.report()["missing"]:
            sentences.append(f"part of the sandbox: this kernel lacks {', '.join(weak)}.")
        if not (STATIC / "desk.html").is_file():
            sentences.append("the pages. They are not built (`make setup` builds them).")
        return sentences

    async def readiness(self) -> Mapping[str, str]:
        """What works, part by part."""
        return await readiness_of(self.parts, self.sandbox, self.watch)


@asynccontextmanager
async def open_house(settings: Settings, *, at_work: bool = True) -> AsyncIterator[House]:
    """Put a house together, and take it apart at the end.

    Not `at_work` it only holds its data: nothing is decoded, judged or swept (for the command line).
    Raises `ConfigurationError` or `ExtensionError` for what cannot be used.
    """
    async with AsyncExitStack() as stack:
        house, judge = await _built(settings, stack)
        if at_work:
            await house.sandbox.start()
            if house.moderation:
                await house.moderation.start()
            if house.watch:
                house.watch.start()
            retention = Retention(
                judge,
                lambda service_sid: Context(house.parts, service_sid, SYSTEM),
                unsent=settings.unsent_seconds,
                held=float(house.written.document.deadlines.held),
            )
            stack.push_async_callback(retention.close)
            await retention.start()
            await house.follower.start()
            await receive_first_agent(house.context(), house.keyring)
        yield house


async def _built(settings: Settings, stack: AsyncExitStack) -> tuple[House, Judge]:
    def closing(part: C) -> C:
        """The same part, closed at the end, after all that was opened later."""
        stack.push_async_callback(part.close)
        return part

    data = adapters.own_folder(settings.data)
    keyring = open_keyring(settings, data)
    metrics, functions, actions = http.Metrics(), Functions(), Actions()
    bus = closing(adapters.open_bus(settings))
    storage = closing(adapters.open_storage(settings, data))
    database = closing(adapters.open_database(settings, data, bus.publish, metrics.commit))
    service = await first_service(database, settings.team)

    loaded = extensions.load(settings.extensions)
    eyes = _open_eyes(settings, loaded, storage, database, metrics, closing)
    links = Links(keyring.link_secrets, settings.files_url, settings.link_seconds)

    actions.include(chat_actions())
    actions.include(media_actions(eyes.judge.gate, eyes.judge, links))
    hooks, follower = _open_webhooks(settings, keyring, database, bus, closing)
    actions.include(webhooks.hook_actions(hooks))
    extensions.fit(loaded, actions, functions)
    parts = Parts(metrics.counting(actions.invoke), database, storage, bus)
    hub = closing(Hub(bus))
    house = House(
        settings=settings,
        keyring=keyring,
        parts=parts,
        service=service,
        actions=actions,
        functions=functions,
        tokens=_tokens(keyring, parts),
        links=links,
        sandbox=eyes.sandbox,
        written=eyes.written,
        scanner=eyes.scanner,
        moderation=eyes.moderation,
        watch=eyes.watch,
        hub=hub,
        hooks=hooks,
        follower=follower,
        metrics=metrics,
    )
    _measure(house, eyes.judge)
    return house, eyes.judge


@dataclass(frozen=True)
class Eyes:
    """What looks at files."""

    written: Written
    sandbox: Sandbox
    scanner: AntivirusCheck | None
    watch: Watch | None
    moderation: ModerationCheck | None
    judge: Judge


def _open_eyes(
    settings: Settings,
    loaded: Sequence[extensions.Extension],
    storage: Storage,
    database: Database,
    metrics: http.Metrics,
    closing: Callable[[Any], Any],
) -> Eyes:
    written = reading.read(settings.policy)
    sandbox = closing(Sandbox(workers=settings.decoders))
    scanner = open_scanner(settings, storage)
    watch = closing(Watch(scanner.scanners, written.policy.largest_of_all())) if scanner else None
    moderation = closing(found) if (found := open_moderation(written)) else None
    own, bans = extensions.checks_of(loaded), BanList(database)
    gate = build_gate(settings, written, sandbox, scanner, metrics, own, moderation, bans)
    extensions.require_own_names(loaded, (*gate.checks, *gate.streams))
    return Eyes(written, sandbox, scanner, watch, moderation, closing(Judge(gate)))


def _measure(house: House, judge: Judge) -> None:
    """What `/metrics` reads of the parts at each look."""
    metrics, hub, follower, watch = house.metrics, house.hub, house.follower, house.watch
    metrics.gauge("people_online", "Identities with an open socket.", lambda: len(hub.online()))
    metrics.gauge("files_in_check", "Files that wait for their verdict.", lambda: len(judge))
    metrics.gauges("webhook_letters", "Events told, failed tries, given up.", "outcome", follower.outcomes)
    metrics.gauge("webhook_failures", "Events that webhooks could not be told.", follower.failures)
    metrics.gauge("webhook_lanes_waiting", "Channels with events to be told.", lambda: len(follower))
    if watch:
        metrics.gauges("scanner_up", "Whether a virus scanner can be reached.", "clamd", watch.up)
        metrics.gauges("signatures_age_seconds", "Age of a virus scanner's signatures.", "clamd", watch.ages)


def _open_webhooks(
    settings: Settings, keyring: Keyring, database: Database, bus: Bus, closing: Callable[[Any], Any]
) -> tuple[webhooks.Hooks, webhooks.Follower]:
    may_reach = webhooks.anywhere if settings.webhooks_private == "allow" else webhooks.is_open
    poster = closing(webhooks.Poster(keyring.auth_token, may_reach))
    is_open = settings.webhooks_when_silent == "open"
    hooks = webhooks.Hooks(webhooks.Asking(poster, keyring.account_sid, is_open=is_open))
    bus.listen(hooks.hear)
    follower = webhooks.Follower(database, bus, poster, keyring.account_sid, look=hooks.look)
    return hooks, closing(follower)


def _tokens(keyring: Keyring, parts: Parts) -> Tokens:
    find, previous = _key_finder(parts), keyring.previous_api_secret
    return Tokens(keyring.account_sid, keyring.api_key, keyring.api_secret, find, previous)


def _key_finder(parts: Parts) -> Callable[[str], Awaitable[str | None]]:
    async def find_secret(key_sid: str) -> str | None:
        try:
            return (await parts.invoke(FetchKey(key_sid), Context(parts, "", SYSTEM))).secret
        except NotFound:
            return None

    return find_secret
