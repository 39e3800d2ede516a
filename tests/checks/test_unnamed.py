"""Files without a name are called what they are declared as."""

from __future__ import annotations

import pytest

from vestibule.checks.content_types import BY_EXTENSION, CONTENT_TYPES
from vestibule.checks.filename import extension_of
from vestibule.checks.unnamed import unnamed


@pytest.mark.parametrize("kind", [kind.name for kind in CONTENT_TYPES.values() if kind.extensions])
def test_every_type_has_an_ending_of_its_own(kind: str) -> None:
    assert BY_EXTENSION[extension_of(unnamed(kind))].name == kind


@pytest.mark.parametrize(
    ("declared", "name"),
    [
        ("audio/x-m4a", "file.m4a"),
        (" TEXT/Plain ; charset=utf-8", "file.txt"),
        ("application/octet-stream", "file"),
        ("text/plain\r\nx: y", "file"),
        ("", "file"),
    ],
)
def test_what_is_declared_otherwise_is_known_too_or_left_without(declared: str, name: str) -> None:
    assert unnamed(declared) == name
