"""Keys: the senders' own names for messages. What was sent under one is not added a second time, also when
the message is gone.
"""

from __future__ import annotations

import hashlib

from vestibule.models import Message
from vestibule.ports import Transaction


def find(tx: Transaction, channel_sid: str, author: str, key: str) -> str | None:
    """The sid of the message that its sender called so. It may be gone."""
    sid: str | None = tx.value(
        "message_sid_by_key", channel_sid=channel_sid, author=author, key=key, digest=_digest(key)
    )
    return sid


def spend(tx: Transaction, message: Message) -> None:
    """Remember the key of a message that goes, or gets another author."""
    key = tx.value("message_key", sid=message.sid)
    if key is not None:
        row = {"channel_sid": message.channel_sid, "author": message.author, "digest": _digest(key)}
        tx.run("spend_key", **row, message_sid=message.sid)


def _digest(key: str) -> str:
    return hashlib.sha256(key.encode(errors="surrogatepass")).hexdigest()
