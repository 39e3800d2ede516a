"""A PDF must open without a password, and its first page must draw. Its safe copy is the original."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, ClassVar

import msgspec

from vestibule.checks.rebuilding import Facts, Made, Preview, RebuildingCheck
from vestibule.models import Rendition


class Inspected(msgspec.Struct, frozen=True, kw_only=True):
    """The word of `documents.inspect`."""

    preview: Preview
    pages: int


@dataclass(slots=True)
class PdfCheck(RebuildingCheck):
    """Refuses what is no PDF, or locked, or too long; makes `preview` of the first page."""

    name = "documents"

    job: ClassVar[str] = "documents.inspect"
    types: ClassVar[frozenset[str]] = frozenset({"application/pdf"})
    makes: ClassVar[tuple[Rendition, ...]] = ("preview",)

    def understood(self, value: dict[str, Any]) -> tuple[Facts, list[Made]]:
        inspected = msgspec.convert(value, Inspected)
        return Facts(pages=inspected.pages), [inspected.preview.made("preview")]
