"""Recall: what the actions take that fetch back what is out, and look at it again."""

from __future__ import annotations

from datetime import datetime

from vestibule.models import Media, Recheck, Rechecked, RecheckReport, Verdict
from vestibule.payloads.base import After, Payload


class RecallMedia(Payload[Media], frozen=True):
    """Take a file back that is out: its links die at once, its bytes before this returns.

    `until_reviewed` holds it instead: nobody can open it until somebody has decided.
    """

    media_sid: str
    reason: str = "recalled"  # a key of the catalogue of refusals
    note: str = ""  # for staff: it stands in the file's timeline
    verdicts: tuple[Verdict, ...] = ()  # of the checks that want it back; none: whoever acts does
    until_reviewed: bool = False


class RestoreMedia(Payload[Media], frozen=True):
    """Let people open a file again that was out, and then held. Nobody restores their own."""

    media_sid: str
    note: str = ""  # for staff: it stands in the file's timeline


class BeginRecheck(Payload[Recheck], frozen=True):
    """Begin a run over stored files, or go on with the last one of the same kind that was cut off."""

    since: datetime | None = None  # files received from then on; None: all
    content_type: str = ""  # or the beginning of one, such as `image/`
    sha256: str = ""  # hex, of the received bytes
    dry_run: bool = False


class ListRecheck(Payload[list[After]], frozen=True):
    """Files that a run has not looked at, the oldest first: the date and sid of each."""

    recheck: Recheck
    after: After = After()
    limit: int = 100


class RecheckMedia(Payload[Rechecked], frozen=True):
    """Put a stored file to today's checks. One that is bad is recalled, one that is doubtful held.

    A check that is silent or broken takes nothing back: the file counts as `unsure`.
    """

    media_sid: str
    dry_run: bool = False


class EndRecheck(Payload[RecheckReport], frozen=True):
    """Close a run; gives what it found."""

    recheck_sid: str
