"""Every reason that the source of the checks can give, found by reading it."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import get_args

from vestibule.models import Outcome

OUTCOMES = frozenset(get_args(Outcome))

Places = dict[str, int]  # of the argument `reason`, by the name of what is called


def given(folder: Path) -> dict[str, str]:
    """Reason to the first place that gives it, over the Python and YARA files of a folder."""
    trees = {path: ast.parse(path.read_text(encoding="utf-8")) for path in sorted(folder.rglob("*.py"))}
    places = {name: place for tree in trees.values() for name, place in _takers(tree)}
    found = [(reason, path) for path, tree in trees.items() for reason in _of_module(tree, places)]
    found += [(reason, path) for path in sorted(folder.rglob("*.yar")) for reason in _of_rules(path)]
    return {reason: path.name for reason, path in reversed(found) if reason}


def _takers(tree: ast.Module) -> Iterator[tuple[str, int]]:
    """Functions and classes that take a reason: their name, and which argument it is."""
    for node in ast.walk(tree):
        if isinstance(node, ast.ClassDef):
            for inner in node.body:
                if isinstance(inner, ast.FunctionDef) and inner.name == "__init__":
                    yield from _place(node.name, inner)
        elif isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            yield from _place(node.name, node)


def _place(name: str, function: ast.FunctionDef | ast.AsyncFunctionDef) -> Iterator[tuple[str, int]]:
    names = [argument.arg for argument in function.args.args if argument.arg not in ("self", "cls")]
    if "reason" in names:
        yield name, names.index("reason")


def _of_module(tree: ast.Module, places: Places) -> Iterator[str]:
    for node in ast.walk(tree):
        yield from (reason for expression in _reasons(node, places) for reason in _texts(expression))


def _reasons(node: ast.AST, places: Places) -> Iterator[ast.expr | None]:
    """The expressions of which a reason comes."""
    match node:
        case ast.Call(func=ast.Name(id=name) | ast.Attribute(attr=name), args=arguments, keywords=named):
            yield from (keyword.value for keyword in named if keyword.arg == "reason")
            if (place := places.get(name)) is not None and place < len(arguments):
                yield arguments[place]
        case ast.Tuple(elts=[ast.Constant(value=str(first)), second, _]) if first in OUTCOMES:
            yield second  # outcome, reason, detail
        case ast.Assign(targets=[ast.Name(id="reason")], value=value):
            yield value
        case ast.AnnAssign(target=ast.Name(id="reason"), value=value):
            yield value
        case ast.Assign(targets=[ast.Name(id="REASONS")], value=ast.Dict(values=values)):
            yield from values
        case ast.AnnAssign(target=ast.Name(id="REASONS"), value=ast.Dict(values=values)):
            yield from values


def _texts(expression: ast.expr | None) -> Iterable[str]:
    """The words that an expression can become; those of its conditions are none."""
    match expression:
        case ast.Constant(value=str(text)):
            return [text]
        case ast.IfExp(body=body, orelse=other):
            return [*_texts(body), *_texts(other)]
        case ast.BoolOp(values=values):
            return [text for value in values for text in _texts(value)]
    return []


def _of_rules(path: Path) -> list[str]:
    return re.findall(r'^\s*reason = "(\w+)"', path.read_text(encoding="utf-8"), re.M)
