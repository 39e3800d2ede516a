"""Files: what their actions take, from the first byte to the last."""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable

from vestibule.models import Copy, Decision, Link, Media, MediaState, Outcome, Rendition, Verdict
from vestibule.payloads.base import InChannel, Payload


class AttachFile(Payload[Media], frozen=True):
    """Take in a file: may this person send such a file here at all, and is it safe?

    It returns once there is a verdict, or after the configured patience with the state `checking`.
    `channel_sid` None makes it loose: it can be sent in any channel of the same service. The system may
    say who the author is; a form can bring that after the file, so it is asked when all of it has come.
    """

    filename: str
    content_type: str
    chunks: AsyncIterator[bytes]
    channel_sid: str | None = None
    size: int | None = None  # bytes, where the sender said so
    author: Callable[[], str | None] | None = None  # asked after the last byte


class DownloadMedia(InChannel[Link], frozen=True):
    """Mint a link to a file's safe copy for whoever asks."""

    media_sid: str
    rendition: Rendition = "safe"
    disposition: str = "inline"  # or `attachment`


class ReadMedia(InChannel[Media], frozen=True):
    """May these bytes be read now? Asked again for each request that follows a link.

    For this and the other reading of a file, an empty `channel_sid` means one's own loose file.
    """

    media_sid: str
    rendition: Rendition
    link: str = ""  # what tells one link from another: a file is opened once for each


class RemoveMedia(InChannel[None], frozen=True):
    """Take back a file of one's own that no message has claimed."""

    media_sid: str


class SettleMedia(Payload[Media], frozen=True):
    """Close the checks of a file with what they found. The house's own.

    A file that was taken back or deleted meanwhile stays gone, whatever was found.
    """

    media_sid: str
    state: MediaState
    reason: str  # a key of the catalogue of refusals; empty when clean
    verdicts: tuple[Verdict, ...]
    copies: tuple[tuple[Copy, str], ...] = ()  # each with the key where its bytes lie, in quarantine
    width: int | None = None  # pixels
    height: int | None = None  # pixels
    duration: float | None = None  # seconds
    pages: int | None = None
    flags: tuple[str, ...] = ()  # what people who see a clean file should know of it
    keeps_original: bool = False  # of a clean file that was rebuilt


class ReviewMedia(InChannel[Media], frozen=True):
    """Decide about a held file, with a reason. An empty `channel_sid` means a loose file.

    `release` overrules the checks that hold it, and nothing else: all are asked again, so the file
    comes back `clean`, or `refused` or `held` by another one, or still `checking`. Nobody reviews
    their own file, and of two reviewers one decides.
    """

    media_sid: str
    decision: Decision
    reason: str  # for staff: it stands in the file's timeline


class CastVote(Payload[None], frozen=True):
    """Say what a check that answered `later` has found. Whoever has the ballot may, once, in time."""

    ballot: str  # the word that the check was given
    outcome: Outcome  # not `later`
    reason: str = ""  # a key of the catalogue of refusals
    detail: str = ""  # for staff
    version: str = ""  # of the scanner and its signatures


class EraseMedia(Payload[None], frozen=True):
    """Erase every byte of files whose rows are gone already. The house's own."""

    media_sids: tuple[str, ...]
