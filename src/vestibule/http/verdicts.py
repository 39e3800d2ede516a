"""Verdicts: where a check that answered `later` says what it has found."""

from __future__ import annotations

from typing import Annotated, Literal

import msgspec
from msgspec import Meta

from vestibule.http.calls import Call
from vestibule.http.routes import Routes
from vestibule.payloads import CastVote

routes = Routes()

Short = Annotated[str, Meta(max_length=500)]


class NewVote(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A scanner's answer, as it could have given it at once."""

    outcome: Literal["clean", "infected", "suspicious", "refused"]
    reason: Annotated[str, Meta(pattern="^[a-z_]{0,64}$")] = ""
    detail: Short = ""
    version: Short = ""


@routes.post("/v1/verdicts/{ballot}", access="anybody", status=204)
async def cast_vote(call: Call, body: NewVote, ballot: str) -> None:
    """Vote on a file, once. The address is all that is asked for: it was given to the scanner alone."""
    await call.ctx.invoke(CastVote(ballot, body.outcome, body.reason, body.detail, body.version))
