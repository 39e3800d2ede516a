"""Declared types that contradict the file, or are no types at all."""

from __future__ import annotations

from tests.corpus.specimens import Maker, Specimen, refuse
from tests.files import gif_animated, jpeg_with_gps, mp3, mp4, pdf, png_with_text
from tests.files.archives import archive
from tests.files.office import word

TEXT = b"Hello, my order 4711 did not arrive.\n"

CONTRADICTING: list[tuple[str, Maker, str]] = [
    ("photo.jpg", jpeg_with_gps, "text/html"),
    ("photo.jpg", jpeg_with_gps, "application/x-msdownload"),
    ("photo.jpg", jpeg_with_gps, "video/mp4"),
    ("drawing.png", png_with_text, "application/javascript"),
    ("drawing.png", png_with_text, "application/pdf"),
    ("cat.gif", gif_animated, "text/plain"),
    ("bill.pdf", pdf, "image/png"),
    ("bill.pdf", pdf, "text/html"),
    ("bill.pdf", pdf, "application/x-sh"),
    ("notes.txt", lambda: TEXT, "text/html"),
    ("notes.txt", lambda: TEXT, "application/x-httpd-php"),
    ("notes.txt", lambda: TEXT, "image/jpeg"),
    ("letter.docx", word, "text/html"),
    ("letter.docx", word, "application/vnd.ms-word.document.macroEnabled.12"),
    ("files.zip", lambda: archive("a.txt"), "application/java-archive"),
    ("files.zip", lambda: archive("a.txt"), "image/gif"),
    ("walk.mp4", mp4, "application/vnd.apple.mpegurl"),
    ("song.mp3", mp3, "audio/x-mpegurl"),
]

MALFORMED: list[tuple[str, str]] = [
    ("two types", "image/png, text/html"),
    ("two types in a row", "image/png text/html"),
    ("a header of its own", "image/png\r\nX-Injected: yes"),
    ("a line", "image/png\n"),
    ("a NUL", "image/png\0text/html"),
    ("half of one", "image/"),
    ("the other half", "/png"),
    ("no slash", "image"),
    ("two slashes", "image/png/html"),
    ("a parameter without a value", "image/png; charset"),
    ("an open quotation", 'image/png; charset="utf-8'),
    ("a page", "image/png; a=<script>alert(1)</script>"),
    ("letters of elsewhere", "imäge/png"),
    ("a star", "*/*"),
    ("a star for a half", "image/*"),
    ("very long", "image/" + "p" * 300),
    ("half a letter", "image/p\ud800ng"),
    ("a comma at its end", "image/png,"),
]

MIMES: tuple[Specimen, ...] = (
    *(
        refuse("mime", f"{name} told as {declared}", name, make, declared)
        for name, make, declared in CONTRADICTING
    ),
    *(
        refuse("mime", f"malformed: {what}", "Bild 12.png", png_with_text, declared)
        for what, declared in MALFORMED
    ),
)
