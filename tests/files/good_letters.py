"""Letters that people send every day: none of them may be refused."""

from __future__ import annotations

import zipfile

from tests.files.office import (
    EMF,
    FORMAT,
    MICROSOFT,
    XML,
    Maker,
    field_of,
    paragraph,
    run,
    w,
    word,
    word_document,
    word_with_chart,
    word_with_pictures,
)


def _of_libreoffice() -> bytes:
    return word_document().written(types_last=True)


def _of_a_stream() -> bytes:
    """As Java and .NET write to a socket: stored, sizes behind."""
    return word_document().written(method=zipfile.ZIP_STORED)


def _with_links() -> bytes:
    document = word_document(paragraph("Links"))
    for target in (
        "https://example.com/a?b=c&d=e",
        "http://example.com",
        "mailto:somebody@example.com?subject=Order",
        "tel:+4912345",
        "#_Toc1",
        "report-2024.docx",
        "www.example.com",
    ):
        document.tie(document.main, "hyperlink", target, external=True)
    return document.written()


def _with_comments() -> bytes:
    document = word_document().tie("word/document.xml", "comments", "comments.xml")
    comments = w(
        "comments", f'<w:comment w:id="0" w:author="A">{paragraph("Really? DDE is a bank.")}</w:comment>'
    )
    return document.part("word/comments.xml", comments, f"{FORMAT}.wordprocessingml.comments+xml").written()


def _with_fields() -> bytes:
    pages = field_of(" PAGE ") + field_of(" NUM", "PAGES ") + field_of(' TOC \\o "1-3" \\h \\z \\u ')
    links = field_of(' HYPERLINK "https://example.com/dde" ') + field_of(' HYPERLINK \\l "_Toc1" ')
    mail = (
        field_of(" MERGEFIELD Name ")
        + field_of(' DATE \\@ "d.M.yyyy" ')
        + field_of(' HYPERLINK "mailto:a@example.com" ')
    )
    click = field_of(" MACROBUTTON NoMacro [Click here and type] ")
    pasted = field_of(' INCLUDEPICTURE "cid:image001.png@01D" \\* MERGEFORMATINET ')
    return word_document(pages + links + mail + click + pasted + _nested_field()).written()


def _nested_field() -> str:
    begin, between, end = (f'<w:fldChar w:fldCharType="{kind}"/>' for kind in ("begin", "separate", "end"))
    inner = f"{begin}<w:instrText> MERGEFIELD Sex </w:instrText>{between}<w:t>f</w:t>{end}"
    rest = '<w:instrText> = "f" "Madam" "Sir" </w:instrText>'
    return run(f"{begin}<w:instrText> IF </w:instrText>{inner}{rest}{between}<w:t>Madam</w:t>{end}")


def _with_custom_xml() -> bytes:
    document = word_document().tie("word/document.xml", "customXml", "../customXml/item1.xml")
    document.tie("customXml/item1.xml", "customXmlProps", "itemProps1.xml")
    document.part(
        "customXml/item1.xml",
        '<b:Sources xmlns:b="http://schemas.openxmlformats.org/bibliography" StyleName="APA"/>',
    )
    props = (
        f'{XML}<ds:datastoreItem xmlns:ds="http://schemas.openxmlformats.org/customXml" ds:itemID="{{1}}"/>'
    )
    return document.part("customXml/itemProps1.xml", props, f"{FORMAT}.customXmlProperties+xml").written()


def _with_vml() -> bytes:
    shape = (
        '<v:shape href="https://example.com/" o:spid="_x0000_s1026">'
        '<v:imagedata r:id="rId3" o:title="logo"/></v:shape>'
    )
    document = word_document(run(f"<w:pict>{shape}</w:pict>"))
    return (
        document.tie(document.main, "image", "media/image1.emf").part("word/media/image1.emf", EMF).written()
    )


def _in_sixteen_bits() -> bytes:
    document = word_document()
    text = str(document.parts["word/document.xml"]).replace("UTF-8", "UTF-16")
    return document.part("word/document.xml", text.encode("utf-16")).written()


def _in_windows_1252() -> bytes:
    text = '<?xml version="1.0" encoding="windows-1252"?><a>\u20ac</a>'
    return word_document().part("customXml/item1.xml", text.encode("cp1252")).written()


def _with_traces() -> bytes:
    """Word notes where templates, pasted pictures and mails came from."""
    document = word_document(run('<w:pict><v:imagedata o:href="cid:image001.png@01D" r:id="rId9"/></w:pict>'))
    template = "file:///C:\\Users\\a\\Templates\\Letter.dotx"
    document.tie("word/settings.xml", "attachedTemplate", template, external=True)
    document.tie(document.main, "image", "cid:image001.png@01D", external=True)
    clip = "file:///C:\\Users\\a\\AppData\\Local\\Temp\\msohtmlclip1\\01\\clip_image001.png"
    return document.tie(document.main, "image", clip, external=True).written()


def _with_drawing() -> bytes:
    svg = (
        '<svg xmlns="http://www.w3.org/2000/svg"><style>.a{fill:url(#g)}</style>'
        '<path class="a" d="M0 0h9"/></svg>'
    )
    document = word_document().tie("word/document.xml", "image", "media/image1.svg")
    document.defaults["svg"] = "image/svg+xml"
    return document.part("word/media/image1.svg", svg).written()


def _with_fonts() -> bytes:
    document = word_document().tie("word/fontTable.xml", "font", "fonts/font1.odttf")
    document.defaults["odttf"] = f"{FORMAT}.obfuscatedFont"
    fonts = w("fonts", '<w:font w:name="Own"/>')
    document.part("word/fontTable.xml", fonts, f"{FORMAT}.wordprocessingml.fontTable+xml")
    return document.part("word/fonts/font1.odttf", bytes(range(256)) * 20).written()


def _with_glossary() -> bytes:
    document = word_document().tie("word/document.xml", "glossaryDocument", "glossary/document.xml")
    glossary = w("glossaryDocument", "<w:docParts/>")
    kind = f"{FORMAT}.wordprocessingml.document.glossary+xml"
    return document.part("word/glossary/document.xml", glossary, kind).written()


def _strict() -> bytes:
    document = word_document()
    document.ties[""] = []
    strict = "http://purl.oclc.org/ooxml/officeDocument/relationships"
    return document.tie("", "officeDocument", "/word/document.xml", base=strict).written()


def _with_toolbar() -> bytes:
    ui = (
        f'{XML}<mso:customUI xmlns:mso="http://schemas.microsoft.com/office/2006/01/customui">'
        f'<mso:ribbon><mso:qat><mso:documentControls><mso:control idQ="mso:Bold" visible="true"/>'
        f"</mso:documentControls></mso:qat></mso:ribbon></mso:customUI>"
    )
    document = word_document().tie(
        "", "ui/userCustomization", "userCustomization/customUI.xml", base=MICROSOFT
    )
    return document.part("userCustomization/customUI.xml", ui).written()


GOOD_LETTERS: dict[str, tuple[str, Maker]] = {
    "letter": ("docx", word),
    "letter of LibreOffice": ("docx", _of_libreoffice),
    "letter, stored": ("docx", _of_a_stream),
    "letter with links": ("docx", _with_links),
    "letter with comments": ("docx", _with_comments),
    "letter with fields": ("docx", _with_fields),
    "letter with pictures": ("docx", word_with_pictures),
    "letter with a chart": ("docx", word_with_chart),
    "letter with sources": ("docx", _with_custom_xml),
    "letter with an old drawing": ("docx", _with_vml),
    "letter with a drawing": ("docx", _with_drawing),
    "letter with fonts": ("docx", _with_fonts),
    "letter with building blocks": ("docx", _with_glossary),
    "letter in UTF-16": ("docx", _in_sixteen_bits),
    "letter in the old way of Windows": ("docx", _in_windows_1252),
    "strict letter": ("docx", _strict),
    "letter with a toolbar": ("docx", _with_toolbar),
    "letter with traces of its making": ("docx", _with_traces),
}
