"""Chats: a visitor arrives, or comes back to the chat their browser remembers."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime

import msgspec

from vestibule.errors import NotAuthenticated, NotFound
from vestibule.http.auth import require_allowed_page
from vestibule.http.calls import Call
from vestibule.http.routes import Routes
from vestibule.payloads import FetchChannel, StartChat

routes = Routes()

RESUME = "resume"
KEPT = 7 * 24 * 3600  # seconds that a browser may stay away


class NewChat(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Who arrives, as far as they say."""

    friendly_name: str = ""
    email: str = ""
    attributes: str = "{}"


class Resume(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """The word that the browser kept."""

    resume: str


class Place(msgspec.Struct, frozen=True, kw_only=True):
    """Which chat a visitor is in. What `resume` holds, sealed."""

    identity: str
    service_sid: str
    channel_sid: str
    task_sid: str


class ChatAnswer(Place, frozen=True, kw_only=True):
    """A visitor's place in a chat, and what to act with."""

    token: str
    expires: datetime  # of the token
    resume: str


@routes.post("/v1/chats", access="anybody", status=201, limit="chats")
async def start_chat(call: Call, body: NewChat) -> ChatAnswer:
    """Start a chat: a visitor, a private channel and a task for the agents."""
    require_allowed_page(call)
    session = await call.house.invoke(StartChat(body.friendly_name, body.email, body.attributes))
    place = Place(
        identity=session.identity,
        service_sid=session.service_sid,
        channel_sid=session.channel.sid,
        task_sid=session.task.sid,
    )
    return _answer(call, place)


@routes.post("/v1/chats/resume", access="anybody")
async def resume_chat(call: Call, body: Resume) -> ChatAnswer:
    """Come back to a chat. 401 when it is no longer there."""
    require_allowed_page(call)
    sealed = call.front.tokens.unseal(RESUME, body.resume)
    place = msgspec.convert(sealed, Place)
    visitor = replace(call.ctx, service_sid=place.service_sid, identity=place.identity)
    try:
        await visitor.invoke(FetchChannel(place.channel_sid))
    except NotFound as error:
        raise NotAuthenticated("This chat is no longer there. Please start a new one.") from error
    return _answer(call, place)


def _answer(call: Call, place: Place) -> ChatAnswer:
    tokens = call.front.tokens
    token, expires = tokens.mint(place.identity, place.service_sid)
    held = msgspec.structs.asdict(place)
    resume = tokens.seal(RESUME, held, lifetime=KEPT)
    return ChatAnswer(**held, token=token, expires=datetime.fromtimestamp(expires, UTC), resume=resume)
