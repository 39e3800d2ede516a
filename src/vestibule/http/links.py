"""Links: a file's address, for one viewer and for minutes."""

from __future__ import annotations

from typing import Literal

import msgspec

from vestibule.http.calls import Call
from vestibule.http.routes import Routes
from vestibule.models import Link
from vestibule.payloads import DownloadMedia

routes = Routes()


class NewLink(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Which copy, and whether to show or to save it."""

    rendition: Literal["safe", "preview", "poster", "original"] = "safe"
    disposition: Literal["inline", "attachment"] = "inline"


@routes.post("/v1/channels/{channel_sid}/media/{media_sid}/link", limit="links")
async def mint_link(call: Call, body: NewLink, channel_sid: str, media_sid: str) -> Link:
    """Mint a link to a copy of a file."""
    return await call.ctx.invoke(DownloadMedia(channel_sid, media_sid, body.rendition, body.disposition))
