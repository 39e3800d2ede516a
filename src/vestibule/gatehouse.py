"""The gatehouse: which checks a house has, in their order, from its settings and its policy."""

from __future__ import annotations

import difflib
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import TypeVar

from vestibule import http
from vestibule.checks import archive_limits
from vestibule.checks.antivirus import AntivirusCheck
from vestibule.checks.archives import ArchiveCheck
from vestibule.checks.content_types import BY_EXTENSION
from vestibule.checks.documents import PdfCheck
from vestibule.checks.filename import safe_name
from vestibule.checks.filetype import FiletypeCheck, content_type_of
from vestibule.checks.icap import IcapCheck
from vestibule.checks.images import ImageCheck
from vestibule.checks.office import OfficeCheck
from vestibule.checks.policies import reading
from vestibule.checks.policies.document import PolicyDocument
from vestibule.checks.policies.reading import Written
from vestibule.checks.rebuilding import Limits
from vestibule.checks.rules import RulesCheck, RuleSet
from vestibule.checks.sandbox import Sandbox
from vestibule.checks.texts import TextCheck
from vestibule.checks.video import VideoCheck
from vestibule.checks.webhook import WebhookCheck
from vestibule.config import Settings
from vestibule.errors import ConfigurationError
from vestibule.media.gate import Gate, OnDecision
from vestibule.media.quota import Quota, Quotas
from vestibule.models import MediaState, Outcome
from vestibule.ports import Check, StreamCheck
from vestibule.simulation import Shadow

# Without these a file is taken for what it says it is, or nobody makes the copy that is served.
NEEDED = ("filetype", "archives", "office", "images", "documents", "video", "texts")
# These an operator connects, or may do without.
OPTIONAL = ("antivirus", "rules", "icap", "webhook")

C = TypeVar("C", Check, StreamCheck)


def build_gate(
    settings: Settings,
    written: Written,
    sandbox: Sandbox,
    scanner: AntivirusCheck | None,
    metrics: http.Metrics,
) -> Gate:
    """Every check, handed over as the plain values that the media room takes.

    Raises `ConfigurationError` for a policy that does not fit this house, for rules that do not compile,
    and for an address that makes no sense.
    """
    document, policy = written.document, written.policy
    filetype = FiletypeCheck(policy)
    opening, unpacking = decoding_limits(document), unpacking_limits(document)
    scanners: list[StreamCheck] = [scanner] if scanner else []
    inside: list[Check] = [
        filetype,
        ArchiveCheck(sandbox, limits=unpacking, policy=policy),
        OfficeCheck(sandbox, limits=unpacking),
        *rule_checks(settings, sandbox),
        ImageCheck(sandbox, limits=opening),
        PdfCheck(sandbox, limits=opening),
        VideoCheck(sandbox, limits=opening),
        TextCheck(),
        *outside_checks(settings, document),  # last: what the house itself refuses never leaves it
    ]
    streams, checks = chosen(scanners, document), chosen(inside, document)
    names = [*(check.name for check in streams), *(check.name for check in checks)]
    judge_names(document, names)
    return Gate(
        safe_name=safe_name,
        admit=policy.admit,
        limit=policy.limit,
        content_type_of=content_type_of,
        judge_head=filetype.judge_head,
        streams=streams,
        checks=checks,
        rebuilt=("image/", "application/pdf", "text/"),
        patience=settings.verdict_patience,
        most=settings.uploads,
        quotas=quotas(document) if settings.rate_limits else Quotas.off(),
        on_verdict=metrics.verdict,
        on_decision=shadow(settings, metrics),
        policy=written.version,
        states={name: document.states(name) for name in (*names, "gate")},
    )


def shadow(settings: Settings, metrics: http.Metrics) -> OnDecision:
    """What tells where a second policy would have decided otherwise. Raises `ConfigurationError`."""
    if not settings.shadow_policy:
        return lambda file, verdicts, state: None
    return Shadow(reading.read(settings.shadow_policy), metrics)


def chosen(checks: Iterable[C], document: PolicyDocument) -> tuple[C, ...]:
    """The checks that the policy has switched on, each with its budget."""
    kept = tuple(check for check in checks if document.rules(check.name).enabled)
    for check in kept:
        check.seconds = document.rules(check.name).seconds or check.seconds
    return kept


def judge_names(document: PolicyDocument, there: Iterable[str]) -> None:
    """Whether what a policy says of checks can be done in a house that has `there`."""
    known = {*there, *NEEDED, *OPTIONAL}
    for name, rules in document.checks.items():
        if name not in known:
            near = difflib.get_close_matches(name, known, n=1)
            hint = f" Did you mean {near[0]!r}?" if near else f" There are {', '.join(sorted(known))}."
            raise ConfigurationError(f"The policy speaks of a check {name!r}, which is not there.{hint}")
        if not rules.enabled and name in NEEDED:
            raise ConfigurationError(f"The policy switches {name!r} off, and without it no file is safe.")
        if rules.required and name not in there:
            raise ConfigurationError(
                f"The policy requires the check {name!r}, and it is not connected.",
                advice=f"Connect it, or take `required` out of [checks.{name}].",
            )


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


def rule_checks(settings: Settings, sandbox: Sandbox) -> list[Check]:
    """Our own rules and the operator's, where there are any. Raises `ConfigurationError`."""
    if not (settings.built_in_rules or settings.rules):
        return []
    places = tuple(map(Path, settings.rules))
    return [RulesCheck(RuleSet.compiled(places, own=settings.built_in_rules), sandbox)]


def outside_checks(settings: Settings, document: PolicyDocument) -> list[Check]:
    """Scanners of the operator's own that are asked over the network. Raises `ConfigurationError`."""
    checks: list[Check] = []
    if settings.icap_url:
        checks.append(IcapCheck(settings.icap_url, document.rules("icap").seconds or 30.0))
    if settings.webhook_url:
        webhook = WebhookCheck(
            settings.webhook_url,
            settings.webhook_secret,
            document.rules("webhook").seconds or 30.0,
            later_seconds=float(document.deadlines.later),
            votes_url=f"{settings.public_url.rstrip('/')}/v1/verdicts/",
        )
        checks.append(webhook)
    return checks
