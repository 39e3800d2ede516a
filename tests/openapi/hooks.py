"""Schemathesis's hooks, loaded in its own process: most paths name what is there, and answers are noted."""

from __future__ import annotations

import json
import os
import zlib
from pathlib import Path
from typing import Any

import schemathesis

WORLD = json.loads(Path(os.environ["VESTIBULE_WORLD"]).read_text(encoding="utf-8"))
ANSWERS = Path(os.environ["VESTIBULE_ANSWERS"])
FORGOTTEN = os.environ.get("VESTIBULE_FORGOTTEN")  # a status that is taken out of the description
USED_UP = ("recall", "restore", "review")  # what is done to a file once


@schemathesis.hook
def before_load_schema(context: Any, raw_schema: dict[str, Any]) -> None:
    """No answer may have a field that is not described: a client could not know of it."""
    for operation in (operation for path in raw_schema["paths"].values() for operation in path.values()):
        operation["responses"].pop(FORGOTTEN, None)
    for schema in raw_schema["components"]["schemas"].values():
        if "properties" in schema:
            schema.setdefault("additionalProperties", False)


@schemathesis.hook
def before_call(context: Any, case: Any, kwargs: dict[str, Any]) -> None:
    """Three of four generated values become real ones; which, the value itself decides."""
    kwargs["allow_redirects"] = False
    for name in case.path_parameters or {}:
        _become_real(case.path_parameters, name, _known(case.operation, name))
    words = WORLD["words"] | WORLD["words_of"].get(case.operation.label, {})
    for values in (case.query, case.body):
        for name in list(values) if isinstance(values, dict) else ():
            _become_real(values, name, words.get(name, []))


def _become_real(values: dict[str, Any], name: str, known: list[Any]) -> None:
    mark = zlib.crc32(repr(values[name]).encode())
    if known and mark % 4:
        values[name] = known[mark % len(known)]
        if values[name] is None:
            del values[name]


@schemathesis.hook
def after_call(context: Any, case: Any, response: Any) -> None:
    """Note the status."""
    with ANSWERS.open("a", encoding="utf-8") as file:
        file.write(f"{response.status_code} {case.operation.label}\n")


def _known(operation: Any, name: str) -> list[str]:
    """Of what is spare the second half is there to be deleted, the first to be changed."""
    if (exact := WORLD["spare"].get(f"{name} of {operation.label}")) is not None:
        return list(exact)
    kept, spare = WORLD["kept"].get(name, []), WORLD["spare"].get(name, [])
    last, half = operation.path.rpartition("/")[2], len(spare) // 2
    is_last = last == f"{{{name}}}"
    if is_last and operation.method.upper() == "DELETE":
        return list(spare[half:][operation.path.startswith("/v2/") :: 2])  # some for each dialect
    if last in USED_UP or (is_last and name == "service_sid" and operation.method.upper() == "POST"):
        return list(spare[:half])
    return list(kept or spare)
