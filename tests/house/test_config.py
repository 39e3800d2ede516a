"""What an operator writes into the configuration, and what they are told when it is wrong."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from vestibule.config import load
from vestibule.errors import ConfigurationError


def test_the_environment_wins_over_the_file(tmp_path: Path) -> None:
    file = tmp_path / "vestibule.toml"
    file.write_text('team = "From the file"\nport = 9000\n')
    settings = load(file, {"VESTIBULE_TEAM": "From the environment", "PATH": "/bin"})
    assert (settings.team, settings.port) == ("From the environment", 9000)


def test_what_is_typed_on_the_command_line_wins_over_all() -> None:
    assert load(None, {"VESTIBULE_PORT": "9000"}, port=9001, host=None).port == 9001


@pytest.mark.parametrize("place", ["file", "environment"])
def test_a_misspelt_key_is_told_with_the_right_one(tmp_path: Path, place: str) -> None:
    file = tmp_path / "vestibule.toml"
    file.write_text("link_secends = 5\n" if place == "file" else "")
    environment = {"VESTIBULE_LINK_SECENDS": "5"} if place == "environment" else {}
    with pytest.raises(ConfigurationError, match="Did you mean 'link_seconds'?"):
        load(file, environment)


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("PORT", "many"),
        ("PORT", "70000"),
        ("ACCENT", "verdigris"),
        ("LINK_SECONDS", "0"),
        ("ASK_NAME", "perhaps"),
    ],
)
def test_a_value_of_the_wrong_kind_is_told_with_its_key(name: str, value: str) -> None:
    with pytest.raises(ConfigurationError, match=re.escape(name.lower())):
        load(None, {f"VESTIBULE_{name}": value})


def test_lists_and_switches_may_come_from_the_environment() -> None:
    settings = load(None, {"VESTIBULE_PROXIES": "10.0.0.1, 10.0.0.2,", "VESTIBULE_RATE_LIMITS": "off"})
    assert settings.proxies == ("10.0.0.1", "10.0.0.2")
    assert settings.rate_limits is False


def test_a_file_that_is_no_toml_is_told_by_name(tmp_path: Path) -> None:
    file = tmp_path / "broken.toml"
    file.write_text("port 9000")
    with pytest.raises(ConfigurationError, match=re.escape(str(file))):
        load(file)
