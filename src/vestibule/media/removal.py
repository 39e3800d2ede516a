"""Removal: taking a file back, and erasing bytes for good."""

from __future__ import annotations

import structlog

from vestibule.context import Context
from vestibule.errors import MediaAlreadySent
from vestibule.media import records
from vestibule.payloads import EraseMedia, RemoveMedia
from vestibule.ports import Transaction

log = structlog.get_logger(__name__)


async def remove_media(payload: RemoveMedia, ctx: Context) -> None:
    """Take back a file of one's own that is not in a message; its bytes go before this returns."""

    def change(tx: Transaction) -> None:
        media = records.found(tx, ctx, payload.channel_sid, payload.media_sid)
        if media.author != ctx.identity and not ctx.is_system:
            ctx.ask(tx, "deleteAnyMessage")
        taken = tx.run("take_back_media", service_sid=ctx.service_sid, sid=media.sid)
        if not taken and media.message_sid is not None:
            raise MediaAlreadySent("This file is in a message. Delete the message to delete the file.")

    await ctx.change(change)
    log.info("a file was deleted", media_sid=payload.media_sid, identity=ctx.identity)
    await ctx.as_system().invoke(EraseMedia((payload.media_sid,)))


async def erase_media(payload: EraseMedia, ctx: Context) -> None:
    """Erase every byte of these files: in quarantine, and every copy outside it."""
    for sid in payload.media_sids:
        await ctx.storage.delete(f"quarantine/{sid}/")
        await ctx.storage.delete(f"available/{sid}/")
    if payload.media_sids:
        await ctx.change(lambda tx: [tx.run("media_erased", sid=sid) for sid in payload.media_sids])
