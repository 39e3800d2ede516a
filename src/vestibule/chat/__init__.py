"""The domain: services, roles, users, channels, members, messages and tasks. One noun, one file."""

from __future__ import annotations

from vestibule.actions import Actions
from vestibule.chat import channels, chats, members, messages, roles, services, tasks, users


def chat_actions() -> Actions:
    """The table of every action of this room."""
    table = Actions()
    for noun in (services, roles, users, channels, members, messages, tasks, chats):
        table.include(noun.actions)
    return table
