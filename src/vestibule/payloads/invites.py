"""Invites: what their actions take. Accepting one is to be added as a member (`AddMember`)."""

from __future__ import annotations

from vestibule.models import Invite
from vestibule.payloads.base import After, InChannel


class CreateInvite(InChannel[Invite], frozen=True):
    """Let a user join a channel, a private one too. Without a role: the service's default channel role."""

    identity: str
    role: str | None = None  # sid or friendly name


class DeleteInvite(InChannel[None], frozen=True):
    """Take an invite back; for one's own, to decline it."""

    invite_sid: str


class ListInvites(InChannel[list[Invite]], frozen=True):
    """Who is invited to a channel, oldest first."""

    identities: tuple[str, ...] = ()  # only theirs; empty for all
    limit: int = 1000
    after: After = After()


class FetchInvite(InChannel[Invite], frozen=True):
    """One invite."""

    invite_sid: str
