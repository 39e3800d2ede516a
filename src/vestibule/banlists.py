"""Ban lists as they are handed on: JSON, a line an entry, the last line the signature of all before it.

The signature is an HMAC-SHA256 with a secret that both sides hold: one of them made the list, it says,
not which. It covers the lines byte by byte, so there is one way to read them. The format is described in
`docs/reference/ban-lists.md`.
"""

from __future__ import annotations

import hashlib
import hmac
from collections.abc import Iterable
from datetime import UTC, datetime
from typing import Annotated, Literal

import msgspec
from msgspec import Meta

from vestibule.errors import ListRefused
from vestibule.models import Ban
from vestibule.payloads import NewBan

SHORTEST_KEY = 16  # bytes
MARK = b"hmac-sha256:"


class Header(msgspec.Struct, frozen=True, kw_only=True):
    """The first line: whose list it is, and from when."""

    format: Literal["vestibule-bans"] = "vestibule-bans"
    version: Literal[1] = 1
    source: Annotated[str, Meta(min_length=1, max_length=200)]
    date: datetime


class Signature(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """The last line."""

    signature: str


class List(msgspec.Struct, frozen=True):
    """What a list says."""

    header: Header
    bans: tuple[NewBan, ...]


def write(bans: Iterable[Ban], source: str, key: bytes | None) -> bytes:
    """A list of these bans, signed where there is a key."""
    header = Header(source=source, date=datetime.now(UTC).replace(microsecond=0))
    entries = [
        NewBan(kind=ban.kind, value=ban.value, reason=ban.reason, date_expires=ban.date_expires)
        for ban in bans
    ]
    lines = b"".join(msgspec.json.encode(line) + b"\n" for line in (header, *entries))
    if key is None:
        return lines
    return lines + msgspec.json.encode(Signature(_sign(lines, key))) + b"\n"


def read(text: bytes, key: bytes | None, *, unsigned: bool = False) -> List:
    """What a list says, if its signature is good. `unsigned`: without a key it may have any or none.

    Raises `ListRefused` for a list that is unsigned, was changed, or is none.
    """
    lines, signature = _parted(text)
    if key is not None:
        _verify(lines, signature, key)
    elif not unsigned:
        raise ListRefused(
            "The list is signed, and without the key nobody can tell by whom."
            if signature
            else "The list is not signed, so anybody may have written it.",
            advice="Name the shared key with --key, or take it as it is with --unsigned.",
        )
    head, *entries = lines.splitlines() or [b""]
    try:
        header = msgspec.json.decode(head, type=Header)
        return List(header, tuple(msgspec.json.decode(entry, type=NewBan) for entry in entries))
    except (msgspec.DecodeError, UnicodeDecodeError) as error:
        raise ListRefused(f"The list cannot be read: {error}.") from error


def key_of(content: bytes) -> bytes:
    """A key as it stands in its file. White space around it does not count."""
    if len(key := content.strip()) < SHORTEST_KEY:
        raise ListRefused(f"The key has {len(key)} bytes. It needs {SHORTEST_KEY} at least.")
    return key


def _parted(text: bytes) -> tuple[bytes, str]:
    """The signed lines, and their signature; empty where there is none."""
    start = text.rstrip(b"\n").rfind(b"\n") + 1
    try:
        return text[:start], msgspec.json.decode(text[start:], type=Signature).signature
    except (msgspec.DecodeError, UnicodeDecodeError):
        return text, ""


def _verify(lines: bytes, signature: str, key: bytes) -> None:
    if not signature:
        raise ListRefused(
            "The list is not signed, or its end is missing.",
            advice="Ask for it again, or take it as it is with --unsigned and without --key.",
        )
    if not hmac.compare_digest(signature.encode(), _sign(lines, key).encode()):
        raise ListRefused(
            "The list was changed after it was signed, or was signed with another key.",
            advice="Nothing of it was taken. Ask for it again.",
        )


def _sign(lines: bytes, key: bytes) -> str:
    return (MARK + hmac.digest(key, lines, hashlib.sha256).hex().encode()).decode()
