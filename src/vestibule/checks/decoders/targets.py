"""Where a document's links lead: what may be opened by a click, and what would be fetched by itself."""

from __future__ import annotations

import re

from vestibule.checks.filename import RUN_ANYWHERE

CLICKED = frozenset({"http", "https", "mailto", "tel"})
SCHEME = re.compile(r"([a-z][a-z0-9+.-]*):", re.I)
ON_DISK = re.compile(r"(file:///)?[a-z]:[\\/](?![\\/])|file://localhost/[^/\\]|cid:", re.I)
IGNORED = re.compile("[\x00-\x20\x7f]")  # programs skip these within a scheme


def may_be_clicked(target: str) -> bool:
    """Whether a click on it opens a page, a mail, or a place in the same document, and nothing else."""
    target = IGNORED.sub("", target)
    if not target or target.startswith("#"):
        return True
    if scheme := SCHEME.match(target):
        return scheme[1].lower() in CLICKED
    path = re.split("[?#]", target)[0]
    if "\\" in target or target.startswith("/") or ".." in path.split("/"):
        return False
    return path.rpartition(".")[2].lower() not in RUN_ANYWHERE


def leads_out(target: str) -> bool:
    """Whether something outside of the document is meant: a URL, another computer, a file of this one."""
    target = IGNORED.sub("", target)
    return bool(SCHEME.match(target)) or target.startswith(("\\", "//")) or "\\\\" in target


def is_on_disk(target: str) -> bool:
    """Whether a path leads to a folder of this very computer, or to the same mail, and not to another one."""
    target = IGNORED.sub("", target)
    return bool(ON_DISK.match(target)) or not leads_out(target)
