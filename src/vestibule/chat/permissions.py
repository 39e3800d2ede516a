"""Permissions and the roles that every service begins with.

Programmable Chat's names, and a few of ours for what it left to Flex: tasks, blocking, review.
"""

from __future__ import annotations

from collections.abc import Iterable

import msgspec

from vestibule.errors import UnknownPermission, UnknownRoleType

OURS = (
    "acceptTask",
    "transferTask",
    "editAnyMemberRole",
    "readAnyChannel",
    "reviewMedia",
    "downloadOriginal",  # of files that are kept as they came: not in `agent`, whose work the copies are for
    "manageRoles",
    "manageUsers",
)

DEPLOYMENT = frozenset(
    """createChannel joinChannel destroyChannel inviteMember addMember removeMember editChannelName
    editChannelAttributes editAnyMessage editAnyMessageAttributes editAnyMemberAttributes deleteAnyMessage
    editOwnMessage editOwnMessageAttributes editOwnUserInfo editAnyUserInfo""".split()
).union(OURS)

CHANNEL = frozenset(
    """sendMessage sendMediaMessage leaveChannel editOwnMessage editOwnMessageAttributes deleteOwnMessage
    editAnyMessage editAnyMessageAttributes deleteAnyMessage addMember inviteMember removeMember
    editChannelName editChannelAttributes destroyChannel editNotificationLevel editOwnMemberAttributes
    editAnyMemberAttributes editAnyMemberRole""".split()
)

OF_TYPE = {"deployment": DEPLOYMENT, "channel": CHANNEL}


class Template(msgspec.Struct, frozen=True):
    """A role that a new service gets."""

    friendly_name: str
    type: str
    permissions: str


SERVICE_USER, CHANNEL_ADMIN, CHANNEL_USER = "service user", "channel admin", "channel user"
AGENT, BLOCKED = "agent", "blockedUser"

TEMPLATES = (
    Template(
        "service admin",
        "deployment",
        " ".join(sorted(DEPLOYMENT - {"editOwnMessage", "editOwnMessageAttributes", "editOwnUserInfo"})),
    ),
    Template(SERVICE_USER, "deployment", "createChannel joinChannel editOwnUserInfo"),
    Template(
        CHANNEL_ADMIN,
        "channel",
        "sendMessage sendMediaMessage leaveChannel editNotificationLevel destroyChannel inviteMember "
        "removeMember editChannelName editChannelAttributes addMember editAnyMemberAttributes "
        "editAnyMessage editAnyMessageAttributes deleteAnyMessage",
    ),
    Template(
        CHANNEL_USER,
        "channel",
        "sendMessage sendMediaMessage leaveChannel editNotificationLevel editOwnMemberAttributes "
        "editOwnMessage editOwnMessageAttributes deleteOwnMessage",
    ),
    Template(
        AGENT,
        "deployment",
        "editOwnUserInfo deleteAnyMessage removeMember acceptTask transferTask editAnyMemberRole "
        "readAnyChannel reviewMedia",
    ),
    # Reads on, writes and sends nothing. May not leave either: they would come back as somebody new.
    Template(BLOCKED, "channel", "editNotificationLevel"),
)


def valid_permissions(role_type: str, permissions: Iterable[str]) -> str:
    """The permissions as a role's row keeps them. Raises for an unknown type or permission."""
    if role_type not in OF_TYPE:
        raise UnknownRoleType
    wanted = tuple(dict.fromkeys(permissions))
    if not wanted:
        raise UnknownPermission("A role needs at least one permission.")
    for permission in wanted:
        if permission not in OF_TYPE[role_type]:
            raise UnknownPermission(f"A role of type {role_type!r} has no permission {permission!r}.")
    return " ".join(wanted)
