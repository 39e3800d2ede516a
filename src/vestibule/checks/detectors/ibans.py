"""International bank account numbers: by country, length, structure and check digits (ISO 13616)."""

from __future__ import annotations

import re
from collections.abc import Iterator

from vestibule.checks.detectors.find import Find

# What follows the check digits in each country, as SWIFT's registry has it: n digits, a letters, c either.
_STRUCTURES = {
    country: structure
    for entry in """AD8n12c AE19n AL8n16c AT16n AZ4a20c BA16n BE12n BG4a6n8c BH4a14c BR23n1a1c BY4c4n16c
    CH5n12c
    CR18n CY8n16c CZ20n DE18n DK14n DO4c20n EE16n EG25n ES20n FI14n FO14n FR10n11c2n GB4a14n GE2a16n
    GI4a15c GL14n GR7n16c GT24c HR17n HU24n IE4a14n IL19n IQ4a15n IS22n IT1a10n12c JO4a4n18c KW4a22c
    KZ3n13c LB4n20c LC4a24c LI5n12c LT16n LU3n13c LV4a13c LY21n MC10n11c2n MD20c ME18n MK3n10c2n
    MR23n MT4a5n18c MU4a19n3a NL4a10n NO11n PK4a16c PL24n PS4a21c PT21n QA4a21c RO4a16c RS18n
    SA2n18c SC4a20n3a SD14n SE20n SI15n SK20n SM1a10n12c ST21n SV4a20n TL19n TN20n TR6n16c UA6n19c
    VA18n VG4a16n XK16n""".split()
    for country, structure in [(entry[:2], entry[2:])]
}
_OF = {"n": "[0-9]", "a": "[A-Z]", "c": "[A-Z0-9]"}
_KINDS = re.compile("([0-9]+)([nac])")
_GAP = r"[ \-\u00a0\u2000-\u200b\u202f]"  # people write groups of four


def _pattern(structure: str) -> re.Pattern[str]:
    parts = (f"(?:{_GAP}?{_OF[kind]}){{{count}}}" for count, kind in _KINDS.findall(structure))
    return re.compile("".join(parts) + "(?![A-Za-z0-9])")


_REST = {country: _pattern(structure) for country, structure in _STRUCTURES.items()}
# It begins with letters, which the engine skips to, and only then looks back.
_BEGINS = re.compile(rf"[A-Z]{{2}}[0-9]{{2}}(?<![A-Za-z0-9]....)(?={_GAP}?[A-Z0-9])")
_GAPS = re.compile(_GAP)
_LETTERS, _DIGITS = b"ABCDEFGHIJKLMNOPQRSTUVWXYZ", b"0123456789"
_SHAPES = bytes.maketrans(_LETTERS + _DIGITS, b"A" * len(_LETTERS) + b"0" * len(_DIGITS))


def find(text: str) -> Iterator[Find]:
    """The account numbers of a text, each told by its country and last four characters."""
    for begin in _BEGINS.finditer(text) if _may_have(text) else ():
        pattern = _REST.get(begin[0][:2])
        rest = pattern and pattern.match(text, begin.end())
        if not rest:
            continue
        number = _GAPS.sub("", text[begin.start() : rest.end()])
        if is_right(number):
            yield Find(begin.start(), rest.end(), f"{number[:2]}…{number[-4:]}")


def _may_have(text: str) -> bool:
    """Whether two letters and two digits are anywhere, told as quickly as memory is read."""
    return not text.isascii() or b"AA00" in text.encode("ascii").translate(_SHAPES)


def is_right(number: str) -> bool:
    """Whether its check digits follow from the rest. ISO 7064, MOD 97-10."""
    return int("".join(str(int(letter, 36)) for letter in number[4:] + number[:4])) % 97 == 1
