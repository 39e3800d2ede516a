"""File type: what the bytes say, what the name says and what the sender says must agree, and be allowed.

No signature is proof: a file that passes here is opened next by the parser of its type.
"""

from __future__ import annotations

from vestibule import __version__
from vestibule.checks.content_types import BY_EXTENSION, CONTENT_TYPES, GENERIC, family_of
from vestibule.checks.filename import extension_of
from vestibule.checks.policy import Policy, judge_declared
from vestibule.checks.signatures import sniff
from vestibule.checks.text import TextTest
from vestibule.models import Outcome, Verdict
from vestibule.ports import Finding, Specimen, Storage

# A locked Word, Excel or PowerPoint document is a stream of that name in an OLE file (MS-OFFCRYPTO, 2.3.4.4).
DOCUMENTS = frozenset({"docx", "xlsx", "pptx"})
OLE, ENCRYPTED = "application/x-ole-storage", "EncryptedPackage".encode("utf-16-le")


def content_type_of(filename: str, head: bytes) -> str:
    """What a file is: by its bytes and, where they cannot tell (a CSV is a text), by its extension.

    Empty if the table does not know the bytes, or the name contradicts them.
    """
    named, sniffed = BY_EXTENSION.get(extension_of(filename)), sniff(head)
    if named is None or not sniffed or family_of(sniffed) != named.family:
        return ""
    return named.name if named.family == "text" or sniffed in GENERIC else sniffed


class FiletypeCheck:
    """See the port `Check`. `judge_head` is for the intake, when the first 4096 bytes have come."""

    name = "filetype"
    seconds = 20.0  # a text is read to its end, perhaps from another machine

    def __init__(self, policy: Policy, left: frozenset[str] = frozenset()) -> None:
        """`left` are types of texts that another check of the house reads to their end."""
        self._policy = policy
        self._left = left

    def applies(self, specimen: Specimen) -> bool:
        return True

    def judge_head(self, filename: str, declared_type: str, head: bytes, role: str = "") -> Verdict:
        """Whether a file that begins so is what it is said to be, and may be sent by this role."""
        if not head:
            return _no("empty", "0 bytes")
        if not (sniffed := sniff(head)):
            return _no("type_unknown", f"begins with {head[:16].hex(' ')}")
        extension = extension_of(filename)
        if not (content_type := content_type_of(filename, head)):
            return _misnamed(sniffed, extension, head)
        if not self._policy.allows(content_type, role) or not self._policy.limit(filename, role):
            return _no("type_not_accepted", f"{content_type} is not on the list of {role or 'anybody'}")
        declared = judge_declared(declared_type, CONTENT_TYPES[content_type].family)
        if not declared.is_clean:
            return _no(declared.reason, declared.detail)
        return Verdict(outcome="clean", check=self.name, version=__version__)

    async def __call__(self, specimen: Specimen, storage: Storage) -> Finding:
        return Finding(verdict=await self._judge(specimen, storage))

    async def _judge(self, specimen: Specimen, storage: Storage) -> Verdict:
        role = specimen.role
        head = self.judge_head(specimen.filename, specimen.declared_type, specimen.head, role)
        if not head.is_clean:
            return head
        content_type = content_type_of(specimen.filename, specimen.head)
        if specimen.size > (limit := self._policy.limit(content_type, role)):
            return _no("too_large", f"{specimen.size} bytes, at most {limit} of {content_type}", "too_large")
        is_text = CONTENT_TYPES[content_type].family == "text"
        if is_text and content_type not in self._left and not await _is_text(specimen, storage):
            return _no("type_mismatch", "not text to its end")
        return head


def _misnamed(sniffed: str, extension: str, head: bytes) -> Verdict:
    if sniffed == OLE and extension in DOCUMENTS and ENCRYPTED in head:
        return _no("encrypted", f"a locked document named .{extension}", "encrypted")
    return _no("type_mismatch", f"{sniffed} named .{extension}")


async def _is_text(specimen: Specimen, storage: Storage) -> bool:
    test = TextTest(specimen.head)
    async for chunk in storage.get(f"quarantine/{specimen.media_sid}/original"):
        if not test.feed(chunk):
            return False
    return test.finish()


def _no(reason: str, detail: str, outcome: Outcome = "refused") -> Verdict:
    return Verdict(
        outcome=outcome, check=FiletypeCheck.name, reason=reason, detail=detail, version=__version__
    )
