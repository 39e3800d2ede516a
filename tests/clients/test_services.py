"""Services: tenants, with their own roles, users and channels."""

from __future__ import annotations

from datetime import datetime

import pytest
from twilio.rest.chat.v2.service import ServiceContext

from tests.clients.accounts import NOWHERE, Account, refused

IMPOSSIBLE = {
    "consumption_report_interval": (-1, 50052),
    "typing_indicator_timeout": (-1, 50053),
    "webhook_filters": (["onNothing"], 50054),
    "webhook_method": ("PATCH", 50055),
    "notifications_new_message_template": ("x" * 1025, 50058),
    "notifications_new_message_sound": ("x" * 257, 50059),
    "limits_user_channels": (-1, 50060),
    "limits_channel_members": (1001, 50061),
    "pre_webhook_retry_count": (4, 50065),
    "post_webhook_retry_count": (-1, 50065),
    "pre_webhook_url": ("no address", 50077),
    "post_webhook_url": ("no address", 50078),
}  # and the number of the refusal


def test_a_service_is_made_with_every_default(account: Account) -> None:
    service = account.client.chat.v2.services.create(friendly_name="Näxt döor")
    assert service.friendly_name == "Näxt döor"
    assert service.account_sid == account.secrets["account_sid"]
    assert isinstance(service.date_created, datetime)
    assert (service.read_status_enabled, service.reachability_enabled) == (True, False)
    assert (service.typing_indicator_timeout, service.consumption_report_interval) == (5, 10)
    assert service.limits == {"channel_members": 100, "user_channels": 250}
    assert (service.pre_webhook_url, service.post_webhook_url) == (None, None)
    assert (service.pre_webhook_retry_count, service.post_webhook_retry_count) == (0, 0)
    assert service.notifications["new_message"]["enabled"] is False
    assert service.media["size_limit_mb"] > 0
    assert set(service.links) == {"channels", "users", "roles", "bindings"}
    assert service.fetch().url == service.url
    assert service.delete() is True


def test_a_new_service_has_its_four_roles(own: ServiceContext) -> None:
    service, roles = own.fetch(), {role.friendly_name: role for role in own.roles.list()}
    assert {"service admin", "service user", "channel admin", "channel user"} <= set(roles)
    assert service.default_service_role_sid == roles["service user"].sid
    assert service.default_channel_role_sid == roles["channel user"].sid
    assert service.default_channel_creator_role_sid == roles["channel admin"].sid


def test_every_setting_of_a_service_is_kept(own: ServiceContext) -> None:
    own.update(
        friendly_name="Renamed",
        read_status_enabled=False,
        reachability_enabled=True,
        typing_indicator_timeout=7,
        consumption_report_interval=20,
        limits_channel_members=12,
        limits_user_channels=34,
        media_compatibility_message="Your app shows no files.",
        pre_webhook_url="https://example.com/before",
        post_webhook_url="https://example.com/after",
        webhook_method="GET",
        webhook_filters=["onMessageSent", "onMemberAdded"],
        pre_webhook_retry_count=2,
        post_webhook_retry_count=3,
    )
    service = own.fetch()
    assert service.friendly_name == "Renamed"
    assert (service.read_status_enabled, service.reachability_enabled) == (False, True)
    assert (service.typing_indicator_timeout, service.consumption_report_interval) == (7, 20)
    assert service.limits == {"channel_members": 12, "user_channels": 34}
    assert service.media["compatibility_message"] == "Your app shows no files."
    assert service.pre_webhook_url == "https://example.com/before"
    assert service.post_webhook_url == "https://example.com/after"
    assert service.webhook_method == "GET"
    assert service.webhook_filters == ["onMessageSent", "onMemberAdded"]
    assert (service.pre_webhook_retry_count, service.post_webhook_retry_count) == (2, 3)


def test_notifications_are_set_one_by_one(own: ServiceContext) -> None:
    own.update(
        notifications_log_enabled=True,
        notifications_new_message_enabled=True,
        notifications_new_message_template="${USER}: ${MESSAGE}",
        notifications_new_message_sound="ping",
        notifications_new_message_badge_count_enabled=True,
        notifications_added_to_channel_enabled=True,
        notifications_added_to_channel_template="Welcome",
        notifications_removed_from_channel_sound="pop",
        notifications_invited_to_channel_enabled=True,
    )
    kept = own.fetch().notifications
    assert kept["log_enabled"] is True
    assert kept["new_message"] == {
        "enabled": True,
        "template": "${USER}: ${MESSAGE}",
        "sound": "ping",
        "badge_count_enabled": True,
    }
    assert (kept["added_to_channel"]["enabled"], kept["added_to_channel"]["template"]) == (True, "Welcome")
    assert kept["removed_from_channel"]["enabled"] is False
    assert kept["removed_from_channel"]["sound"] == "pop"
    assert kept["invited_to_channel"]["enabled"] is True


def test_what_is_not_named_stays_and_what_is_empty_is_emptied(own: ServiceContext) -> None:
    own.update(pre_webhook_url="https://example.com/before", typing_indicator_timeout=9)
    own.update(friendly_name="Again")
    assert own.fetch().pre_webhook_url == "https://example.com/before"
    own.update(pre_webhook_url="")
    emptied = own.fetch()
    assert (emptied.pre_webhook_url, emptied.typing_indicator_timeout) == (None, 9)


def test_default_roles_are_chosen_among_the_right_ones(own: ServiceContext) -> None:
    shy = own.roles.create("shy", "channel", ["leaveChannel"])
    own.update(default_channel_role_sid=str(shy.sid))
    assert own.channels.create().members.create(identity="ada").role_sid == shy.sid
    user = own.fetch().default_service_role_sid
    for field, given, code in (
        ("default_channel_role_sid", user, 50101),
        ("default_service_role_sid", shy.sid, 50102),
        ("default_channel_creator_role_sid", user, 50106),
        ("default_channel_role_sid", f"RL{NOWHERE}", 50101),
    ):
        with refused(400, code):
            own.update(**{field: given})


@pytest.mark.parametrize("setting", IMPOSSIBLE)
def test_a_setting_that_cannot_be_is_refused(own: ServiceContext, setting: str) -> None:
    value, code = IMPOSSIBLE[setting]
    with refused(400, code):
        own.update(**{setting: value})


def test_services_are_listed_and_those_deleted_are_not(account: Account) -> None:
    services = account.client.chat.v2.services
    made = [str(services.create(f"Number {number}").sid) for number in range(3)]
    assert [service.sid for service in services.stream(page_size=2) if service.sid in made] == made
    for sid in made:
        assert services(sid).delete() is True
    assert not {service.sid for service in services.list()} & set(made)
    with refused(404, 20404):
        services(made[0]).fetch()
    with refused(404, 20404):
        services(made[0]).channels.create()


def test_one_services_rows_are_not_anothers(account: Account, own: ServiceContext) -> None:
    channel = own.channels.create(unique_name="mine")
    with refused(404, 20404):
        account.service.channels(str(channel.sid)).fetch()
    with refused(404, 20404):
        account.service.channels("mine").fetch()
    with refused(404, 20404):
        account.service.roles(str(own.roles.list(limit=1)[0].sid)).fetch()


def test_a_service_needs_a_name_and_an_update_a_parameter(account: Account, own: ServiceContext) -> None:
    with refused(400, 20001):
        account.client.chat.v2.services.create(friendly_name=None)  # type: ignore[arg-type]
    with refused(400, 20161):
        own.update()
