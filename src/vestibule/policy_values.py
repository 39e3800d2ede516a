"""What a policy comes to, as the plain values that rooms take."""

from __future__ import annotations

from collections.abc import Mapping

from vestibule import http
from vestibule.checks import archive_limits
from vestibule.checks.content_types import BY_EXTENSION
from vestibule.checks.policies.document import PolicyDocument
from vestibule.checks.policies.reading import Written
from vestibule.checks.rebuilding import Limits
from vestibule.media.quota import Quota, Quotas
from vestibule.models import MediaState, Outcome


def quotas(document: PolicyDocument) -> Quotas:
    """How much a customer may send. Staff is not counted."""
    said = document.quotas
    return Quotas(
        visitors=Quota(files=said.files_per_minute, size=int(said.bytes_per_day), at_once=said.at_once)
    )


def decoding_limits(document: PolicyDocument) -> Limits:
    """How large a picture, a PDF or a recording may be once it is opened."""
    pictures, recordings = document.pictures, document.recordings
    return Limits(
        pixels=pictures.pixels,
        side=pictures.side,
        frames=pictures.frames,
        frame_pixels=pictures.frame_pixels,
        pages=document.documents.pages,
        streams=recordings.streams,
        duration=float(recordings.duration),
    )


def unpacking_limits(document: PolicyDocument) -> archive_limits.Limits:
    """How much an archive may hold."""
    archives = document.archives
    return archive_limits.Limits(
        members=archives.members,
        unpacked=int(archives.unpacked),
        ratio=archives.ratio,
        small=int(archives.small),
        depth=archives.depth,
    )


def policy_told(written: Written) -> http.PolicyAnswer:
    """What strangers may know of a policy."""
    document, policy = written.document, written.policy
    return http.PolicyAnswer(
        version=written.version,
        types=tuple(
            http.TypeTaken(
                extension=extension,
                content_type=BY_EXTENSION[extension].name,
                max_bytes=policy.limit(extension),
            )
            for extension in sorted(policy.default.extensions)
        ),
        unpacked=http.Unpacked(
            archive_members=document.archives.members,
            archive_bytes=int(document.archives.unpacked),
            archive_depth=document.archives.depth,
            picture_pixels=document.pictures.pixels,
            document_pages=document.documents.pages,
            recording_seconds=float(document.recordings.duration),
        ),
        verdicts={"infected": "refused", "refused": "refused", **_told(document.states("gate"))},
    )


def _told(states: Mapping[Outcome, MediaState]) -> dict[str, str]:
    return {str(outcome): str(state) for outcome, state in states.items()}
