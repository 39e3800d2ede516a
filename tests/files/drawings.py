"""Makes SVG drawings as programs write them, and as tricksters do."""

from __future__ import annotations

import base64
from pathlib import Path

from tests.files.pictures import SECRET, bomb_png, png_with_text

SPACES = 'xmlns="http://www.w3.org/2000/svg" xmlns:xlink="http://www.w3.org/1999/xlink"'
SCENE = (
    '<path fill="red" d="M0 0h80v60H0z"/><path fill="lime" d="M240 0h80v60h-80z"/>'
    '<path fill="blue" d="M0 180h80v60H0z"/><path fill="white" d="M240 180h80v60h-80z"/>'
)
ILLUSTRATOR = (
    '<?xml version="1.0" encoding="utf-8"?>\n<!-- Generator: a program -->\n'
    '<!DOCTYPE svg PUBLIC "-//W3C//DTD SVG 1.1//EN" "http://www.w3.org/Graphics/SVG/1.1/DTD/svg11.dtd" [\n'
    + "".join(f'\t<!ENTITY ns_{n} "http://ns.example.com/a/long/enough/name/{n}/">\n' for n in range(20))
    + '\t<!ENTITY ns_svg "http://www.w3.org/2000/svg">\n]>\n'
)
OTHER = "http://192.0.2.1/a"


def drawing(inside: str = SCENE, *, head: str = "", size: str = 'width="320" height="240"') -> bytes:
    """The scene, with a remark as programs leave it."""
    remark = f"<metadata>{SECRET}</metadata><!-- {SECRET} -->"
    return f'{head}<svg {SPACES} viewBox="0 0 320 240" {size}>{remark}{inside}</svg>'.encode()


def of_illustrator() -> bytes:
    return (
        drawing(head=ILLUSTRATOR)
        .replace(b"http://www.w3.org/2000/svg", b"&ns_svg;", 2)
        .replace(b'"&ns_svg;">\n]', b'"http://www.w3.org/2000/svg">\n]')
    )


def with_picture(target: str) -> bytes:
    return drawing(f'<image width="320" height="240" xlink:href="{target}"/>')


def picture(content: bytes, kind: str = "image/png") -> str:
    """A picture within the drawing itself."""
    return f"data:{kind};base64,{base64.b64encode(content).decode()}"


GOOD_DRAWINGS: dict[str, bytes] = {
    "plain": drawing(),
    "without a size": drawing(size=""),
    "with a declaration": drawing(head='<?xml version="1.0"?>\n'),
    "in utf-16": b"\xff\xfe" + drawing().decode().encode("utf-16-le"),
    "of a program with entities": of_illustrator(),
    "with a style": drawing("<style>.a{fill:red}</style>" + SCENE.replace('fill="red"', 'class="a"')),
    "with a gradient": drawing(
        '<linearGradient id="g"><stop stop-color="red"/><stop offset="1" stop-color="red"/></linearGradient>'
        + SCENE.replace('fill="red"', 'fill="url(#g)"')
    ),
    "in another name": drawing().replace(b"xmlns=", b"xmlns:svg=").replace(b"<svg", b"<svg:svg")
    .replace(b"</svg", b"</svg:svg").replace(b"<path", b"<svg:path").replace(b"<metadata", b"<svg:metadata")
    .replace(b"</metadata", b"</svg:metadata"),
}  # fmt: skip

# What acts, or leads out, in a browser: the drawing shows, and nothing else happens.
INERT_DRAWINGS: dict[str, bytes] = {
    "script": drawing(f"<script>fetch('{OTHER}')</script>{SCENE}"),
    "script elsewhere": drawing(f'<script xlink:href="{OTHER}.js"/>{SCENE}'),
    "handlers": drawing(SCENE.replace("<path", "<path onclick='x()' onload='x()'")),
    "links": drawing(f'<a xlink:href="javascript:alert(1)">{SCENE}</a>'),
    "animated link": drawing(f'<a>{SCENE}<animate attributeName="href" values="javascript:x()"/></a>'),
    "style elsewhere": drawing(f"<style>@import url({OTHER}.css);</style>{SCENE}"),
    "style sheet": drawing(head=f'<?xml-stylesheet href="{OTHER}.css"?>'),
    "font elsewhere": drawing(f"<style>@font-face{{src:url({OTHER}.woff)}}</style>{SCENE}"),
    "picture elsewhere": drawing(f'<image width="9" height="9" xlink:href="{OTHER}.png"/>{SCENE}'),
    "other drawing": drawing(f'<use xlink:href="{OTHER}.svg#a"/>{SCENE}'),
    "paint elsewhere": drawing(f'<path fill="url({OTHER}.svg#a)" d="M90 90h9v9z"/>{SCENE}'),
    "filter elsewhere": drawing(
        f'<filter id="f"><feImage xlink:href="{OTHER}.png"/></filter>'
        f'<path filter="url(#f)" d="M90 90h9v9z"/>{SCENE}'
    ),
    "entity elsewhere": drawing(head='<!DOCTYPE svg [<!ENTITY x SYSTEM "file:///etc/passwd">]>'),
    "document type elsewhere": drawing(head=f'<!DOCTYPE svg SYSTEM "{OTHER}.dtd">'),
}


def _within(depth: int, wrap: str, inside: str = SCENE) -> bytes:
    return drawing(f"<{wrap}>" * depth + inside + f"</{wrap}>" * depth)


def _copies(levels: int) -> bytes:
    """Ten copies of ten copies of ten copies..."""
    first = '<g id="a0"><path d="M0 0h1v1z"/></g>'
    rest = "".join(f'<g id="a{n + 1}">' + f'<use xlink:href="#a{n}"/>' * 10 + "</g>" for n in range(levels))
    return drawing(first + rest)


def _laughs() -> bytes:
    entities = "".join(f'<!ENTITY a{n + 1} "{f"&a{n};" * 10}">' for n in range(9))
    return drawing("<desc>&a9;</desc>", head=f'<!DOCTYPE svg [<!ENTITY a0 "{"a" * 100}">{entities}]>')


OCTAVES = '<filter id="f"><feTurbulence baseFrequency="0.1" numOctaves="100000"/></filter>'

# A few bytes that ask for hours: which of its limits stops it depends on what else the machine does.
ENDLESS = drawing(OCTAVES + '<path filter="url(#f)" d="M0 0h9v9z"/>')

BAD_DRAWINGS: dict[str, tuple[bytes, str]] = {
    "laughs": (_laughs(), "too_complex"),
    "deep": (_within(1000, "g"), "too_complex"),
    "very deep": (_within(100_000, "g"), "too_complex"),
    "many": (drawing('<path d="M0 0h1v1z"/>' * 210_000), "too_complex"),
    "large": (drawing("<!--" + " " * (5 << 20) + "-->"), "too_complex"),
    "copies of copies": (_copies(8), "too_complex"),
    "drawing in a drawing": (with_picture(picture(drawing(), "image/svg+xml")), "too_complex"),
    "drawing called a text": (with_picture(picture(drawing(), "text/plain")), "too_complex"),
    "drawing called nothing": (with_picture(picture(drawing(), "")), "too_complex"),
    "drawing called a picture": (with_picture(picture(drawing(), " IMAGE/svg+xml")), "too_complex"),
    "entity elsewhere, used": (
        drawing("<desc>&x;</desc>", head='<!DOCTYPE svg [<!ENTITY x SYSTEM "file:///etc/passwd">]>'),
        "damaged",
    ),
    "nothing": (drawing(size='width="0" height="0"'), "damaged"),
    "half": (drawing()[:-30], "damaged"),
    "text": (drawing("<text>Hello</text>"), "type_not_accepted"),
    "page within": (
        drawing('<foreignObject><p xmlns="http://www.w3.org/1999/xhtml">a</p></foreignObject>'),
        "type_not_accepted",
    ),
    "page": (
        b'<?xml version="1.0"?><html xmlns="http://www.w3.org/1999/xhtml"><svg/></html>',
        "type_mismatch",
    ),
    "another svg": (b"<svg><path/></svg>", "type_mismatch"),
    "not text": (drawing() + b"\0", "type_mismatch"),
}


def with_picture_of(path: Path) -> bytes:
    """A drawing of a file that lies on the server's disk."""
    path.write_bytes(png_with_text())
    return with_picture(str(path))


def with_bomb() -> bytes:
    return with_picture(picture(bomb_png(30_000)))
