"""The gatehouse: which checks a house has, in their order, from its settings."""

from __future__ import annotations

from collections.abc import Callable

from vestibule.checks.antivirus import AntivirusCheck
from vestibule.checks.documents import PdfCheck
from vestibule.checks.filename import safe_name
from vestibule.checks.filetype import FiletypeCheck, content_type_of
from vestibule.checks.images import ImageCheck
from vestibule.checks.policy import EXTENSIONS, Limits, Policy
from vestibule.checks.sandbox import Sandbox
from vestibule.checks.video import VideoCheck
from vestibule.config import Settings
from vestibule.media.gate import Gate


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
) -> Gate:
    """Every check, handed over as the plain values that the media room takes."""
    filetype = FiletypeCheck(policy)
    return Gate(
        safe_name=safe_name,
        admit=policy.admit,
        limit=policy.limit,
        content_type_of=content_type_of,
        judge_head=filetype.judge_head,
        streams=(scanner,) if scanner else (),
        checks=(filetype, ImageCheck(sandbox), PdfCheck(sandbox), VideoCheck(sandbox)),
        patience=settings.verdict_patience,
        most=settings.uploads,
        on_verdict=on_verdict,
    )
