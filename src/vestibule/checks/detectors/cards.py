"""Numbers of payment cards: by length, by the digits that issuers have, and by their last digit.

One number in ten passes Luhn's formula by chance, so what merely could be a card's is not enough. In one
piece it must be as long as cards' numbers are now, and not be called an order's or a parcel's; in groups it
must be grouped as cards print it, though a reader of pictures may have lost some gaps, or put one after
each digit.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from vestibule.checks.detectors.find import Find

# Between digits: a space of any width (no-break ones too), a hyphen or one of its look-alikes; U+FFFD is what
# becomes of a no-break space in an old encoding.
_GAP = r"[ \-\u00a0\u2000-\u200b\u2010-\u2013\u202f\u2060\ufffd]"
# Where a number may begin. It begins with a digit, which the engine skips to, and only then looks around: not
# within another word or number, not in a row of numbers of four digits (a table, in which every tenth window
# would be a card's), not in the middle of digits that are set apart.
_BEGINS = re.compile(
    rf"[2-6](?<![0-9A-Za-z_+].)(?<![0-9][.,].)(?<![A-Za-z][-/].)(?<![0-9]{{4}}{_GAP}.)"
    rf"(?!(?<=[0-9]{_GAP}.){_GAP}[0-9](?![0-9]))(?=(?:{_GAP}{{0,2}}[0-9]){{13}})"
)
_ENDS = r"(?![0-9A-Za-z_*^/])(?![.,][0-9])"
_PATTERNS = tuple(
    re.compile(pattern)
    for pattern in (
        rf"[0-9]{{4}}(?:{_GAP}{{0,2}}[0-9]{{4}}){{3}}{_ENDS}(?!{_GAP}[0-9]{{4}}(?![0-9]))",
        rf"[456][0-9]{{3}}(?:{_GAP}{{0,2}}[0-9]{{4}}){{3}}{_GAP}{{0,2}}[0-9]{{3}}{_ENDS}",
        rf"3[0-9]{{3}}{_GAP}{{0,2}}[0-9]{{6}}{_GAP}{{0,2}}[0-9]{{4,5}}{_ENDS}",
        rf"[0-9](?:{_GAP}[0-9](?![0-9])){{13,18}}+(?!{_GAP}[0-9])",
    )
)
# Issuers' first digits (ISO/IEC 7812 and what the networks publish), and how long their numbers are.
_ISSUERS = tuple(
    (re.compile(begins), frozenset(lengths))
    for begins, lengths in (
        ("4", (16, 19)),  # Visa
        ("5[1-5]|222[1-9]|22[3-9]|2[3-6]|27[01]|2720", (16,)),  # Mastercard
        ("3[47]", (15,)),  # American Express
        ("30[0-5]|3095|36|3[89]", (14,)),  # Diners Club
        ("6011|64[4-9]|65", (16, 19)),  # Discover
        ("35(?:2[89]|[3-8])", (16,)),  # JCB
        ("62", (16, 19)),  # UnionPay
        ("5018|5020|5038|5893|6304|6759|676[1-3]", (16, 19)),  # Maestro
    )
)
# In one piece these are other numbers more often: identifiers of 64 bits have 19 digits, article numbers 14.
_RARE_IN_ONE_PIECE = (14, 19)
_CALLED = re.compile(
    r"(?i)(?:card|\bpan|visa|amex|maestro|discover|diners|karte|carte|tarjeta|carta)[\w ]{0,10}\W{0,3}$"
)
_CALLED_ELSE = re.compile(
    r"(?i)(?:order|invoice|tracking|parcel|shipment|ref|reference|ticket|serial|imei|isbn|sku|ean|gtin|uuid"
    r"|trace|span|request|build|id|phone|tel|mobile|bestellung|rechnung|commande|pedido|ordine)"
    r"[\W_]{0,3}(?:no|nr|num|number|id|nummer)?[\W_]{0,3}$"
)
_BEFORE = 24  # characters in which a number is called something
_GAPS = re.compile(_GAP)
_EASY = bytes.maketrans(b"0123456789", b"0" * 10)
_SHORTEST = b"0" * 14


def find(text: str) -> Iterator[Find]:
    """The card numbers of a text, each told by its last four digits."""
    end = 0
    for begin in _BEGINS.finditer(text) if _may_have(text) else ():
        if begin.start() >= end and (match := _number_at(text, begin.start())):
            end = match.end()
            yield Find(match.start(), end, f"…{_digits(match)[-4:]}")


def _number_at(text: str, start: int) -> re.Match[str] | None:
    for pattern in _PATTERNS:
        match = pattern.match(text, start)
        if match and is_issued(_digits(match)) and is_luhn(_digits(match)) and _is_meant(text, match):
            return match
    return None


def _digits(match: re.Match[str]) -> str:
    return _GAPS.sub("", match[0])


def _may_have(text: str) -> bool:
    """Whether there are enough digits anywhere, told as quickly as memory is read."""
    if not text.isascii():
        return True
    return _SHORTEST in text.encode("ascii").translate(_EASY, b" -")


def is_issued(digits: str) -> bool:
    """Whether an issuer has numbers of this length that begin so."""
    return any(len(digits) in lengths and begins.match(digits) for begins, lengths in _ISSUERS)


def is_luhn(digits: str) -> bool:
    """Whether the last digit is the one that follows from the others. ISO/IEC 7812-1, annex B."""
    doubled = (sum(divmod(2 * int(digit), 10)) for digit in digits[-2::-2])
    return len(set(digits)) > 1 and (sum(map(int, digits[-1::-2])) + sum(doubled)) % 10 == 0


def _is_meant(text: str, match: re.Match[str]) -> bool:
    """In one piece, it matters what stands before."""
    if not match[0].isdigit():
        return True
    before = text[max(0, match.start() - _BEFORE) : match.start()]
    if _CALLED.search(before):
        return True
    return len(match[0]) not in _RARE_IN_ONE_PIECE and not _CALLED_ELSE.search(before)
