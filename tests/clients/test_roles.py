"""Roles: what their holders may do."""

from __future__ import annotations

from typing import Any

import pytest
from twilio.rest.chat.v2.service import ServiceContext
from twilio.rest.chat.v2.service.channel import ChannelContext

from tests.clients.accounts import NOWHERE, Account, refused


def test_a_role_is_made_read_changed_and_deleted(service: ServiceContext) -> None:
    role = service.roles.create("quiet", "channel", ["leaveChannel", "sendMessage"])
    assert (role.friendly_name, role.type) == ("quiet", "channel")
    assert sorted(role.permissions) == ["leaveChannel", "sendMessage"]
    assert service.roles(str(role.sid)).fetch().url == role.url
    assert role.update(permission=["leaveChannel"]).permissions == ["leaveChannel"]
    assert role.fetch().permissions == ["leaveChannel"]
    assert role.delete() is True
    with refused(404, 20404):
        role.fetch()


def test_the_default_roles_grant_what_is_documented(roles: dict[str, Any]) -> None:
    assert set(roles["service user"].permissions) == {"createChannel", "joinChannel", "editOwnUserInfo"}
    assert {"sendMessage", "sendMediaMessage", "leaveChannel"} <= set(roles["channel user"].permissions)
    assert {"deleteAnyMessage", "removeMember"} <= set(roles["channel admin"].permissions)
    assert {"destroyChannel", "editAnyUserInfo"} <= set(roles["service admin"].permissions)
    assert roles["service admin"].type == roles["service user"].type == "deployment"
    assert roles["channel admin"].type == roles["channel user"].type == "channel"


@pytest.mark.parametrize(
    ("given", "code"),
    [
        (("x", "channel", ["fly"]), 50104),
        (("x", "channel", ["createChannel"]), 50104),
        (("x", "deployment", ["sendMediaMessage"]), 50104),
        (("x", "house", ["sendMessage"]), 50105),
        (("x" * 65, "channel", ["sendMessage"]), 50003),
        (("x", "channel", []), 20001),
        ((None, "channel", ["sendMessage"]), 20001),
        (("x", None, ["sendMessage"]), 20001),
    ],
    ids="unknown wrong-type not-for-services no-type long no-permission no-name typeless".split(),
)
def test_a_role_that_cannot_be_is_refused(service: ServiceContext, given: Any, code: int) -> None:
    with refused(400, code):
        service.roles.create(*given)


def test_an_unknown_role_is_not_found(service: ServiceContext) -> None:
    with refused(404, 20404) as caught:
        service.roles(f"RL{NOWHERE}").fetch()
    path = f"/Services/{service.fetch().sid}/Roles/RL{NOWHERE}"
    assert caught.value.msg.endswith(f"The requested resource {path} was not found")
    with refused(404, 20404):
        service.roles(f"RL{NOWHERE}").update(permission=["sendMessage"])
    with refused(404, 20404):
        service.roles(f"RL{NOWHERE}").delete()


def test_a_roles_new_permissions_count_at_the_very_next_request(
    account: Account, service: ServiceContext, channel: ChannelContext
) -> None:
    role = service.roles.create("moody", "channel", ["sendMessage", "leaveChannel"])
    channel.members.create("ada", role_sid=str(role.sid))
    messages = account.being("ada").channels(str(channel.fetch().sid)).messages

    assert messages.create(body="Hello")._from == "ada"
    role.update(permission=["leaveChannel"])
    with refused(403, 50107) as caught:
        messages.create(body="Hello?")
    assert caught.value.msg.endswith("User unauthorized for command")
    assert [message.body for message in messages.list()] == ["Hello"]
    role.update(permission=["sendMessage"])
    assert messages.create(body="Again").body == "Again"


def test_roles_are_listed_in_the_order_they_were_made(service: ServiceContext) -> None:
    made = [str(service.roles.create(f"r{n}", "channel", ["leaveChannel"]).sid) for n in range(3)]
    listed = [role.sid for role in service.roles.stream(page_size=2)]
    assert [sid for sid in listed if sid in made] == made
    assert len(listed) == len(set(listed))
    for sid in made:
        service.roles(sid).delete()
