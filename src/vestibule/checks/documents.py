"""A PDF is disarmed: its safe copy is written anew, without what acts, holds files, or names its maker."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Annotated, Any, ClassVar, Literal

import msgspec
from msgspec import Meta

from vestibule.checks.rebuilding import Facts, Made, Preview, RebuildingCheck
from vestibule.models import Rendition

Words = Annotated[str, Meta(max_length=60)]
DISARMED = "disarmed: "


class Rewritten(msgspec.Struct, frozen=True, kw_only=True):
    """A copy that is a PDF, by its maker's account."""

    content_type: Literal["application/pdf"]


class Rebuilt(msgspec.Struct, frozen=True, kw_only=True):
    """The word of `documents.rebuild`."""

    safe: Rewritten
    preview: Preview
    pages: int
    disarmed: tuple[Words, ...] = ()  # what acts
    left_out: tuple[Words, ...] = ()  # what does not act, and tells who made it, or is of no known kind


@dataclass(slots=True)
class PdfCheck(RebuildingCheck):
    """Refuses what is no PDF, or locked, or too long; makes `safe`, and `preview` of its first page.

    What acts is taken out of the copy (`active="disarm"`), or a reason to refuse the file (`"refuse"`).
    """

    active: Literal["disarm", "refuse"] = "disarm"

    name = "documents"

    job: ClassVar[str] = "documents.rebuild"
    types: ClassVar[frozenset[str]] = frozenset({"application/pdf"})
    makes: ClassVar[tuple[Rendition, ...]] = ("safe", "preview")

    def asked(self) -> dict[str, Any]:
        return {"active": self.active}

    def remark(self, value: dict[str, Any]) -> str:
        """What was taken out, in plain words, and first what would have acted."""
        made = msgspec.convert(value, Rebuilt)
        said = [DISARMED + ", ".join(made.disarmed)] if made.disarmed else []
        said += [f"left out: {', '.join(made.left_out)}"] if made.left_out else []
        return "; ".join(said)

    def understood(self, value: dict[str, Any]) -> tuple[Facts, list[Made]]:
        rebuilt = msgspec.convert(value, Rebuilt)
        kind = rebuilt.safe.content_type
        safe = Made("safe", kind, None, None, proof="documents.verify", pages=rebuilt.pages)
        return Facts(pages=rebuilt.pages), [safe, rebuilt.preview.made("preview")]
