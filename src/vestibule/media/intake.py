"""Intake: how a file is received. Its bytes pass once, into quarantine, past hash and scanners."""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import Callable

import msgspec
import structlog

from vestibule import sids
from vestibule.context import SYSTEM, Context
from vestibule.errors import Busy, InvalidRequest, NotFound, PermissionDenied, UploadBroken, VestibuleError
from vestibule.events import Sending
from vestibule.media import quota
from vestibule.media.gate import Gate
from vestibule.media.records import accepted
from vestibule.media.stream import Stopped, Stream
from vestibule.media.verdicts import Judge, original
from vestibule.models import Media, Verdict
from vestibule.payloads import AttachFile, EraseMedia
from vestibule.ports import Specimen, Transaction

log = structlog.get_logger(__name__)

AUTHOR_LIMIT = 256  # characters: those of an identity
TYPE_LIMIT = 255  # characters: a media type is two names of at most 127 (RFC 6838, section 4.2)


class Intake:
    """Receives files, for the action `AttachFile`."""

    def __init__(self, gate: Gate, judge: Judge) -> None:
        self._gate = gate
        self._judge = judge
        self._arriving: set[object] = set()

    async def attach(self, payload: AttachFile, ctx: Context) -> Media:
        """Take in a file: may this person send such a file here at all, and is it safe?"""
        if len(self._arriving) + len(self._judge) >= self._gate.most:
            raise Busy
        arrival = object()
        self._arriving.add(arrival)
        try:
            return accepted(await self._attach(payload, ctx, lambda: self._arriving.discard(arrival)))
        finally:
            self._arriving.discard(arrival)

    async def _attach(self, payload: AttachFile, ctx: Context, arrived: Callable[[], None]) -> Media:
        """`arrived` is called once the file is the judge's: nobody is counted twice."""
        specimen = await ctx.change(lambda tx: self._open(tx, payload, ctx))
        house = ctx.as_system()
        admitted = self._gate.admit(specimen.filename, specimen.declared_type, payload.size, specimen.role)
        if not admitted.is_clean:
            return await self._refuse(specimen, house, [admitted])
        stream = Stream(self._gate, specimen, self._gate.limit(specimen.filename, specimen.role))
        self._tell(payload, ctx, specimen.media_sid, done=False)
        try:
            await self._receive(stream, payload, ctx)
            early = [admitted, *stream.verdicts]
            task = self._judge.begin(stream.specimen, house, early)
            arrived()
            return await self._patiently(task, stream.specimen, house)
        except Stopped as stopped:
            return await self._refuse(specimen, house, [admitted, *stream.verdicts, stopped.verdict])
        finally:
            self._tell(payload, ctx, specimen.media_sid, done=True)

    def _open(self, tx: Transaction, payload: AttachFile, ctx: Context) -> Specimen:
        """The record of a file of which no byte has come."""
        if not payload.filename or len(payload.content_type) > TYPE_LIMIT:
            raise InvalidRequest("A file needs a name, and a content type of at most 255 characters.")
        _require_channel(tx, ctx, payload.channel_sid)
        who = {"service_sid": ctx.service_sid, "identity": ctx.identity}
        quota.keep(tx, ctx, self._gate.quotas, payload.size)
        role = tx.value("role_of", **who, channel_sid=payload.channel_sid or "")
        sid = sids.make(sids.MEDIA)
        tx.run(
            "add_media",
            sid=sid,
            service_sid=ctx.service_sid,
            channel_sid=payload.channel_sid,
            author=ctx.identity,
            filename=self._gate.safe_name(payload.filename),
            raw_filename=_storable(payload.filename),
            declared_type=_storable(payload.content_type),
        )
        return Specimen(
            media_sid=sid,
            filename=payload.filename,
            declared_type=payload.content_type,
            content_type="",
            size=0,
            sha256="",
            head=b"",
            role=role or SYSTEM,
        )

    async def _receive(self, stream: Stream, payload: AttachFile, ctx: Context) -> None:
        """Bytes into quarantine, whole and durable, or nothing at all."""
        sid, house = stream.specimen.media_sid, ctx.as_system()
        try:
            await house.storage.put(original(sid), stream.through(payload.chunks))
            author = _author(payload, ctx)
            await stream.finish()
        except Stopped:
            await stream.abort()
            raise
        except BaseException as error:
            await asyncio.shield(self._forget(stream, house))
            if isinstance(error, VestibuleError) or not isinstance(error, Exception):
                raise
            log.warning("an upload broke off", media_sid=sid, error=type(error).__name__)
            raise UploadBroken from error
        await house.change(lambda tx: _received(tx, stream.specimen, author))

    async def _forget(self, stream: Stream, house: Context) -> None:
        """Nothing of a broken upload stays."""
        sid = stream.specimen.media_sid
        await stream.abort()
        with contextlib.suppress(Exception):  # retention looks again
            await house.database.write(lambda tx: tx.run("media_gone", sid=sid))
            await house.invoke(EraseMedia((sid,)))

    async def _refuse(self, specimen: Specimen, house: Context, verdicts: list[Verdict]) -> Media:
        """Close a file before its last byte came."""
        for verdict in verdicts:
            self._gate.on_verdict(verdict.check, verdict.outcome, verdict.milliseconds)
        *others, last = verdicts
        closing = self._gate.closing(specimen.media_sid, last, others)
        self._gate.on_decision(specimen, verdicts, closing.state)
        return await house.invoke(closing)

    async def _patiently(self, task: asyncio.Task[Media], specimen: Specimen, house: Context) -> Media:
        """The verdict, or after a while the file as it is: still `checking`."""
        with contextlib.suppress(TimeoutError):
            return await asyncio.wait_for(asyncio.shield(task), self._gate.patience)
        return await house.media(specimen.media_sid)

    def _tell(self, payload: AttachFile, ctx: Context, media_sid: str, *, done: bool) -> None:
        """Show the others that a file is on its way."""
        if payload.channel_sid:
            ctx.bus.publish(
                [Sending(stream=payload.channel_sid, identity=ctx.identity, media_sid=media_sid, done=done)]
            )


def _require_channel(tx: Transaction, ctx: Context, channel_sid: str | None) -> None:
    """The system may send files everywhere, but not to a channel that is not there."""
    if channel_sid and not tx.value("channel_door", service_sid=ctx.service_sid, sid=channel_sid):
        raise NotFound(f"There is no channel {channel_sid}.")


def _storable(text: str) -> str:
    """Half a letter of UTF-16 (U+D800 to U+DFFF) has no bytes, so no database takes it."""
    return text.encode("utf-8", "replace").decode()


def _author(payload: AttachFile, ctx: Context) -> str:
    """Whose the file is. Nobody but the system sends one in another's name."""
    author = (payload.author() if payload.author else None) or ctx.identity
    if author != ctx.identity and not ctx.is_system:
        raise PermissionDenied
    if len(author) > AUTHOR_LIMIT:
        raise InvalidRequest(f"An author's identity has at most {AUTHOR_LIMIT} characters.")
    return _storable(author)


def _received(tx: Transaction, specimen: Specimen, author: str) -> None:
    known = msgspec.structs.asdict(specimen)
    tx.run(
        "media_received",
        **{name: known[name] for name in ("size", "sha256", "content_type")},
        sid=specimen.media_sid,
        author=author,
    )
