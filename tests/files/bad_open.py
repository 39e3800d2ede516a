"""OpenDocuments that act by themselves, or hide what they are, each with the reason why not."""

from __future__ import annotations

from tests.files.archives import PROGRAM
from tests.files.office import ACTIVE, DAMAGED, MISNAMED, ODF, OLE, XML, Maker, open_document, packaged

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
}
