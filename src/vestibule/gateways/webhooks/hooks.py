"""Hooks: services' webhooks as before-listeners on actions, like everybody's.

They hear of what users do, whatever way they came; never of what the account's own credentials do, and
never of what the house does by itself. Where a service has no such webhook, nothing is asked and nothing
looked up.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping, Sequence
from typing import Any

import msgspec

from vestibule.actions import Actions
from vestibule.context import Context
from vestibule.events import Notice, WebhooksChanged
from vestibule.gateways.webhooks import forms, rows
from vestibule.gateways.webhooks.asking import SECONDS, Asking, longest
from vestibule.models import PRE_EVENTS, Media, Role, Service, ServiceSettings
from vestibule.payloads import (
    AddMember,
    CreateChannel,
    DeleteChannel,
    DeleteMessage,
    GrantedRole,
    Payload,
    RemoveMember,
    SendMediaMessage,
    SendMessage,
    UpdateChannel,
    UpdateMember,
    UpdateMessage,
    UpdateUser,
)
from vestibule.ports import Database, Transaction
from vestibule.sids import SERVICE

MOST_RETRIES = 3  # of a service's settings
UNKNOWN = ServiceSettings()

Form = forms.Form


class Hooks:
    """What services want to be asked, as far as this process has looked."""

    def __init__(self, asking: Asking) -> None:
        self._asking = asking
        # By service. None: it wants nothing; UNKNOWN: it changed, and nobody has looked since.
        self._known: dict[str, ServiceSettings | None] = {}
        self._changes = 0
        self.stand = False  # whether anybody may be asked: then actions take unequally long

    def hear(self, notices: Sequence[Notice]) -> None:
        """For the bus: what changed is looked up again, at the very next action."""
        for notice in notices:
            if isinstance(notice, WebhooksChanged) and notice.stream.startswith(SERVICE):
                self._changes += 1
                self._note({**self._known, notice.stream: UNKNOWN})

    async def look(self, database: Database) -> None:
        """Look everything up: at a start, and now and then, for a notice may be lost between nodes."""
        changes = self._changes
        services = await database.read(lambda tx: tx.all(Service, "services"))
        if changes == self._changes:
            self._note({service.sid: _wishes(service) for service in services})

    def wanted(self, event_type: str, ctx: Context) -> bool:
        """Whether this is to be asked about; True also where nobody has looked yet."""
        if ctx.is_system or ctx.source == "API":
            return False
        settings = self._known.get(ctx.service_sid, UNKNOWN)
        if settings is None or settings is UNKNOWN:
            return settings is UNKNOWN
        return event_type in (settings.webhook_filters or ())

    async def ask(self, event_type: str, form: Form, ctx: Context) -> Mapping[str, str]:
        """What the service's webhook changes. Raises what `Asking.ask` does."""
        settings = await self._settings(ctx)
        if settings is None or event_type not in (settings.webhook_filters or ()):
            return {}
        return await self._asking.ask(settings, event_type, form, ctx)

    async def _settings(self, ctx: Context) -> ServiceSettings | None:
        if (known := self._known.get(ctx.service_sid, UNKNOWN)) is not UNKNOWN:
            return known
        changes = self._changes
        service = await ctx.database.read(lambda tx: tx.one(Service, "service_by_sid", sid=ctx.service_sid))
        settings = _wishes(service) if service else None
        if changes == self._changes:  # else it may be the one before the change
            self._note({**self._known, ctx.service_sid: settings})
        return settings

    def _note(self, known: dict[str, ServiceSettings | None]) -> None:
        self._known = known
        self.stand = any(settings is not None for settings in known.values())


def _wishes(service: Service) -> ServiceSettings | None:
    wanted = set(service.settings.webhook_filters or ()).intersection(PRE_EVENTS)
    return service.settings if service.settings.pre_webhook_url and wanted else None


Words = Callable[[Any, Transaction, Context], Form]


def hook_actions(hooks: Hooks, seconds: float = SECONDS) -> Actions:
    """The table of these listeners. Include it before an operator's rules: so those stand further out.

    A webhook hears what the rules made of a payload, not what they keep from it; and what a webhook made of
    it goes past the rules anew, and then past our own guards.
    """
    table = Actions()
    for kind, event_type, words, fields in HOOKED:
        table.before(
            kind.__name__,
            applies=_applies(hooks, event_type),
            patience=longest(seconds, MOST_RETRIES) + 1,
            anew=True,
        )(_listener(hooks, event_type, words, fields))
    return table


def _applies(hooks: Hooks, event_type: str) -> Callable[[Any, Context], bool]:
    return lambda payload, ctx: hooks.wanted(event_type, ctx)


def _listener(
    hooks: Hooks, event_type: str, words: Words, fields: Mapping[str, str]
) -> Callable[[Any, Context], Awaitable[Payload[Any] | None]]:
    async def ask(payload: Payload[Any], ctx: Context) -> Payload[Any] | None:
        form = await ctx.database.read(lambda tx: words(payload, tx, ctx))
        said = await hooks.ask(event_type, form, ctx)
        changes = {field: said[name] for name, field in fields.items() if name in said}
        if isinstance(payload, AddMember) and "role" in changes:
            changes["role"] = GrantedRole(changes["role"])
        return msgspec.structs.replace(payload, **changes) if changes else None

    ask.__qualname__ = f"hook({event_type})"
    return ask


# What each action's webhook is told. It is asked after the permission, and before anything else.


def _given(**values: str | None) -> Form:
    return {name: value for name, value in values.items() if value is not None}


def _sent(payload: SendMessage | SendMediaMessage, tx: Transaction, ctx: Context) -> Form:
    sender = {"ChannelSid": payload.channel_sid, "To": payload.channel_sid, "From": ctx.identity}
    return {**sender, "Body": payload.body, "Attributes": payload.attributes}


def _sent_media(payload: SendMediaMessage, tx: Transaction, ctx: Context) -> Form:
    """Of a file that is not the sender's nothing is told: it cannot be sent anyway."""
    row = tx.one(Media, "media_by_sid", service_sid=ctx.service_sid, sid=payload.media_sid)
    is_own = row is not None and row.author == ctx.identity
    told = forms.media(row) if row is not None and is_own else {"MediaSid": payload.media_sid}
    return {**_sent(payload, tx, ctx), **told}


def _message(payload: UpdateMessage | DeleteMessage, tx: Transaction, ctx: Context) -> Form:
    told = rows.message(tx, ctx.service_sid, payload.channel_sid, payload.message_sid)
    return told or {"ChannelSid": payload.channel_sid, "MessageSid": payload.message_sid}


def _updated_message(payload: UpdateMessage, tx: Transaction, ctx: Context) -> Form:
    new = _given(Body=payload.body, Attributes=payload.attributes)
    return {**_message(payload, tx, ctx), **new, "ModifiedBy": ctx.identity}


def _new_channel(payload: CreateChannel, tx: Transaction, ctx: Context) -> Form:
    return {
        "FriendlyName": payload.friendly_name,
        "UniqueName": payload.unique_name or "",
        "Attributes": payload.attributes,
        "ChannelType": payload.type,
        "CreatedBy": ctx.identity,
    }


def _channel(payload: UpdateChannel | DeleteChannel, tx: Transaction, ctx: Context) -> Form:
    told = rows.channel(tx, ctx.service_sid, payload.channel_sid)
    return told or {"ChannelSid": payload.channel_sid}


def _updated_channel(payload: UpdateChannel, tx: Transaction, ctx: Context) -> Form:
    names = _given(FriendlyName=payload.friendly_name, UniqueName=payload.unique_name)
    return {**_channel(payload, tx, ctx), **names, **_given(Attributes=payload.attributes)}


def _new_member(payload: AddMember, tx: Transaction, ctx: Context) -> Form:
    return {
        "ChannelSid": payload.channel_sid,
        "Identity": payload.identity,
        "Attributes": payload.attributes,
        **_given(RoleSid=_role(payload.role, tx, ctx)),
    }


def _member(payload: UpdateMember | RemoveMember, tx: Transaction, ctx: Context) -> Form:
    told = rows.member(tx, ctx.service_sid, payload.channel_sid, payload.member)
    return told or {"ChannelSid": payload.channel_sid}


def _updated_member(payload: UpdateMember, tx: Transaction, ctx: Context) -> Form:
    new = _given(RoleSid=_role(payload.role, tx, ctx), Attributes=payload.attributes)
    return {**_member(payload, tx, ctx), **new}


def _removed_member(payload: RemoveMember, tx: Transaction, ctx: Context) -> Form:
    form = _member(payload, tx, ctx)
    return {**form, "Reason": "LEFT" if form.get("Identity") == ctx.identity else "REMOVED"}


def _user(payload: UpdateUser, tx: Transaction, ctx: Context) -> Form:
    names = _given(FriendlyName=payload.friendly_name, Attributes=payload.attributes)
    role = _given(RoleSid=_role(payload.role, tx, ctx))
    return {**rows.user(tx, ctx.service_sid, payload.user), **names, **role}


def _role(role: str | None, tx: Transaction, ctx: Context) -> str | None:
    """The sid of a role that is named by sid or friendly name."""
    if role is None:
        return None
    row = tx.one(Role, "role_by_name", service_sid=ctx.service_sid, friendly_name=role)
    return row.sid if row else role


TEXT = {"body": "body", "attributes": "attributes"}
NAMES = {"friendly_name": "friendly_name", "unique_name": "unique_name", "attributes": "attributes"}
ROLE = {"role_sid": "role"}
PERSON = {"friendly_name": "friendly_name", "attributes": "attributes", "role_sid": "role"}

# The action, its pre-event, what is told, and which of the answer's fields change which of the payload's.
HOOKED: tuple[tuple[type[Payload[Any]], str, Words, Mapping[str, str]], ...] = (
    (SendMessage, "onMessageSend", _sent, TEXT),
    (SendMediaMessage, "onMediaMessageSend", _sent_media, TEXT),
    (UpdateMessage, "onMessageUpdate", _updated_message, TEXT),
    (DeleteMessage, "onMessageRemove", _message, {}),
    (CreateChannel, "onChannelAdd", _new_channel, NAMES),
    (UpdateChannel, "onChannelUpdate", _updated_channel, NAMES),
    (DeleteChannel, "onChannelDestroy", _channel, {}),
    (AddMember, "onMemberAdd", _new_member, ROLE),
    (UpdateMember, "onMemberUpdate", _updated_member, {}),
    (RemoveMember, "onMemberRemove", _removed_member, {}),
    (UpdateUser, "onUserUpdate", _user, PERSON),
)
