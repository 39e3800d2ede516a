"""What the signatures of these routes do not say, told by their paths: answers, uploads, headers."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import msgspec

from vestibule.http.chat_v2 import answers, media_answers
from vestibule.http.ranges import RANGES
from vestibule.http.routes import Route
from vestibule.http.schemas import upload_body

TELLS = "X-Twilio-Webhook-Enabled"

# The nouns of a path below `/Services/{service_sid}`, or all of them.
RESOURCES: dict[str, type[msgspec.Struct]] = {
    "Services": answers.ServiceAnswer,
    "Roles": answers.RoleAnswer,
    "Users": answers.UserAnswer,
    "Users Channels": answers.UserChannelAnswer,
    "Users Bindings": answers.UserBindingAnswer,
    "Channels": answers.ChannelAnswer,
    "Channels Members": answers.MemberAnswer,
    "Channels Messages": answers.MessageAnswer,
    "Channels Invites": answers.InviteAnswer,
    "Channels Webhooks": answers.WebhookAnswer,
    "Bindings": answers.BindingAnswer,
    "Credentials": answers.CredentialAnswer,
    "Media": media_answers.RecordAnswer,
}


def _listed(nouns: str, kind: type[msgspec.Struct]) -> type[msgspec.Struct]:
    """A page of a list, whose key is the last noun."""
    key = nouns.rsplit(maxsplit=1)[-1].lower()
    fields: list[tuple[str, Any]] = [("meta", answers.Pages), (key, list[kind])]  # type: ignore[valid-type]
    name = kind.__name__.replace("Answer", "Page")
    return msgspec.defstruct(name, fields, kw_only=True, frozen=True, module=__name__)


PAGES = {nouns: _listed(nouns, kind) for nouns, kind in RESOURCES.items()}


def described(route: Route) -> Route:
    """The same route, saying all that it takes and gives."""
    nouns = _nouns(route.path)
    is_list = not route.path.endswith("}")
    if route.method != "DELETE" and nouns in RESOURCES:
        kinds = PAGES if is_list and route.method == "GET" else RESOURCES
        route = replace(route, answer=kinds[nouns])
    if nouns == "Media Content":
        return replace(route, sends="*/*", also=(206, 304, 307), headers=RANGES)
    if nouns == "MediaSet":
        return replace(route, answer=list[media_answers.RecordInSet])
    if route.method == "POST" and nouns == "Media":
        return replace(route, takes=upload_body("Author"))
    if route.method in ("POST", "DELETE") and nouns.startswith(("Users", "Channels")):
        return replace(route, headers=(*route.headers, TELLS))
    return route


def _nouns(path: str) -> str:
    nouns = [segment for segment in path.split("/") if segment[:1].isupper()]
    return " ".join(nouns[1:] if len(nouns) > 1 else nouns)
