"""Names within an archive: where each would land when it is unpacked, and which it must not have."""

from __future__ import annotations

import codecs
import re
import unicodedata

from vestibule.checks.decoders.zip_records import UTF_8, Record, unreadable
from vestibule.checks.filename import CONTROLS, RESERVED, TURNING

LONGEST_PATH = 1024  # bytes
DEEPEST = 32  # folders
OLD = codecs.lookup("cp437").name  # looked up now: later no file can be opened
DRIVE = re.compile(r"[A-Za-z]:")


def name_of(record: Record) -> str:
    """The path by which people see the member. Raises `Refused` where programs would differ about it."""
    if not 0 < len(record.name) <= LONGEST_PATH:
        raise unreadable(f"A member's name has {len(record.name)} bytes.")
    name = _decoded(record.name, is_utf_8=bool(record.flags & UTF_8))
    if not record.unicode_name:
        return name
    other = _decoded(record.unicode_name, is_utf_8=True)
    if other != name and (record.name.isascii() or record.flags & UTF_8):
        raise unreadable(f"A member is called {name!r} and {other!r}.")
    judge_path(name)
    return other


def _decoded(raw: bytes, *, is_utf_8: bool) -> str:
    """Macs and others write UTF-8 and do not say so; it is hardly ever anything else by chance."""
    try:
        return raw.decode()
    except UnicodeDecodeError:
        if is_utf_8:
            raise unreadable(f"A member's name {raw!r} is not the UTF-8 that it is said to be.") from None
        return raw.decode(OLD)


def judge_path(name: str) -> None:
    """Raises `Refused` for a path that leads out of the folder, or cannot be told from another."""
    if CONTROLS.search(name) or TURNING.search(name):
        raise unreadable(f"{name!r} has characters that hide what it is.")
    if "\\" in name or name.startswith("/") or DRIVE.match(name):
        raise unreadable(f"{name!r} is no path within the archive.")
    parts = name.removesuffix("/").split("/")
    if len(parts) > DEEPEST:
        raise unreadable(f"{name!r} is {len(parts)} folders deep.")
    for part in parts:
        if not part.strip(" .") or RESERVED.match(part):
            raise unreadable(f"{name!r} leads elsewhere on some systems.")


def judge_together(names: list[str]) -> None:
    """Raises `Refused` if two names are one on some system, or a file is also a folder."""
    seen: set[str] = set()
    for name in names:
        key = _key(name)
        if key in seen:
            raise unreadable(f"{name!r} is there twice.")
        seen.add(key)
    files = {key for key in seen if not key.endswith("/")}
    for key in seen:
        parts = key.removesuffix("/").split("/")
        above = {"/".join(parts[:depth]) for depth in range(1, len(parts))}
        if above & files or key.removesuffix("/") in files - {key}:
            raise unreadable(f"{key!r} is a file and a folder.")


def _key(name: str) -> str:
    """Windows and Macs take upper and lower case, and composed and decomposed letters, for the same;
    Windows also what ends with dots and spaces, and what does not."""
    parts = unicodedata.normalize("NFC", name).casefold().split("/")
    return "/".join(part.rstrip(" .") for part in parts)
