"""Webhook: asks a scanner of the operator's own over HTTP, which may also answer later.

The answer is believed only whole: status 200, to every byte, JSON with an outcome that we know. The
address is the operator's own setting, so it may be in a private network; no redirect is followed.
"""

from __future__ import annotations

import asyncio
import hmac
import ssl
import time
from collections.abc import AsyncIterator
from typing import Annotated, Literal
from urllib.parse import quote, urlsplit

import httpx
import msgspec
from msgspec import Meta

from vestibule.errors import ConfigurationError
from vestibule.models import Outcome, Verdict
from vestibule.ports import Finding, Specimen, Storage
from vestibule.refusals import REFUSALS

LONGEST_ANSWER = 64 * 1024  # bytes: a few sentences, with much to spare
TYPE_SAFE = "/;=+. \"'!#$&^_-"  # what a media type and its parameters are made of (RFC 9110, section 8.3.1)

# What people read where the scanner gives no reason, or none of the catalogue.
REASONS = {
    "infected": "infected",
    "suspicious": "check_pending",
    "refused": "rule",
    "later": "check_pending",
}

Short = Annotated[str, Meta(max_length=500)]


class Answer(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """What a scanner may answer."""

    outcome: Literal["clean", "infected", "suspicious", "refused", "later"]
    reason: Annotated[str, Meta(pattern="^[a-z_]{0,64}$")] = ""
    detail: Short = ""
    version: Short = ""


class Body:
    """The file's bytes on their way; knows whether all were taken."""

    def __init__(self, chunks: AsyncIterator[bytes]) -> None:
        self._chunks = chunks
        self.is_whole = False

    async def __aiter__(self) -> AsyncIterator[bytes]:
        async for chunk in self._chunks:
            yield chunk
        self.is_whole = True


class WebhookCheck:
    """See the port `LateCheck`."""

    name = "webhook"

    def __init__(
        self,
        url: str,
        secret: str,
        seconds: float = 30.0,
        *,
        later_seconds: float = 3600.0,
        votes_url: str = "",
        name: str = "webhook",
    ) -> None:
        """`secret` signs each request; `votes_url` is our own address that a ballot is put behind.

        Raises `ConfigurationError` for an address that is not http, or a secret that is none.
        """
        parts = urlsplit(url)
        if parts.scheme not in ("http", "https") or not parts.hostname:
            raise ConfigurationError(f"The scanner's address {url!r} does not begin with `http://host`.")
        if not secret:
            raise ConfigurationError("The scanner at `webhook_url` needs a `webhook_secret`.")
        self.name = name
        self.seconds = seconds
        self.later_seconds = later_seconds
        self._url = url
        self._secret = secret.encode()
        self._votes_url = votes_url
        self._tls = ssl.create_default_context()  # the system's authorities, the operator's own among them

    def applies(self, specimen: Specimen) -> bool:
        return True

    async def __call__(self, specimen: Specimen, storage: Storage) -> Finding:
        try:
            async with asyncio.timeout(self.seconds):
                return Finding(verdict=await self._ask(specimen, storage))
        except TimeoutError:
            return Finding(verdict=self._fault("timeout", f"no answer within {self.seconds:g} s"))
        except (httpx.HTTPError, httpx.InvalidURL, OSError) as error:
            return Finding(verdict=self._fault("error", f"{type(error).__name__}: {error}"))

    async def _ask(self, specimen: Specimen, storage: Storage) -> Verdict:
        key = f"quarantine/{specimen.media_sid}/original"
        if await storage.size(key) != specimen.size:
            return self._fault("error", "the bytes are not those of the record")
        body = Body(storage.get(key))
        # Neither proxies nor passwords from the environment: files go where the setting says.
        async with (
            httpx.AsyncClient(verify=self._tls, trust_env=False, timeout=None) as client,  # noqa: S113
            client.stream("POST", self._url, content=body, headers=self._headers(specimen)) as response,
        ):
            if response.status_code != 200:
                return self._fault("error", f"answered with status {response.status_code}")
            if "content-encoding" in response.headers:
                return self._fault("error", "answered in an encoding that was not asked for")
            answer = await _read(response)
        return self._verdict(answer, whole=body.is_whole)

    def _headers(self, specimen: Specimen) -> dict[str, str]:
        """What is known of the file. Nothing a sender wrote goes into a header as it came."""
        moment = str(int(time.time()))
        name = quote(specimen.filename, safe="", errors="replace")
        return {
            "Accept": "application/json",
            "Accept-Encoding": "identity",
            "User-Agent": "Vestibule",
            "Content-Type": specimen.content_type or "application/octet-stream",
            "Content-Length": str(specimen.size),
            "Content-Disposition": f"attachment; filename*=UTF-8''{name}",  # RFC 8187
            "Vestibule-Media": specimen.media_sid,
            "Vestibule-Declared-Type": quote(specimen.declared_type, safe=TYPE_SAFE, errors="replace"),
            "Vestibule-Sha256": specimen.sha256,
            "Vestibule-Timestamp": moment,
            "Vestibule-Signature": signature(self._secret, moment, specimen.sha256),
            "Vestibule-Vote": f"{self._votes_url}{specimen.ballot}" if specimen.ballot else "",
        }

    def _verdict(self, answer: bytes | None, *, whole: bool) -> Verdict:
        if answer is None:
            return self._fault("error", f"answered more than {LONGEST_ANSWER} bytes")
        try:
            said = msgspec.json.decode(answer, type=Answer)
        except (msgspec.DecodeError, UnicodeDecodeError, RecursionError):
            return self._fault("error", f"answered {answer[:100]!r}")
        if said.outcome == "clean":
            if not whole:
                return self._fault("error", "answered before the end")
            return Verdict(outcome="clean", check=self.name, detail=said.detail, version=said.version)
        return Verdict(
            outcome=said.outcome,
            check=self.name,
            reason=said.reason if said.reason in REFUSALS else REASONS[said.outcome],
            detail=said.detail,
            version=said.version,
        )

    def _fault(self, outcome: Outcome, detail: str) -> Verdict:
        return Verdict(outcome=outcome, check=self.name, reason="check_failed", detail=detail)


def signature(secret: bytes, moment: str, sha256: str) -> str:
    """HMAC-SHA256 in hex over the time (seconds since 1970), a full stop, and the digest of the bytes."""
    return hmac.new(secret, f"{moment}.{sha256}".encode(), "sha256").hexdigest()


async def _read(response: httpx.Response) -> bytes | None:
    """The whole answer; None where it is longer than any answer is."""
    answer = b""
    async for piece in response.aiter_raw():
        answer += piece
        if len(answer) > LONGEST_ANSWER:
            return None
    return answer
