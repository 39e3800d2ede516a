"""Archives that land where they should not, that are read in two ways, or whose members nobody asked for."""

from __future__ import annotations

from tests.corpus.hostile.bombs import ADOPTED
from tests.corpus.hostile.programs import windows_program
from tests.corpus.specimens import Maker, Specimen, refuse
from tests.files.active_papers import ACTIVE
from tests.files.archives import MIB, archive, packed
from tests.files.bad_archives import BAD_ARCHIVES, COMPLEX
from tests.files.bad_office import BAD
from tests.files.office import OLE, field_of, word, word_document
from tests.files.papers import pdf_with_password
from tests.files.pictures import bomb_png, jpeg_with_gps
from tests.files.zip_writer import UTF_8, Entry, zipped

ELSEWHERE = {
    "bytes before",
    "bytes before, not counted",
    "shell before",
    "bytes behind",
    "two archives",
    "archive in the comment",
    "bytes before the directory",
    "bytes in the directory",
    "gap",
    "bytes behind a stream",
    "picture with an archive behind",
    "no members",
    *ADOPTED,
}
DAMAGED = {"no end", "only the start", "no deflate", "cut off", "broken picture", "wrong checksum"}
LOCKED = {"encrypted", "strongly encrypted", "aes"}


def _names(*names: str | bytes, flags: int = 0) -> Maker:
    return lambda: zipped([Entry(name, flags=flags) for name in names])


MORE: list[tuple[str, Maker]] = [
    ("a table that starts a program", lambda: packed({"export.csv": b"a,b\n1,=cmd|'/C calc'!A0\n"})),
    ("a text turned around", lambda: packed({"notes.txt": "Pay to \u202e4321 2345 now.\n".encode()})),
    (
        "a photo with a page behind",
        lambda: packed({"photo.jpg": jpeg_with_gps() + b"<script>alert(1)</script>"}),
    ),
    ("a photo with a program behind", lambda: packed({"photo.jpg": jpeg_with_gps() + windows_program()})),
    ("a drawing that is a bomb", lambda: packed({"plan.png": bomb_png(50_000)})),
    ("a playlist called a film", lambda: packed({"clip.mp4": b"#EXTM3U\n#EXTINF:1,\nfile:///etc/passwd\n"})),
    (
        "a letter with a live link",
        lambda: packed({"a.docx": word_document(field_of(" DDEAUTO a b ")).written()}),
    ),
    ("a letter with a template elsewhere", lambda: packed({"a/b.docx": BAD["template elsewhere"][1]()})),
    (
        "a letter that is locked",
        lambda: packed({"a.docx": OLE + "EncryptedPackage".encode("utf-16-le") + bytes(900)}),
    ),
    ("a paper that is locked", lambda: packed({"a.pdf": pdf_with_password()})),
    ("a paper with a program attached", lambda: packed({"a.pdf": ACTIVE["program within"]()})),
    ("a paper with XFA", lambda: packed({"a.pdf": ACTIVE["XFA form"]()})),
    ("an archive that is locked in an archive", lambda: packed({"a.zip": BAD_ARCHIVES["encrypted"][0]()})),
    ("an archive that climbs in an archive", lambda: packed({"a.zip": archive("../a.txt")})),
    ("above, packed by Windows", _names(b"..\\..\\Startup\\run.txt")),
    ("above, in the middle", lambda: archive("a/b/../../../c.txt")),
    ("home of a user", _names("~/../.ssh/keys.txt")),
    ("a second stream of a member", _names("a.txt:b.exe")),
    ("a letter that runs in an archive", lambda: packed({"a.docm": word()})),
    ("a batch in an archive", lambda: packed({"start.bat": b"@start calc"})),
    (
        "an installer in an archive",
        lambda: packed({"setup.msi": b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(900)}),
    ),
    ("a link of the desktop in an archive", lambda: packed({"a.desktop": b"[Desktop Entry]\nExec=calc\n"})),
    (
        "a rule of folders in an archive",
        lambda: packed({"desktop.ini": b"[.ShellClassInfo]\nIconFile=\\\\198.51.100.7\\a\n"}),
    ),
    (
        "a page among photos",
        lambda: packed({"index.html": b"<html><script>1</script></html>", "a.txt": b"x"}),
    ),
    ("a name that turns in an archive", _names("photo\u202egpj.txt", flags=UTF_8)),
    ("hidden behind spaces in an archive", _names("photo.txt" + " " * 60 + ".exe")),
    ("a dot at the end of a member", _names("a.exe.")),
    ("a member called as a device of Windows", _names("docs/aux.txt")),
    ("one in five hundred", lambda: packed({**{f"{n}.txt": b"x" for n in range(499)}, "run.vbs": b"x"})),
    ("more folders than anybody has", lambda: packed({f"{n}/": b"" for n in range(1_500)})),
    (
        "a member larger than all may be",
        lambda: zipped([Entry("a.txt", b"", method=0, size=210 * MIB, packed_size=210 * MIB)]),
    ),
]

ZIPS: tuple[Specimen, ...] = (
    *(
        refuse("archive", what, f"Archive {number}.zip", make)
        for number, (what, (make, reason)) in enumerate(BAD_ARCHIVES.items())
        if what not in ELSEWHERE | DAMAGED | LOCKED and reason != COMPLEX
    ),
    *(refuse("archive", what, f"Backup {number}.zip", make) for number, (what, make) in enumerate(MORE)),
    *(
        refuse("encrypted", f"an archive, {what}", "Secret.zip", BAD_ARCHIVES[what][0])
        for what in sorted(LOCKED)
    ),
)
