"""Bans: files that are not wanted again. A ban of the house counts in all of its services."""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import UTC, datetime
from functools import partial

import msgspec

from vestibule import sids
from vestibule.context import Context
from vestibule.errors import InvalidRequest, NotFound
from vestibule.media.gate import Gate
from vestibule.media.recalls import found
from vestibule.models import Ban, BanKind, Media, Rendition
from vestibule.payloads import AddBan, ImportBans, ListBans, NewBan, RemoveBan
from vestibule.ports import Database, Transaction

HASH = re.compile("[0-9a-f]{64}")  # SHA-256, and the 256 bits of a picture
REASON_LIMIT, SOURCE_LIMIT = 500, 200  # characters
LARGEST = 10_000  # entries of one list
PIECE = 500  # entries in one transaction: others write meanwhile

Pair = tuple[BanKind, str]


class Row(msgspec.Struct, frozen=True):
    """As much of a ban as a comparison needs."""

    sid: str
    value: str


class BanList:
    """What is banned, for the checks: plain questions about one file, asked anew each time."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def exact(self, media_sid: str, digests: Sequence[str]) -> str:
        """The ban of one of these SHA-256 digests, in words for staff; empty if there is none."""

        def query(tx: Transaction) -> str:
            for digest in digests:
                if ban := tx.one(Ban, "ban_of_digest", media_sid=media_sid, digest=digest):
                    return f"{ban.sid}: {ban.reason}" if ban.reason else ban.sid
            return ""

        return await self._database.read(query)

    async def alike(self, media_sid: str) -> list[tuple[int, str]]:
        """The pictures that are banned where this file is: the bits, and the ban's sid."""
        rows = await self._database.read(
            lambda tx: tx.all(Row, "bans_of_kind", media_sid=media_sid, kind="perceptual")
        )
        return [(int(row.value, 16), row.sid) for row in rows]

    async def has_exact(self, media_sid: str) -> bool:
        """Whether any bytes are banned where this file is."""
        query = {"media_sid": media_sid, "kind": "sha256"}
        return bool(await self._database.read(lambda tx: tx.value("has_bans", **query)))


class Bans:
    """Keeps the list, for the actions."""

    def __init__(self, gate: Gate) -> None:
        self._gate = gate

    async def add(self, payload: AddBan, ctx: Context) -> list[Ban]:
        """Ban by what was given, or by both hashes of a kept file."""
        _valid_reason(payload.reason)
        pairs = _given(payload)
        if payload.media_sid:
            pairs += await self._of_media(payload, ctx)
        if not pairs:
            raise InvalidRequest("A ban needs a SHA-256, a picture's hash, or a file that is still known.")
        for _, value in pairs:
            _valid_hash(value)
        expires = _moment(payload.date_expires)

        def change(tx: Transaction) -> list[Ban]:
            if expires is not None and expires <= tx.now:
                raise InvalidRequest("A ban's end lies in the future.")
            tx.run("sweep_bans")
            return [_add(tx, ctx, pair, payload.reason, "", expires) for pair in dict.fromkeys(pairs)]

        return await ctx.change(change)

    async def _of_media(self, payload: AddBan, ctx: Context) -> list[Pair]:
        def query(tx: Transaction) -> tuple[Media, str]:
            media = found(tx, ctx, payload.media_sid)
            return media, tx.all(Raw, "media_raw", sid=media.sid)[0].sha256

        media, sha256 = await ctx.look(query)
        pairs: list[Pair] = [("sha256", sha256)] if sha256 else []
        key = "" if payload.exact else _picture(media)
        if key and (bits := await self._gate.fingerprint(ctx.storage, key)):
            pairs.append(("perceptual", bits))
        return pairs


class Raw(msgspec.Struct, frozen=True):
    """What a record keeps for checks only."""

    sha256: str


async def remove_ban(payload: RemoveBan, ctx: Context) -> None:
    """Take a ban off the list. The house any; a service its own."""
    who = {"sid": payload.ban_sid, "service_sid": _scope(ctx)}
    if not await ctx.change(lambda tx: tx.run("remove_ban", **who)):
        raise NotFound(f"There is no ban {payload.ban_sid} that you could remove.")


async def list_bans(payload: ListBans, ctx: Context) -> list[Ban]:
    """The bans that count now."""
    return await ctx.look(lambda tx: tx.all(Ban, "bans", service_sid=_scope(ctx)))


async def import_bans(payload: ImportBans, ctx: Context) -> int:
    """Take in a list that is good as a whole, piece by piece. Cut off, it is simply imported again."""
    if not payload.source.strip() or len(payload.source) > SOURCE_LIMIT or len(payload.bans) > LARGEST:
        raise InvalidRequest(f"A list needs a source, and at most {LARGEST} entries.")
    for ban in payload.bans:
        _valid_reason(ban.reason)
        _valid_hash(ban.value)

    count = 0
    for at in range(0, len(payload.bans), PIECE):
        piece = payload.bans[at : at + PIECE]
        count += await ctx.change(partial(_import, ctx=ctx, bans=piece, source=payload.source))
    return count


def _import(tx: Transaction, *, ctx: Context, bans: Sequence[NewBan], source: str) -> int:
    tx.run("sweep_bans")
    return sum(_imported(tx, ctx, ban, source) for ban in bans)


def _imported(tx: Transaction, ctx: Context, ban: NewBan, source: str) -> bool:
    expires = _moment(ban.date_expires)
    if expires is not None and expires <= tx.now:
        return False
    _add(tx, ctx, (ban.kind, ban.value), ban.reason, source, expires)
    return True


def _add(tx: Transaction, ctx: Context, pair: Pair, reason: str, source: str, expires: float | None) -> Ban:
    entry = {"kind": pair[0], "value": pair[1], "service_sid": _scope(ctx), "source": source}
    tx.run(
        "add_ban",
        sid=sids.make(sids.BAN),
        reason=reason,
        created_by=ctx.identity,
        date_expires=expires,
        **entry,
    )
    return tx.all(Ban, "ban", **entry)[0]


def _scope(ctx: Context) -> str:
    return "" if ctx.is_system else ctx.service_sid


def _given(payload: AddBan) -> list[Pair]:
    pairs: list[Pair] = []
    if payload.sha256:
        pairs.append(("sha256", payload.sha256.lower()))
    if payload.perceptual:
        pairs.append(("perceptual", payload.perceptual.lower()))
    return pairs


def _picture(media: Media) -> str:
    """Where a small picture of the file lies, if we made one."""
    wanted: Rendition = "preview" if media.content_type.startswith("image/") else "poster"
    if media.content_type.startswith(("image/", "video/")):
        for copy in media.renditions:
            if copy.name == wanted:
                return f"available/{media.sid}/{wanted}"
    return ""


def _valid_hash(value: str) -> None:
    if not HASH.fullmatch(value):
        raise InvalidRequest("A hash is 64 hex digits.")


def _valid_reason(reason: str) -> None:
    if len(reason) > REASON_LIMIT:
        raise InvalidRequest(f"A ban's reason has at most {REASON_LIMIT} characters.")


def _moment(date: datetime | None) -> float | None:
    """Seconds since 1970. A time without a zone is UTC."""
    if date is None:
        return None
    return (date if date.tzinfo else date.replace(tzinfo=UTC)).timestamp()
