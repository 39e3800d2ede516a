"""Channel webhooks: addresses that are told what happens in a channel."""

from __future__ import annotations

from datetime import datetime
from typing import Any

import pytest
from twilio.rest.chat.v2.service.channel import ChannelContext

from tests.clients.accounts import NOWHERE, refused

URL = "https://example.com/told?a=1&b=ü"


def test_a_webhook_is_made_read_changed_and_deleted(channel: ChannelContext) -> None:
    webhook = channel.webhooks.create(
        type="webhook",
        configuration_url=URL,
        configuration_method="GET",
        configuration_filters=["onMessageSent", "onMemberAdded"],
        configuration_retry_count=2,
    )
    assert (webhook.type, webhook.channel_sid) == ("webhook", channel.fetch().sid)
    assert webhook.configuration["url"] == URL
    assert webhook.configuration["method"] == "GET"
    assert webhook.configuration["filters"] == ["onMessageSent", "onMemberAdded"]
    assert webhook.configuration["retry_count"] == 2
    assert isinstance(webhook.date_created, datetime)

    changed = webhook.update(configuration_filters=["onMessageRemoved"], configuration_retry_count=0)
    assert changed.configuration["filters"] == ["onMessageRemoved"]
    assert (changed.configuration["url"], changed.configuration["retry_count"]) == (URL, 0)
    assert webhook.fetch().configuration == changed.configuration
    assert webhook.delete() is True
    with refused(404, 50320):
        webhook.fetch()


def test_a_trigger_waits_for_words(channel: ChannelContext) -> None:
    trigger = channel.webhooks.create(
        "trigger", configuration_url=URL, configuration_triggers=["help", "Hilfe, bitte"]
    )
    assert trigger.type == "trigger"
    assert trigger.configuration["triggers"] == ["help", "Hilfe, bitte"]
    assert trigger.update(configuration_triggers=["now"]).configuration["triggers"] == ["now"]


def test_a_channel_has_five_webhooks_at_most(channel: ChannelContext) -> None:
    filters = ["onMessageSent"]
    made = [
        channel.webhooks.create("webhook", configuration_url=URL, configuration_filters=filters).sid
        for _ in range(5)
    ]
    with refused(400, 50321):
        channel.webhooks.create("webhook", configuration_url=URL, configuration_filters=filters)
    assert [webhook.sid for webhook in channel.webhooks.list()] == made
    assert [webhook.sid for webhook in channel.webhooks.stream(page_size=2)] == made


@pytest.mark.parametrize(
    ("given", "code"),
    [
        ({"type": None}, 50328),
        ({"type": "pigeon"}, 50324),
        ({"type": "webhook", "configuration_filters": ["onMessageSent"]}, 50329),
        ({"type": "webhook", "configuration_url": URL}, 50330),
        ({"type": "webhook", "configuration_url": URL, "configuration_filters": ["onMessageSend"]}, 50325),
        ({"type": "webhook", "configuration_url": URL, "configuration_filters": ["onNothing"]}, 50325),
        ({"type": "trigger", "configuration_url": URL}, 50331),
        (
            {"type": "trigger", "configuration_url": URL, "configuration_triggers": list("abcdef")},
            50322,
        ),
        ({"type": "studio"}, 50327),
        ({"type": "studio", "configuration_flow_sid": "nonsense"}, 50327),
        (
            {
                "type": "webhook",
                "configuration_url": "https://example.com/" + "x" * 4096,
                "configuration_filters": ["onMessageSent"],
            },
            50332,
        ),
    ],
    ids="typeless type no-url no-filter before nothing no-trigger triggers no-flow flow long".split(),
)
def test_a_webhook_that_cannot_be_is_refused(channel: ChannelContext, given: Any, code: int) -> None:
    with refused(400, code):
        channel.webhooks.create(**given)
    assert channel.webhooks.list() == []


def test_an_unknown_webhook_is_not_found(channel: ChannelContext) -> None:
    with refused(404, 50320):
        channel.webhooks(f"WH{NOWHERE}").fetch()
    with refused(404, 50320):
        channel.webhooks(f"WH{NOWHERE}").delete()
