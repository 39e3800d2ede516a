"""Office documents: nothing in them may act by itself, or fetch anything. They are handed on as they came."""

from __future__ import annotations

from dataclasses import dataclass

from vestibule import __version__
from vestibule.checks.archives import UnpackingCheck
from vestibule.checks.content_types import CONTENT_TYPES
from vestibule.checks.filename import extension_of
from vestibule.models import Verdict
from vestibule.ports import Finding, Specimen, Storage

EXTENSIONS = frozenset("docx xlsx pptx odt ods odp".split())
TYPES = frozenset(kind.name for kind in CONTENT_TYPES.values() if not EXTENSIONS.isdisjoint(kind.extensions))


@dataclass(slots=True)
class OfficeCheck(UnpackingCheck):
    """Refuses documents with macros, objects of other programs, fields and links that fetch; those that
    are locked; and those that are another kind than their name says. See the port `Check`."""

    name = "office"

    def applies(self, specimen: Specimen) -> bool:
        return specimen.content_type in TYPES

    async def __call__(self, specimen: Specimen, storage: Storage) -> Finding:
        extension = extension_of(specimen.filename)
        if extension not in EXTENSIONS:
            return Finding(verdict=self._misnamed(specimen))
        return await self._inspected("office.inspect", specimen, storage, {"extension": extension})

    def _misnamed(self, specimen: Specimen) -> Verdict:
        return Verdict(
            outcome="refused",
            check=self.name,
            reason="type_mismatch",
            detail=f"{specimen.content_type} named {specimen.filename!r}",
            version=__version__,
        )
