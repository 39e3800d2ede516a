"""The house: its configuration, its storage, its command line."""

from __future__ import annotations

from vestibule.errors.base import VestibuleError


class ConfigurationError(VestibuleError):
    """The configuration cannot be used."""

    code, reason = 60040, "configuration"


class ExtensionError(VestibuleError):
    """An extension cannot be loaded."""

    code, reason = 60041, "extension"


class StorageMissing(VestibuleError):
    """There is nothing in storage under this key."""

    code, reason, status = 60042, "storage_missing", 404


class Busy(VestibuleError):
    """The server has too much to do at once. Please try again in a moment."""

    code, reason, status = 60043, "busy", 503


class StorageFull(VestibuleError):
    """There is no room left to keep the file. Whoever runs this site has to make some."""

    code, reason, status = 60044, "storage_full", 507


class ServerGone(VestibuleError):
    """The server stopped answering. What was done is kept; start the command again to go on."""

    code, reason, status = 60048, "server_gone", 503


class ListRefused(VestibuleError):
    """The list cannot be taken in."""

    code, reason, status = 60049, "list_refused", 400
