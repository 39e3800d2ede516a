"""Posting: one signed request to a webhook, and its answer."""

from __future__ import annotations

import asyncio
import base64
import hashlib
import hmac
from collections.abc import Mapping
from functools import lru_cache
from urllib.parse import urlencode

import h11
import httpx
import msgspec

from vestibule.gateways.webhooks.addresses import is_open
from vestibule.gateways.webhooks.connections import (
    Connections,
    ForbiddenAddress,
    MayReach,
    Origin,
    Resolve,
    resolve,
)
from vestibule.gateways.webhooks.wire import Request
from vestibule.models import WebhookMethod

LONGEST_ANSWER = 64 * 1024  # bytes: a message's body and attributes, with much to spare
FORM = "application/x-www-form-urlencoded"


class NoAnswer(Exception):
    """A webhook did not answer. The text says why, to whoever runs the house."""

    is_late = False


class Late(NoAnswer):
    """It did not answer in time."""

    is_late = True


class Answer(msgspec.Struct, frozen=True):
    """What a webhook answered."""

    status: int
    content_type: str
    body: bytes | None  # None: longer than any answer is

    @property
    def is_good(self) -> bool:
        return 200 <= self.status < 300


class Poster:
    """Calls webhooks. One for a house: its connections are kept and shared."""

    def __init__(self, auth_token: str, may_reach: MayReach = is_open, *, resolve: Resolve = resolve) -> None:
        """`auth_token` signs; `may_reach` says to which addresses a webhook may lead."""
        self._auth_token = auth_token
        self._connections = Connections(resolve, may_reach)

    async def post(self, url: str, method: WebhookMethod, form: Mapping[str, str], seconds: float) -> Answer:
        """Send a form, and have the answer within so many seconds. Raises `NoAnswer`."""
        try:
            async with asyncio.timeout(seconds):
                return await self._sent(url, method, form)
        except TimeoutError as error:
            raise Late(f"no answer within {seconds:g} s") from error
        except ForbiddenAddress as error:
            raise NoAnswer(str(error)) from error
        except (OSError, h11.ProtocolError) as error:
            raise NoAnswer(f"{type(error).__name__}: {error}") from error
        except (httpx.InvalidURL, ValueError) as error:
            raise NoAnswer(f"its address cannot be used: {error}") from error

    async def close(self) -> None:
        """Let go of the connections. May be called twice."""
        await self._connections.close()

    async def _sent(self, url: str, method: WebhookMethod, form: Mapping[str, str]) -> Answer:
        target = target_of(url, form if method == "GET" else {})
        posted = form if method == "POST" else {}
        content = encoded(posted)
        headers = [
            ("Host", target.netloc.decode("ascii")),
            ("User-Agent", "Vestibule"),
            ("Accept", "application/json, */*"),
            ("Accept-Encoding", "identity"),
            ("X-Twilio-Signature", signature(self._auth_token, str(target), posted)),
        ]
        if method == "POST":
            headers += [("Content-Type", FORM), ("Content-Length", str(len(content)))]
        request = Request(method, target.raw_path, tuple(headers), content, LONGEST_ANSWER)
        response = await self._connections.exchange(_origin(target), request)
        return Answer(response.status, response.headers.get("content-type", ""), response.body)


def target_of(url: str, query: Mapping[str, str]) -> httpx.URL:
    """The address as it is called and signed. Raises `ValueError` for one that is none of ours."""
    target = _read_url(url)
    if query:
        joined = target.query + b"&" if target.query else b""
        target = target.copy_with(query=joined + encoded(query))
    return target


@lru_cache(maxsize=1024)  # an address is the same for many events, and reading it takes as long as sending it
def _read_url(url: str) -> httpx.URL:
    target = httpx.URL(url).copy_with(fragment=None)
    if target.scheme not in ("http", "https") or not target.host:
        raise ValueError("it does not begin with http://host or https://host")
    if target.userinfo:
        raise ValueError("it holds a name or a password")
    # An empty path is called as this, so it is signed as this.
    return target.copy_with(path="/") if target.path == "/" else target


def encoded(form: Mapping[str, str]) -> bytes:
    """A form on the wire."""
    return urlencode(form, encoding="utf-8", errors="replace").encode("ascii")


def signature(auth_token: str, url: str, form: Mapping[str, str]) -> str:
    """As the helper libraries' request validators compute it, over the address and the posted form."""
    text = url + "".join(name + form[name] for name in sorted(form))
    digest = hmac.digest(auth_token.encode(), text.encode("utf-8", "replace"), hashlib.sha1)
    return base64.b64encode(digest).decode("ascii")


def _origin(target: httpx.URL) -> Origin:
    port = target.port or (443 if target.scheme == "https" else 80)
    return target.scheme, target.raw_host.decode("ascii"), port
