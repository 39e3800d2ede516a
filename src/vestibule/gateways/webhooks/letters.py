"""Letters: the next event that an address is to be told, with what the rows hold at this moment.

Everything is read in one transaction, at each delivery: where the address is, what it wants, how far it was
told. So a change of any of these counts at the very next letter, and what was deleted meanwhile is told
without its content.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping

import msgspec

from vestibule.gateways.webhooks import forms, rows
from vestibule.gateways.webhooks.forms import Form
from vestibule.models import (
    Event,
    Service,
    Webhook,
    WebhookMethod,
)
from vestibule.ports import Transaction
from vestibule.sids import SERVICE

# Events that are read at once: most often the first is wanted, else there may be a long way to the next.
PAGES = (2, 100)

# By the kind of event, what it is called; a message with a file has a name of its own.
CALLED: Mapping[str, tuple[str, ...]] = {
    "MessageAdded": ("onMessageSent", "onMediaMessageSent"),
    "MessageUpdated": ("onMessageUpdated",),
    "MessageRemoved": ("onMessageRemoved",),
    "MemberAdded": ("onMemberAdded",),
    "MemberUpdated": ("onMemberUpdated",),
    "MemberRemoved": ("onMemberRemoved",),
    "ChannelAdded": ("onChannelAdded",),
    "ChannelUpdated": ("onChannelUpdated",),
    "ChannelRemoved": ("onChannelDestroyed",),
    "UserAdded": ("onUserAdded",),
    "UserUpdated": ("onUserUpdated",),
}


class Address(msgspec.Struct, frozen=True, kw_only=True):
    """Where a target's letters go, and which it wants."""

    service_sid: str
    url: str
    method: WebhookMethod
    filters: tuple[str, ...]
    triggers: tuple[str, ...] = ()  # where there are any, a message must hold one
    retries: int

    def wants(self, event_type: str, form: Form) -> bool:
        if not self.triggers:
            return event_type in self.filters
        body = form.get("Body", "").casefold()
        is_sent = event_type in CALLED["MessageAdded"]
        return is_sent and any(word.casefold() in body for word in self.triggers)


class Letter(msgspec.Struct, frozen=True, kw_only=True):
    """One event, for one address."""

    address: Address
    event: Event
    event_type: str
    form: Form


class Read(msgspec.Struct, frozen=True, kw_only=True):
    """What a target is to be told next in a stream: a letter, or how far there is nothing for it."""

    is_known: bool = True  # False: there is no such target, or it has no cursor here
    begin: int | None = None  # where its cursor is to be set, if anything here is its business
    letter: Letter | None = None
    skip_to: int | None = None  # how far the cursor is to be moved without a letter
    is_end: bool = False  # the stream's channel is gone, within what may be skipped
    is_last: bool = True  # nothing more is there to be read


def next_letter(tx: Transaction, target: str, stream: str) -> Read:
    """The first event after the target's cursor that it wants."""
    address = address_of(tx, target)
    seq = tx.value("webhook_mark", target=target, stream=stream)
    if address is None:
        return Read(is_known=False)
    if seq is None:
        return Read(is_known=False, begin=tx.value("webhook_beginning", target=target, stream=stream))
    skipped = []
    for event in _after(tx, stream, seq):
        if letter := letter_of(tx, address, event):
            return Read(letter=letter)
        skipped.append(event)
    return Read(
        skip_to=skipped[-1].seq if skipped else None,
        is_end=any(event.kind == "ChannelRemoved" for event in skipped),
        is_last=len(skipped) < sum(PAGES),
    )


def _after(tx: Transaction, stream: str, seq: int) -> Iterator[Event]:
    """The events after a seq, as many as one transaction looks at."""
    for limit in PAGES:
        events = tx.all(Event, "events_after", stream=stream, seq=seq, limit=limit)
        yield from events
        if len(events) < limit:
            return
        seq = events[-1].seq


def address_of(tx: Transaction, target: str) -> Address | None:
    """Where a service (IS) or a channel's webhook (WH) wants to be told; None where it is gone."""
    if target.startswith(SERVICE):
        service = tx.one(Service, "service_by_sid", sid=target)
        return _of_service(service) if service else None
    webhook = tx.one(Webhook, "webhook_by_sid", sid=target)
    return _of_webhook(webhook) if webhook else None


def _of_service(service: Service) -> Address | None:
    settings = service.settings
    if not settings.post_webhook_url:
        return None
    return Address(
        service_sid=service.sid,
        url=settings.post_webhook_url,
        method=settings.webhook_method or "POST",
        filters=settings.webhook_filters or (),
        retries=settings.post_webhook_retry_count,
    )


def _of_webhook(webhook: Webhook) -> Address:
    """A flow of Studio's wants nothing of us: there is no Studio here."""
    is_called = webhook.type != "studio"
    return Address(
        service_sid=webhook.service_sid,
        url=webhook.url,
        method=webhook.method,
        filters=webhook.filters if is_called else (),
        triggers=webhook.triggers if is_called else (),
        retries=webhook.retry_count,
    )


def letter_of(tx: Transaction, address: Address, event: Event) -> Letter | None:
    """The letter about an event; None where the address is not to be told."""
    called = CALLED.get(event.kind, ())
    if not event.tells or not called or event.service_sid not in ("", address.service_sid):
        return None
    if not address.triggers and not set(called).intersection(address.filters):
        return None
    form = {**_kept(event), **_CONTENTS[event.kind](tx, address.service_sid, event)}
    event_type = called[-1] if "MediaSid" in form else called[0]
    if not address.wants(event_type, form):
        return None
    return Letter(address=address, event=event, event_type=event_type, form=form)


def whole(letter: Letter, account_sid: str, attempt: int) -> Form:
    """The letter's form as it is sent."""
    return {
        "AccountSid": account_sid,
        "InstanceSid": letter.address.service_sid,
        "EventType": letter.event_type,
        "ClientIdentity": letter.event.identity,
        "Source": letter.event.source,
        "RetryCount": str(attempt),
        **letter.form,
    }


# What is told. A row that is gone leaves what the log keeps of it.

KEPT = {
    "index": "Index",
    "author": "From",
    "identity": "Identity",
    "role_sid": "RoleSid",
    "unique_name": "UniqueName",
}


def _kept(event: Event) -> Form:
    held = msgspec.json.decode(event.about) if event.about else {}
    told = {KEPT[name]: str(value) for name, value in held.items() if name in KEPT and value is not None}
    if event.kind == "MemberRemoved":
        told["Reason"] = "LEFT" if told.get("Identity") == event.identity else "REMOVED"
    return told


def _message(tx: Transaction, service_sid: str, event: Event) -> Form:
    if told := rows.message(tx, service_sid, event.stream, event.sid):
        return told
    gone = {"DateRemoved": forms.date(event.date_created)} if event.kind == "MessageRemoved" else {}
    return {"ChannelSid": event.stream, "To": event.stream, "MessageSid": event.sid, **gone}


def _member(tx: Transaction, service_sid: str, event: Event) -> Form:
    told = rows.member(tx, service_sid, event.stream, event.sid)
    return told or {"ChannelSid": event.stream, "MemberSid": event.sid}


def _channel(tx: Transaction, service_sid: str, event: Event) -> Form:
    return rows.channel(tx, service_sid, event.sid) or {"ChannelSid": event.sid}


def _user(tx: Transaction, service_sid: str, event: Event) -> Form:
    return rows.user(tx, service_sid, event.sid) or {"UserSid": event.sid}


_CONTENTS: Mapping[str, Callable[[Transaction, str, Event], Form]] = {
    **dict.fromkeys(("MessageAdded", "MessageUpdated", "MessageRemoved"), _message),
    **dict.fromkeys(("MemberAdded", "MemberUpdated", "MemberRemoved"), _member),
    **dict.fromkeys(("ChannelAdded", "ChannelUpdated", "ChannelRemoved"), _channel),
    **dict.fromkeys(("UserAdded", "UserUpdated"), _user),
}
