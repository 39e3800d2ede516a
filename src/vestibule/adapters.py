"""Adapters: which backend an address in the configuration names, for each of the house's ports."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path
from urllib.parse import urlsplit

from vestibule.bus.memory import MemoryBus
from vestibule.config import Settings
from vestibule.database.sqlite import SqliteDatabase
from vestibule.errors import ConfigurationError
from vestibule.events import Notice
from vestibule.ports import Bus, Database, Storage
from vestibule.storage.folder import FolderStorage
from vestibule.storage.objects import ObjectStorage

OBJECTS = ("s3", "gs", "az")  # schemes of object stores


def own_folder(name: str) -> Path:
    """The data folder, made where it is missing, for its owner alone."""
    folder = Path(name).absolute()
    try:
        folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    except OSError as error:
        raise ConfigurationError(f"The folder {folder} cannot be used: {error.strerror}.") from error
    return folder


def open_database(
    settings: Settings,
    data: Path,
    publish: Callable[[Sequence[Notice]], None],
    on_commit: Callable[[int], None],
) -> Database:
    url = settings.database_url or f"sqlite:///{data / 'vestibule.db'}"
    if urlsplit(url).scheme != "sqlite":
        raise ConfigurationError(f"database_url {url!r}: this version knows `sqlite:///path`.")
    return SqliteDatabase(Path(url.removeprefix("sqlite:///")), publish, on_commit=on_commit)


def open_storage(settings: Settings, data: Path) -> Storage:
    url = settings.storage_url or f"file://{data / 'files'}"
    scheme = urlsplit(url).scheme
    if scheme == "file":
        return FolderStorage(Path(url.removeprefix("file://")))
    if scheme in OBJECTS:
        return ObjectStorage(url)
    raise ConfigurationError(f"storage_url {url!r}: it begins with `file://`, `s3://`, `gs://` or `az://`.")


def open_bus(settings: Settings) -> Bus:
    if settings.bus_url not in ("", "memory:"):
        raise ConfigurationError(f"bus_url {settings.bus_url!r}: this version knows `memory:`.")
    return MemoryBus()
