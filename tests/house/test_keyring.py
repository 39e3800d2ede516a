"""Secrets are made once, kept for their owner alone, and never guessed at when they are lost."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from vestibule.config import load
from vestibule.errors import ConfigurationError
from vestibule.keyring import NAME, open_keyring


def test_secrets_survive_a_restart(tmp_path: Path) -> None:
    assert open_keyring(load(), tmp_path) == open_keyring(load(), tmp_path)


def test_two_houses_share_no_secret(tmp_path: Path) -> None:
    ours, theirs = (open_keyring(load(), tmp_path / name) for name in ("ours", "theirs"))
    same = [name for name in ours.__struct_fields__ if getattr(ours, name) == getattr(theirs, name)]
    assert same == ["agent_name"]


def test_nobody_else_on_the_machine_may_read_them(tmp_path: Path) -> None:
    open_keyring(load(), tmp_path)
    assert (tmp_path / NAME).stat().st_mode & 0o777 == 0o600


def test_what_the_configuration_gives_is_used_and_not_written_down(tmp_path: Path) -> None:
    keyring = open_keyring(load(auth_token="given"), tmp_path)
    assert keyring.auth_token == "given"
    assert "given" not in (tmp_path / NAME).read_text()


def test_a_start_that_was_cut_off_leaves_no_half_a_keyring(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def die(descriptor: int) -> None:
        raise KeyboardInterrupt

    with monkeypatch.context() as patch:
        patch.setattr(os, "fsync", die)
        with pytest.raises(KeyboardInterrupt):
            open_keyring(load(), tmp_path)
    assert not (tmp_path / NAME).exists()
    assert open_keyring(load(), tmp_path) == open_keyring(load(), tmp_path)


def test_a_damaged_keyring_stops_the_start(tmp_path: Path) -> None:
    (tmp_path / NAME).write_text('{"account_sid": 5')
    with pytest.raises(ConfigurationError, match="backup"):
        open_keyring(load(), tmp_path)
