"""Objections: why a file is closed, as the error that tells its sender."""

from __future__ import annotations

from vestibule.errors import (
    MediaChecking,
    MediaGone,
    MediaHeld,
    MediaRefused,
    MediaTooLarge,
    VestibuleError,
)
from vestibule.models import Media
from vestibule.refusals import refusal


def objection(media: Media) -> VestibuleError | None:
    """Why nobody may have this file now; None for a clean one."""
    text = refusal(media.reason)
    why = {"advice": text.advice, "reason": media.reason, "media_sid": media.sid}
    match media.state:
        case "clean":
            return None
        case "received" | "checking":
            return MediaChecking(media_sid=media.sid)
        case "held":
            return MediaHeld(text.to_sender, **why)
        case "refused" if media.reason == "too_large":
            return MediaTooLarge(text.to_sender, **why)
        case "refused" | "recalled":
            return MediaRefused(text.to_sender, **why)
        case _:
            return MediaGone()
