"""What the source says of itself: classes under their headings, fields with their comments, permissions."""

from __future__ import annotations

import ast
import inspect
import itertools
import re
import sys
import textwrap
from collections.abc import Iterator
from dataclasses import dataclass
from types import ModuleType
from typing import Any, cast

from vestibule.actions import Actions
from vestibule.chat import chat_actions
from vestibule.media import media_actions


@dataclass(frozen=True, slots=True)
class Field:
    """One field as its source line tells it: the comment is its documentation."""

    name: str
    type: str
    default: str  # empty: it must be given
    note: str


def gathered(package: ModuleType) -> Iterator[tuple[str, list[type]]]:
    """The classes that a package gives, in the order of its `__all__`, each file's under its first words."""
    classes = (getattr(package, name) for name in package.__all__)
    for heading, found in itertools.groupby(classes, key=_first_words):
        yield heading, list(found)


def _first_words(kind: type) -> str:
    return inspect.cleandoc(sys.modules[kind.__module__].__doc__ or "").partition(":")[0]


def fields(kind: type) -> list[Field]:
    """The fields of a class, its bases' first, as they stand in the source."""
    found: dict[str, Field] = {}
    for cls in reversed(kind.__mro__):
        if cls.__module__.startswith("vestibule."):
            found |= {field.name: field for field in _own_fields(cls)}
    return list(found.values())


def _own_fields(cls: type) -> Iterator[Field]:
    source = textwrap.dedent(inspect.getsource(cls))
    lines = source.splitlines()
    body = ast.parse(source).body[0]
    assert isinstance(body, ast.ClassDef)
    for node in body.body:
        if isinstance(node, ast.AnnAssign) and isinstance(node.target, ast.Name):
            default = ast.unparse(node.value) if node.value else ""
            note = lines[(node.end_lineno or node.lineno) - 1].partition("  # ")[2]
            yield Field(node.target.id, ast.unparse(node.annotation), default.replace("'", '"'), note)


def headed_fields(kind: type) -> Iterator[tuple[str, list[str]]]:
    """The names of a class's own fields under the comment lines that head them; without one: the last."""
    heading, names = "", list[str]()
    for line in inspect.getsource(kind).splitlines():
        if match := re.match(r" {4}# (\w[\w ]*)$", line):
            yield heading, names
            heading, names = match[1], []
        elif match := re.match(r" {4}(\w+):", line):
            names.append(match[1])
    yield heading, names


def table_of_actions() -> Actions:
    """Every action of the house. It is only read, never run, so it needs no parts."""
    no_part = cast("Any", None)
    table = chat_actions()
    table.include(media_actions(no_part, no_part, no_part))
    return table


def permissions() -> dict[str, tuple[str, ...]]:
    """What each action asks for."""
    return {action.name: action.permissions for action in table_of_actions().actions.values()}
