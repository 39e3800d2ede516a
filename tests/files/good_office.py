"""Documents that people send every day, by extension: none of them may be refused."""

from __future__ import annotations

from tests.files.good_letters import GOOD_LETTERS
from tests.files.office import (
    FORMAT,
    PRINTER,
    XML,
    A,
    Maker,
    cell,
    open_document,
    s,
    sheet,
    sheet_document,
    slide_document,
    slides,
)
from tests.files.pictures import png_with_text
from tests.files.recordings import mp4


def _sheet_of_a_sheet() -> bytes:
    """Numbers taken over from another workbook in the same folder."""
    document = sheet_document(cell("[1]Sheet1!$A$1*2"))
    document.tie(
        "xl/externalLinks/externalLink1.xml", "externalLinkPath", "Prices%202025.xlsx", external=True
    )
    book = s(
        "externalLink",
        '<externalBook r:id="rId1"><sheetNames><sheetName val="a"/></sheetNames></externalBook>',
    )
    kind = f"{FORMAT}.spreadsheetml.externalLink+xml"
    return document.part("xl/externalLinks/externalLink1.xml", book, kind).written()


def _odp_with_video() -> bytes:
    video = (
        '<draw:frame draw:name="Service: how it works"><draw:plugin xlink:href="Media/1.mp4"/></draw:frame>'
    )
    return open_document(f"<draw:page>{video}</draw:page>", "presentation", parts={"Media/1.mp4": mp4()})


def _sheet_with_formulas() -> bytes:
    formulas = (
        "SUM(B1:B9)",
        'IF(A1&lt;&gt;"","call (us) | now","x")',
        "VLOOKUP(A1,'a|b'!$A$1:$B$9,2,FALSE)",
        "Table1[[#This Row],[Net|Gross]]*1.19",
        'HYPERLINK("https://example.com/?q="&amp;A1,"look")',
        "_xlfn.XLOOKUP(A1,B:B,C:C)",
        "RECALL(A1)+B2",
        'TEXT(A1,"[$-407]d. mmmm yyyy;@")',
        "'it''s'!A1",
        'IF(A1="it\'s","yes","no")',
    )
    return sheet_document("".join(map(cell, formulas))).written()


def _sheet_with_printer() -> bytes:
    document = sheet_document().tie(
        "xl/worksheets/sheet1.xml", "printerSettings", "../printerSettings/printerSettings1.bin"
    )
    return document.part("xl/printerSettings/printerSettings1.bin", PRINTER).written()


def _sheet_with_names() -> bytes:
    names = '<definedName name="_xlnm.Print_Area" localSheetId="0">Sheet1!$A$1:$C$9</definedName>'
    return sheet_document(names=names + '<definedName name="Auto">Sheet1!$A$1</definedName>').written()


def _sheet_with_query() -> bytes:
    document = sheet_document().tie("xl/workbook.xml", "connections", "connections.xml")
    own = "Provider=Microsoft.Mashup.OleDb.1;Data Source=$Workbook$;Location=Table1;"
    connection = (
        f'<connection id="1" name="Query - Table1" type="5">'
        f'<dbPr connection="{own}" command="SELECT"/></connection>'
    )
    kind = f"{FORMAT}.spreadsheetml.connections+xml"
    return document.part("xl/connections.xml", s("connections", connection), kind).written()


def _sheet_with_notes() -> bytes:
    document = sheet_document().tie("xl/worksheets/sheet1.xml", "vmlDrawing", "../drawings/vmlDrawing1.vml")
    vml = (
        '<xml xmlns:v="urn:schemas-microsoft-com:vml" '
        'xmlns:x="urn:schemas-microsoft-com:office:excel"><v:shape type="#_x0000_t202">'
        '<x:ClientData ObjectType="Note"/></v:shape></xml>'
    )
    document.part("xl/drawings/vmlDrawing1.vml", vml)
    control = (
        f"{XML}<formControlPr "
        f'xmlns="http://schemas.microsoft.com/office/spreadsheetml/2009/9/main" objectType="CheckBox"/>'
    )
    document.tie("xl/worksheets/sheet1.xml", "ctrlProp", "../ctrlProps/ctrlProp1.xml")
    return document.part(
        "xl/ctrlProps/ctrlProp1.xml", control, "application/vnd.ms-excel.controlproperties+xml"
    ).written()


def _large_sheet() -> bytes:
    return sheet_document(
        "".join(f'<c r="A{n}"><f>B{n}*{n}</f><v>{n}</v></c>' for n in range(20_000))
    ).written()


def _slides_with_links() -> bytes:
    click = (
        '<p:sp><p:nvSpPr><p:cNvPr id="2" name="a">'
        '<a:hlinkClick r:id="rId2" action="ppaction://hlinksldjump"/></p:cNvPr></p:nvSpPr></p:sp>'
    )
    document = slide_document(click).tie(
        "ppt/slides/slide1.xml", "slideLayout", "../slideLayouts/slideLayout1.xml"
    )
    return document.tie("ppt/slides/slide1.xml", "hyperlink", "https://example.com/", external=True).written()


def _slides_with_video() -> bytes:
    document = slide_document().tie("ppt/slides/slide1.xml", "video", "../media/media1.mp4")
    document.tie(
        "ppt/slides/slide1.xml",
        "media",
        "../media/media1.mp4",
        base="http://schemas.microsoft.com/office/2007/relationships",
    )
    document.tie("ppt/slides/slide1.xml", "image", "NULL")
    document.defaults["mp4"] = "video/mp4"
    return document.part("ppt/media/media1.mp4", mp4()).written()


def _with_smart_art() -> bytes:
    data = (
        f'{XML}<dgm:dataModel xmlns:dgm="http://schemas.openxmlformats.org/drawingml/2006/diagram" '
        f'xmlns:a="{A}"><dgm:ptLst/></dgm:dataModel>'
    )
    document = slide_document().tie("ppt/slides/slide1.xml", "diagramData", "../diagrams/data1.xml")
    return document.part("ppt/diagrams/data1.xml", data, f"{FORMAT}.drawingml.diagramData+xml").written()


def _odt_with_links() -> bytes:
    links = (
        '<text:p><text:a xlink:href="https://example.com/">a</text:a>'
        '<text:a xlink:href="#top|outline">b</text:a></text:p>'
    )
    frame = (
        '<draw:frame><draw:object xlink:href="./Object 1"/>'
        '<draw:image xlink:href="./ObjectReplacements/Object 1"/>'
        '<draw:image xlink:href="Pictures/1.png"/></draw:frame>'
    )
    chart = f'{XML}<office:document-content xmlns:office="urn:oasis:names:tc:opendocument:xmlns:office:1.0"/>'
    parts = {
        "Object 1/content.xml": chart,
        "ObjectReplacements/Object 1": b"VCLMTF" + bytes(90),
        "Pictures/1.png": png_with_text(),
    }
    return open_document(links + frame, parts=parts)


def _ods() -> bytes:
    cells = (
        '<table:table><table:table-cell table:formula="of:=SUM([.A1:.A9])"/>'
        '<table:table-cell table:formula="of:=IF([.A1]=&quot;a|b&quot;;1;0)"/></table:table>'
    )
    return open_document(cells, "spreadsheet")


def _odp() -> bytes:
    click = '<draw:page><presentation:event-listener presentation:action="next-page"/></draw:page>'
    return open_document(click, "presentation")


GOOD_OTHERS: dict[str, tuple[str, Maker]] = {
    "sheet of another sheet": ("xlsx", _sheet_of_a_sheet),
    "open slides with a video": ("odp", _odp_with_video),
    "sheet": ("xlsx", sheet),
    "sheet with formulas": ("xlsx", _sheet_with_formulas),
    "sheet with a printer": ("xlsx", _sheet_with_printer),
    "sheet with names": ("xlsx", _sheet_with_names),
    "sheet with a query of its own": ("xlsx", _sheet_with_query),
    "sheet with notes and boxes": ("xlsx", _sheet_with_notes),
    "large sheet": ("xlsx", _large_sheet),
    "slides": ("pptx", slides),
    "slides with links": ("pptx", _slides_with_links),
    "slides with a video": ("pptx", _slides_with_video),
    "slides with a diagram": ("pptx", _with_smart_art),
    "open text": ("odt", open_document),
    "open text with links and a chart": ("odt", _odt_with_links),
    "open sheet": ("ods", _ods),
    "open slides": ("odp", _odp),
}

GOOD = {**GOOD_LETTERS, **GOOD_OTHERS}
