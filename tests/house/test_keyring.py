"""Secrets are made once, kept for their owner alone, and never guessed at when they are lost."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from vestibule.config import load
from vestibule.errors import ConfigurationError
from vestibule.keyring import NAME, open_keyring, rotate_key, rotate_links


def test_secrets_survive_a_restart(tmp_path: Path) -> None:
    assert open_keyring(load(), tmp_path) == open_keyring(load(), tmp_path)


def test_two_houses_share_no_secret(tmp_path: Path) -> None:
    ours, theirs = (open_keyring(load(), tmp_path / name) for name in ("ours", "theirs"))
    same = [name for name in ours.__struct_fields__ if getattr(ours, name) == getattr(theirs, name)]
    assert same == ["agent_name", "previous_link_secret", "previous_api_secret"]  # nobody has one yet


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


def test_a_rotated_link_secret_signs_and_the_one_before_is_still_read(tmp_path: Path) -> None:
    first = open_keyring(load(), tmp_path)
    rotate_links(tmp_path)
    second = open_keyring(load(), tmp_path)
    assert first.link_secrets == (first.link_secret.encode(),)
    assert second.link_secrets == (second.link_secret.encode(), first.link_secret.encode())
    assert second.link_secret != first.link_secret
    rotate_links(tmp_path)
    assert first.link_secret.encode() not in open_keyring(load(), tmp_path).link_secrets


def test_a_rotation_changes_no_other_secret_and_stays_its_owners_alone(tmp_path: Path) -> None:
    before = open_keyring(load(), tmp_path)
    rotate_links(tmp_path)
    after = open_keyring(load(), tmp_path)
    changed = [name for name in before.__struct_fields__ if getattr(before, name) != getattr(after, name)]
    assert changed == ["link_secret", "previous_link_secret"]
    assert (tmp_path / NAME).stat().st_mode & 0o777 == 0o600
    assert [path.name for path in tmp_path.iterdir()] == [NAME]


def test_a_rotated_key_leaves_every_other_secret_as_it_was(tmp_path: Path) -> None:
    before = open_keyring(load(), tmp_path)
    rotate_key(tmp_path, before)
    after = open_keyring(load(), tmp_path)
    changed = [name for name in before.__struct_fields__ if getattr(before, name) != getattr(after, name)]
    assert changed == ["api_key", "api_secret", "previous_api_secret"]
    assert after.previous_api_secret == before.api_secret
    assert (tmp_path / NAME).stat().st_mode & 0o777 == 0o600


def test_there_is_nothing_to_rotate_in_an_empty_folder(tmp_path: Path) -> None:
    with pytest.raises(ConfigurationError):
        rotate_links(tmp_path)
