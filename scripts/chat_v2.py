"""Programmable Chat's names, and which of them our own description has: the page `chat-v2.md`.

`chat_v2.json` holds the names (`chat_v2_facts.py` writes it), `chat_v2_notes.py` what is to be said.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from fnmatch import fnmatchcase
from functools import cache
from pathlib import Path
from typing import Any

from chat_v2_notes import DIFFERS, MISSING

from vestibule.http.chat_v2 import chat_v2_routes
from vestibule.http.openapi import describe

Json = dict[str, Any]

FACTS: Json = json.loads(Path(__file__).with_name("chat_v2.json").read_text(encoding="utf-8"))
FORM = "application/x-www-form-urlencoded"


@dataclass(frozen=True)
class Item:
    """One name, by where it stands: `POST /v2/Services form FriendlyName`, or `Answer role permissions`."""

    where: str  # a method and a path, or `Answer` and a resource
    place: str  # `path`, `query`, `header`, `form`, `page`; empty for the method, or a property
    name: str
    is_here: bool

    @property
    def key(self) -> str:
        return " ".join(filter(None, (self.where, self.place, self.name)))

    @property
    def verdict(self) -> str:
        """`yes`, `differs` or `no`, and why."""
        if not self.is_here:
            return f"no: {_note(MISSING, self.key) or '?'}"
        return f"differs: {note}" if (note := _note(DIFFERS, self.key)) else "yes"


def _note(notes: dict[str, str], key: str) -> str:
    return next((note for pattern, note in notes.items() if fnmatchcase(key, pattern)), "")


def items() -> list[Item]:
    """Every name of the facts."""
    return [*_parameters(), *_properties()]


def _parameters() -> Iterator[Item]:
    for path, methods in FACTS["paths"].items():
        for method, fact in methods.items():
            where, ours = f"{method.upper()} {path}", _operation(path, method)
            yield Item(where, "", "", ours is not None)
            for name in re.findall(r"{(\w+)}", path):
                yield Item(where, "path", name, ours is not None)
            for place in ("query", "header", "form"):
                have = _names(ours, place)
                yield from (Item(where, place, name, name in have) for name in fact.get(place, ()))
            if "key" in fact:
                page = _schema(ours, fact["status"])
                yield Item(where, "page", fact["key"], fact["key"] in page)
                meta = _resolved(page.get("meta", {})).get("properties", {})
                yield from (Item(where, "page", f"meta.{name}", name in meta) for name in fact["meta"])


def _properties() -> Iterator[Item]:
    for resource, names in FACTS["answers"].items():
        have = _answered(resource)
        yield from (Item(f"Answer {resource}", "", name, name in have) for name in names)


def _answered(resource: str) -> Json:
    """The properties of a resource that our description has, wherever it is answered."""
    answers = (
        _schema(_operation(path, method), fact["status"])
        for path, methods in FACTS["paths"].items()
        for method, fact in methods.items()
        if fact.get("answer") == resource and "key" not in fact
    )
    return next(filter(None, answers), {})


# Our own description


@cache
def _ours() -> Json:
    description = describe(chat_v2_routes())
    return {**description, "paths": {_bare(path): found for path, found in description["paths"].items()}}


def _bare(path: str) -> str:
    return re.sub(r"{\w+}", "{}", path)


def _operation(path: str, method: str) -> Json | None:
    found: Json | None = _ours()["paths"].get(_bare(path), {}).get(method)
    return found


def _names(operation: Json | None, place: str) -> set[str]:
    if operation is None:
        return set()
    if place == "form":
        content = operation.get("requestBody", {}).get("content", {})
        return set(content.get(FORM, {}).get("schema", {}).get("properties", {}))
    return {parameter["name"] for parameter in operation["parameters"] if parameter["in"] == place}


def _schema(operation: Json | None, status: int) -> Json:
    """The properties of an answer; none where it has none, or another status."""
    response = (operation or {}).get("responses", {}).get(str(status), {})
    for content in response.get("content", {}).values():
        properties: Json = _resolved(content["schema"]).get("properties", {})
        return properties
    return {}


def _resolved(schema: Json) -> Json:
    if "$ref" not in schema:
        return schema
    found: Json = _ours()["components"]["schemas"][schema["$ref"].rpartition("/")[2]]
    return found


# What is wrong with the notes


def complaints() -> list[str]:
    """Names that are missing without a reason, and notes about nothing."""
    every = items()
    found = [
        f"no reason for: {item.key}" for item in every if not item.is_here and not _note(MISSING, item.key)
    ]
    for notes, is_here, word in ((DIFFERS, True, "differs"), (MISSING, False, "missing")):
        for pattern in notes:
            matched = [item for item in every if fnmatchcase(item.key, pattern)]
            if not matched:
                found.append(f"{word}: there is no {pattern}")
            found += [f"{word}: not so: {item.key}" for item in matched if item.is_here is not is_here]
    return found


def groups() -> Iterable[tuple[str, list[Item]]]:
    """The items under headings: paths, then resources."""
    held: dict[str, list[Item]] = {}
    for item in items():
        held.setdefault(item.where.split(" ", 1)[1], []).append(item)
    return held.items()


def counts() -> dict[str, int]:
    """How many of each verdict."""
    words = [item.verdict.partition(":")[0] for item in items()]
    return {word: words.count(word) for word in ("yes", "differs", "no")}
