"""The reference cannot fall behind the code."""

from __future__ import annotations

import importlib
import inspect
import pkgutil
import re
from pathlib import Path
from types import ModuleType
from typing import Any

import msgspec
import pytest
import reference
from sources import fields, permissions

from tests.docs.committed import ROOT
from vestibule import checks, config, errors, events, models, payloads
from vestibule.app import open_house
from vestibule.gatehouse import build_gate
from vestibule.media.bans import BanList

PAGES = ROOT / "docs" / "reference"


def text_of(page: str) -> str:
    return PAGES.joinpath(page).read_text(encoding="utf-8")


@pytest.mark.parametrize("page", sorted(reference.PAGES))
def test_a_generated_page_is_what_the_code_says(page: str) -> None:
    assert text_of(page) == reference.PAGES[page](), "Please run: make reference"


def test_every_payload_is_an_action_and_is_in_the_reference() -> None:
    kinds = [kind for kind in vars(payloads).values() if inspect.isclass(kind)]
    names = {kind.__name__ for kind in kinds if issubclass(kind, payloads.Payload)} - {"Payload", "InChannel"}
    assert names == permissions().keys()
    assert names == set(re.findall(r"^### (\w+)$", text_of("actions.md"), re.M))


@pytest.mark.parametrize("package", [models, payloads], ids=["models", "payloads"])
def test_a_package_gives_all_that_its_files_hold(package: ModuleType) -> None:
    files = [file.name for file in pkgutil.iter_modules(package.__path__, f"{package.__name__}.")]
    held = {
        kind.__name__
        for file in files
        for kind in vars(importlib.import_module(file)).values()
        if inspect.isclass(kind) and kind.__module__ == file
    }
    assert held == {name for name in package.__all__ if inspect.isclass(getattr(package, name))}


def test_every_event_is_in_the_reference() -> None:
    assert set(events.Happening.__subclasses__()) == set(events.KINDS.values())
    for kind in (*events.Happening.__subclasses__(), *events.Passing.__subclasses__()):
        assert f"| `{kind.__name__}` |" in text_of("events.md")
        assert kind in reference.BETWEEN_NODES or kind.__name__ in text_of("sockets.md")


def all_errors(kind: type[errors.VestibuleError]) -> list[type[errors.VestibuleError]]:
    return [kind, *(found for child in kind.__subclasses__() for found in all_errors(child))]


def test_every_error_is_in_the_reference_with_a_code_of_its_own() -> None:
    ours = f"{errors.__name__}."
    kinds = [kind for kind in all_errors(errors.VestibuleError) if kind.__module__.startswith(ours)]
    assert {kind.__name__ for kind in kinds} == set(errors.__all__)
    for kind in kinds:
        assert f'<a id="{kind.code}"></a>' in text_of("errors.md")
    for name in ("code", "reason"):
        assert len({getattr(kind, name) for kind in kinds}) == len(kinds)


def test_every_key_is_in_the_reference_and_has_a_sentence() -> None:
    for field in msgspec.structs.fields(config.Settings):
        assert f"| `{field.name}` |" in text_of("configuration.md")
    assert "| - |" not in text_of("configuration.md")


def test_every_field_on_the_page_is_a_field_of_the_type() -> None:
    for kind in (payloads.SendMessage, payloads.AttachFile, events.Sending):
        assert [field.name for field in fields(kind)] == [f.name for f in msgspec.structs.fields(kind)]


def check_names() -> set[str]:
    """The name of every class in the checks' room that looks at files."""
    found: dict[str, Any] = {}
    for module in pkgutil.walk_packages(checks.__path__, "vestibule.checks."):
        for kind in vars(importlib.import_module(module.name)).values():
            if inspect.isclass(kind) and kind.__module__.startswith(checks.__name__):
                found[kind.__name__] = getattr(kind, "name", None)
    return {name for name in found.values() if isinstance(name, str) and name}  # a base has none


def test_every_check_is_in_the_reference() -> None:
    names = check_names()
    assert names
    for name in names:
        assert f"`{name}`" in text_of("checks.md")


async def test_the_checks_stand_on_their_page_in_the_order_in_which_they_look(tmp_path: Path) -> None:
    settings = config.load(
        data=str(tmp_path),
        policy="open",
        clamd=("unix:/nobody",),
        icap_url="icap://127.0.0.1/scan",
        webhook_url="https://127.0.0.1/files",
        webhook_secret="known to both",
    )
    async with open_house(settings, at_work=False) as house:
        bans = BanList(house.parts.database)
        gate = build_gate(settings, house.written, house.sandbox, house.scanner, house.metrics, bans=bans)
    table = text_of("checks.md").partition("\n\n## ")[0]
    page = re.findall(r"^\| `(\w+)` \|", table, re.M)
    first, *others = (check.name for check in gate.checks)
    before = ["filename", "policy", first, *(check.name for check in gate.streams)]
    assert [name for name in page if name != "moderation"] == before + others  # that is an extra
    assert page.index("sensitive") < page.index("moderation") < page.index("icap")
