"""OpenDocuments that act by themselves, or hide what they are, each with the reason why not."""

from __future__ import annotations

from tests.files.archives import PROGRAM
from tests.files.office import ACTIVE, DAMAGED, MISNAMED, ODF, OLE, OPEN, XML, Maker, open_document, packaged

SCRIPT = "vnd.sun.star.script:Standard.Module1.Main?language=Basic&amp;location=document"
LISTENER = (
    f'<office:scripts><office:event-listeners><script:event-listener xlink:href="{SCRIPT}"/>'
    f"</office:event-listeners></office:scripts>"
)
FRAME = '<draw:frame><draw:{} xlink:href="{}"/></draw:frame>'.format


def _open(body: str, kind: str = "text", **more: object) -> Maker:
    return lambda: open_document(body, kind, **more)


BAD_OPEN: dict[str, tuple[str, Maker, str]] = {
    "open macros": ("odt", _open("", parts={"Basic/Standard/Module1.xml": XML + "<a/>"}), ACTIVE),
    "open script": ("odt", _open("", parts={"Scripts/python/a.py": "1"}), ACTIVE),
    "open listener": ("odt", _open("", scripts=LISTENER), ACTIVE),
    "open button": (
        "odp",
        _open(
            '<draw:page><presentation:event-listener presentation:action="execute"/></draw:page>',
            "presentation",
        ),
        ACTIVE,
    ),
    "open link to a script": ("odt", _open(f'<text:a xlink:href="{SCRIPT}">a</text:a>'), ACTIVE),
    "open link to a file": ("odt", _open('<text:a xlink:href="file:///c:/a.exe">a</text:a>'), ACTIVE),
    "open picture elsewhere": ("odt", _open(FRAME("image", "http://example.com/a.png")), ACTIVE),
    "open picture on a share": ("odt", _open(FRAME("image", "//192.0.2.1/a.png")), ACTIVE),
    "open picture above": ("odt", _open(FRAME("image", "../../a.png")), ACTIVE),
    "open object": ("odt", _open(FRAME("object-ole", "./Object 1"), parts={"Object 1": OLE}), ACTIVE),
    "open object by content": ("odt", _open("", parts={"Object 1": OLE}), ACTIVE),
    "open frame": ("odt", _open(FRAME("floating-frame", "http://example.com")), ACTIVE),
    "open section elsewhere": (
        "odt",
        _open('<text:section-source xlink:href="http://example.com/a.odt"/>'),
        ACTIVE,
    ),
    "open live link": (
        "ods",
        _open('<office:dde-source office:dde-application="soffice"/>', "spreadsheet"),
        ACTIVE,
    ),
    "open formula": (
        "ods",
        _open(
            (
                '<table:table-cell table:formula="of:=COM.MICROSOFT.WEBSERVICE(&quot;http://example.com&quot;)"/>'
            ),
            "spreadsheet",
        ),
        ACTIVE,
    ),
    "open live formula": (
        "ods",
        _open(
            '<table:table-cell table:formula="of:=DDE(&quot;soffice&quot;;&quot;a&quot;;&quot;b&quot;)"/>',
            "spreadsheet",
        ),
        ACTIVE,
    ),
    "open formula of another file": (
        "ods",
        _open("<table:table-cell table:formula=\"of:=['file:///a.ods'#$A.A1]\"/>", "spreadsheet"),
        ACTIVE,
    ),
    "open, locked": (
        "odt",
        _open(
            "",
            entries=(
                '<manifest:file-entry manifest:full-path="a"><manifest:encryption-data/>'
                "</manifest:file-entry>"
            ),
        ),
        "encrypted",
    ),
    "open sheet called a text": ("odt", _open("", "spreadsheet"), MISNAMED),
    "open with two types": ("odt", _open("", manifest_type=f"{ODF}.spreadsheet"), MISNAMED),
    "open without content": ("odt", lambda: packaged({"mimetype": f"{ODF}.text"}), DAMAGED),
    "open program": ("odt", _open("", parts={"Pictures/a.png": PROGRAM}), ACTIVE),
    "open sheet of another file": (
        "ods",
        _open('<table:table><table:table-source xlink:href="../prices.ods"/></table:table>', "spreadsheet"),
        ACTIVE,
    ),
    "open sheet of a site": (
        "ods",
        _open('<table:cell-range-source xlink:href="http://example.com/a.csv"/>', "spreadsheet"),
        ACTIVE,
    ),
    "open sheet with a live link": (
        "ods",
        _open(
            '<table:dde-links><table:dde-link><office:dde-source office:dde-application="cmd" '
            'office:dde-topic="/C calc" office:dde-item="x"/></table:dde-link></table:dde-links>',
            "spreadsheet",
        ),
        ACTIVE,
    ),
    "open sheet with a query": (
        "ods",
        _open(
            '<table:database-range><table:database-source-sql table:database-name="a" '
            'xlink:href="http://example.com/a.odb"/></table:database-range>',
            "spreadsheet",
        ),
        ACTIVE,
    ),
    "open condition that calls out": (
        "ods",
        _open(
            '<table:content-validation table:condition="of:WEBSERVICE(&quot;http://example.com&quot;)"/>',
            "spreadsheet",
        ),
        ACTIVE,
    ),
    "open slides with a film elsewhere": (
        "odp",
        _open(f"<draw:page>{FRAME('plugin', 'http://example.com/a.mp4')}</draw:page>", "presentation"),
        ACTIVE,
    ),
    "open slides with a sound elsewhere": (
        "odp",
        _open('<draw:page><presentation:sound xlink:href="//192.0.2.1/a.wav"/></draw:page>', "presentation"),
        ACTIVE,
    ),
    "open slides with an applet": (
        "odp",
        _open(f"<draw:page>{FRAME('applet', './a')}</draw:page>", "presentation"),
        ACTIVE,
    ),
    "open slides with macros": (
        "odp",
        _open("", "presentation", parts={"Basic/script-lc.xml": XML + "<a/>"}),
        ACTIVE,
    ),
    "open sheet with macros": (
        "ods",
        _open("", "spreadsheet", parts={"Basic/Standard/Module1.xml": XML + "<a/>"}),
        ACTIVE,
    ),
    "open document type": (
        "odt",
        _open("", parts={"settings.xml": '<!DOCTYPE a [<!ENTITY b SYSTEM "file:///etc/passwd">]><a>&b;</a>'}),
        ACTIVE,
    ),
    "open sheet, locked": (
        "ods",
        _open(
            "",
            "spreadsheet",
            entries=(
                '<manifest:file-entry manifest:full-path="content.xml"><manifest:encryption-data/>'
                "</manifest:file-entry>"
            ),
        ),
        "encrypted",
    ),
    # LibreOffice 24.2 and later: the whole document is one part.
    "open text, locked as a whole": (
        "odt",
        lambda: packaged(
            {
                "mimetype": f"{ODF}.text",
                "encrypted-package": b"\x01\x02" * 500,
                "META-INF/manifest.xml": (
                    f'{XML}<manifest:manifest xmlns:manifest="{OPEN}:manifest:1.0">'
                    '<manifest:file-entry manifest:full-path="encrypted-package">'
                    "<manifest:encryption-data/></manifest:file-entry></manifest:manifest>"
                ),
            }
        ),
        "encrypted",
    ),
    "open drawing with a script": (
        "odp",
        _open(
            "",
            "presentation",
            parts={"Pictures/a.svg": '<svg xmlns="http://www.w3.org/2000/svg"><script>x()</script></svg>'},
        ),
        ACTIVE,
    ),
}
