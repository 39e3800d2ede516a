"""Names that hide what a file is, or lead where it should not go. The files are harmless photos."""

from __future__ import annotations

import re
import unicodedata

from tests.corpus.specimens import Received, Specimen, disarm, refuse
from tests.files import jpeg_with_gps, pdf


def small_photo() -> bytes:
    return jpeg_with_gps(96, 72)


REFUSED: list[tuple[str, str]] = [
    ("turned around", "photo\u202egpj.exe"),
    ("turned around, and a photo", "invoice\u202efdp.exe.jpg"),
    ("turned around within", "Annexe\u202e gpj\u202c.jpg"),
    ("turned by an embedding", "photo\u202bexe.jpg"),
    ("a program behind a photo", "photo.jpg.exe"),
    ("a script behind a paper", "invoice.pdf.js"),
    ("a shortcut behind a letter", "letter.docx.lnk"),
    ("a screen saver behind spaces", "photo.jpg                                        .scr"),
    ("a program before a photo", "photo.exe.jpg"),
    ("a server's script before a photo", "avatar.php.jpg"),
    ("a program", "setup.exe"),
    ("a page", "index.html"),
    ("a setting of the server", ".htaccess"),
    ("a NUL", "photo.jpg\0.exe"),
    ("a NUL within", "photo\0.jpg"),
    ("a line", "photo\n.jpg"),
    ("a header", "photo.jpg\r\nSet-Cookie: a=b; .jpg"),
    ("an escape of the terminal", "\x1b[2Jphoto.jpg"),
    ("a control of the second kind", "photo\x9b31m.jpg"),
    ("a backspace", "photo.exe\x08\x08\x08jpg.jpg"),
    ("above", "../../../../etc/cron.d/photo.jpg"),
    ("above, for Windows", "..\\..\\..\\Windows\\photo.jpg"),
    ("absolute", "/etc/passwd.jpg"),
    ("absolute, for Windows", "C:\\Users\\Public\\photo.jpg"),
    ("a share", "\\\\198.51.100.7\\share\\photo.jpg"),
    ("a page in a name", "<script>alert(1)</script>.jpg"),
    ("an extension that looks like one", "photo.j\u0440g"),
    ("an extension of wide letters", "photo.\uff4a\uff50\uff47"),
    ("an extension with a joiner", "photo.j\u200dpg\u0301"),
    ("no extension", "photo"),
    ("nothing but an extension", ".jpg"),
    ("nothing but dots", "..."),
    ("nothing", ""),
    ("nothing to see", "\u200b\u200b"),
    ("spaces", "    "),
    ("very long", "a" * 400 + ".jpg"),
    ("very long in other letters", "\u00e4" * 300 + ".jpg"),
    ("a second stream", "photo.exe:x.jpg"),
    ("a stream behind", "photo.jpg:evil.exe"),
    ("the stream itself", "photo.jpg::$DATA"),
]

DISARMED: list[tuple[str, str]] = [
    ("a device", "CON.jpg"),
    ("a device in small letters", "aux.jpg"),
    ("a device with a number", "COM1.photo.jpg"),
    ("a device with a small number", "LPT\u00b9.jpg"),
    ("a dot at its end", "photo.jpg."),
    ("a space at its end", "photo.jpg "),
    ("dots before", "...photo.jpg"),
    ("spaces before", "   photo.jpg"),
    ("a letter nobody sees", "pho\u200bto.jpg"),
    ("an isolate", "pho\u2066to\u2069.jpg"),
    ("a mark of direction", "photo\u200e.jpg"),
    ("a mark of direction, the other", "\u200fphoto.jpg"),
    ("a line of its own kind", "pho\u2028to.jpg"),
    ("a byte order mark", "\ufeffphoto.jpg"),
    ("a soft hyphen", "pho\u00adto.jpg"),
    ("half a letter", "photo\ud800.jpg"),
    ("letters of tags", "photo\U000e0041\U000e0042.jpg"),
]

# Microsoft, Naming Files, Paths, and Namespaces
DEVICES = re.compile(r"(con|prn|aux|nul|(com|lpt)[0-9\u00b9\u00b2\u00b3])(\.|$)", re.I)


def _is_shown_safe(received: Received) -> str:
    """Whether the name that others see can mislead nobody and harm no file system."""
    name = received.media.filename
    odd = [
        f"U+{ord(letter):04X}"
        for letter in name
        if unicodedata.category(letter) in {"Cc", "Cf", "Cs", "Zl", "Zp"}
    ]
    if odd or re.search(r"[/\\:\0]", name):
        return f"the name is shown as {name!r}"
    if DEVICES.match(name) or name != name.strip(" .") or len(name.encode()) > 255:
        return f"the name is kept as {name!r}"
    return ""


NAMES: tuple[Specimen, ...] = (
    *(refuse("name", what, name, small_photo, "image/jpeg") for what, name in REFUSED),
    *(
        disarm("name", what, name, small_photo, proof=_is_shown_safe, declared="image/jpeg")
        for what, name in DISARMED
    ),
    disarm("name", "a device for a paper", "NUL.pdf", pdf, proof=_is_shown_safe),
    refuse("name", "a paper turned around", "Gehalt\u202etxt.pdf", pdf),
)
