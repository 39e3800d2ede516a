"""Makers of letters and sheets that differ from good ones in one thing."""

from __future__ import annotations

from collections.abc import Callable

from tests.files.office import Maker, sheet_document, word_document


def saying(body: str) -> Maker:
    """A letter that says this."""
    return lambda: word_document(body).written()


def with_part(name: str, content: str | bytes, kind: str = "", tie: str = "", base: str = "") -> Maker:
    """A letter with one part more, tied to the letter itself."""

    def make() -> bytes:
        document = word_document().part(f"word/{name}", content, kind)
        if tie:
            document.tie("word/document.xml", tie, name, **({"base": base} if base else {}))
        return document.written()

    return make


def with_names(text: str) -> Maker:
    """A sheet with defined names."""
    return lambda: sheet_document(names=text).written()


def with_main(make: Callable[[], object], kind: str) -> Maker:
    """The main part under another content type."""

    def made() -> bytes:
        document = make()
        document.types[document.main] = kind  # type: ignore[attr-defined]
        return document.written()  # type: ignore[attr-defined,no-any-return]

    return made
