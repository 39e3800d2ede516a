"""A check of what agents send: texts and tables that are marked as internal stay in the house.

Try it: `vestibule serve --extension examples/checks/no_internal_marking.py`
"""

from vestibule.checks import Checks, chunks
from vestibule.models import Verdict
from vestibule.ports import Specimen, Storage

checks = Checks()

MARKS = ("internal only", "nur intern", "strictly confidential")
LONGEST = 4 * max(map(len, MARKS))  # bytes, in every encoding below
CUSTOMERS = ("channel user", "blockedUser")  # roles in a channel


@checks.register(name="no_internal_marking", types=["text/"], seconds=5.0)
async def no_internal_marking(specimen: Specimen, storage: Storage) -> Verdict:
    """Hold a marked file until a colleague has had a look."""
    if specimen.role in CUSTOMERS:
        return Verdict(outcome="clean", check="no_internal_marking")
    end = b""  # of what was seen: a mark may lie across two pieces
    async for chunk in chunks(specimen, storage):
        seen = (end + chunk).lower()
        if mark := found(seen):
            detail = f"It says {mark!r}."
            return Verdict(
                outcome="suspicious", check="no_internal_marking", reason="check_pending", detail=detail
            )
        end = seen[-LONGEST:]
    return Verdict(outcome="clean", check="no_internal_marking")


def found(seen: bytes) -> str:
    """The mark in these bytes, as UTF-8 or either UTF-16 spells it; empty where there is none."""
    for mark in MARKS:
        if any(mark.encode(encoding) in seen for encoding in ("utf-8", "utf-16-le", "utf-16-be")):
            return mark
    return ""
