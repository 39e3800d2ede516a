"""The gatehouse: which checks a house has, in their order, from its settings."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from vestibule.checks.antivirus import AntivirusCheck
from vestibule.checks.archives import ArchiveCheck
from vestibule.checks.bans import BanCheck, MemberBanCheck
from vestibule.checks.documents import PdfCheck
from vestibule.checks.filename import safe_name
from vestibule.checks.filetype import FiletypeCheck, content_type_of
from vestibule.checks.icap import IcapCheck
from vestibule.checks.images import ImageCheck
from vestibule.checks.likeness import LikenessCheck
from vestibule.checks.office import OfficeCheck
from vestibule.checks.policy import EXTENSIONS, Limits, Policy
from vestibule.checks.rules import RulesCheck, RuleSet
from vestibule.checks.sandbox import Sandbox
from vestibule.checks.texts import TextCheck
from vestibule.checks.video import VideoCheck
from vestibule.checks.webhook import WebhookCheck
from vestibule.config import Settings
from vestibule.media.bans import BanList
from vestibule.media.gate import Gate, no_fingerprint
from vestibule.ports import Check


def build_policy(settings: Settings) -> Policy:
    """Which files people may send. Raises `ConfigurationError` for a type that no check knows."""
    extensions = frozenset(extension.lower().lstrip(".") for extension in settings.file_extensions)
    return Policy(default=Limits(extensions=extensions or EXTENSIONS, largest=settings.max_file_size))


def build_gate(
    settings: Settings,
    policy: Policy,
    sandbox: Sandbox,
    scanner: AntivirusCheck | None,
    on_verdict: Callable[[str, str], None],
    bans: BanList | None = None,
) -> Gate:
    """Every check, handed over as the plain values that the media room takes.

    Raises `ConfigurationError` for rules that do not compile, and what `outside_checks` raises.
    """
    filetype = FiletypeCheck(policy)
    likeness = LikenessCheck(sandbox, bans.alike) if bans else None
    return Gate(
        safe_name=safe_name,
        admit=policy.admit,
        limit=policy.limit,
        content_type_of=content_type_of,
        judge_head=filetype.judge_head,
        streams=(scanner,) if scanner else (),
        checks=(
            filetype,
            *([BanCheck(bans.exact)] if bans else []),
            ArchiveCheck(sandbox, policy=policy),
            *([MemberBanCheck(bans.exact, bans.has_exact, sandbox)] if bans else []),
            OfficeCheck(sandbox),
            *rule_checks(settings, sandbox),
            ImageCheck(sandbox),
            PdfCheck(sandbox),
            VideoCheck(sandbox),
            *([likeness] if likeness else []),  # after those that make a small picture
            TextCheck(),
            *outside_checks(settings),  # last: what the house itself refuses never leaves it
        ),
        rebuilt=("image/", "application/pdf", "text/"),
        patience=settings.verdict_patience,
        most=settings.uploads,
        on_verdict=on_verdict,
        fingerprint=likeness.fingerprint if likeness else no_fingerprint,
    )


def rule_checks(settings: Settings, sandbox: Sandbox) -> list[Check]:
    """Our own rules and the operator's, where there are any. Raises `ConfigurationError`."""
    if not (settings.built_in_rules or settings.rules):
        return []
    places = tuple(map(Path, settings.rules))
    return [RulesCheck(RuleSet.compiled(places, own=settings.built_in_rules), sandbox)]


def outside_checks(settings: Settings) -> list[Check]:
    """Scanners of the operator's own that are asked over the network. Raises `ConfigurationError`."""
    checks: list[Check] = []
    if settings.icap_url:
        checks.append(IcapCheck(settings.icap_url, settings.icap_seconds))
    if settings.webhook_url:
        webhook = WebhookCheck(
            settings.webhook_url,
            settings.webhook_secret,
            settings.webhook_seconds,
            later_seconds=settings.webhook_deadline,
            votes_url=f"{settings.public_url.rstrip('/')}/v1/verdicts/",
        )
        checks.append(webhook)
    return checks
