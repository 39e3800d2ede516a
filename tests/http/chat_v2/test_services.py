"""Services over Programmable Chat's REST API: made, set, listed and deleted by the account alone."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from dataclasses import replace
from typing import Any

import httpx

from tests.http.desk import BASE, PDF, Desk
from vestibule.events import Notice, RightsChanged, WebhooksChanged

KEYS = set(
    """sid account_sid friendly_name date_created date_updated url links default_service_role_sid
    default_channel_role_sid default_channel_creator_role_sid read_status_enabled reachability_enabled
    typing_indicator_timeout consumption_report_interval limits pre_webhook_url post_webhook_url
    webhook_method webhook_filters pre_webhook_retry_count post_webhook_retry_count notifications
    media""".split()
)
QUIET = {"enabled": False, "template": None, "sound": None}
NOBODY = f"IS{'0' * 32}"


async def a_service(desk: Desk, name: str = "Second") -> dict[str, Any]:
    answer = await desk.account.post("/v2/Services", data={"FriendlyName": name})
    assert answer.status_code == 201, answer.text
    return answer.json()


def heard(desk: Desk) -> list[Notice]:
    """What the bus tells from now on."""
    notices: list[Notice] = []

    def note(some: Sequence[Notice]) -> None:
        notices.extend(some)

    desk.house.parts.bus.listen(note)
    return notices


async def test_a_new_service_has_every_field_with_its_default(desk: Desk) -> None:
    service = await a_service(desk)

    assert set(service) == KEYS
    assert service["limits"] == {"channel_members": 100, "user_channels": 250}
    assert (service["read_status_enabled"], service["reachability_enabled"]) == (True, False)
    assert (service["typing_indicator_timeout"], service["consumption_report_interval"]) == (5, 10)
    assert (service["webhook_method"], service["webhook_filters"]) == (None, None)
    assert service["notifications"] == {
        "log_enabled": False,
        "new_message": {**QUIET, "badge_count_enabled": False},
        **dict.fromkeys(("added_to_channel", "removed_from_channel", "invited_to_channel"), QUIET),
    }
    assert service["url"] == f"{BASE}/v2/Services/{service['sid']}"
    assert service["links"] == {
        name.lower(): f"{service['url']}/{name}" for name in ("Channels", "Users", "Roles", "Bindings")
    }


async def test_a_new_service_begins_with_the_documented_roles(desk: Desk) -> None:
    service = await a_service(desk)
    roles = (await desk.account.get(service["links"]["roles"])).json()["roles"]
    named = {role["friendly_name"]: role["sid"] for role in roles}

    assert {"service admin", "service user", "channel admin", "channel user"} <= set(named)
    assert service["default_service_role_sid"] == named["service user"]
    assert service["default_channel_role_sid"] == named["channel user"]
    assert service["default_channel_creator_role_sid"] == named["channel admin"]


CHANGES: dict[str, Any] = {
    "FriendlyName": "Renamed",
    "ReadStatusEnabled": "false",
    "ReachabilityEnabled": "true",
    "TypingIndicatorTimeout": "7",
    "ConsumptionReportInterval": "30",
    "Limits.ChannelMembers": "7",
    "Limits.UserChannels": "8",
    "Media.CompatibilityMessage": "A file came.",
    "PreWebhookUrl": "https://hooks.example.com/before",
    "PostWebhookUrl": "http://user:secret@hooks.example.com:8080/after?x=1",
    "WebhookMethod": "GET",
    "WebhookFilters": ["onMessageSend", "onMessageSent", "onUserAdded"],
    "PreWebhookRetryCount": "1",
    "PostWebhookRetryCount": "3",
    "Notifications.LogEnabled": "true",
    "Notifications.NewMessage.Enabled": "true",
    "Notifications.NewMessage.Template": "{USER} wrote",
    "Notifications.NewMessage.Sound": "ping",
    "Notifications.NewMessage.BadgeCountEnabled": "true",
    "Notifications.AddedToChannel.Enabled": "true",
    "Notifications.AddedToChannel.Template": "added",
    "Notifications.AddedToChannel.Sound": "a",
    "Notifications.RemovedFromChannel.Enabled": "true",
    "Notifications.RemovedFromChannel.Template": "removed",
    "Notifications.RemovedFromChannel.Sound": "r",
    "Notifications.InvitedToChannel.Enabled": "true",
    "Notifications.InvitedToChannel.Template": "invited",
    "Notifications.InvitedToChannel.Sound": "i",
}


def told(service: dict[str, Any], parameter: str) -> Any:
    """What the representation says of a parameter: dots are levels."""
    value: Any = service
    for word in parameter.split("."):
        snake = "".join(f"_{letter.lower()}" if letter.isupper() else letter for letter in word)
        value = value[snake.removeprefix("_")]
    return value


async def test_every_parameter_is_kept_and_told(desk: Desk) -> None:
    service = await a_service(desk)
    updated = (await desk.account.post(service["url"], data=CHANGES)).json()

    assert (await desk.account.get(service["url"])).json() == updated
    for parameter, given in CHANGES.items():
        shown = told(updated, parameter)
        assert str(shown).lower() == str(given).lower(), parameter
    assert set(updated) == KEYS


async def test_what_is_absent_stays_and_what_is_empty_goes(desk: Desk) -> None:
    url = (await a_service(desk))["url"]
    full = (await desk.account.post(url, data=CHANGES)).json()
    kept = (await desk.account.post(url, data={"TypingIndicatorTimeout": "9"})).json()
    names = "PreWebhookUrl WebhookFilters WebhookMethod Media.CompatibilityMessage"
    emptied = dict.fromkeys([*names.split(), "Notifications.NewMessage.Sound"], "")
    gone = (await desk.account.post(url, data=emptied)).json()

    changed = {"typing_indicator_timeout", "date_updated"}
    assert {name for name in KEYS if kept[name] != full[name]} <= changed
    assert (gone["pre_webhook_url"], gone["webhook_filters"], gone["webhook_method"]) == (None, None, None)
    assert gone["media"]["compatibility_message"] == ""
    assert gone["notifications"]["new_message"] == {
        **full["notifications"]["new_message"],
        "sound": None,
    }
    assert gone["post_webhook_url"] == full["post_webhook_url"]


WRONG: list[tuple[str, Any, int]] = [
    ("FriendlyName", "", 50000),
    ("FriendlyName", "x" * 257, 50003),
    ("ConsumptionReportInterval", "soon", 50052),
    ("ConsumptionReportInterval", "0", 50052),
    ("TypingIndicatorTimeout", "soon", 50053),
    ("TypingIndicatorTimeout", "-1", 50053),
    ("WebhookFilters", ["onMessageSend", "onMessagesend"], 50054),
    ("WebhookMethod", "PUT", 50055),
    ("Notifications.NewMessage.Template", "x" * 1025, 50058),
    ("Notifications.InvitedToChannel.Sound", "x" * 257, 50059),
    ("Limits.UserChannels", "1001", 50060),
    ("Limits.UserChannels", "many", 50060),
    ("Limits.UserChannels", "9" * 30, 50060),
    ("Limits.ChannelMembers", "0", 50061),
    ("Limits.ChannelMembers", "", 50061),
    ("PreWebhookRetryCount", "4", 50065),
    ("PostWebhookRetryCount", "1.5", 50065),
    ("PreWebhookUrl", "ftp://example.com", 50077),
    ("PreWebhookUrl", "example.com/hook", 50077),
    ("PreWebhookUrl", "https://", 50077),
    ("PostWebhookUrl", "https://example.com/" + "x" * 2048, 50078),
    ("PostWebhookUrl", "https://exa mple.com/", 50078),
    ("PostWebhookUrl", "https://example.com:99999/", 50078),
    ("PostWebhookUrl", "https://[::1/", 50078),
    ("ReadStatusEnabled", "perhaps", 20001),
    ("DefaultServiceRoleSid", f"RL{'0' * 32}", 50102),
    ("DefaultChannelRoleSid", f"RL{'0' * 32}", 50101),
    ("DefaultChannelCreatorRoleSid", f"RL{'0' * 32}", 50106),
]


async def test_a_setting_out_of_bounds_is_refused_under_its_own_code(desk: Desk) -> None:
    before = (await desk.account.get(desk.service)).json()
    for parameter, value, code in WRONG:
        more = {} if parameter == "FriendlyName" else {"FriendlyName": "Never"}
        answer = await desk.account.post(desk.service, data={parameter: value, **more})
        assert (answer.status_code, answer.json()["code"]) == (400, code), (parameter, value)
    assert (await desk.account.get(desk.service)).json() == before


async def test_of_two_changes_at_once_neither_is_lost(desk: Desk) -> None:
    changes = {"TypingIndicatorTimeout": "9"}, {"Limits.UserChannels": "8"}, {"WebhookMethod": "POST"}
    await asyncio.gather(*(desk.account.post(desk.service, data=change) for change in changes))
    service = (await desk.account.get(desk.service)).json()

    assert (service["typing_indicator_timeout"], service["webhook_method"]) == (9, "POST")
    assert service["limits"] == {"channel_members": 100, "user_channels": 8}


async def test_default_roles_are_of_this_service_and_of_their_type(desk: Desk) -> None:
    account, other = desk.account, await a_service(desk)
    own = (await account.get(desk.service)).json()
    channel, deployment = own["default_channel_role_sid"], own["default_service_role_sid"]
    foreign = other["default_channel_role_sid"]
    swapped = {"DefaultServiceRoleSid": channel, "DefaultChannelRoleSid": deployment}
    for name, sid, code in (
        *((name, sid, {"S": 50102, "C": 50101}[name[7]]) for name, sid in swapped.items()),
        ("DefaultChannelCreatorRoleSid", deployment, 50106),
        ("DefaultChannelRoleSid", foreign, 50101),
    ):
        answer = await account.post(desk.service, data={name: sid})
        assert (answer.status_code, answer.json()["code"]) == (400, code)
    changed = await account.post(desk.service, data={"DefaultChannelCreatorRoleSid": channel})
    assert changed.json()["default_channel_creator_role_sid"] == channel


async def test_a_service_needs_a_name(desk: Desk) -> None:
    missing = await desk.account.post("/v2/Services", data={"Other": "x"})
    blank = await desk.account.post("/v2/Services", data={"FriendlyName": " "})
    nothing = await desk.account.post(desk.service, data={"Other": "x"})

    assert (missing.json()["code"], missing.json()["status"]) == (20001, 400)
    assert missing.json()["message"] == "Missing required parameter FriendlyName in the post body"
    assert blank.json()["code"] == 50000
    assert (nothing.status_code, nothing.json()["code"]) == (400, 20161)


async def test_services_are_paged_in_the_order_of_their_making(desk: Desk) -> None:
    made = [(await a_service(desk, f"No {number}"))["sid"] for number in range(4)]
    url, read = f"{BASE}/v2/Services?PageSize=2", []
    while url:
        page = (await desk.account.get(url)).json()
        assert (page["meta"]["key"], page["meta"]["page_size"]) == ("services", 2)
        read += [service["sid"] for service in page["services"]]
        url = page["meta"]["next_page_url"]

    assert read == [desk.house.service_sid, *made]


async def test_the_size_limit_is_what_the_gate_takes(desk: Desk) -> None:
    files = replace(desk.front.files, most=150 * 1024 * 1024)
    account = desk.client(desk.changed(files=files))
    account.auth = httpx.BasicAuth(desk.front.account_sid, desk.front.auth_token)

    assert (await account.get(desk.service)).json()["media"]["size_limit_mb"] == 150


async def test_whoever_tells_webhooks_hears_that_they_changed(desk: Desk) -> None:
    url, notices = (await a_service(desk))["url"], heard(desk)
    await desk.account.post(url, data={"TypingIndicatorTimeout": "6"})
    assert notices == []
    for change in ({"PostWebhookUrl": "https://example.com"}, {"WebhookFilters": "onMessageSent"}):
        await desk.account.post(url, data=change)

    changed = WebhooksChanged(stream=url.rpartition("/")[2], identity="")
    assert notices == [changed, changed]


async def test_a_user_learns_and_changes_nothing_of_services(desk: Desk) -> None:
    for person in (desk.customer, desk.agent):
        for answer in (
            await person.get("/v2/Services"),
            await person.post("/v2/Services", data={"FriendlyName": "Mine"}),
            await person.get(desk.service),
            await person.post(desk.service, data={"FriendlyName": "Mine"}),
            await person.delete(desk.service),
        ):
            assert (answer.status_code, answer.json()["code"]) == (403, 50107)


async def a_chat_next_door(desk: Desk) -> tuple[dict[str, Any], dict[str, Any]]:
    """A second service where Bob sent a file: the service, and the message."""
    service = await a_service(desk)
    channel = (await desk.account.post(f"{service['url']}/Channels", data={"FriendlyName": "x"})).json()
    await desk.account.post(f"{channel['url']}/Members", data={"Identity": "bob"})
    bob = desk.client(authorization=f"Bearer {desk.token('bob', service['sid'])}")
    kind = {"content-type": "application/pdf"}
    media = await bob.post(f"/v1/Services/{service['sid']}/Media?Filename=a.pdf", content=PDF, headers=kind)
    sent = await bob.post(f"{channel['url']}/Messages", data={"MediaSid": media.json()["sid"]})
    assert sent.status_code == 201, sent.text
    return service, sent.json()


def files_of(desk: Desk, media_sid: str) -> list[str]:
    """What storage still has of a file."""
    return [
        str(path) for path in (desk.folder / "files").rglob("*") if media_sid in str(path) and path.is_file()
    ]


async def test_a_deleted_service_leaves_nothing_behind(desk: Desk) -> None:
    service, message = await a_chat_next_door(desk)
    media_sid = message["media"]["sid"]
    assert files_of(desk, media_sid)
    gone = await desk.account.delete(service["url"])

    assert (gone.status_code, gone.content) == (204, b"")
    assert files_of(desk, media_sid) == []
    for url in (service["url"], *service["links"].values(), message["url"]):
        answer = await desk.account.get(url)
        assert (answer.status_code, answer.json()["code"]) == (404, 20404)
    assert (await desk.account.get(desk.service)).status_code == 200


async def test_no_row_of_a_deleted_service_is_left(desk: Desk) -> None:
    service, message = await a_chat_next_door(desk)
    await desk.account.delete(service["url"])

    places = dict.fromkeys("roles users channels members messages webhooks".split(), "service_sid")
    places |= {"services": "sid", "events": "stream"}

    def left(tx: Any) -> list[str]:
        def has(table: str, column: str, sid: str) -> bool:
            sql = f"SELECT 1 FROM {table} WHERE {column} = ?"
            return tx._connection.execute(sql, (sid,)).fetchone() is not None

        rest = [table for table, column in places.items() if has(table, column, service["sid"])]
        return rest + (["its channel's events"] if has("events", "stream", message["channel_sid"]) else [])

    assert await desk.house.parts.database.read(left) == []


async def test_a_token_of_a_deleted_service_opens_nothing(desk: Desk) -> None:
    service, message = await a_chat_next_door(desk)
    bob = desk.client(authorization=f"Bearer {desk.token('bob', service['sid'])}")
    assert (await bob.get(message["url"])).status_code == 200
    notices = heard(desk)
    await desk.account.delete(service["url"])

    assert (await bob.get(message["url"])).status_code == 401
    assert RightsChanged(stream=service["sid"], identity="") in notices
    assert WebhooksChanged(stream=service["sid"], identity="") in notices


async def test_the_house_keeps_the_service_where_visitors_arrive(desk: Desk) -> None:
    await a_service(desk)
    refused = await desk.account.delete(desk.service)

    assert (refused.status_code, refused.json()["reason"]) == (409, "house_service")
    assert (await desk.client().post("/v1/chats", json={})).status_code == 201
    assert (await desk.account.delete(f"/v2/Services/{NOBODY}")).json()["code"] == 20404
