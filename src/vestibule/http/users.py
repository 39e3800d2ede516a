"""Users: who a customer is, for the desk."""

from __future__ import annotations

from datetime import datetime

import msgspec

from vestibule.http.calls import Call
from vestibule.http.routes import Routes
from vestibule.models import Media, User
from vestibule.payloads import FetchPerson

routes = Routes()


class ChannelLine(msgspec.Struct, frozen=True, kw_only=True):
    """A chat of theirs, in a line."""

    sid: str
    friendly_name: str
    date_created: datetime


class PersonAnswer(User, frozen=True, kw_only=True):
    """A user with their chats and the files they sent."""

    channels: list[ChannelLine]
    files: list[Media]


@routes.get("/v1/users/{user}")
async def fetch_user(call: Call, user: str) -> PersonAnswer:
    """One user, by identity or sid."""
    person = await call.ctx.invoke(FetchPerson(user))
    channels = [
        ChannelLine(sid=channel.sid, friendly_name=channel.friendly_name, date_created=channel.date_created)
        for channel in person.channels
    ]
    return PersonAnswer(**msgspec.structs.asdict(person.user), channels=channels, files=person.files)
