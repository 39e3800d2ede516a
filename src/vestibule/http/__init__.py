"""HTTP: reads the request, builds one payload, invokes it, writes the answer. One noun, one file."""

from __future__ import annotations

from collections.abc import Iterable

from starlette.routing import BaseRoute

from vestibule.http import (
    agents,
    bans,
    channels,
    chats,
    files,
    functions,
    health,
    house,
    links,
    media,
    members,
    messages,
    policy,
    site,
    tasks,
    users,
    verdicts,
)
from vestibule.http.application import Application
from vestibule.http.chat_v2 import CHAT_V2, chat_v2_routes
from vestibule.http.docs import doc_routes
from vestibule.http.front import FilesTaken, Front, SiteWords
from vestibule.http.limits import Rate, Rates
from vestibule.http.metrics import Metrics
from vestibule.http.pages import page_routes
from vestibule.http.session import session_routes
from vestibule.http.taken import PolicyAnswer, TypeTaken, Unpacked

__all__ = [
    "FilesTaken",
    "Front",
    "Metrics",
    "PolicyAnswer",
    "Rate",
    "Rates",
    "SiteWords",
    "TypeTaken",
    "Unpacked",
    "build",
]

NOUNS = (
    site,
    policy,
    chats,
    tasks,
    agents,
    channels,
    messages,
    members,
    users,
    media,
    links,
    files,
    verdicts,
    bans,
    house,
    functions,
    health,
)


def build(front: Front, *, extra_routes: Iterable[BaseRoute] = ()) -> Application:
    """The ASGI application. `extra_routes` come first: sockets, gateways."""
    routes = [route for noun in NOUNS for route in noun.routes.routes]
    routes += session_routes().routes
    routes += chat_v2_routes()
    routes += page_routes(front).routes
    routes += doc_routes(routes).routes
    strange = {"/v2/": CHAT_V2, "/v1/Services": CHAT_V2}
    return Application(front, routes, extra_routes, strange)
