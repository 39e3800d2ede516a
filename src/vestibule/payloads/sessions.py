"""Signing in: what its actions take."""

from __future__ import annotations

from vestibule.models import SignedIn, User
from vestibule.payloads.base import Payload


class SignIn(Payload[User], frozen=True):
    """Whose name and password these are. It only asks; `StartSession` lets in."""

    identity: str
    password: str


class StartSession(Payload[SignedIn], frozen=True):
    """Let a user in at the desk. Only the hash of the browser's secret is kept."""

    identity: str
    hash: str  # SHA-256 of the secret, in hex


class FetchSession(Payload[SignedIn], frozen=True):
    """Who is signed in with this secret, if anybody still is."""

    hash: str


class EndSession(Payload[None], frozen=True):
    """Sign out. May be called again."""

    hash: str
