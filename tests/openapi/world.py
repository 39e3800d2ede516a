"""What there is in a house that is asked everything: of each noun one to keep, and some to be used up."""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import httpx

from tests.servers import Server
from vestibule.app import STATIC

NOTE = b"The bill is paid.\n"
SPARE = range(12)
HOOK = {  # told of nothing that happens here
    "Type": "webhook",
    "Configuration.Url": "https://example.com/told",
    "Configuration.Filters": "onChannelDestroyed",
}
STEPS = {  # how far a task is that something can be done with
    "accept": (),
    "transfer": ("accept",),
    "wrapup": ("accept",),
    "complete": ("accept", "wrapup"),
}

SERVICE_WORDS: dict[str, list[Any]] = {
    "DefaultServiceRoleSid": [None],
    "DefaultChannelRoleSid": [None],
    "DefaultChannelCreatorRoleSid": [None],
    "ConsumptionReportInterval": ["5"],
    "TypingIndicatorTimeout": ["3"],
    "PreWebhookUrl": [None],
    "PostWebhookUrl": [None],
    "WebhookMethod": ["POST"],
    "WebhookFilters": [["onMessageSent"]],
    "PreWebhookRetryCount": ["1"],
    "PostWebhookRetryCount": ["1"],
    "Limits.ChannelMembers": ["10"],
    "Limits.UserChannels": ["10"],
}
HOOK_WORDS = {
    "Type": ["webhook"],
    "Configuration.Url": ["https://example.com/told"],
    "Configuration.Method": ["GET", "POST"],
    "Configuration.Filters": [["onChannelDestroyed"]],
    "Configuration.RetryCount": [0, 3],
}
# What fields mostly hold: texts by chance are no JSON, no sid and no type. None: left out.
WORDS: dict[str, list[Any]] = {
    "Attributes": ["{}", '{"mood": "good"}'],
    "attributes": ["{}"],
    "Body": ["Hello."],
    "body": ["Hello."],
    "Filename": ["note.txt", "photo.png"],
    "DateCreated": ["2026-01-02T03:04:05Z"],
    "DateUpdated": ["2026-01-02T03:04:05Z"],
    "LastConsumptionTimestamp": ["2026-01-02T03:04:05Z"],
    "LastConsumedMessageIndex": ["0"],
    "NotificationLevel": ["muted", "default"],
    "MediaSid": [None],
    "media_sid": [None],
    "RoleSid": [None],
    "role": [None],
    "agent": [None],
    "index": [0],
    "key": [None],
}
WORDS_OF: dict[str, dict[str, list[Any]]] = {
    "POST /v2/Services/{service_sid}": SERVICE_WORDS,
    "POST /v2/Services/{service_sid}/Roles": {"Type": ["channel"], "Permission": [["sendMessage"]]},
    "POST /v2/Services/{service_sid}/Roles/{role_sid}": {"Permission": [["sendMessage", "leaveChannel"]]},
    "POST /v2/Services/{service_sid}/Users": {"Identity": [f"newcomer{number}" for number in range(50)]},
    "POST /v2/Services/{service_sid}/Channels": {"Type": ["public", "private"]},
    "POST /v2/Services/{service_sid}/Channels/{channel}/Webhooks": HOOK_WORDS,
    "POST /v2/Services/{service_sid}/Channels/{channel}/Webhooks/{webhook_sid}": HOOK_WORDS,
    "POST /v1/bans": {"sha256": ["ab" * 32], "perceptual": [None], "date_expires": [None]},
}


@dataclass
class World:
    """`kept` and `spare`: values of the paths' parameters by name. Only what is spare is deleted."""

    account: tuple[str, str]
    customer: str  # a token
    agent: str
    kept: dict[str, list[str]] = field(default_factory=dict)
    spare: dict[str, list[str]] = field(default_factory=dict)
    credentials: dict[str, str] = field(default_factory=dict)  # of the desk

    def save(self, file: Path) -> Path:
        """For the hooks, which run in another process."""
        signing_in = {name: [value] for name, value in self.credentials.items()}
        words_of = WORDS_OF | {"POST /v1/session": signing_in}
        known = {"kept": self.kept, "spare": self.spare, "words": WORDS, "words_of": words_of}
        file.write_text(json.dumps(known), encoding="utf-8")
        return file


def furnish(server: Server) -> World:
    """A chat with a customer, an agent, messages and a file; and more of each to be used up."""
    chat, agent, secrets = server.start_chat(), server.sign_in(), server.secrets
    world = World((secrets["account_sid"], secrets["auth_token"]), chat["token"], agent["token"])
    world.credentials = {"name": secrets["agent_name"], "password": secrets["agent_password"]}
    with server.client(world.customer) as customer, server.client(world.agent) as desk:
        posted(desk, f"/v1/tasks/{chat['task_sid']}/accept")
        world.kept = _sent_file(customer, chat["channel_sid"])
        world.spare = {
            "media_sid": [_file(customer, chat["channel_sid"]) for _ in SPARE],
            **{
                f"task_sid of POST /v1/tasks/{{task_sid}}/{last}": [
                    _task(server, desk, steps) for _ in range(3)
                ]
                for last, steps in STEPS.items()
            },
        }
    with server.stranger() as owner:
        owner.auth = httpx.BasicAuth(*world.account)
        _keep(world, owner, chat)
        _spare(world, owner, chat)
    return world


def posted(client: httpx.Client, path: str, **request: Any) -> dict[str, Any]:
    answer = client.post(path, **request)
    assert answer.is_success, f"{path}: {answer.text}"
    return dict(answer.json())


def _sent_file(customer: httpx.Client, channel_sid: str) -> dict[str, list[str]]:
    channel, media_sid = f"/v1/channels/{channel_sid}", _file(customer, channel_sid)
    sent = posted(customer, f"{channel}/messages", json={"media_sid": media_sid})
    link = posted(customer, f"{channel}/media/{media_sid}/link")
    ticket, filename = link["url"].split("/")[-2:]
    return {
        "ticket": [ticket],
        "filename": [filename],
        "media_sid": [media_sid],
        "message_sid": [sent["sid"]],
    }


def _file(customer: httpx.Client, channel_sid: str) -> str:
    media = f"/v1/channels/{channel_sid}/media"
    return str(posted(customer, media, params={"Filename": "note.txt"}, content=NOTE)["sid"])


def _task(server: Server, desk: httpx.Client, steps: tuple[str, ...]) -> str:
    sid = server.start_chat("Bea")["task_sid"]
    for step in steps:
        posted(desk, f"/v1/tasks/{sid}/{step}")
    return str(sid)


def _keep(world: World, owner: httpx.Client, chat: dict[str, Any]) -> None:
    service = f"/v2/Services/{chat['service_sid']}"
    new = {"Identity": "keeper"}
    world.kept |= {
        "service_sid": [chat["service_sid"]],
        "channel": [chat["channel_sid"]],
        "channel_sid": [chat["channel_sid"]],
        "member": [posted(owner, f"{service}/Channels/{chat['channel_sid']}/Members", data=new)["sid"]],
        "user": ["keeper"],
        "role_sid": [_role(owner, service, "kept")],
        "action": ["BeginRecheck", "ListRecheck", "EndRecheck"],
        "path": sorted(asset.name for asset in STATIC.glob("assets/*")),
    }


def _spare(world: World, owner: httpx.Client, chat: dict[str, Any]) -> None:
    service = f"/v2/Services/{chat['service_sid']}"
    channel = f"{service}/Channels/{chat['channel_sid']}"
    new: dict[str, tuple[str, dict[str, Any]]] = {
        "channel": (f"{service}/Channels", {"data": {}}),
        "message_sid": (f"{channel}/Messages", {"data": {"Body": "Spare"}}),
        "service_sid": ("/v2/Services", {"data": {"FriendlyName": "Spare"}}),
    }
    for name, (path, request) in new.items():
        world.spare[name] = [posted(owner, path, **request)["sid"] for _ in SPARE]
    bans = [posted(owner, "/v1/bans", json={"sha256": f"{number:064x}"})["bans"] for number in SPARE]
    world.spare["ban_sid"] = [ban["sid"] for ban in bans[-1]]
    world.spare["invite_sid"] = [
        posted(owner, f"{channel}/Invites", data={"Identity": f"guest{number}"})["sid"] for number in SPARE
    ]
    identities = [f"spare{number}" for number in SPARE]
    world.spare["webhook_sid"] = [
        posted(owner, f"{channel}/Webhooks", data=HOOK)["sid"]
        for _ in range(3)  # of five that there may be
    ]
    left = "channel of DELETE /v2/Services/{service_sid}/Users/{user}/Channels/{channel}"
    world.spare[left] = [_joined(owner, service) for _ in SPARE]
    world.spare["member"] = [
        posted(owner, f"{channel}/Members", data={"Identity": identity})["sid"] for identity in identities
    ]
    world.spare["user"] = identities
    world.spare["role_sid"] = [_role(owner, service, f"spare {number}") for number in SPARE]


def _joined(owner: httpx.Client, service: str) -> str:
    """A channel in which the keeper is."""
    channel = posted(owner, f"{service}/Channels", data={})
    posted(owner, f"{channel['url']}/Members", data={"Identity": "keeper"})
    return str(channel["sid"])


def _role(owner: httpx.Client, service: str, name: str) -> str:
    new = {"FriendlyName": name, "Type": "channel", "Permission": ["sendMessage"]}
    return str(posted(owner, f"{service}/Roles", data=new)["sid"])
