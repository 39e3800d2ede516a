"""Targets: who wants to be told of what. Kept in memory: what each notice is compared with, and no more."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

import msgspec

from vestibule.events import Happening
from vestibule.gateways.webhooks.letters import CALLED
from vestibule.models import Service, Webhook
from vestibule.ports import Transaction

Kinds = frozenset[str]  # of events

LOOK_MARGIN = 60.0  # seconds: a clock may be put back a little, and another node's may differ

CONTENTS = ("message", "member", "channel", "user")


class Behind(msgspec.Struct, frozen=True):
    """A stream of which a target was not told everything."""

    target: str
    stream: str


class Targets:
    """The services and channels that have webhooks."""

    def __init__(self) -> None:
        self._services: dict[str, Kinds] = {}
        self._channels: dict[str, tuple[tuple[str, Kinds], ...]] = {}

    def of(self, happening: Happening) -> Iterable[str]:
        """Who may want to be told of it. Their rows say so for certain, when they are told."""
        kind = type(happening).__name__
        if self._services and kind in CALLED:
            service_sid = _service_of(happening)
            for target in (service_sid,) if service_sid else self._services:
                if kind in self._services.get(target, ()):
                    yield target
        for target, kinds in self._channels.get(happening.stream, ()):
            if kind in kinds:
                yield target

    def set_services(self, services: Mapping[str, Kinds]) -> None:
        self._services = dict(services)

    def set_channels(self, webhooks: Iterable[Webhook]) -> None:
        """All there are."""
        channels: dict[str, list[tuple[str, Kinds]]] = {}
        for webhook in webhooks:
            channels.setdefault(webhook.channel_sid, []).append((webhook.sid, _kinds_of(webhook)))
        self._channels = {sid: tuple(targets) for sid, targets in channels.items()}

    def set_channel(self, channel_sid: str, webhooks: Iterable[Webhook]) -> None:
        """Those of one channel."""
        self._channels.pop(channel_sid, None)
        if targets := tuple((webhook.sid, _kinds_of(webhook)) for webhook in webhooks):
            self._channels[channel_sid] = targets


def look_after_services(tx: Transaction) -> dict[str, Kinds]:
    """Begin with services that have a webhook now, and end with those that have none any more.

    A service is told of what happens from its last change on, which is the one that set the webhook.
    """
    wanted = {}
    for service in tx.all(Service, "services"):
        kinds = _kinds(service.settings.webhook_filters or ())
        if service.settings.post_webhook_url and kinds:
            wanted[service.sid] = kinds
            tx.run("add_webhook_target", target=service.sid, date=service.date_updated.timestamp())
    for target in tx.all(Target, "webhook_targets"):
        if target.target not in wanted:
            tx.run("delete_webhook_target", target=target.target)
            tx.run("delete_webhook_marks", target=target.target)
    return wanted


def find_missed(tx: Transaction) -> None:
    """Set a cursor in every stream where something is a service's business and none was set yet."""
    for target in tx.all(Target, "webhook_targets"):
        tx.run("begin_webhook_marks", target=target.target)
        tx.run("set_webhook_target", target=target.target, date=tx.now - LOOK_MARGIN)


class Target(msgspec.Struct, frozen=True):
    """A service that is looked after."""

    target: str


def _kinds(filters: Iterable[str]) -> Kinds:
    wanted = set(filters)
    return frozenset(kind for kind, called in CALLED.items() if wanted.intersection(called))


def _kinds_of(webhook: Webhook) -> Kinds:
    """With the channel's end, whatever it wants: then its row goes."""
    kinds = _kinds(webhook.filters)
    return kinds | {"ChannelRemoved"} | ({"MessageAdded"} if webhook.triggers else set())


def _service_of(happening: Happening) -> str:
    """Whose it is, where the notice says so; empty where the row is gone."""
    for name in CONTENTS:
        if content := getattr(happening, name, None):
            return str(content.service_sid)
    return ""
