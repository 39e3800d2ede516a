"""Letters with fields that fetch, with entities, and those that are something else."""

from __future__ import annotations

from tests.files.archives import packed
from tests.files.office import (
    ACTIVE,
    DAMAGED,
    FORMAT,
    XML,
    Maker,
    field_of,
    packaged,
    run,
    w,
    word,
    word_document,
)
from tests.files.office_makers import saying, with_part


def _with_doctype(part: str) -> Maker:
    def make() -> bytes:
        document = word_document()
        text = str(document.parts[part])
        entity = '<!DOCTYPE a [<!ENTITY x SYSTEM "file:///etc/passwd">]>'
        return document.part(part, text.replace(XML, XML + entity)).written()

    return make


def _billion_laughs() -> bytes:
    entities = "".join(f'<!ENTITY l{n + 1} "{f"&l{n};" * 10}">' for n in range(9))
    body = f'{XML}<!DOCTYPE a [<!ENTITY l0 "ha">{entities}]><a>&l9;</a>'
    return word_document().part("customXml/item1.xml", body).written()


def _doctype_in_utf_16() -> bytes:
    text = '<?xml version="1.0" encoding="UTF-16"?><!DOCTYPE a [<!ENTITY x "y">]><a>&x;</a>'
    return word_document().part("customXml/item1.xml", text.encode("utf-16")).written()


def _deep() -> bytes:
    return word_document("<w:p>" * 1000 + "</w:p>" * 1000).written()


def _without(part: str) -> Maker:
    def make() -> bytes:
        import io
        import zipfile

        with zipfile.ZipFile(io.BytesIO(word())) as file:
            return packaged({name: file.read(name) for name in file.namelist() if name != part})

    return make


def _two_types() -> bytes:
    document = word_document()
    document.types["WORD/document.xml"] = "application/vnd.ms-word.document.macroEnabled.main+xml"
    return document.written()


def _two_mains() -> bytes:
    return (
        word_document()
        .tie("", "officeDocument", "word/other.xml")
        .part("word/other.xml", w("document", ""))
        .written()
    )


def _computed_field() -> str:
    mark = '<w:fldChar w:fldCharType="{}"/>'.format
    inner = f"{mark('begin')}<w:instrText> QUOTE 68 68 69 </w:instrText>{mark('separate')}{mark('end')}"
    return run(
        f"{mark('begin')}{inner}<w:instrText> c:\\\\cmd.exe </w:instrText>{mark('separate')}{mark('end')}"
    )


BAD_TEXTS: dict[str, tuple[str, Maker, str]] = {
    "dde": ("docx", saying(field_of(' DDEAUTO c:\\\\windows\\\\system32\\\\cmd.exe "/k calc" ')), ACTIVE),
    "dde in pieces": ("docx", saying(field_of(" D", "DE", "AU", "TO c:\\\\cmd.exe ")), ACTIVE),
    "dde in lower case": ("docx", saying(field_of(" dde a b ")), ACTIVE),
    "dde in letters by number": ("docx", saying(field_of(" &#68;&#x44;E a b ")), ACTIVE),
    "dde, simple": ("docx", saying('<w:fldSimple w:instr=" DDEAUTO a b "/>'), ACTIVE),
    "dde in quotes": ("docx", saying(field_of(' "DDEAUTO" a b ')), ACTIVE),
    "dde without an end": (
        "docx",
        saying('<w:p><w:r><w:fldChar w:fldCharType="begin"/><w:instrText>DDE a b</w:instrText></w:r></w:p>'),
        ACTIVE,
    ),
    "dde without a beginning": (
        "docx",
        saying(run("<w:instrText>DD</w:instrText><w:instrText>E a b</w:instrText>")),
        ACTIVE,
    ),
    "dde, computed": ("docx", saying(_computed_field()), ACTIVE),
    "dde, deleted": (
        "docx",
        saying(
            run(
                '<w:fldChar w:fldCharType="begin"/><w:delInstrText>DDE a</w:delInstrText>'
                '<w:fldChar w:fldCharType="end"/>'
            )
        ),
        ACTIVE,
    ),
    "dde in a plain text": (
        "docx",
        saying(run('<w:fldChar w:fldCharType="begin"/><w:t>DDE a</w:t><w:fldChar w:fldCharType="end"/>')),
        ACTIVE,
    ),
    "dde in a header": (
        "docx",
        with_part(
            "header1.xml",
            w("hdr", field_of(" DDEAUTO a b ")),
            f"{FORMAT}.wordprocessingml.header+xml",
            "header",
        ),
        ACTIVE,
    ),
    "dde in a footnote": (
        "docx",
        with_part(
            "footnotes.xml",
            w("footnotes", field_of(" DDEAUTO a b ")),
            f"{FORMAT}.wordprocessingml.footnotes+xml",
            "footnotes",
        ),
        ACTIVE,
    ),
    "text taken in": ("docx", saying(field_of(' INCLUDETEXT "\\\\\\\\192.0.2.1\\\\a.docx" ')), ACTIVE),
    "picture taken in": (
        "docx",
        saying(field_of(' INCLUDEPICTURE "http://example.com/a.png" \\d ')),
        ACTIVE,
    ),
    "picture taken in from a share": (
        "docx",
        saying(field_of(' INCLUDEPICTURE "\\\\\\\\192.0.2.1\\\\a.png" ')),
        ACTIVE,
    ),
    "linked field": ("docx", saying(field_of(' LINK Excel.Sheet.12 "C:\\\\a.xlsx" ')), ACTIVE),
    "field of a database": ("docx", saying(field_of(" DATABASE \\d a ")), ACTIVE),
    "field with a link to a file": ("docx", saying(field_of(' HYPERLINK "file:///c:/a.exe" ')), ACTIVE),
    "entities in the text": ("docx", _with_doctype("word/document.xml"), ACTIVE),
    "entities in the styles": ("docx", _with_doctype("word/styles.xml"), ACTIVE),
    "entities that grow": ("docx", _billion_laughs, ACTIVE),
    "entities in UTF-16": ("docx", _doctype_in_utf_16, ACTIVE),
    "elements without end": ("docx", _deep, "too_complex"),
    "no XML": ("docx", with_part("styles2.xml", "<w:a"), DAMAGED),
    "no content types": ("docx", _without("[Content_Types].xml"), DAMAGED),
    "no relationships": ("docx", _without("_rels/.rels"), DAMAGED),
    "no main part": ("docx", _without("word/document.xml"), DAMAGED),
    "two content types": ("docx", _two_types, "archive_unreadable"),
    "two main parts": ("docx", _two_mains, DAMAGED),
    "part in pieces": ("docx", with_part("other.xml/[0].piece", "x"), "archive_unreadable"),
    "only an archive": ("docx", lambda: packed({"notes.txt": b"Hello."}), DAMAGED),
}
