"""File names: which can be shown, and which are refused because they mislead whoever reads them.

Most odd names are innocent: screenshots hold narrow spaces, families of emoji hold joiners, Macs take
letters apart. Those are made safe to show in silence. Refused is what hides what a file is.
"""

from __future__ import annotations

import re
import unicodedata

from vestibule import __version__
from vestibule.models import Verdict
from vestibule.ports import Finding, Specimen, Storage

LONGEST = 180  # bytes of a name as shown: below every file system's 255, with room for " (12)"
LONGEST_GIVEN = 255  # characters: no file system has longer names, so nobody's file has one
LONGEST_EXTENSION = 10  # characters

JOINERS = "\u200c\u200d"
# Embedding and override turn the letters of a name around: `photo\u202egpj.exe` reads `photoexe.jpg`.
TURNING = re.compile("[\u202a-\u202e]")
CONTROLS = re.compile("[\x00-\x1f\x7f-\x9f]")
SEPARATORS = re.compile(r"[/\\]")

# Names of devices (Microsoft, Naming Files, Paths, and Namespaces): such a file cannot be opened.
RESERVED = re.compile(r"(con|prn|aux|nul|conin\$|conout\$|(com|lpt)[0-9¹²³]) *(\.|$)", re.I)

# What a double click runs. `com` and `js` are left out within names: `example.com.pdf`, `node.js.pdf`.
RUN_ANYWHERE = frozenset(
    "exe scr pif bat cmd msi msp cpl hta vbs vbe jse wsf wsh ps1 psm1 lnk reg jar dll sys php phtml asp aspx"
    " jsp cgi apk deb rpm dmg".split()
)
RUN_AT_THE_END = RUN_ANYWHERE | frozenset(
    "com js mjs app command sh bash zsh csh py pyw pl rb run bin iso img vhd url website desktop scf inf"
    " gadget application appref-ms chm htm html xhtml mht mhtml svg svgz xml xsl swf docm dotm xlsm xltm xlam"
    " pptm ppam one".split()
)


def safe_name(raw: str) -> str:
    """The name as it may be shown and saved: at most 180 bytes, its extension kept. Never empty."""
    name = _visible(SEPARATORS.split(raw.rstrip("/\\"))[-1])
    name = unicodedata.normalize("NFC", name).replace(":", "-")
    name = " ".join(name.split()).strip(". ")
    if not name:
        return "file"
    if RESERVED.match(name):
        name = f"_{name}"
    return _shortened(name)


def extension_of(raw: str) -> str:
    """What stands behind the last dot of the name as shown, in lower case; empty if nothing usable does."""
    stem, dot, extension = safe_name(raw).rpartition(".")
    usable = extension.isascii() and extension.isalnum() and len(extension) <= LONGEST_EXTENSION
    return extension.lower() if stem and dot and usable else ""


def judge_name(raw: str) -> Verdict:
    """Whether a name says honestly what it names."""
    if problem := _problem(raw):
        return Verdict(
            outcome="refused",
            check=FilenameCheck.name,
            reason="name_not_accepted",
            detail=problem,
            version=__version__,
        )
    return Verdict(outcome="clean", check=FilenameCheck.name, version=__version__)


class FilenameCheck:
    """See the port `Check`."""

    name = "filename"
    seconds = 1.0

    def applies(self, specimen: Specimen) -> bool:
        return True

    async def __call__(self, specimen: Specimen, storage: Storage) -> Finding:
        return Finding(verdict=judge_name(specimen.filename))


def _problem(raw: str) -> str:
    """What is wrong with a name, for staff; empty if nothing is."""
    if not raw.strip():
        return "no name"
    if len(unicodedata.normalize("NFC", raw)) > LONGEST_GIVEN:
        return f"longer than {LONGEST_GIVEN} characters"
    if CONTROLS.search(raw):
        return "control character"
    if TURNING.search(raw):
        return "bidirectional override"
    if SEPARATORS.search(raw):
        return "path"
    return _problem_of_endings(raw)


def _problem_of_endings(raw: str) -> str:
    if not (extension := extension_of(raw)):
        return "no plain extension after a name"
    # A colon begins an alternate stream on NTFS: `photo.exe:x.jpg`.
    inner = [part.strip().lower() for part in re.split("[.:]", _visible(raw))[1:-1]]
    if hidden := RUN_ANYWHERE.intersection(inner):
        return f"double extension .{min(hidden)}.{extension}"
    if extension in RUN_AT_THE_END and any(_is_document(part) for part in inner):
        return f"double extension, .{extension} behind another"
    return ""


def _is_document(part: str) -> bool:
    """Whether a part of a name looks like an extension of its own, `jpg`, rather than a word or number."""
    return part in _DOCUMENTS


_DOCUMENTS = frozenset(
    "png jpg jpeg gif webp heic heif avif bmp tif tiff svg pdf mp4 mov webm mkv avi mp3 ogg wav m4a flac txt"
    " csv md log rtf doc docx xls xlsx ppt pptx odt ods odp eml msg ics vcf json zip 7z rar tar gz html htm"
    " xml".split()
)


def _visible(text: str) -> str:
    """The text without what cannot be seen; every kind of space is a space."""
    return "".join(_seen(text, at) for at in range(len(text)))


def _seen(text: str, at: int) -> str:
    character = text[at]
    if character in JOINERS:
        return character if _joins(text, at) else ""
    category = unicodedata.category(character)
    if category[0] == "Z":
        return " "
    return "" if category[0] == "C" else character


def _joins(text: str, at: int) -> bool:
    """Between two signs outside ASCII a joiner makes an emoji, or is spelling, as in Persian."""
    return 0 < at < len(text) - 1 and all(
        not side.isascii() and unicodedata.category(side)[0] in "LMS" for side in (text[at - 1], text[at + 1])
    )


def _shortened(name: str) -> str:
    """At most `LONGEST` bytes; what goes is the end of the stem."""
    if len(name.encode()) <= LONGEST:
        return name
    stem, dot, extension = name.rpartition(".")
    if not stem or len(extension) > LONGEST_EXTENSION:
        stem, ending = name, b""
    else:
        ending = (dot + extension).encode()
    kept = stem.encode()[: LONGEST - len(ending)].decode("utf-8", "ignore").rstrip(f" .{JOINERS}")
    return kept + ending.decode()
