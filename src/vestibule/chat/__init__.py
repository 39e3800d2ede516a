"""The domain: services, roles, users, channels, members, messages and tasks. One noun, one file."""

from __future__ import annotations

from vestibule.actions import Actions
from vestibule.chat import (
    channels,
    chats,
    departures,
    invites,
    keys,
    members,
    messages,
    roles,
    sending,
    services,
    sessions,
    streams,
    tasks,
    user_channels,
    users,
    webhooks,
)
from vestibule.chat.passwords import password_actions


def chat_actions() -> Actions:
    """The table of every action of this room."""
    table = Actions()
    for noun in (
        services,
        roles,
        users,
        sessions,
        keys,
        channels,
        members,
        invites,
        messages,
        sending,
        tasks,
        chats,
        user_channels,
        departures,
        streams,
        webhooks,
    ):
        table.include(noun.actions)
    table.include(password_actions())
    return table
