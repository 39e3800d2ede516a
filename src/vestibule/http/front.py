"""Front: everything that routes work with, as plain arguments. `app.py` fills it in."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path

from vestibule.context import Parts
from vestibule.functions import Functions
from vestibule.http.limits import Rates
from vestibule.http.metrics import Metrics
from vestibule.http.taken import PolicyAnswer
from vestibule.links import Links
from vestibule.tokens import Tokens

# What a part's readiness may say, details behind a colon; anything else means: not ready, and why.
OK, OFF, WEAK, OLD = "ok", "off", "weak", "old"


async def _always_ready() -> Mapping[str, str]:
    return {}


def _nobody(identity: str) -> bool:
    return False


@dataclass(frozen=True, slots=True, kw_only=True)
class SiteWords:
    """How the widget introduces itself."""

    team: str = "Support"
    greeting: str = "Hello! How can we help?"
    accent: str = "#2563eb"
    languages: tuple[str, ...] = ("en",)
    ask_name: bool = True
    ask_email: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class FilesTaken:
    """Which files are taken, as told to browsers. What decides is the gate, not this."""

    max_bytes: int = 25 * 1024 * 1024  # of a visitor's
    most: int = 25 * 1024 * 1024  # bytes that any upload may bring, whoever sends it
    accept: tuple[str, ...] = ()  # endings such as `.jpg`
    words: str = "Photos, PDF, video"
    name_of: Callable[[str], str] = lambda declared_type: "file"  # for a file that comes without a name


@dataclass(frozen=True, slots=True, kw_only=True)
class Front:
    """What routes need."""

    parts: Parts
    tokens: Tokens
    links: Links
    functions: Functions
    service_sid: str  # where visitors arrive and agents sign in
    account_sid: str
    auth_token: str
    static: Path  # the built front end: `demo.html`, `desk.html`, `widget.js`, `assets/`
    site: SiteWords = SiteWords()
    files: FilesTaken = FilesTaken()
    policy: PolicyAnswer = field(default_factory=PolicyAnswer)
    public_url: str = ""  # such as `https://chat.example.com`; empty: as the request names us
    files_origin: str = ""  # such as `https://files.example.com`; empty: files are served here
    cors_origins: tuple[str, ...] = ()  # sites that embed the widget; `*` for any
    trusted_proxies: tuple[str, ...] = ()  # networks whose X-Forwarded-For and -Proto are believed
    is_secure: bool = False  # browsers reach us by https
    rates: Rates = field(default_factory=Rates)
    metrics: Metrics = field(default_factory=Metrics)
    readiness: Callable[[], Awaitable[Mapping[str, str]]] = _always_ready  # part to `ok`, `off` or why not
    is_online: Callable[[str], bool] = _nobody  # whether an identity has a socket open
