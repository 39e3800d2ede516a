"""The domain: services, roles, users, channels, members, messages and tasks. One noun, one file."""

from __future__ import annotations

from vestibule.actions import Actions
from vestibule.chat import (
    channels,
    chats,
    keys,
    members,
    messages,
    passwords,
    roles,
    sending,
    services,
    sessions,
    streams,
    tasks,
    users,
)


def chat_actions() -> Actions:
    """The table of every action of this room."""
    table = Actions()
    for noun in (
        services,
        roles,
        users,
        passwords,
        sessions,
        keys,
        channels,
        members,
        messages,
        sending,
        tasks,
        chats,
        streams,
    ):
        table.include(noun.actions)
    return table
