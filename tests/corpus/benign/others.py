"""Files of other people, as the packages that are installed here ship them: pictures, tables, texts, papers.

They are looked for when asked, and taken where they are; no count depends on them. Only what a customer could
send is taken, and only what is a whole and readable file by its makers' own account.
"""

from __future__ import annotations

import gzip
from collections.abc import Iterator
from functools import partial
from importlib.metadata import PackageNotFoundError, files
from pathlib import Path

from tests.corpus.specimens import Specimen, accept

LARGEST = 8 << 20  # bytes
MOST = 24  # of one kind from one package

# Packages of `make setup`, with the endings of what is taken of each.
OF_PYTHON: dict[str, tuple[str, ...]] = {
    "matplotlib": (".png", ".jpg", ".pdf", ".csv"),
    "numpy": (".csv", "LICENSE.txt"),
    "networkx": (".png",),
    "sympy": (".png",),
    "werkzeug": (".png",),
    "lxml": (".txt",),
    "urllib3": ("LICENSE.txt",),
    "pikepdf": ("LICENSE.txt",),
    "pillow": ("LICENSE",),
    "pi-heif": (".txt",),
    "hypothesis": (".txt",),
    "moto": ("keywords.txt",),
    "rich-rst": ("LICENSES.txt",),
}

# Of `make services`, and of Debian itself.
OF_DEBIAN = (
    "/usr/share/icons/hicolor/*/apps/chromium.png",
    "/usr/share/doc/openssl/HOWTO/*.txt*",
    "/usr/share/doc/fonts-dejavu-core/*.txt.gz",
    "/usr/share/doc/clamav-daemon/README*",
    "/usr/share/common-licenses/*",
    "/usr/share/pixmaps/*.png",
)

TEXTUAL = {"", ".txt", ".gz"}


def _found() -> Iterator[tuple[str, Path]]:
    for package, endings in OF_PYTHON.items():
        yield from ((package, path) for path in _of_package(package, endings))
    for pattern in OF_DEBIAN:
        those = sorted(Path("/").glob(pattern.lstrip("/")))[:MOST]
        yield from (("debian", path) for path in those if path.is_file() and not path.is_symlink())


def _of_package(package: str, endings: tuple[str, ...]) -> list[Path]:
    try:
        shipped = files(package) or []
    except PackageNotFoundError:
        return []
    chosen = sorted((str(path), Path(str(path.locate()))) for path in shipped if str(path).endswith(endings))
    count = dict.fromkeys(endings, 0)
    kept = []
    for name, path in chosen:
        ending = next(each for each in endings if name.endswith(each))
        count[ending] += 1
        if count[ending] <= MOST and path.is_file() and 0 < path.stat().st_size < LARGEST:
            kept.append(path)
    return kept


def _read(path: Path) -> bytes:
    content = path.read_bytes()
    return gzip.decompress(content) if path.suffix == ".gz" else content


def _sent_as(path: Path) -> str:
    """As somebody would send it: a text that has no ending gets one."""
    name = path.name.removesuffix(".gz")
    return name if Path(name).suffix in {".png", ".jpg", ".pdf", ".csv", ".txt"} else f"{name}.txt"


def _specimens() -> Iterator[Specimen]:
    seen: set[str] = set()
    for package, path in _found():
        what = f"{package}: {'/'.join(path.parts[-3:])}"
        if what not in seen:
            seen.add(what)
            yield accept("others' files", what, _sent_as(path), partial(_read, path))


OTHERS: tuple[Specimen, ...] = tuple(_specimens())
