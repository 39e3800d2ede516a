"""Drawings (SVG) become pictures: to a browser they are pages with scripts. Never handed on themselves.

The package that draws them is an extra, `svg`.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from importlib.util import find_spec
from typing import ClassVar

from vestibule.checks.images import ImageCheck
from vestibule.checks.policy import Policy
from vestibule.checks.rebuilding import LIMITS, Limits, engine
from vestibule.checks.sandbox import Sandbox
from vestibule.errors import ConfigurationError

SVG = "image/svg+xml"


@dataclass(slots=True)
class DrawingCheck(ImageCheck):
    """Refuses what cannot be drawn as it is meant; makes `safe` and `preview`, which are pictures."""

    engine: str = field(default_factory=lambda: engine("resvg-py", "pillow"))

    name = "drawings"

    job: ClassVar[str] = "drawings.rebuild"
    types: ClassVar[frozenset[str]] = frozenset({SVG})
    cpu: ClassVar[float] = 6.0  # a city has its map in two; a few bytes can ask for hours


def drawing_checks(policy: Policy, sandbox: Sandbox, limits: Limits = LIMITS) -> list[DrawingCheck]:
    """The check, if anybody may send drawings. Raises `ConfigurationError` where none could be drawn."""
    if not any(policy.allows(SVG, role) for role in ("", *policy.roles)):
        return []
    if find_spec("resvg_py") is None:
        raise ConfigurationError(
            "The policy names 'svg', and what draws it is not installed. "
            "Please run: pip install 'vestibule[svg]', or take 'svg' off the list."
        )
    return [DrawingCheck(sandbox, limits)]
