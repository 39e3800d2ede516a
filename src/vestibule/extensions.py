"""Extensions: an operator's own Python files, each with tables `actions`, `functions`, `checks`, or one."""

from __future__ import annotations

import importlib.util
import sys
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from types import ModuleType
from typing import Any

from vestibule.actions import Actions
from vestibule.checks import Checks
from vestibule.errors import ExtensionError, VestibuleError
from vestibule.functions import Functions
from vestibule.ports import Check, StreamCheck

KINDS: dict[str, type[Any]] = {"actions": Actions, "functions": Functions, "checks": Checks}
# What verdicts are signed with that no check gave, and scanners that may be connected another day.
TAKEN = frozenset("filename policy size gate filetype antivirus icap webhook".split())


@dataclass(frozen=True, slots=True)
class Extension:
    """One file's tables; those that it does not have are empty."""

    file: str
    actions: Actions
    functions: Functions
    checks: Checks


def load(files: Iterable[str]) -> tuple[Extension, ...]:
    """Load each file. Raises `ExtensionError` for one that cannot be loaded, or has no table."""
    return tuple(_extension(file) for file in files)


def include(files: Iterable[str], actions: Actions, functions: Functions) -> None:
    """Load each file, and put its tables of actions and functions around the house's own."""
    fit(load(files), actions, functions)


def fit(extensions: Iterable[Extension], actions: Actions, functions: Functions) -> None:
    """Put what was loaded around the house's own tables. Raises `ExtensionError` for what does not fit."""
    for extension in extensions:
        try:
            actions.include(extension.actions)
            functions.include(extension.functions)
        except VestibuleError as error:
            raise ExtensionError(f"{extension.file}: {error}") from error


def checks_of(extensions: Iterable[Extension]) -> tuple[Check, ...]:
    """Every check that was loaded, in the order of the files."""
    return tuple(check for extension in extensions for check in extension.checks)


def require_own_names(extensions: Iterable[Extension], looking: Sequence[Check | StreamCheck]) -> None:
    """Raise `ExtensionError` where a check is called like another one of those that look at files.

    A verdict names its check, so two of one name could be taken for each other.
    """
    names = [check.name for check in looking]
    for extension in extensions:
        for name in extension.checks.checks:
            if name in TAKEN or names.count(name) > 1:
                raise ExtensionError(
                    f"{extension.file}: there is a check {name!r} already.",
                    advice="Give yours another name.",
                )


def _extension(file: str) -> Extension:
    module = _load(Path(file))
    tables = {name: getattr(module, name, None) for name in KINDS}
    for name, table in tables.items():
        if table is not None and not isinstance(table, KINDS[name]):
            raise ExtensionError(f"{file}: `{name}` must be `{name} = {KINDS[name].__name__}()`.")
    if all(table is None for table in tables.values()):
        raise ExtensionError(
            f"{file} has no table. Put `actions = Actions()`, `functions = Functions()` or "
            "`checks = Checks()` into it (from vestibule.actions, vestibule.functions, vestibule.checks)."
        )
    given = (table or kind() for table, kind in zip(tables.values(), KINDS.values(), strict=True))
    return Extension(file, *given)


def _load(path: Path) -> ModuleType:
    if not path.is_file():
        raise ExtensionError(f"There is no file {path}.")
    # A name of its own, so that `rules.py` never stands in for another module of that name.
    spec = importlib.util.spec_from_file_location(f"vestibule_extension_{path.stem}", path)
    if spec is None or spec.loader is None:
        raise ExtensionError(f"{path} is no Python file.")
    module = sys.modules[spec.name] = importlib.util.module_from_spec(spec)
    try:
        spec.loader.exec_module(module)
    except Exception as error:
        raise ExtensionError(f"{path} cannot be loaded: {type(error).__name__}: {error}") from error
    return module
