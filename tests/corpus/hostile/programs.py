"""Programs and other files that are no documents, as short as they can be and still be told."""

from __future__ import annotations

import gzip
import struct
from importlib.util import find_spec
from pathlib import Path

from tests.files.archives import packed


def windows_program() -> bytes:
    """The distributors' stub that pip ships for Windows, or one of our own."""
    stub = _beside("pip", "_vendor/distlib/w64.exe")
    return stub or _portable_executable()


def _portable_executable() -> bytes:
    head = (
        b"MZ\x90\0"
        + bytes(56)
        + struct.pack("<I", 128)
        + b"\x0e\x1f\xba\x0e\0\xb4\x09\xcd\x21".ljust(64, b"\0")
    )
    return head + b"PE\0\0\x64\x86\1\0" + bytes(12) + b"\xf0\0\x22\0\x0b\2" + bytes(800)


def dos_program() -> bytes:
    return b"MZ\x0a\0\1\0" + bytes(26) + b"\xb8\x00\x4c\xcd\x21" + bytes(200)


def linux_program() -> bytes:
    """It does nothing but end."""
    code = b"\x31\xff\xb0\x3c\x0f\x05"
    head = b"\x7fELF\2\1\1" + bytes(9)
    head += struct.pack("<HHIQQQIHHHHHH", 2, 62, 1, 0x400078, 64, 0, 0, 64, 56, 1, 0, 0, 0)
    return head + struct.pack("<IIQQQQQQ", 1, 5, 0, 0x400000, 0x400000, 126, 126, 4096) + code


def linux_library() -> bytes:
    """Of an extension that is installed here."""
    found = next((path for name in ("msgspec", "PIL") for path in _shared(name)), None)
    return found.read_bytes() if found else linux_program()


def mac_program() -> bytes:
    return b"\xcf\xfa\xed\xfe\7\0\0\1\3\0\0\0\2\0\0\0" + bytes(400)


def mac_universal() -> bytes:
    return b"\xca\xfe\xba\xbe\0\0\0\2\1\0\0\7\0\0\0\3" + bytes(400)


def java_class() -> bytes:
    pool = b"\x0a\0\3\0\7\7\0\x08\7\0\x09\1\0\6<init>\1\0\3()V\1\0\4Code\x0c\0\4\0\5"
    pool += b"\1\0\4Main\1\0\x10java/lang/Object"
    return b"\xca\xfe\xba\xbe\0\0\0\x3d\0\x0a" + pool + b"\0\x21\0\2\0\3\0\0\0\0\0\0\0\0"


def jar() -> bytes:
    return packed(
        {"META-INF/MANIFEST.MF": b"Manifest-Version: 1.0\nMain-Class: Main\n", "Main.class": java_class()}
    )


def android_package() -> bytes:
    return packed(
        {"AndroidManifest.xml": b"\3\0\x08\0" + bytes(60), "classes.dex": b"dex\n035\0" + bytes(60)}
    )


def web_assembly() -> bytes:
    return b"\0asm\1\0\0\0\1\4\1\x60\0\0\3\2\1\0\7\5\1\1a\0\0\x0a\4\1\2\0\x0b"


def shortcut() -> bytes:
    flags = b"\x9b\0\x08\0\x20\0\0\0"
    return (
        b"L\0\0\0\1\x14\2\0\0\0\0\0\xc0\0\0\0\0\0\0F"
        + flags
        + bytes(48)
        + "cmd.exe /c calc".encode("utf-16-le")
    )


def old_office() -> bytes:
    return b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(16) + b"\x3e\0\3\0\xfe\xff\x09\0" + bytes(1500)


def flash() -> bytes:
    return b"FWS\x0a" + struct.pack("<I", 60) + b"\x78\0\5\x5f\0\0\x0f\xa0\0\0\x0c\1\0" + bytes(39)


def disk_image() -> bytes:
    return bytes(32768) + b"\1CD001\1\0" + b"LINUX".ljust(32) + b"SETUP".ljust(32) + bytes(4000)


def debian_package() -> bytes:
    return b"!<arch>\ndebian-binary   1700000000  0     0     100644  4         `\n2.0\n" + bytes(80)


def help_file() -> bytes:
    return b"ITSF\3\0\0\0\x60\0\0\0\1\0\0\0" + bytes(300)


def notebook() -> bytes:
    """Of OneNote, which carries programs."""
    return bytes.fromhex("e4525c7b8cd8a74daeb15378d02996d3") + bytes(500) + windows_program()[:2000]


def gzipped() -> bytes:
    return gzip.compress(b"Hello. " * 100, mtime=0)


def seven_zip() -> bytes:
    return b"7z\xbc\xaf\x27\x1c\0\4" + bytes(100)


def rar() -> bytes:
    return b"Rar!\x1a\7\1\0" + bytes(100)


def cabinet() -> bytes:
    return b"MSCF\0\0\0\0" + bytes(100)


def font() -> bytes:
    """One that is installed here, or the head of one."""
    return _beside(
        "matplotlib", "mpl-data/fonts/ttf/cmss10.ttf"
    ) or b"\0\1\0\0\0\x0e\0\x80\0\3\0\x60" + bytes(400)


def web_font() -> bytes:
    return b"wOF2\0\1\0\0" + struct.pack(">IHH", 300, 10, 0) + bytes(288)


def _beside(package: str, path: str) -> bytes:
    """A file of an installed package; empty where there is none."""
    spec = find_spec(package)
    file = Path(spec.origin).parent / path if spec and spec.origin else Path("/nowhere")
    return file.read_bytes() if file.is_file() else b""


def _shared(package: str) -> list[Path]:
    spec = find_spec(package)
    return sorted(Path(spec.origin).parent.glob("*.so")) if spec and spec.origin else []
