"""The gatehouse: which checks a house has, in their order, from its settings and its policy."""

from __future__ import annotations

import difflib
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import TypeVar

from vestibule import http
from vestibule.checks.antivirus import AntivirusCheck
from vestibule.checks.archives import ArchiveCheck
from vestibule.checks.bans import BanCheck, MemberBanCheck
from vestibule.checks.contents import ContentsCheck
from vestibule.checks.documents import PdfCheck
from vestibule.checks.drawings import drawing_checks
from vestibule.checks.filename import safe_name
from vestibule.checks.filetype import FiletypeCheck, content_type_of
from vestibule.checks.icap import IcapCheck
from vestibule.checks.images import ImageCheck
from vestibule.checks.likeness import LikenessCheck
from vestibule.checks.moderation import ModerationCheck
from vestibule.checks.office import OfficeCheck
from vestibule.checks.policies import reading
from vestibule.checks.policies.document import Notice, PolicyDocument
from vestibule.checks.policies.reading import Written
from vestibule.checks.rules import RulesCheck, RuleSet
from vestibule.checks.sandbox import Sandbox
from vestibule.checks.sensitive import SensitiveCheck
from vestibule.checks.texts import TYPES as TEXTS
from vestibule.checks.texts import TextCheck
from vestibule.checks.video import VideoCheck
from vestibule.checks.webhook import WebhookCheck
from vestibule.config import Settings
from vestibule.errors import ConfigurationError
from vestibule.media.bans import BanList
from vestibule.media.gate import Gate, OnDecision, no_fingerprint
from vestibule.media.quota import Quotas
from vestibule.policy_values import decoding_limits, quotas, unpacking_limits
from vestibule.ports import Check, Storage, StreamCheck
from vestibule.simulation import Shadow

# Without these a file is taken for what it says it is, or nobody makes the copy that is served.
NEEDED = ("filetype", "archives", "office", "images", "drawings", "documents", "video", "texts")
# These an operator connects, or may do without.
OPTIONAL = (
    *("antivirus", "rules", "contents", "bans", "member_bans", "likeness"),
    *("sensitive", "moderation", "icap", "webhook"),
)
CONNECTED_BY = {
    "antivirus": " (key `clamd`)",
    "icap": " (key `icap_url`)",
    "webhook": " (key `webhook_url`)",
    "moderation": " (`enabled = true` in [moderation])",
}

C = TypeVar("C", Check, StreamCheck)


def build_gate(
    settings: Settings,
    written: Written,
    sandbox: Sandbox,
    scanner: AntivirusCheck | None,
    metrics: http.Metrics,
    own: Sequence[Check] = (),  # the operator's, from their extensions
    moderation: ModerationCheck | None = None,
    bans: BanList | None = None,
) -> Gate:
    """Every check, handed over as the plain values that the media room takes.

    Raises `ConfigurationError` for a policy that does not fit this house, for rules that do not compile,
    and for an address that makes no sense.
    """
    document, policy = written.document, written.policy
    filetype = FiletypeCheck(policy, left=TEXTS)
    likeness = LikenessCheck(sandbox, bans.alike) if bans else None
    scanners: list[StreamCheck] = [scanner] if scanner else []
    inside: list[Check] = [
        filetype,
        *house_checks(written, sandbox, scanner, rule_set(settings), bans, likeness),
        *([moderation] if moderation else []),
        *own,
        *outside_checks(settings, document),  # last: what the house itself refuses never leaves it
    ]
    streams, checks = chosen(scanners, document), chosen(inside, document)
    names = [*(check.name for check in streams), *(check.name for check in checks)]
    judge_names(document, names, {check.name for check in own})
    return _gate(settings, written, metrics, filetype, likeness, streams, checks)


def house_checks(
    written: Written,
    sandbox: Sandbox,
    scanner: AntivirusCheck | None,
    rules: RuleSet | None,
    bans: BanList | None,
    likeness: LikenessCheck | None,
) -> list[Check]:
    """The house's own that read what is in a file, in their order."""
    document, policy = written.document, written.policy
    opening, unpacking = decoding_limits(document), unpacking_limits(document)
    return [
        *([BanCheck(bans.exact)] if bans else []),
        ArchiveCheck(sandbox, unpacking, opening, policy=policy),
        *([MemberBanCheck(bans.exact, bans.has_exact, sandbox, limits=unpacking)] if bans else []),
        OfficeCheck(sandbox, unpacking, opening),
        *([RulesCheck(rules)] if rules else []),
        ImageCheck(sandbox, limits=opening),
        *drawing_checks(policy, sandbox, opening),
        PdfCheck(sandbox, limits=opening, active=document.documents.active),
        VideoCheck(sandbox, limits=opening),
        *([likeness] if likeness else []),  # after those that make a small picture
        TextCheck(),
        *contents_checks(sandbox, scanner, rules, document),
        sensitive_check(document, sandbox),
    ]


def _gate(
    settings: Settings,
    written: Written,
    metrics: http.Metrics,
    filetype: FiletypeCheck,
    likeness: LikenessCheck | None,
    streams: tuple[StreamCheck, ...],
    checks: tuple[Check, ...],
) -> Gate:
    """What is to be known of a file before it is looked at, and what is done with what they say."""
    document, policy = written.document, written.policy
    names = (*(check.name for check in streams), *(check.name for check in checks))
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
        keep_originals=float(document.originals.keep),
        policy=written.version,
        fingerprint=likeness.fingerprint if likeness else no_fingerprint,
        states={name: document.states(name) for name in (*names, "gate")},
    )


def open_scanner(settings: Settings, storage: Storage | None = None) -> AntivirusCheck | None:
    """The virus scanner, where one is configured. Raises `ConfigurationError` for a wrong address."""
    return AntivirusCheck(settings.clamd, storage=storage) if settings.clamd else None


def open_moderation(written: Written) -> ModerationCheck | None:
    """The picture model, where the policy asks for it. Raises `ConfigurationError` if it is not there."""
    marks = written.document.moderation
    if not marks.enabled:
        return None
    return ModerationCheck(blur=marks.blur, hold=marks.hold, refuse=marks.refuse)


def sensitive_check(document: PolicyDocument, sandbox: Sandbox) -> SensitiveCheck:
    """What looks for card numbers and the like."""
    said = document.sensitive
    on: dict[str, Notice] = {"card_number": said.card_number, "iban": said.iban, "secret": said.secret}
    outgoing = {str(kind): deed for kind, deed in said.agents.items()}
    return SensitiveCheck(sandbox, on, outgoing, limits=unpacking_limits(document))


def shadow(settings: Settings, metrics: http.Metrics) -> OnDecision:
    """What tells where a second policy would have decided otherwise. Raises `ConfigurationError`."""
    if not settings.shadow_policy:
        return lambda file, verdicts, state: None
    return Shadow(reading.read(settings.shadow_policy), metrics)


def chosen(checks: Iterable[C], document: PolicyDocument) -> tuple[C, ...]:
    """The checks that the policy has switched on, each with its budget."""
    kept = tuple(check for check in checks if document.rules(check.name).enabled)
    for check in kept:
        if seconds := document.rules(check.name).seconds:
            check.seconds = seconds
    return kept


def judge_names(document: PolicyDocument, there: Iterable[str], own: Iterable[str] = ()) -> None:
    """Whether what a policy says of checks can be done in a house in which those `there` look.

    The operator's `own` may be switched off, like the optional ones.
    """
    known = {*NEEDED, *OPTIONAL, *own}
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
                advice=f"Connect it{CONNECTED_BY.get(name, '')}, or take `required` out of [checks.{name}].",
            )


def rule_set(settings: Settings) -> RuleSet | None:
    """Our own rules and the operator's, where there are any. Raises `ConfigurationError`."""
    if not (settings.built_in_rules or settings.rules):
        return None
    return RuleSet.compiled(tuple(map(Path, settings.rules)), own=settings.built_in_rules)


def contents_checks(
    sandbox: Sandbox, scanner: AntivirusCheck | None, rules: RuleSet | None, document: PolicyDocument
) -> list[Check]:
    """What is within a file is shown to whoever scans here, and is switched on."""
    scanners = scanner.scanners if scanner and document.rules(scanner.name).enabled else None
    ours = rules if document.rules(RulesCheck.name).enabled else None
    if not (scanners or ours):
        return []
    return [ContentsCheck(sandbox, scanners, ours, limits=unpacking_limits(document))]


def outside_checks(settings: Settings, document: PolicyDocument) -> list[Check]:
    """Scanners of the operator's own that are asked over the network. Raises `ConfigurationError`."""
    checks: list[Check] = []
    if settings.icap_url:
        checks.append(IcapCheck(settings.icap_url))
    if settings.webhook_url:
        webhook = WebhookCheck(
            settings.webhook_url,
            settings.webhook_secret,
            later_seconds=float(document.deadlines.later),
            votes_url=f"{settings.public_url.rstrip('/')}/v1/verdicts/",
        )
        checks.append(webhook)
    return checks
