"""Forms: what a webhook is told, in Programmable Chat's names. Built from the rows as they are now."""

from __future__ import annotations

from datetime import UTC, datetime

from vestibule.models import Channel, Media, Member, Message, User

Form = dict[str, str]


def date(value: datetime) -> str:
    """ISO 8601 in UTC, to the millisecond."""
    return value.astimezone(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")


def channel(row: Channel) -> Form:
    return {
        "ChannelSid": row.sid,
        "FriendlyName": row.friendly_name,
        "UniqueName": row.unique_name or "",
        "Attributes": row.attributes,
        "ChannelType": row.type,
        "CreatedBy": row.created_by,
        "DateCreated": date(row.date_created),
        "DateUpdated": date(row.date_updated),
    }


def member(row: Member) -> Form:
    return {
        "ChannelSid": row.channel_sid,
        "MemberSid": row.sid,
        "Identity": row.identity,
        "RoleSid": row.role_sid,
        "Attributes": row.attributes,
        "DateCreated": date(row.date_created),
        "DateUpdated": date(row.date_updated),
    }


def message(row: Message) -> Form:
    edit = {"ModifiedBy": row.last_updated_by or "", "DateUpdated": date(row.date_updated)}
    return {
        "ChannelSid": row.channel_sid,
        "To": row.channel_sid,
        "MessageSid": row.sid,
        "Index": str(row.index),
        "From": row.author,
        "Body": row.body,
        "Attributes": row.attributes,
        "DateCreated": date(row.date_created),
        **(edit if row.was_edited else {}),
        **(media(row.media) if row.media else {}),
    }


def media(row: Media) -> Form:
    return {
        "MediaSid": row.sid,
        "MediaFilename": row.filename,
        "MediaContentType": row.content_type,
        "MediaSize": str(row.size),
    }


def user(row: User) -> Form:
    return {
        "UserSid": row.sid,
        "Identity": row.identity,
        "FriendlyName": row.friendly_name,
        "Attributes": row.attributes,
        "RoleSid": row.role_sid,
        "DateCreated": date(row.date_created),
        "DateUpdated": date(row.date_updated),
    }
