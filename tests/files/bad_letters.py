"""Letters with macros, objects and links that fetch, each with the reason why not."""

from __future__ import annotations

from tests.files.archives import PROGRAM, packed
from tests.files.office import (
    ACTIVE,
    DAMAGED,
    FORMAT,
    MICROSOFT,
    MISNAMED,
    OLE,
    VBA,
    XML,
    Maker,
    V,
    run,
    sheet,
    w,
    word,
    word_document,
    word_with_chart,
)
from tests.files.office_makers import saying, with_main, with_names, with_part


def _tied(kind: str, target: str, *, source: str = "word/document.xml", base: str = "") -> Maker:
    """A letter with a relationship that leads out."""
    more = {"base": base} if base else {}
    return lambda: word_document().tie(source, kind, target, external=True, **more).written()


def _renamed_macros() -> bytes:
    """The macros under a plain name and type, as for a picture."""
    document = word_document().part("word/media/image1.png", OLE)
    return document.tie("word/document.xml", "image", "media/image1.png").written()


def _custom_ui() -> bytes:
    ui = '<customUI xmlns="http://schemas.microsoft.com/office/2006/01/customui" onLoad="Start"/>'
    document = word_document().tie("", "ui/extensibility", "customUI/customUI.xml", base=MICROSOFT)
    return document.part("customUI/customUI.xml", ui).written()


def _embedded(name: str, content: bytes) -> Maker:
    def make() -> bytes:
        document = word_document().part(f"word/embeddings/{name}", content)
        return document.tie("word/document.xml", "package", f"embeddings/{name}").written()

    return make


def _svg(inner: str) -> Maker:
    def make() -> bytes:
        svg = (
            f'<svg xmlns="http://www.w3.org/2000/svg" '
            f'xmlns:xlink="http://www.w3.org/1999/xlink">{inner}</svg>'
        )
        return word_document().part("word/media/a.svg", svg, "image/svg+xml").written()

    return make


BAD_LETTERS: dict[str, tuple[str, Maker, str]] = {
    "macros": ("docx", with_part("vbaProject.bin", OLE, VBA, "vbaProject", MICROSOFT), ACTIVE),
    "macros tied only": ("docx", with_part("a.bin", b"x", "", "vbaProject", MICROSOFT), ACTIVE),
    "macros by type only": ("docx", with_part("a.dat", b"x", VBA), ACTIVE),
    "macros called a picture": ("docx", _renamed_macros, ACTIVE),
    "macro document renamed": (
        "docx",
        with_main(word_document, "application/vnd.ms-word.document.macroEnabled.main+xml"),
        ACTIVE,
    ),
    "data of macros": (
        "docx",
        with_part("vbaData.xml", w("a", ""), "application/vnd.ms-word.vbaData+xml"),
        ACTIVE,
    ),
    "ribbon that loads": ("docx", _custom_ui, ACTIVE),
    "toolbars": (
        "docx",
        with_part("attachedToolbars.bin", b"x", "application/vnd.ms-word.attachedToolbars"),
        ACTIVE,
    ),
    "ole object": (
        "docx",
        with_part("embeddings/oleObject1.bin", OLE, f"{FORMAT}.oleObject", "oleObject"),
        ACTIVE,
    ),
    "ole object by element": (
        "docx",
        saying(run('<w:object><o:OLEObject Type="Embed" ProgID="Package"/></w:object>')),
        ACTIVE,
    ),
    "ole link": ("docx", _tied("oleObject", "http://example.com/a.html!"), ACTIVE),
    "ole without type": ("docx", with_part("media/a.dat", OLE), ACTIVE),
    "package within": ("docx", _embedded("a.docx", word()), ACTIVE),
    "package of a sheet": ("docx", _embedded("a.xlsx", sheet()), ACTIVE),
    "program within": ("docx", with_part("media/a.bin", PROGRAM), ACTIVE),
    "archive within": ("docx", with_part("media/a.dat", packed({"a.exe": PROGRAM})), ACTIVE),
    "rich text within": ("docx", with_part("afchunk.dat", b"{\\rtf1\\ansi{\\object\\objdata 01}}"), ACTIVE),
    "page within": ("docx", with_part("afchunk.htm", b"<html><script>1</script></html>"), ACTIVE),
    "taken in": ("docx", with_part("a.mht", b"MIME-Version: 1.0\r\n", "", "aFChunk"), ACTIVE),
    "taken in by element": ("docx", saying('<w:altChunk r:id="rId9"/>'), ACTIVE),
    "ActiveX": (
        "docx",
        with_part("activeX/activeX1.xml", w("ocx", ""), "application/vnd.ms-office.activeX+xml", "control"),
        ACTIVE,
    ),
    "ActiveX, its data": (
        "docx",
        with_part("activeX/activeX1.bin", b"x", "", "activeXControlBinary", MICROSOFT),
        ACTIVE,
    ),
    "web add-in": (
        "docx",
        with_part("webextensions/a.xml", XML + "<a/>", "application/vnd.ms-office.webextension+xml"),
        ACTIVE,
    ),
    "chart with macros": (
        "docx",
        lambda: word_with_chart(with_names('<definedName name="Auto_Open">1</definedName>')()),
        ACTIVE,
    ),
    "chart with a letter": ("docx", lambda: word_with_chart(word()), MISNAMED),
    "chart with an old sheet": ("docx", lambda: word_with_chart(OLE), DAMAGED),
    "template elsewhere": (
        "docx",
        _tied("attachedTemplate", "http://example.com/a.dotm", source="word/settings.xml"),
        ACTIVE,
    ),
    "template on a share": (
        "docx",
        _tied("attachedTemplate", "\\\\192.0.2.1\\a.dotm", source="word/settings.xml"),
        ACTIVE,
    ),
    "template, not said to be outside": (
        "docx",
        lambda: (
            word_document()
            .tie("word/settings.xml", "attachedTemplate", "http://example.com/a.dotm")
            .written()
        ),
        ACTIVE,
    ),
    "picture elsewhere": ("docx", _tied("image", "https://example.com/pixel.png"), ACTIVE),
    "picture on a share": ("docx", _tied("image", "file://192.0.2.1/a/b.png"), ACTIVE),
    "frame elsewhere": ("docx", _tied("frame", "http://example.com/", source="word/webSettings.xml"), ACTIVE),
    "document elsewhere": ("docx", _tied("subDocument", "file:///a.docx"), ACTIVE),
    "addresses elsewhere": (
        "docx",
        _tied("mailMergeSource", "file:///a.mdb", source="word/settings.xml"),
        ACTIVE,
    ),
    "style sheet elsewhere": ("docx", _tied("xslt", "http://example.com/a.xsl"), ACTIVE),
    "link to a file": ("docx", _tied("hyperlink", "file:///c:/windows/system32/calc.exe"), ACTIVE),
    "link to a share": ("docx", _tied("hyperlink", "\\\\192.0.2.1\\a"), ACTIVE),
    "link to a script": ("docx", _tied("hyperlink", "java\tscript:alert(1)"), ACTIVE),
    "link to a tool": ("docx", _tied("hyperlink", "ms-msdt:/id PCWDiagnostic"), ACTIVE),
    "link to a program beside": ("docx", _tied("hyperlink", "setup.exe"), ACTIVE),
    "link to a program above": ("docx", _tied("hyperlink", "../../a"), ACTIVE),
    "old drawing elsewhere": (
        "docx",
        saying(run('<w:pict><v:shape><v:imagedata src="\\\\192.0.2.1\\a.png"/></v:shape></w:pict>')),
        ACTIVE,
    ),
    "old fill elsewhere": (
        "docx",
        saying(run('<w:pict><v:fill src="http://example.com/a.png"/></w:pict>')),
        ACTIVE,
    ),
    "drawing with a script": ("docx", _svg("<script>1</script>"), ACTIVE),
    "drawing that loads": ("docx", _svg('<path onload="1"/>'), ACTIVE),
    "drawing from elsewhere": ("docx", _svg('<image xlink:href="http://example.com/a.png"/>'), ACTIVE),
    "drawing with a style from elsewhere": (
        "docx",
        _svg("<style>@import 'http://example.com/a.css'</style>"),
        ACTIVE,
    ),
    "template on a share, as a file": (
        "docx",
        _tied("attachedTemplate", "file:///\\\\192.0.2.1\\a.dotm", source="word/settings.xml"),
        ACTIVE,
    ),
    "picture on a share, as a drive": ("docx", _tied("image", "C:\\\\192.0.2.1\\a.png"), ACTIVE),
    "old drawing under another name": (
        "docx",
        with_part("media/a.foo", f'<xml xmlns:v="{V}"><v:fill src="http://example.com/a.png"/></xml>'),
        ACTIVE,
    ),
    "old drawing in UTF-16": (
        "docx",
        with_part("a.foo", f'<xml xmlns:v="{V}"><v:fill src="http://a.example/"/></xml>'.encode("utf-16")),
        ACTIVE,
    ),
    "sheet called a letter": ("docx", sheet, MISNAMED),
    "template called a letter": (
        "docx",
        with_main(word_document, f"{FORMAT}.wordprocessingml.template.main+xml"),
        MISNAMED,
    ),
}
