"""Links: addresses of files, each for one file, one viewer and a few minutes.

A link proves who may *ask* for the bytes. Whether they may have them is decided anew at each request,
so deleting, blocking and recalling beat a signature that is still good.
"""

from __future__ import annotations

import base64
import hashlib
import hmac
import secrets
import time
from dataclasses import dataclass
from datetime import UTC, datetime
from urllib.parse import quote

import msgspec

from vestibule.errors import LinkInvalid
from vestibule.models import Link, Media, Rendition

LIFETIME = 300  # seconds
LEEWAY = 30  # seconds that two nodes' clocks may differ


class Ticket(msgspec.Struct, frozen=True, array_like=True):
    """What a link says: which file, for whom, how, until when."""

    service_sid: str
    channel_sid: str  # empty for a file that no channel has yet
    media_sid: str
    rendition: Rendition
    disposition: str  # `inline` or `attachment`
    viewer: str  # identity
    expires: int  # seconds since 1970
    mark: str = ""  # tells one link from another


@dataclass(frozen=True, slots=True)
class Links:
    """Signs and reads links. Of several secrets the first signs; all are read, so they can be rotated."""

    secrets: tuple[bytes, ...]
    origin: str = ""  # where files are served from, such as `https://files.example.com`; empty: here
    lifetime: float = LIFETIME  # seconds

    def mint(self, media: Media, rendition: Rendition, disposition: str, viewer: str) -> Link:
        """A link for `viewer`. Whether they may have it, somebody else has asked."""
        expires = int(time.time() + self.lifetime)
        ticket = Ticket(
            media.service_sid,
            media.channel_sid or "",
            media.sid,
            rendition,
            disposition,
            viewer,
            expires,
            secrets.token_urlsafe(6),
        )
        name = quote(media.filename, safe="") or "file"
        return Link(
            media_sid=media.sid,
            rendition=rendition,
            url=f"{self.origin}/files/{self._sign(ticket)}/{name}",
            content_type=_type_of(media, rendition),
            date_expires=datetime.fromtimestamp(expires, UTC),
        )

    def read(self, text: str) -> Ticket:
        """What a link says. Raises `LinkInvalid` for one that is not ours, or no longer good."""
        body, _, mark = text.encode("ascii", "replace").decode().partition(".")
        if not any(hmac.compare_digest(_mark(body, secret), mark.encode()) for secret in self.secrets):
            raise LinkInvalid
        ticket = msgspec.json.decode(_unpack(body), type=Ticket)
        if ticket.expires + LEEWAY < time.time():
            raise LinkInvalid("This link has expired. Please open the file again from the chat.")
        return ticket

    def _sign(self, ticket: Ticket) -> str:
        body = _pack(msgspec.json.encode(ticket))
        return f"{body}.{_mark(body, self.secrets[0]).decode()}"


def _mark(body: str, secret: bytes) -> bytes:
    return _pack(hmac.digest(secret, b"link " + body.encode(), hashlib.sha256)).encode()


def _pack(data: bytes) -> str:
    return base64.urlsafe_b64encode(data).rstrip(b"=").decode()


def _unpack(text: str) -> bytes:
    return base64.urlsafe_b64decode(text + "=" * (-len(text) % 4))


def _type_of(media: Media, rendition: Rendition) -> str:
    return next(
        (copy.content_type for copy in media.renditions if copy.name == rendition), media.content_type
    )
