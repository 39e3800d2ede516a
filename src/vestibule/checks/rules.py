"""Rules: patterns of what no customer sends, looked for by YARA-X, without any daemon.

Our own are in the folder `rules` beside this file; the operator's own come from the configuration. They are
compiled once, at the start. YARA-X holds Python's lock while it scans (25 MiB take ours 35 to 110 ms), so a
rule that is slow slows everybody: what its compiler calls slow is told in the log, and a scan is cut off.
"""

from __future__ import annotations

import asyncio
import hashlib
from collections.abc import Awaitable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from importlib.metadata import version
from pathlib import Path
from typing import BinaryIO, get_args

import msgspec
import structlog
import yara_x

from vestibule.checks.content_types import family_of
from vestibule.checks.filename import extension_of
from vestibule.checks.rebuilding import original
from vestibule.errors import ConfigurationError
from vestibule.models import Outcome, Verdict
from vestibule.ports import Finding, Specimen, Storage
from vestibule.refusals import REFUSALS

log = structlog.get_logger(__name__)

OWN = Path(__file__).with_name("rules")
SUFFIXES = frozenset({".yar", ".yara"})
GLOBALS = ("content_type", "family", "filename", "extension", "role")  # what a rule may ask about a file
SEVERITY: tuple[Outcome, ...] = ("infected", "refused", "encrypted", "too_large", "suspicious")
SCAN_SECONDS = 5.0  # of one scan: the server stands still meanwhile
WHOLE = 25 << 20  # bytes: what the house takes by itself is scanned in one
PIECE, OVERLAP = 8 << 20, 1 << 19  # bytes: of what is larger, so that memory stays flat


class Meaning(msgspec.Struct, frozen=True):
    """What a rule says of itself. One that says nothing is a rule of the site."""

    outcome: Outcome = "refused"
    reason: str = "rule"
    why: str = ""


Matches = list[tuple[str, Meaning]]  # the names of rules, worst first
Told = Mapping[str, str]


@dataclass(frozen=True, slots=True)
class RuleSet:
    """Compiled rules, with a digest of their sources."""

    rules: yara_x.Rules
    digest: str

    @property
    def version(self) -> str:
        return f"yara-x {version('yara-x')}, rules {self.digest[:12]}"

    @classmethod
    def compiled(cls, places: Sequence[Path] = (), *, own: bool = True) -> RuleSet:
        """Our own rules and those of files and folders. Raises `ConfigurationError`, with file and line."""
        compiler = yara_x.Compiler(includes_enabled=False)
        for name in GLOBALS:
            compiler.define_global(name, "")
        digest = hashlib.sha256()
        for file in (file for place in ((OWN, *places) if own else places) for file in _files(place)):
            source = _read(file)
            digest.update(len(source).to_bytes(8) + source.encode())
            _add(compiler, file, source)
        rules = compiler.build()
        for rule in rules:
            meaning_of(rule)
        return cls(rules, digest.hexdigest())

    def scan(self, path: str, told: Told, seconds: float) -> Matches:
        """The rules that a file matches, worst first; `seconds` are whole ones. Raises what YARA-X raises."""
        found = self.search([("", _windows_of(path))], told, seconds)
        return found[1] if found else []

    def search(
        self, pieces: Iterable[tuple[str, Iterable[bytes | Path]]], told: Told, seconds: float
    ) -> tuple[str, Matches] | None:
        """Of pieces with their names, each in windows: the one with the worst match, and what it matches.

        Each window may take `seconds`. Raises what YARA-X raises.
        """
        scanner = yara_x.Scanner(self.rules)
        worst: tuple[str, Matches] | None = None
        try:
            scanner.set_timeout(max(1, int(seconds)))
            for name, value in told.items():
                scanner.set_global(name, value)
            for name, windows in pieces:
                matches = _matches(scanner, windows)
                if matches and (worst is None or _severity(matches) < _severity(worst[1])):
                    worst = name, matches
        finally:
            del scanner  # it must end in the thread that made it, and an error would take it along
        return worst


def windows(size: int, whole: int = WHOLE) -> Iterator[tuple[int, int]]:
    """Start and length. What is more than `whole` bytes comes in pieces that overlap."""
    if size <= whole:
        yield 0, size
        return
    for start in range(0, size, PIECE - OVERLAP):
        yield start, min(PIECE, size - start)


def _windows_of(path: str) -> Iterator[bytes | Path]:
    size = Path(path).stat().st_size
    if size <= WHOLE:
        yield Path(path)
        return
    with Path(path).open("rb") as file:
        for start, length in windows(size):
            file.seek(start)
            yield file.read(length)


def _matches(scanner: yara_x.Scanner, windows: Iterable[bytes | Path]) -> Matches:
    found: dict[str, Meaning] = {}
    try:
        for window in windows:
            scanned = scanner.scan_file(str(window)) if isinstance(window, Path) else scanner.scan(window)
            found |= {rule.identifier: meaning_of(rule) for rule in scanned.matching_rules}
    finally:
        del scanner  # see `search`
    return sorted(found.items(), key=lambda named: SEVERITY.index(named[1].outcome))


def _severity(matches: Matches) -> int:
    return SEVERITY.index(matches[0][1].outcome)


class RulesCheck:
    """Looks through a file's own bytes; `contents` looks into it. See the port `Check`."""

    name = "rules"

    def __init__(
        self, rules: RuleSet, *, scan_seconds: float = SCAN_SECONDS, folder: Path | None = None
    ) -> None:
        """`folder` is for temporary files; None: the system's."""
        self.seconds = 120.0
        self._rules, self._scan_seconds, self._folder = rules, scan_seconds, folder

    def applies(self, specimen: Specimen) -> bool:
        return True

    async def __call__(self, specimen: Specimen, storage: Storage) -> Finding:
        async with original(specimen, storage, self._folder) as file:
            verdict = await self._look(file, specimen)
        return Finding(verdict=verdict)

    async def _look(self, file: Path | BinaryIO, specimen: Specimen) -> Verdict:
        seconds = self._scan_seconds
        scan = asyncio.to_thread(self._rules.scan, _path(file), told(specimen), seconds)
        outcome, reason, detail = await judged(scan, seconds)
        return Verdict(
            outcome=outcome, check=self.name, reason=reason, detail=detail, version=self._rules.version
        )


async def judged(scan: Awaitable[Matches], seconds: float) -> tuple[Outcome, str, str]:
    """Outcome, reason and detail of a scan, whatever becomes of it."""
    try:
        found = await scan
    except (yara_x.TimeoutError, TimeoutError):
        return "timeout", "check_failed", f"no end in {seconds:g} s"
    except (KeyboardInterrupt, SystemExit, asyncio.CancelledError):
        raise
    except BaseException as error:  # a panic in YARA-X is no `Exception`
        return "error", "check_failed", f"{type(error).__name__}: {error}"
    if not found:
        return "clean", "", ""
    names = "; ".join(f"{name}: {meaning.why}" if meaning.why else name for name, meaning in found)
    return found[0][1].outcome, found[0][1].reason, names[:1000]


def meaning_of(rule: yara_x.Rule) -> Meaning:
    """Raises `ConfigurationError` for an outcome that lets a file on, or a reason that nobody knows."""
    said = {key: value for key, value in rule.metadata if key in Meaning.__struct_fields__}
    outcome = said.get("outcome", Meaning().outcome)
    default = {"infected": "infected", "suspicious": "check_pending"}.get(str(outcome), "rule")
    reason = said.get("reason", default)
    if outcome not in SEVERITY or outcome not in get_args(Outcome):
        raise ConfigurationError(
            f"The rule {rule.identifier!r}: its outcome is one of {', '.join(SEVERITY)}."
        )
    if reason not in REFUSALS:
        raise ConfigurationError(f"The rule {rule.identifier!r}: there is no reason {reason!r}.")
    return Meaning(outcome, str(reason), str(said.get("why", "")))


def _files(place: Path) -> Iterator[Path]:
    if not place.is_dir():
        yield place
        return
    files = sorted(file for file in place.rglob("*") if file.suffix in SUFFIXES and file.is_file())
    if not files:
        raise ConfigurationError(f"The folder {place} has no rules (files that end in .yar or .yara).")
    yield from files


def _read(file: Path) -> str:
    try:
        return file.read_text(encoding="utf-8")
    except (OSError, ValueError) as error:
        raise ConfigurationError(f"The rules {file} cannot be read: {error}.") from error


def _add(compiler: yara_x.Compiler, file: Path, source: str) -> None:
    """Each file has a namespace of its own, so that two may use the same name."""
    compiler.new_namespace(str(file))
    heard = len(compiler.warnings())
    try:
        compiler.add_source(source, origin=str(file))
    except yara_x.CompileError as error:
        raise ConfigurationError(f"A rule does not compile. {error}") from error
    for warning in compiler.warnings()[heard:] if OWN not in file.parents else ():
        log.warning("a rule is doubtful", file=str(file), line=warning["line"], warning=warning["title"])


def _path(file: Path | BinaryIO) -> str:
    return str(file) if isinstance(file, Path) else f"/proc/self/fd/{file.fileno()}"


def told(specimen: Specimen) -> Told:
    """What a rule may ask about a file."""
    kind = specimen.content_type
    return {
        "content_type": kind,
        "family": family_of(kind),
        "filename": specimen.filename.encode("utf-8", "replace").decode(),
        "extension": extension_of(specimen.filename),
        "role": specimen.role,
    }
