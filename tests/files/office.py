"""Makes Office documents part by part, laid out as the common programs lay them out."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

from tests.files.pictures import jpeg_with_gps, png_with_text

Parts = Mapping[str, str | bytes]

XML = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'
FORMAT = "application/vnd.openxmlformats-officedocument"
OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
PACKAGE = "http://schemas.openxmlformats.org/package/2006"
MICROSOFT = "http://schemas.microsoft.com/office/2006/relationships"
W = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
S = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
P = "http://schemas.openxmlformats.org/presentationml/2006/main"
A = "http://schemas.openxmlformats.org/drawingml/2006/main"
C = "http://schemas.openxmlformats.org/drawingml/2006/chart"
V = "urn:schemas-microsoft-com:vml"
O = "urn:schemas-microsoft-com:office:office"  # noqa: E741

DEFAULTS = {
    "rels": "application/vnd.openxmlformats-package.relationships+xml",
    "xml": "application/xml",
    "png": "image/png",
    "jpeg": "image/jpeg",
    "emf": "image/x-emf",
    "vml": f"{FORMAT}.vmlDrawing",
    "bin": f"{FORMAT}.spreadsheetml.printerSettings",
    "xlsx": f"{FORMAT}.spreadsheetml.sheet",
}
EMF = b"\x01\x00\x00\x00l\x00\x00\x00" + bytes(32) + b" EMF\x00\x00\x01\x00" + bytes(60)
PRINTER = "HP LaserJet".encode("utf-16-le").ljust(64, b"\x00") + b"\x01\x04\x00\x06\xdc\x00" + bytes(300)


Maker = Callable[[], bytes]
OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(600)
VBA = "application/vnd.ms-office.vbaProject"
ACTIVE, DAMAGED, MISNAMED = "active_content", "damaged", "type_mismatch"  # reasons


@dataclass
class Document:
    """A package in the making: its parts, what they are, and how they are tied together."""

    main: str
    main_type: str
    parts: dict[str, str | bytes] = field(default_factory=dict)
    types: dict[str, str] = field(default_factory=dict)
    defaults: dict[str, str] = field(default_factory=lambda: dict(DEFAULTS))
    ties: dict[str, list[str]] = field(default_factory=dict)

    def part(self, name: str, content: str | bytes, content_type: str = "") -> Document:
        self.parts[name] = content
        if content_type:
            self.types[name] = content_type
        return self

    def tie(
        self, source: str, kind: str, target: str, *, external: bool = False, base: str = OFFICE
    ) -> Document:
        """A relationship of `source`, which is empty for the package itself."""
        ties = self.ties.setdefault(source, [])
        mode = ' TargetMode="External"' if external else ""
        target = target.replace("&", "&amp;").replace('"', "&quot;")
        ties.append(f'<Relationship Id="rId{len(ties) + 1}" Type="{base}/{kind}" Target="{target}"{mode}/>')
        return self

    def written(self, *, types_last: bool = False, method: int = zipfile.ZIP_DEFLATED) -> bytes:
        parts: dict[str, str | bytes] = {}
        if not types_last:
            parts["[Content_Types].xml"] = self._types()
        for source, ties in self.ties.items():
            parts[_rels(source)] = (
                f'{XML}<Relationships xmlns="{PACKAGE}/relationships">{"".join(ties)}</Relationships>'
            )
        parts |= self.parts
        if types_last:
            parts["[Content_Types].xml"] = self._types()
        return packaged(parts, method)

    def _types(self) -> str:
        defaults = (
            f'<Default Extension="{key}" ContentType="{kind}"/>' for key, kind in self.defaults.items()
        )
        overrides = (
            f'<Override PartName="/{name}" ContentType="{kind}"/>' for name, kind in self.types.items()
        )
        return f'{XML}<Types xmlns="{PACKAGE}/content-types">{"".join((*defaults, *overrides))}</Types>'


def packaged(parts: Parts, method: int = zipfile.ZIP_DEFLATED) -> bytes:
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", method) as output:
        for name, content in parts.items():
            info = zipfile.ZipInfo(name, (1980, 1, 1, 0, 0, 0))
            output.writestr(info, content, zipfile.ZIP_STORED if name == "mimetype" else method)
    return file.getvalue()


def _rels(source: str) -> str:
    folder, _, name = source.rpartition("/")
    return f"{folder}/_rels/{name}.rels" if folder else f"_rels/{name}.rels"


def _started(main: str, main_type: str) -> Document:
    document = Document(main, main_type, types={main: main_type})
    document.tie("", "officeDocument", main)
    document.tie("", "metadata/core-properties", "docProps/core.xml", base=f"{PACKAGE}/relationships")
    document.tie("", "extended-properties", "docProps/app.xml")
    core = (
        f'{XML}<cp:coreProperties xmlns:cp="{PACKAGE}/metadata/core-properties" '
        f'xmlns:dc="http://purl.org/dc/elements/1.1/"><dc:creator>Somebody</dc:creator>'
        f"</cp:coreProperties>"
    )
    document.part("docProps/core.xml", core, "application/vnd.openxmlformats-package.core-properties+xml")
    app = (
        f"{XML}<Properties "
        f'xmlns="http://schemas.openxmlformats.org/officeDocument/2006/extended-properties">'
        f"<Application>Office</Application></Properties>"
    )
    return document.part("docProps/app.xml", app, f"{FORMAT}.extended-properties+xml")


def paragraph(text: str) -> str:
    return f"<w:p><w:r><w:t>{text}</w:t></w:r></w:p>"


def run(inner: str) -> str:
    return f"<w:p><w:r>{inner}</w:r></w:p>"


def field_of(*pieces: str, result: str = "1") -> str:
    """A field whose instruction is spread over as many runs."""
    told = "".join(f'<w:r><w:instrText xml:space="preserve">{piece}</w:instrText></w:r>' for piece in pieces)
    mark = '<w:r><w:fldChar w:fldCharType="{}"/></w:r>'.format
    shown = f"<w:r><w:t>{result}</w:t></w:r>"
    return f"<w:p>{mark('begin')}{told}{mark('separate')}{shown}{mark('end')}</w:p>"


def word_document(body: str = paragraph("Dear Sir or Madam")) -> Document:
    document = _started("word/document.xml", f"{FORMAT}.wordprocessingml.document.main+xml")
    document.tie(document.main, "styles", "styles.xml").tie(document.main, "settings", "settings.xml")
    document.part("word/document.xml", w("document", f"<w:body>{body}</w:body>"))
    document.part(
        "word/styles.xml", w("styles", '<w:style w:styleId="a"/>'), f"{FORMAT}.wordprocessingml.styles+xml"
    )
    settings = w("settings", '<w:zoom w:percent="100"/>')
    return document.part("word/settings.xml", settings, f"{FORMAT}.wordprocessingml.settings+xml")


def w(name: str, inner: str) -> str:
    spaces = f'xmlns:w="{W}" xmlns:r="{OFFICE}" xmlns:v="{V}" xmlns:o="{O}" xmlns:a="{A}"'
    return f"{XML}<w:{name} {spaces}>{inner}</w:{name}>"


def cell(formula: str) -> str:
    return f'<c r="A1"><f>{formula}</f><v>1</v></c>'


def sheet_document(
    cells: str = '<c r="A1" t="inlineStr"><is><t>Total</t></is></c>', *, names: str = ""
) -> Document:
    document = _started("xl/workbook.xml", f"{FORMAT}.spreadsheetml.sheet.main+xml")
    document.tie(document.main, "worksheet", "worksheets/sheet1.xml")
    sheets = '<sheets><sheet name="Sheet1" sheetId="1" r:id="rId1"/></sheets>'
    document.part("xl/workbook.xml", s("workbook", f"{sheets}<definedNames>{names}</definedNames>"))
    sheet = s("worksheet", f'<sheetData><row r="1">{cells}</row></sheetData>')
    return document.part("xl/worksheets/sheet1.xml", sheet, f"{FORMAT}.spreadsheetml.worksheet+xml")


def s(name: str, inner: str) -> str:
    return f'{XML}<{name} xmlns="{S}" xmlns:r="{OFFICE}">{inner}</{name}>'


def slide_document(shapes: str = "") -> Document:
    document = _started("ppt/presentation.xml", f"{FORMAT}.presentationml.presentation.main+xml")
    document.tie(document.main, "slide", "slides/slide1.xml")
    document.part(
        "ppt/presentation.xml", p("presentation", '<p:sldIdLst><p:sldId id="256" r:id="rId1"/></p:sldIdLst>')
    )
    slide = p("sld", f"<p:cSld><p:spTree>{shapes}</p:spTree></p:cSld>")
    return document.part("ppt/slides/slide1.xml", slide, f"{FORMAT}.presentationml.slide+xml")


def p(name: str, inner: str) -> str:
    return f'{XML}<p:{name} xmlns:p="{P}" xmlns:a="{A}" xmlns:r="{OFFICE}">{inner}</p:{name}>'


def word() -> bytes:
    return word_document().written()


def sheet() -> bytes:
    return sheet_document().written()


def slides() -> bytes:
    return slide_document().written()


def word_with_chart(workbook: bytes | None = None) -> bytes:
    """A chart keeps its numbers in a workbook of its own."""
    document = word_document().tie("word/document.xml", "chart", "charts/chart1.xml")
    chart = (
        f'{XML}<c:chartSpace xmlns:c="{C}" xmlns:r="{OFFICE}"><c:chart/><c:f>Sheet1!$A$1:$A$4</c:f>'
        f'<c:externalData r:id="rId1"/></c:chartSpace>'
    )
    document.part("word/charts/chart1.xml", chart, f"{FORMAT}.drawingml.chart+xml")
    document.tie("word/charts/chart1.xml", "package", "../embeddings/Microsoft_Excel_Worksheet.xlsx")
    return document.part("word/embeddings/Microsoft_Excel_Worksheet.xlsx", workbook or sheet()).written()


def word_with_pictures() -> bytes:
    document = word_document(
        paragraph("See") + run("<w:pict><v:shape><v:imagedata r:id='rId5'/></v:shape></w:pict>")
    )
    for target in ("media/image1.png", "media/image2.jpeg", "media/image3.emf"):
        document.tie(document.main, "image", target)
    document.part("word/media/image1.png", png_with_text()).part("word/media/image2.jpeg", jpeg_with_gps())
    return document.part("word/media/image3.emf", EMF).written()


OPEN = "urn:oasis:names:tc:opendocument:xmlns"
ODF = "application/vnd.oasis.opendocument"
SPACES = (
    " ".join(
        f'xmlns:{name}="{OPEN}:{name}:1.0"'
        for name in (
            "office",
            "text",
            "table",
            "draw",
            "script",
            "presentation",
            "form",
            "style",
            "meta",
            "svg-compatible",
        )
    )
    + ' xmlns:xlink="http://www.w3.org/1999/xlink"'
)


def open_document(
    body: str = "<text:p>Dear Sir or Madam</text:p>",
    kind: str = "text",
    *,
    scripts: str = "<office:scripts/>",
    parts: Parts | None = None,
    entries: str = "",
    mimetype: str | None = None,
    manifest_type: str | None = None,
) -> bytes:
    """As LibreOffice lays it out: the type first, the manifest last."""
    root = f"{ODF}.{kind}" if manifest_type is None else manifest_type
    inner = f"{scripts}<office:body><office:{kind}>{body}</office:{kind}></office:body>"
    content = f"{XML}<office:document-content {SPACES}>{inner}</office:document-content>"
    meta = (
        f"{XML}<office:document-meta {SPACES}><office:meta>"
        f'<meta:template xlink:href="../../letter.ott"/></office:meta></office:document-meta>'
    )
    manifest = (
        f'{XML}<manifest:manifest xmlns:manifest="{OPEN}:manifest:1.0">'
        f'<manifest:file-entry manifest:full-path="/" manifest:media-type="{root}"/>'
        f'<manifest:file-entry manifest:full-path="content.xml" manifest:media-type="text/xml"/>{entries}'
        "</manifest:manifest>"
    )
    return packaged(
        {
            "mimetype": f"{ODF}.{kind}" if mimetype is None else mimetype,
            "Configurations2/accelerator/": b"",
            "Configurations2/images/Bitmaps/": b"",
            "content.xml": content,
            "meta.xml": meta,
            "styles.xml": f"{XML}<office:document-styles {SPACES}/>",
            "Thumbnails/thumbnail.png": png_with_text(),
            **(parts or {}),
            "META-INF/manifest.xml": manifest,
        }
    )
