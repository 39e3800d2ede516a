"""The form of a policy file. A preset fills in every value; a file of your own overrides some.

Nothing here can make a check's silence, or its alarm, open a file: the strictest word of a policy is
`refuse`, its mildest `hold`.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Annotated, Literal

from msgspec import Meta, Struct

from vestibule.checks.policies.measures import Size, Span
from vestibule.models import MediaState, Outcome

Deed = Literal["hold", "refuse"]
Notice = Literal["ignore", "flag", "hold", "refuse"]
Count = Annotated[int, Meta(ge=1)]
Share = Annotated[float, Meta(ge=0, le=1)]


class Form(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A part of a policy."""


class Files(Form, frozen=True, kw_only=True):
    """Which files may be sent."""

    extensions: tuple[str, ...]
    largest: Size
    sizes: Mapping[str, Size] = {}  # by extension or content type, where they differ from `largest`


class RoleFiles(Form, frozen=True, kw_only=True):
    """Where a role's files differ from everybody's."""

    extensions: tuple[str, ...] | None = None
    largest: Size | None = None
    sizes: Mapping[str, Size] = {}


class Originals(Form, frozen=True, kw_only=True):
    """What becomes of the bytes as they were sent, once a copy was made of them."""

    keep: Span  # 0: they are erased with the verdict


class Verdicts(Form, frozen=True, kw_only=True):
    """What becomes of a file that a check called so. `infected` and `refused` are always refused."""

    suspicious: Deed
    encrypted: Deed
    too_large: Deed
    silence: Deed  # `timeout` and `error`: held files are asked about again, by themselves


class CheckRules(Form, frozen=True, kw_only=True):
    """One check. What is left out is as in `verdicts`, or as the check has it."""

    enabled: bool = True
    required: bool = False  # without it the house does not start
    seconds: Annotated[float, Meta(gt=0)] | None = None  # the budget for one file
    suspicious: Deed | None = None
    encrypted: Deed | None = None
    too_large: Deed | None = None
    silence: Deed | None = None


class Pictures(Form, frozen=True, kw_only=True):
    """How large a picture may be once it is unpacked."""

    pixels: Count
    side: Count  # pixels
    frames: Count
    frame_pixels: Count  # frames times pixels of an animation


class Documents(Form, frozen=True, kw_only=True):
    """PDFs."""

    active: Literal["disarm", "refuse"]  # a script, an embedded file, a form that sends itself
    pages: Count


class Recordings(Form, frozen=True, kw_only=True):
    """Video and sound."""

    streams: Count
    duration: Span


class Archives(Form, frozen=True, kw_only=True):
    """Zips and Office documents, all levels together."""

    members: Count
    unpacked: Size
    ratio: Count  # unpacked to packed, where it is more than `small`
    small: Size
    depth: Annotated[int, Meta(ge=1, le=3)]  # archives within each other, the outermost counted


class Quotas(Form, frozen=True, kw_only=True):
    """How much a customer may send. Agents and the house itself are not counted."""

    files_per_minute: Count
    bytes_per_day: Size
    at_once: Count


class Deadlines(Form, frozen=True, kw_only=True):
    """How long a file may wait. Then it is refused."""

    held: Span
    later: Span  # for a check that answered `later`


class Sensitive(Form, frozen=True, kw_only=True):
    """Card numbers and the like in what is sent, by customers and, where it differs, by agents."""

    card_number: Notice
    iban: Notice
    secret: Notice
    agents: Mapping[Literal["card_number", "iban", "secret"], Notice] = {}


class Moderation(Form, frozen=True, kw_only=True):
    """From which score on a picture is blurred, held, refused. 1 is never reached."""

    enabled: bool
    blur: Share
    hold: Share
    refuse: Share


class PolicyDocument(Form, frozen=True, kw_only=True):
    """A whole policy."""

    name: Annotated[str, Meta(pattern=r"^[a-z0-9][a-z0-9-]{0,39}$")]
    files: Files
    originals: Originals
    verdicts: Verdicts
    pictures: Pictures
    documents: Documents
    recordings: Recordings
    archives: Archives
    quotas: Quotas
    deadlines: Deadlines
    sensitive: Sensitive
    moderation: Moderation
    checks: Mapping[str, CheckRules] = {}
    roles: Mapping[str, RoleFiles] = {}  # by the role's friendly name

    def rules(self, check: str) -> CheckRules:
        """What this policy says of a check."""
        return self.checks.get(check, CheckRules())

    def states(self, check: str) -> dict[Outcome, MediaState]:
        """What becomes of a file by each outcome of a check, where a policy has a say in it."""
        own = self.rules(check)
        silence = STATES[own.silence or self.verdicts.silence]
        return {
            "suspicious": STATES[own.suspicious or self.verdicts.suspicious],
            "encrypted": STATES[own.encrypted or self.verdicts.encrypted],
            "too_large": STATES[own.too_large or self.verdicts.too_large],
            "timeout": silence,
            "error": silence,
        }


STATES: Mapping[Deed, MediaState] = {"hold": "held", "refuse": "refused"}
