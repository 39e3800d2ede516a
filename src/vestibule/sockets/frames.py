"""The frames of docs/reference/sockets.md, and how they are read and written."""

from __future__ import annotations

import difflib
import re
from typing import Annotated, Any

import msgspec

from vestibule.errors import FrameRefused, VestibuleError
from vestibule.events import Notice
from vestibule.models import Message

# Up to what a JavaScript number holds exactly.
Natural = Annotated[int, msgspec.Meta(ge=0, le=2**53)]
Sid = Annotated[str, msgspec.Meta(max_length=34)]
Key = Annotated[str, msgspec.Meta(min_length=1, max_length=128)]


class Frame(
    msgspec.Struct, frozen=True, kw_only=True, tag=str.lower, tag_field="type", forbid_unknown_fields=True
):
    """What a client sends. The answer carries the same `id`."""

    id: Natural | None = None


class Hello(Frame, frozen=True, kw_only=True):
    """Who I am. The first frame; `since` is the last I have of my own stream."""

    token: str
    since: Natural | None = None


class Subscribe(Frame, frozen=True, kw_only=True):
    """Tell me what happened in `stream` after `seq`, and go on."""

    stream: Sid
    seq: Natural


class Unsubscribe(Frame, frozen=True, kw_only=True):
    """No more of this stream."""

    stream: Sid


class Send(Frame, frozen=True, kw_only=True):
    """Put a message into a channel. `key` is the client's own name for it."""

    channel_sid: Sid
    key: Key
    body: str = ""
    attributes: str = "{}"
    media_sid: Sid | None = None


class Typing(Frame, frozen=True, kw_only=True):
    """I am typing."""

    channel_sid: Sid


class Read(Frame, frozen=True, kw_only=True):
    """I have read up to `index`."""

    channel_sid: Sid
    index: Natural


class Ping(Frame, frozen=True, kw_only=True):
    """Are you there?"""


class Token(Frame, frozen=True, kw_only=True):
    """A fresh token, before the old one expires."""

    token: str


ClientFrame = Hello | Subscribe | Unsubscribe | Send | Typing | Read | Ping | Token


class Answer(msgspec.Struct, frozen=True, kw_only=True, tag=str.lower, tag_field="type", omit_defaults=True):
    """What the server answers, with the `id` of the frame that asked."""

    id: int | None = None


class Welcome(Answer, frozen=True, kw_only=True):
    """You are in. `seq` is where your own stream goes on."""

    identity: str
    user_sid: str
    service_sid: str
    seq: int


class Subscribed(Answer, frozen=True, kw_only=True):
    """What you missed follows. `seq` is the stream's last now."""

    stream: str
    seq: int


class Sent(Answer, frozen=True, kw_only=True):
    """The message is durable."""

    message: Message


class Ok(Answer, frozen=True, kw_only=True):
    """Done."""


class Pong(Answer, frozen=True, kw_only=True):
    """Here I am."""


class Error(Answer, frozen=True, kw_only=True):
    """That cannot be done."""

    error: dict[str, Any]


class Ended(Answer, frozen=True, kw_only=True):
    """You may not read this stream any more."""

    stream: str
    error: dict[str, Any]


_FRAMES: dict[str, type[Frame]] = {kind.__name__.lower(): kind for kind in ClientFrame.__args__}
_decoder: msgspec.json.Decoder[ClientFrame] = msgspec.json.Decoder(ClientFrame)
_encoder = msgspec.json.Encoder()


def decode(text: str) -> ClientFrame:
    """Read a client's frame. Raises `FrameRefused`, which says what was probably meant."""
    try:
        return _decoder.decode(text)
    except (msgspec.DecodeError, RecursionError) as error:
        raise _refused(text, str(error)) from error


def frame_id(text: str) -> int | None:
    """The `id` of a frame that was refused, where it had one."""
    found = _parsed(text).get("id")
    return found if type(found) is int and 0 <= found <= 2**53 else None


def encode(answer: Answer) -> str:
    """An answer, or another frame of its shape, as it goes over the wire."""
    return _encoder.encode(answer).decode()


def encode_notice(kind: str, notice: Notice) -> str:
    """An `event` or a `passing` frame, to be made once for all sockets."""
    return f'{{"type":"{kind}","event":{_encoder.encode(notice).decode()}}}'


def error_frame(id: int | None, error: VestibuleError) -> Error:
    """The answer to what cannot be done."""
    return Error(id=id, error=error.to_dict())


def _refused(text: str, why: str) -> FrameRefused:
    given = _parsed(text)
    return FrameRefused(_sentence(given, why) if given else "A frame must be one JSON object.")


def _parsed(text: str) -> dict[str, Any]:
    """The fields of a frame that did not fit; none where it is no JSON object."""
    try:
        given = msgspec.json.decode(text)
    except (msgspec.DecodeError, RecursionError):
        return {}
    return given if isinstance(given, dict) else {}


def _sentence(given: dict[str, Any], why: str) -> str:
    name = given.get("type")
    kind = _FRAMES.get(name) if isinstance(name, str) else None
    if kind is None:
        return f"There is no frame of type {_short(name)}.{_nearest(str(name), list(_FRAMES))}"
    if unknown := re.search(r"unknown field `(.*?)`", why):
        field = unknown[1]
        return f"A {name} frame has no field {_short(field)}.{_nearest(field, list(kind.__struct_fields__))}"
    return f"This {name} frame does not fit: {why}."


def _nearest(word: str, words: list[str]) -> str:
    near = difflib.get_close_matches(word[:40], words, n=1)
    return f" Did you mean {near[0]!r}?" if near else ""


def _short(word: object) -> str:
    return repr(word if word is None else str(word)[:40])
