"""Rows: what a message, a member, a channel or a user is told as, read now. Empty where the row is gone."""

from __future__ import annotations

import msgspec

from vestibule.gateways.webhooks import forms
from vestibule.gateways.webhooks.forms import Form
from vestibule.models import Channel, Media, Member, Message, User
from vestibule.ports import Transaction
from vestibule.sids import USER, is_sid


def message(tx: Transaction, service_sid: str, channel_sid: str, sid: str) -> Form:
    """With its file."""
    row = tx.one(Message, "message_by_sid", service_sid=service_sid, channel_sid=channel_sid, sid=sid)
    if row is None:
        return {}
    media = tx.one(Media, "media_of_message", message_sid=row.sid)
    return forms.message(msgspec.structs.replace(row, media=media))


def member(tx: Transaction, service_sid: str, channel_sid: str, named: str) -> Form:
    """By sid or identity."""
    row = tx.one(Member, "member", service_sid=service_sid, channel_sid=channel_sid, member=named)
    return forms.member(row) if row else {}


def channel(tx: Transaction, service_sid: str, sid: str) -> Form:
    row = tx.one(Channel, "channel_by_sid", service_sid=service_sid, sid=sid)
    return forms.channel(row) if row else {}


def user(tx: Transaction, service_sid: str, named: str) -> Form:
    """By sid or identity."""
    key, query = ("sid", "user_by_sid") if is_sid(named, USER) else ("identity", "user_by_identity")
    row = tx.one(User, query, service_sid=service_sid, **{key: named})
    return forms.user(row) if row else {}
