"""What is in the repository: its files, its pages, and the examples on them."""

from __future__ import annotations

import re
import subprocess
from pathlib import Path
from textwrap import dedent

ROOT = Path(__file__).parents[2]


def files() -> list[Path]:
    """What is, or would be, committed: all but what `.gitignore` names."""
    listing = ["git", "-C", str(ROOT), "ls-files", "-z", "--cached", "--others", "--exclude-standard"]
    names = subprocess.run(listing, capture_output=True, check=True, text=True).stdout
    return [path for name in names.split("\0") if name and (path := ROOT / name).is_file()]


def pages() -> list[Path]:
    return sorted([*ROOT.glob("*.md"), *ROOT.glob("docs/**/*.md"), *ROOT.glob("deploy/**/*.md")])


def place(path: Path) -> str:
    return str(path.relative_to(ROOT))


def examples(language: str) -> list[tuple[str, str]]:
    """Every fenced block of a language: where it stands, and its text."""
    fence = re.compile(rf"^( *)```{language}\n(.*?)^\1```$", re.M | re.S)  # also within a list
    return [
        (f"{place(page)}:{text.count(chr(10), 0, match.start()) + 1}", dedent(match[2]))
        for page in pages()
        for text in [page.read_text(encoding="utf-8")]
        for match in fence.finditer(text)
    ]
