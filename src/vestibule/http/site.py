"""The site: what a visitor's browser is told before there is a chat."""

from __future__ import annotations

import math

import msgspec

from vestibule.http.calls import Call
from vestibule.http.routes import Routes
from vestibule.payloads import FetchSite

routes = Routes()


class FilesWords(msgspec.Struct, frozen=True, kw_only=True):
    """Which files one may send."""

    max_bytes: int
    accept: tuple[str, ...]
    words: str


class SiteAnswer(msgspec.Struct, frozen=True, kw_only=True):
    """How the widget introduces itself."""

    team: str
    greeting: str
    reply_minutes: int | None
    accent: str
    languages: tuple[str, ...]
    ask_name: bool
    ask_email: bool
    files: FilesWords


@routes.get("/v1/site", access="anybody")
async def fetch_site(call: Call) -> SiteAnswer:
    """What a visitor may know before a chat."""
    seconds = (await call.ctx.invoke(FetchSite())).reply_seconds
    site, files = call.front.site, call.front.files
    return SiteAnswer(
        team=site.team,
        greeting=site.greeting,
        reply_minutes=None if seconds is None else max(1, math.ceil(seconds / 60)),
        accent=site.accent,
        languages=site.languages,
        ask_name=site.ask_name,
        ask_email=site.ask_email,
        files=FilesWords(max_bytes=files.max_bytes, accept=files.accept, words=files.words),
    )
