"""Extensions: an operator's own Python files, each with a table `actions`, `functions`, or both."""

from __future__ import annotations

import importlib.util
import sys
from collections.abc import Iterable
from pathlib import Path
from types import ModuleType

from vestibule.actions import Actions
from vestibule.errors import ExtensionError, VestibuleError
from vestibule.functions import Functions


def include(files: Iterable[str], actions: Actions, functions: Functions) -> None:
    """Load each file, and put its tables around the house's own.

    Raises `ExtensionError` for a file that cannot be loaded, has no table, or does not fit.
    """
    for file in files:
        module = _load(Path(file))
        tables = {name: getattr(module, name, None) for name in ("actions", "functions")}
        _check(file, tables)
        try:
            if isinstance(tables["actions"], Actions):
                actions.include(tables["actions"])
            if isinstance(tables["functions"], Functions):
                functions.include(tables["functions"])
        except VestibuleError as error:
            raise ExtensionError(f"{file}: {error}") from error


def _check(file: str, tables: dict[str, object]) -> None:
    kinds = {"actions": Actions, "functions": Functions}
    for name, table in tables.items():
        if table is not None and not isinstance(table, kinds[name]):
            raise ExtensionError(f"{file}: `{name}` must be `{name} = {kinds[name].__name__}()`.")
    if not any(tables.values()):
        raise ExtensionError(
            f"{file} has no table. Put `actions = Actions()` or `functions = Functions()` into it "
            "(from vestibule.actions and vestibule.functions)."
        )


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
