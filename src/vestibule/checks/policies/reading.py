"""Reading a policy: a preset by its name, or a TOML file that overrides one."""

from __future__ import annotations

import difflib
import hashlib
import tomllib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from importlib.resources import files
from pathlib import Path
from typing import Any, get_args

import msgspec

from vestibule.checks.policies.document import CheckRules, Deed, Notice, PolicyDocument, RoleFiles
from vestibule.checks.policies.measures import decoded, encoded
from vestibule.checks.policy import Policy
from vestibule.errors import ConfigurationError

PRESETS = ("strict", "web-chat", "open")
DEFAULT = "web-chat"
_FOLDER = files("vestibule.checks.policies").joinpath("presets")


@dataclass(frozen=True, slots=True)
class Written:
    """A policy as it was read, what it comes to, and what names it in every verdict."""

    document: PolicyDocument
    policy: Policy  # which files are taken
    version: str  # its name, and the first twelve digits of the SHA-256 of all its values


def preset(name: str) -> str:
    """A preset's text."""
    return _FOLDER.joinpath(f"{name}.toml").read_text(encoding="utf-8")


def read(place: str = "") -> Written:
    """The policy at `place`: a preset's name, a path, or nothing for the default.

    Raises `ConfigurationError` for what cannot be read or makes no sense, and names what is wrong.
    """
    if not place or place in PRESETS:
        return _understood(tomllib.loads(preset(place or DEFAULT)), place or DEFAULT)
    try:
        return parsed(Path(place).read_text(encoding="utf-8"), place)
    except (OSError, UnicodeDecodeError) as error:
        near = difflib.get_close_matches(place, PRESETS, n=1)
        hint = f" Did you mean {near[0]!r}?" if near else f" The presets are {', '.join(PRESETS)}."
        why = error.strerror if isinstance(error, OSError) else "it is no UTF-8"
        raise ConfigurationError(f"The policy {place!r} cannot be read: {why}.{hint}") from error


def parsed(text: str, place: str = "the policy") -> Written:
    """A policy from TOML: what it does not say is as in the preset that it names."""
    try:
        said = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        raise ConfigurationError(f"{place} is no TOML: {error}.") from error
    base = said.pop("preset", DEFAULT)
    if base not in PRESETS:
        raise ConfigurationError(f"{place}: there is no preset {base!r}, only {', '.join(PRESETS)}.")
    whole = tomllib.loads(preset(base))
    said.setdefault("name", f"{base}-changed")
    _refuse_unknown(said, place)
    return _understood(_merged(whole, said), place)


def _understood(values: dict[str, Any], place: str) -> Written:
    try:
        document = msgspec.convert(values, PolicyDocument, dec_hook=decoded)
    except msgspec.ValidationError as error:
        raise ConfigurationError(f"{place}: {_in_words(error)}") from error
    if sentence := next(_nonsense(document), ""):
        raise ConfigurationError(f"{place}: {sentence}")
    canonical = msgspec.json.encode(document, enc_hook=encoded, order="deterministic")
    digest = hashlib.sha256(canonical).hexdigest()[:12]
    return Written(document, Policy.of(document), f"{document.name}-{digest}")


def _in_words(error: msgspec.ValidationError) -> str:
    """What msgspec says, in TOML's words; with the choices where there are some."""
    said = str(error).replace("`object`", "`table`")
    if "Invalid enum value" in said:
        words = next(words for place, words in _CHOICES if place in said)
        return f"{said}. It is one of {', '.join(words)}."
    return f"{said}."


def _nonsense(document: PolicyDocument) -> Iterator[str]:
    """What is well formed, and cannot be meant."""
    marks = document.moderation
    if not marks.blur <= marks.hold <= marks.refuse:
        yield "in [moderation] it must be `blur` <= `hold` <= `refuse`."
    if not document.files.extensions:
        yield "[files] takes no file at all: `extensions` is empty."
    if not document.files.largest:
        yield "[files] takes no file at all: `largest` is 0."
    for name, rules in document.checks.items():
        if rules.required and not rules.enabled:
            yield f"[checks.{name}] is required, and switched off."


def _merged(base: Mapping[str, Any], over: Mapping[str, Any]) -> dict[str, Any]:
    """Tables are merged key by key; everything else is replaced."""
    both = {
        key: _merged(base[key], value)
        if isinstance(value, dict) and isinstance(base.get(key), dict)
        else value
        for key, value in over.items()
    }
    return {**base, **both}


def _refuse_unknown(said: Mapping[str, Any], place: str) -> None:
    """Name the nearest right key: msgspec names only the wrong one."""
    for key in said:
        _known(key, PolicyDocument, place, "")
        for table, kind, inside in _tables(key, said[key]):
            for inner in inside if isinstance(inside, dict) else ():
                _known(inner, kind, place, f"{table}.")


def _tables(key: str, value: Any) -> Iterator[tuple[str, Any, Any]]:
    """The tables of a form that begin with this key: itself, or one for each check or role."""
    if key in _FORMS:
        yield key, _FORMS[key], value
    elif key in _NAMED and isinstance(value, dict):
        for name, inside in value.items():
            yield f"{key}.{name}", _NAMED[key], inside


def _known(key: str, form: Any, place: str, table: str) -> None:
    names = [field.name for field in msgspec.structs.fields(form)]
    if key not in names:
        near = difflib.get_close_matches(key, names, n=1)
        hint = f" Did you mean {table + near[0]!r}?" if near else f" There are {', '.join(names)}."
        raise ConfigurationError(f"{place}: there is no key {table + key!r}.{hint}")


# Where msgspec's sentence says that a word stands, and the words that may.
_CHOICES = (
    ("at `key` in", ("card_number", "iban", "secret")),
    ("`$.sensitive", get_args(Notice)),
    ("`$.documents.active", ("disarm", "refuse")),
    ("", get_args(Deed)),
)
_NAMED = {"checks": CheckRules, "roles": RoleFiles}
_FORMS = {
    field.name: field.type
    for field in msgspec.structs.fields(PolicyDocument)
    if isinstance(field.type, type) and issubclass(field.type, msgspec.Struct)
}
