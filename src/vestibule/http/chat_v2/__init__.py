"""Programmable Chat's REST API, version 2, and its media service: the same actions under its names."""

from __future__ import annotations

from vestibule.http.chat_v2 import (
    bindings,
    channels,
    credentials,
    invites,
    media,
    media_sets,
    members,
    messages,
    roles,
    services,
    user_channels,
    users,
    webhooks,
)
from vestibule.http.chat_v2.described import described
from vestibule.http.chat_v2.shape import CHAT_V2
from vestibule.http.routes import Route

__all__ = ["CHAT_V2", "chat_v2_routes"]

NOUNS = (
    services,
    roles,
    users,
    user_channels,
    bindings,
    credentials,
    channels,
    members,
    invites,
    webhooks,
    messages,
    media,
    media_sets,
)


def chat_v2_routes() -> list[Route]:
    """Every route of this API."""
    return [described(route) for noun in NOUNS for route in noun.routes.routes]
