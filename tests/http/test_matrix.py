"""Who may do what: every route, for a stranger, somebody of another chat, a blocked customer, the agent."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import httpx
import pytest

from tests.http.desk import PDF, Desk
from vestibule.http import NOUNS

SHUT = {401, 403, 404}
NO, HIDDEN, FORBIDDEN = 401, 404, 403


@dataclass
class Case:
    """One request, and what each kind of caller is answered."""

    method: str
    path: str
    stranger: int
    outsider: int  # another visitor, with a chat of their own
    blocked: int
    customer: int
    agent: int
    more: dict[str, Any] | None = None


ANY = "/v1/channels/{channel}"
FILE: dict[str, Any] = {"content": PDF, "params": {"Filename": "a.pdf"}}
BLOCK: dict[str, Any] = {"json": {"role": "blockedUser"}}
REVIEW: dict[str, Any] = {"json": {"decision": "refuse", "reason": "Not ours."}}
EDIT: dict[str, Any] = {"json": {"attributes": "{}"}}
CASES = [
    Case("GET", "/v1/site", 200, 200, 200, 200, 200),
    Case("GET", "/v1/tasks", NO, FORBIDDEN, FORBIDDEN, FORBIDDEN, 200),
    Case("POST", "/v1/tasks/{task}/accept", NO, FORBIDDEN, FORBIDDEN, FORBIDDEN, 409),
    Case("POST", "/v1/tasks/{task}/transfer", NO, FORBIDDEN, FORBIDDEN, FORBIDDEN, 200, {"json": {}}),
    Case("POST", "/v1/tasks/{task}/wrapup", NO, FORBIDDEN, FORBIDDEN, FORBIDDEN, 200),
    Case("POST", "/v1/tasks/{task}/complete", NO, FORBIDDEN, FORBIDDEN, FORBIDDEN, 409),
    Case("GET", "/v1/agents", NO, FORBIDDEN, FORBIDDEN, FORBIDDEN, 200),
    Case("GET", "/v1/users/{customer}", NO, FORBIDDEN, FORBIDDEN, FORBIDDEN, 200),
    Case("GET", ANY, NO, HIDDEN, 200, 200, 200),
    Case("GET", f"{ANY}/messages", NO, HIDDEN, 200, 200, 200),
    Case("POST", f"{ANY}/messages", NO, HIDDEN, FORBIDDEN, 201, 201, {"json": {"body": "Hi"}}),
    Case("POST", f"{ANY}/messages", NO, HIDDEN, FORBIDDEN, 400, 400, {"json": {"media_sid": "{media}"}}),
    Case("POST", f"{ANY}/messages/{{message}}", NO, HIDDEN, FORBIDDEN, 200, 200, EDIT),
    Case("DELETE", f"{ANY}/messages/{{message}}", NO, HIDDEN, FORBIDDEN, 204, 204),
    Case("POST", f"{ANY}/members/{{customer}}", NO, HIDDEN, FORBIDDEN, FORBIDDEN, 200, BLOCK),
    Case("DELETE", f"{ANY}/members/grace", NO, HIDDEN, FORBIDDEN, FORBIDDEN, 204),
    Case("POST", f"{ANY}/read", NO, HIDDEN, 200, 200, 200, {"json": {"index": 0}}),
    Case("POST", f"{ANY}/typing", NO, HIDDEN, FORBIDDEN, 204, 204),
    Case("POST", f"{ANY}/media", NO, HIDDEN, FORBIDDEN, 201, 201, FILE),
    Case("GET", f"{ANY}/media/{{media}}", NO, HIDDEN, 200, 200, 200),
    Case("DELETE", f"{ANY}/media/{{media}}", NO, HIDDEN, 400, 400, 400),
    Case("POST", f"{ANY}/media/{{media}}/link", NO, HIDDEN, 200, 200, 200, {"json": {}}),
    Case("GET", "/v1/media/{media}/timeline", NO, HIDDEN, 200, 200, 200),
    Case("POST", "/v1/media/{media}/review", NO, HIDDEN, FORBIDDEN, FORBIDDEN, 409, REVIEW),
    Case("GET", "/v1/bans", NO, FORBIDDEN, FORBIDDEN, FORBIDDEN, 200),
    Case("POST", "/v1/bans", NO, FORBIDDEN, FORBIDDEN, FORBIDDEN, 201, {"json": {"sha256": "0" * 64}}),
    Case("DELETE", "/v1/bans/BN1", NO, FORBIDDEN, FORBIDDEN, FORBIDDEN, 404),
    Case("POST", "/v1/media/{media}/recall", NO, FORBIDDEN, FORBIDDEN, FORBIDDEN, 200, {"json": {}}),
    Case("POST", "/v1/media/{media}/restore", NO, FORBIDDEN, FORBIDDEN, FORBIDDEN, 409, {"json": {}}),
    Case("POST", "/v1/house/RecheckMedia", NO, FORBIDDEN, FORBIDDEN, FORBIDDEN, FORBIDDEN, {"json": {}}),
    Case("POST", "/v1/verdicts/nobody", 404, 404, 404, 404, 404, {"json": {"outcome": "clean"}}),
    Case("POST", "/functions/whoami", NO, 200, 200, 200, 200, {"json": {}}),
]


@pytest.mark.parametrize("case", CASES, ids=lambda case: f"{case.method} {case.path}")
@pytest.mark.parametrize("who", ["stranger", "outsider", "blocked", "customer", "agent"])
async def test_everybody_gets_what_is_theirs(desk: Desk, case: Case, who: str) -> None:
    answer = await ask(desk, case, who)
    assert answer.status_code == getattr(case, who), answer.text
    if answer.status_code in SHUT:
        assert set(answer.json()) >= {"code", "message", "more_info", "status", "reason"}


async def test_the_matrix_names_every_route_that_needs_somebody(desk: Desk) -> None:
    shown = {(case.method, case.path.replace("{{", "{").count("/")) for case in CASES}
    for noun in NOUNS:
        for route in noun.routes.routes:
            if route.access in ("caller", "function"):
                assert (route.method, route.path.count("/")) in shown, route.path


async def test_a_sid_of_another_channel_opens_nothing_through_ones_own(desk: Desk) -> None:
    message = await desk.sent_file()
    outsider, own = await a_chat(desk)
    ways = [
        ("GET", f"{own}/media/{message['media']['sid']}"),
        ("POST", f"{own}/media/{message['media']['sid']}/link"),
        ("DELETE", f"{own}/media/{message['media']['sid']}"),
        ("DELETE", f"{own}/messages/{message['sid']}"),
        ("POST", f"{own}/messages/{message['sid']}"),
    ]
    for method, path in ways:
        answer = await outsider.request(method, path)
        assert answer.status_code == 404, path
    stolen = await outsider.post(f"{own}/messages", json={"media_sid": message["media"]["sid"]})
    assert (stolen.status_code, stolen.json()["code"]) == (400, 50507)


async def a_chat(desk: Desk) -> tuple[httpx.AsyncClient, str]:
    chat = (await desk.client().post("/v1/chats", json={})).json()
    return desk.client(authorization=f"Bearer {chat['token']}"), f"/v1/channels/{chat['channel_sid']}"


async def client_of(desk: Desk, who: str) -> httpx.AsyncClient:
    if who == "stranger":
        return desk.client()
    if who == "outsider":
        return (await a_chat(desk))[0]
    return desk.agent if who == "agent" else desk.customer


async def ask(desk: Desk, case: Case, who: str) -> httpx.Response:
    @desk.front.functions.post("/whoami")
    async def whoami(ctx: Any) -> str:
        return ctx.identity

    message = await desk.sent_file()
    names = {
        "channel": desk.chat.channel_sid,
        "task": desk.chat.task.sid,
        "customer": desk.chat.customer.identity,
        "message": message["sid"],
        "media": message["media"]["sid"],
    }
    if who == "blocked":
        await desk.chat.block()
    more = dict(case.more or {})
    if "json" in more:
        more["json"] = {key: fill(value, names) for key, value in more["json"].items()}
    return await (await client_of(desk, who)).request(case.method, fill(case.path, names), **more)


def fill(value: Any, names: dict[str, str]) -> Any:
    if isinstance(value, str):
        for name, sid in names.items():
            value = value.replace("{" + name + "}", sid)
    return value
