"""Texts and tables of many countries, programs and habits."""

from __future__ import annotations

from tests.corpus.specimens import Maker, Received, Specimen, accept, always

LETTER = "Guten Tag,\nmeine Bestellung 4711 für 12,50 € ist noch nicht da.\nViele Grüße\nJürgen Müller\n"
JAPANESE = "こんにちは。\n注文番号４７１１がまだ届きません。\n"
RUSSIAN = "Здравствуйте!\nМой заказ 4711 ещё не пришёл.\n"
ARABIC = "مرحبا\nلم يصل طلبي رقم 4711 بعد.\n"
HEBREW = "שלום,\nההזמנה שלי 4711 לא הגיעה.\n"
GREEK = "Καλημέρα, η παραγγελία 4711 δεν ήρθε.\n"
HINDI = "नमस्ते, मेरा ऑर्डर 4711 नहीं आया।\n"
FLAGS = "We ship to 🏴\U000e0067\U000e0062\U000e0065\U000e006e\U000e0067\U000e007f and 🇩🇪 👩‍👩‍👧‍👦 👍🏽\n"


def is_as_it_came(received: Received) -> str:
    return "" if received.safe == received.original else "it was changed"


def reads(text: str) -> object:
    """Whether the copy is this text, in UTF-8."""

    def proof(received: Received) -> str:
        return "" if received.safe.decode("utf-8") == text else f"it reads {received.safe[:40]!r}"

    return proof


def has_no_more(*numbers: str) -> object:
    """Whether these are in the copy as they were, with no apostrophe before them."""

    def proof(received: Received) -> str:
        text = received.safe.decode("utf-8")
        return next(
            (f"{number!r} is gone" for number in numbers if number not in text or f"'{number}" in text), ""
        )

    return proof


LOG = "2026-05-01T09:41:00Z INFO order=4711 customer=42 status=delivered took=12.5ms\n"

AS_THEY_CAME: list[tuple[str, str, bytes]] = [
    ("in German", "Nachricht.txt", LETTER.encode()),
    ("in Japanese", "メモ.txt", JAPANESE.encode()),
    ("in Russian", "Письмо.txt", RUSSIAN.encode()),
    ("in Arabic", "رسالة.txt", ARABIC.encode()),
    ("in Hebrew", "מכתב.txt", HEBREW.encode()),
    ("in Greek", "γράμμα.txt", GREEK.encode()),
    ("in Hindi", "पत्र.txt", HINDI.encode()),
    ("with flags and families", "emoji.txt", FLAGS.encode()),
    ("with ends of line of Windows", "windows.txt", LETTER.replace("\n", "\r\n").encode()),
    ("with ends of line of old Macs", "mac.txt", LETTER.replace("\n", "\r").encode()),
    ("without an end of line", "one.txt", b"4711"),
    ("of one letter", "y.txt", b"y"),
    ("of spaces", "blank.txt", b"   \n\n\t\n"),
    ("of one long line", "long.txt", b"word " * 60_000),
    ("that is a log", "server.txt", LOG.encode() * 3000),
    ("that is large", "big.txt", LOG.encode() * 60_000),
    ("that begins like a picture of the old kind", "bm.txt", b"BM is the name of our shop.\n"),
    ("that begins like a program", "mz.txt", b"MZ 12 34 is the number of my car.\n"),
    ("that begins like a song", "id3.txt", b"ID3 tags of my songs are wrong.\n"),
    ("that begins like an archive", "pk.txt", b"PK, please call me back.\n"),
    ("that begins like a paper", "percent.txt", b"%PD is not a format, is it?\n"),
    ("that begins like a film", "river.txt", b"The wide river, and the free moov of it.\n"),
    ("that begins with a heart", "love.txt", b"<3 thank you so much!\n"),
    ("that begins with a quotation", "quote.txt", b"<ada@shop.example> wrote:\n> Hello\n"),
    ("that begins with a comparison", "less.txt", b"<= 5 kg costs 4.99, > 5 kg costs 9.99\n"),
    (
        "that is a letter with a head",
        "mail.txt",
        b"From: ada@shop.example\nTo: help@shop.example\nSubject: Order 4711\n"
        b"Date: Fri, 1 May 2026 09:41:00 +0200\n\nHello\n",
    ),
    (
        "that speaks of scripts",
        "howto.txt",
        b"Please put <script src=...> into the head, and call eval() never.\n",
    ),
    (
        "that speaks of a test for scanners",
        "eicar-about.txt",
        b"The EICAR test file begins with X5O!P%@AP and is 68 bytes long.\n",
    ),
    ("that speaks of commands", "admin.txt", b"Open PowerShell and run Get-Process; then cmd /c dir.\n"),
    ("that is a program of Python", "example.txt", b"import os\n\nprint(os.getcwd())\n"),
    ("that is JSON", "answer.txt", b'{"order": 4711, "items": ["tea", "mug"], "total": -12.5}\n'),
    ("that is a setting", "config.txt", b"[server]\nport = 8000\n; a remark\n"),
    ("that is Markdown", "README.txt", b"# Order\n\n- one\n- two\n\n| a | b |\n| - | - |\n"),
    ("that is a difference", "patch.txt", b"--- a/x\n+++ b/x\n@@ -1 +1 @@\n-old\n+new\n"),
    ("with a table of lines", "frame.txt", "┌──┬──┐\n│ a│ b│\n└──┴──┘\n".encode()),
    ("with tabs", "tabs.txt", b"a\tb\tc\n1\t2\t3\n"),
    (
        "with a secret in letters of sixty four",
        "key.txt",
        b"-----BEGIN CERTIFICATE-----\n" + b"MIIB" * 200 + b"\n-----END CERTIFICATE-----\n",
    ),
]

READ: list[tuple[str, str, bytes, str]] = [
    ("with a byte order mark", "Notepad.txt", b"\xef\xbb\xbf" + LETTER.encode(), LETTER),
    ("in UTF-16", "Unicode.txt", LETTER.encode("utf-16"), LETTER),
    ("in UTF-16, the other way", "Unicode2.txt", b"\xfe\xff" + LETTER.encode("utf-16-be"), LETTER),
    ("Japanese in UTF-16", "Unicode3.txt", JAPANESE.encode("utf-16"), JAPANESE),
    ("in letters of Windows", "Ansi.txt", LETTER.encode("cp1252"), LETTER),
    (
        "in Latin letters",
        "Latin.txt",
        LETTER.replace("€", "EUR").encode("latin-1"),
        LETTER.replace("€", "EUR"),
    ),
]

GUESSED: list[tuple[str, str, bytes]] = [
    ("Japanese of Windows", "sjis.txt", JAPANESE.encode("shift_jis")),
    ("Japanese of Unix", "eucjp.txt", JAPANESE.encode("euc_jp")),
    ("Russian of Windows", "cp1251.txt", RUSSIAN.encode("cp1251")),
    ("Russian of Unix", "koi8.txt", RUSSIAN.encode("koi8-r")),
    ("Greek of Windows", "cp1253.txt", GREEK.encode("cp1253")),
    ("Hebrew of Windows", "cp1255.txt", HEBREW.encode("cp1255")),
    ("Chinese", "gbk.txt", "你好，我的订单还没有到。\n".encode("gbk")),
    ("Chinese of Taiwan", "big5.txt", "你好，我的訂單還沒有到。\n".encode("big5")),
    ("Korean", "euckr.txt", "안녕하세요, 주문이 아직 도착하지 않았습니다.\n".encode("euc-kr")),
    ("Turkish", "cp1254.txt", "Siparişim gelmedi, teşekkürler.\n".encode("cp1254")),
    ("of DOS", "dos.txt", "Grüße aus Köln\r\n\x1a".encode("cp437")),
    ("with colours", "colours.txt", b"\x1b[32mok\x1b[0m 12 tests\n\x1b[31mfailed\x1b[0m 1 test\n"),
    ("with ends of pages", "print.txt", b"page one\n\x0cpage two\n"),
]

TABLES: list[tuple[str, str, bytes]] = [
    ("of orders", "orders.csv", b"id,date,total\n1,2026-05-01,12.50\n2,2026-05-02,-3.00\n"),
    ("of Excel in Germany", "Umsatz.csv", "Monat;Betrag\nMai;-1.234,56\nJuni;+12,00 €\n".encode()),
    ("of negative numbers", "balance.csv", b"a,b,c\n-1,-2.5,-3e5\n-1e-5,+7,-0\n"),
    ("of empty cells", "sparse.csv", b",,\n,a,\n,,b\n"),
    ("of telephones", "phones.csv", b"name,phone\nAda,+49 30 1234567\nBob,+1 (555) 010-9999\n"),
    ("of percentages", "change.csv", b"share,change\nA,-3%\nB,+4.5 %\n"),
    ("of money", "money.csv", "a,b\nrefund,-€12.50\nfee,-$3\nbonus,+CHF 5\n".encode()),
    ("of dates", "dates.csv", b"from,to\n2026-05-01,2026-05-31\n01.05.2026,31.05.2026\n"),
    ("of dashes", "gaps.csv", b"a,b\n-,--\n- ,x\n"),
    ("of addresses", "mails.csv", b"name,mail\nAda,ada@shop.example\n"),
    ("of quotations", "quoted.csv", b'id,note\n1,"He said ""hello"", and left"\n2,"two\nlines"\n'),
    ("with tabs", "tabs.csv", b"id\tname\n1\tAda\n"),
    ("with bars", "bars.csv", b"id|name\n1|Ada\n"),
    ("with a separator of its own", "sep.csv", b"sep=;\nid;name\n1;Ada\n"),
    ("of one cell", "cell.csv", b"4711"),
    ("of places", "places.csv", b"lat,lon\n-33.8688,151.2093\n52.52,-13.41\n"),
    ("of formulas as words", "words.csv", b"name,meaning\nsum,a = b + c\ntilde,~=\n"),
    ("that is large", "big.csv", b"id,name,total\n" + b"1,Ada Lovelace,-12.50\n" * 300_000),
    ("that is wide", "wide.csv", b",".join(b"%d" % n for n in range(5000)) + b"\n"),
]

OTHER_TABLES: list[tuple[str, str, bytes]] = [
    ("of Excel in UTF-16", "Unicode.csv", "Name\tBetrag\nJürgen\t-12,50\n".encode("utf-16")),
    ("of Excel with a byte order mark", "utf8.csv", "\ufeffName;Betrag\nJürgen;-12,50\n".encode()),
    ("of Excel of Windows", "ansi.csv", "Name;Betrag\nJürgen;-12,50 €\n".encode("cp1252")),
    ("of Japanese Excel", "sjis.csv", "名前,金額\n山田,-1200\n".encode("shift_jis")),
    ("of handles", "handles.csv", b"name,handle\nAda,@ada\nBob,@bob\n"),
    ("of a list of things", "todo.csv", b"task\n- buy tea\n- call Ada\n"),
]

ARABIC_MARKS = "السعر: \u200f12\u200e EUR\n"


def _made(content: bytes) -> Maker:
    return always(content)


TEXTS: tuple[Specimen, ...] = (
    *(
        accept("text", what, name, _made(content), proof=is_as_it_came)
        for what, name, content in AS_THEY_CAME
    ),
    *(accept("text", what, name, _made(content), proof=reads(text)) for what, name, content, text in READ),  # type: ignore[arg-type]
    *(accept("text", what, name, _made(content)) for what, name, content in GUESSED),
    accept(
        "text",
        "with marks of direction",
        "price.txt",
        _made(ARABIC_MARKS.encode()),
        proof=reads(ARABIC_MARKS),
    ),  # type: ignore[arg-type]
    *(
        accept("text", f"a table {what}", name, _made(content), proof=is_as_it_came)
        for what, name, content in TABLES
    ),
    *(accept("text", f"a table {what}", name, _made(content)) for what, name, content in OTHER_TABLES),
    accept(
        "text",
        "a table of Windows told as a sheet",
        "list.csv",
        _made(b"a;b\n1;-2\n"),
        proof=has_no_more("-2"),
        declared="application/vnd.ms-excel",
    ),  # type: ignore[arg-type]
)
