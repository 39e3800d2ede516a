"""The keyring: secrets that the house makes at its first start and keeps in its data folder.

What the configuration gives wins; only what it leaves empty is made. The file is its owner's alone.
"""

from __future__ import annotations

import contextlib
import os
import secrets
from pathlib import Path

import msgspec

from vestibule import sids
from vestibule.config import Settings
from vestibule.errors import ConfigurationError

NAME = "secrets.json"


class Keyring(msgspec.Struct, frozen=True, kw_only=True):
    """Every secret of a house."""

    account_sid: str
    auth_token: str
    api_key: str
    api_secret: str
    link_secret: str
    agent_name: str  # of the first agent, made for a new house
    agent_password: str
    previous_link_secret: str = ""  # read, but no longer signed with; empty before the first rotation
    previous_api_secret: str = ""  # the same of what is sealed with the key's secret

    @property
    def link_secrets(self) -> tuple[bytes, ...]:
        """The one that signs, then the one before it."""
        return tuple(secret.encode() for secret in (self.link_secret, self.previous_link_secret) if secret)


def open_keyring(settings: Settings, data: Path) -> Keyring:
    """The kept keyring, made where there is none, with what the settings give in place of it.

    Raises `ConfigurationError` for a file that cannot be read or is no keyring.
    """
    kept = _read(data / NAME) if (data / NAME).exists() else _made(data / NAME)
    given = {
        name: value
        for name in ("account_sid", "auth_token", "api_key", "api_secret")
        if (value := getattr(settings, name))
    }
    return msgspec.structs.replace(kept, **given)


def rotate_links(data: Path) -> None:
    """Have links signed with a new secret from the next start on; those of the last one are still read.

    Raises `ConfigurationError` where there is no keyring.
    """
    kept = _read(data / NAME)
    rotated = msgspec.structs.replace(
        kept, link_secret=secrets.token_urlsafe(32), previous_link_secret=kept.link_secret
    )
    _half_written(data / NAME, _text(rotated)).replace(data / NAME)


def rotate_key(data: Path, used: Keyring) -> None:
    """Have tokens signed with a new key from the next start on; what the `used` one sealed is still read.

    Whoever calls sees to it that the tokens of the used one are still read too: the database keeps that key.
    Raises `ConfigurationError` where there is no keyring.
    """
    rotated = msgspec.structs.replace(
        _read(data / NAME),
        api_key=sids.make(sids.KEY),
        api_secret=secrets.token_urlsafe(32),
        previous_api_secret=used.api_secret,
    )
    _half_written(data / NAME, _text(rotated)).replace(data / NAME)


def _read(path: Path) -> Keyring:
    try:
        return msgspec.json.decode(path.read_bytes(), type=Keyring)
    except (OSError, msgspec.DecodeError) as error:
        raise ConfigurationError(
            f"{path} is no keyring: {error}. Put back the copy from your backup; "
            "without it, tokens and passwords that were given out are void."
        ) from error


def _made(path: Path) -> Keyring:
    keyring = Keyring(
        account_sid=sids.make(sids.ACCOUNT),
        auth_token=secrets.token_hex(16),
        api_key=sids.make(sids.KEY),
        api_secret=secrets.token_urlsafe(32),
        link_secret=secrets.token_urlsafe(32),
        agent_name="agent",
        agent_password=secrets.token_urlsafe(12),
    )
    path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    half = _half_written(path, _text(keyring))
    with contextlib.suppress(FileExistsError):  # of two first starts at once the first wins, for both
        path.hardlink_to(half)
    half.unlink()
    return _read(path)


def _text(keyring: Keyring) -> bytes:
    return msgspec.json.format(msgspec.json.encode(keyring), indent=2)


def _half_written(path: Path, text: bytes) -> Path:
    """The text on the disk beside `path`, so that it gets there whole or not at all."""
    half = path.with_name(f".{path.name}.{os.getpid()}")
    with os.fdopen(os.open(half, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "wb") as file:
        file.write(text)
        file.flush()
        os.fsync(file.fileno())
    return half
