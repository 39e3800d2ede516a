"""Schemas: types of ours as JSON Schema, in the way the OpenAPI description needs them."""

from __future__ import annotations

import typing
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

import msgspec

REF = "#/components/schemas/{name}"

Json = dict[str, Any]


def upload_body(*fields: str) -> Json:
    """What an upload's body may be: the file itself, or a form with it in any part, and with these fields."""
    file: Json = {"type": "string", "format": "binary"}
    properties = {"file": file, **{name: {"type": "string"} for name in fields}}
    return {
        "*/*": file,
        "multipart/form-data": {"type": "object", "required": ["file"], "properties": properties},
    }


class Schemas:
    """The schemas of what routes give and take.

    A kind may also be a schema that is ready, or several kinds of which it is one.
    """

    def __init__(self, gives: Iterable[Any], takes: Iterable[Any]) -> None:
        given, taken = _distinct(gives), _distinct(takes)
        self._kinds = _distinct([*given, *taken])
        schemas, self.components = msgspec.json.schema_components(self._kinds, ref_template=REF)
        self._schemas = list(schemas)
        only_given = _names(given) - _names(taken)
        for name in only_given:
            _always(self.components[name])

    def of(self, kind: Any) -> Json:
        """The schema of one of these kinds: most often a reference."""
        if isinstance(kind, tuple):
            return {"anyOf": [self.of(part) for part in kind]}
        return kind if isinstance(kind, dict) else self._schemas[self._kinds.index(kind)]


def _distinct(kinds: Iterable[Any]) -> list[Any]:
    found: list[Any] = []
    for kind in kinds:
        if isinstance(kind, tuple):
            found += [part for part in kind if part not in found]
        elif not isinstance(kind, dict) and kind not in found:
            found.append(kind)
    return found


def _names(kinds: list[Any]) -> set[str]:
    return set(msgspec.json.schema_components(kinds, ref_template=REF)[1])


def _always(schema: Json) -> None:
    """In an answer a field with a default is there as every other; only reading may leave it out."""
    fields = schema.get("properties", {})
    usual = [name for name, field in fields.items() if "default" in field]
    if usual:
        schema["required"] = sorted({*schema.get("required", ()), *usual}, key=list(fields).index)
        for name in usual:
            del fields[name]["default"]


# Fields that come as texts


@dataclass(frozen=True, slots=True)
class Field:
    """A field of a form or a query, by its name on the wire."""

    name: str
    required: bool
    schema: Json


def fields_of(struct: Any) -> list[Field]:
    """The fields of a struct as texts give them: there is no text for null, so none is described."""
    if struct is None:
        return []
    hints = typing.get_type_hints(struct, include_extras=True)
    return [
        Field(field.encode_name, field.required, _without_null(msgspec.json.schema(hints[field.name])))
        for field in msgspec.structs.fields(struct)
    ]


def form_of(struct: Any) -> Json:
    """A struct as a form brings it."""
    fields = fields_of(struct)
    schema: Json = {"type": "object", "properties": {field.name: field.schema for field in fields}}
    if required := [field.name for field in fields if field.required]:
        schema["required"] = required
    if struct.__struct_config__.forbid_unknown_fields:
        schema["additionalProperties"] = False
    return schema


def _without_null(schema: Json) -> Json:
    kinds = [kind for kind in schema.get("anyOf", ()) if kind != {"type": "null"}]
    if kinds:
        return {"anyOf": kinds} if len(kinds) > 1 else kinds[0]
    if "enum" in schema:
        return {**schema, "enum": [value for value in schema["enum"] if value is not None]}
    return schema
