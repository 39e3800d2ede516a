"""ICAP: asks the scanner of a company's gateway, by RESPMOD of RFC 3507.

The whole file is sent, never a preview of it: "204 No Content" then is about every byte. A scanner that
may not say 204 sends the file back; only the same bytes are clean.
"""

from __future__ import annotations

import asyncio
import ssl
import time
from urllib.parse import quote

import msgspec

from vestibule.checks import icap_wire
from vestibule.checks.icap_wire import Address, Connection, Reply
from vestibule.errors import CheckUnavailable
from vestibule.models import Outcome, Verdict
from vestibule.ports import Finding, Specimen, Storage

OPTIONS_SECONDS = 60.0  # how old what the service says of itself may be
FOUND = ("x-infection-found", "x-virus-id", "x-violations-found", "x-virus-name")


class Service(msgspec.Struct, frozen=True, kw_only=True):
    """What an ICAP service says of itself."""

    version: str
    allows_204: bool


class IcapCheck:
    """See the port `Check`."""

    name = "icap"

    def __init__(self, url: str, seconds: float = 30.0, *, name: str = "icap") -> None:
        """`url` is `icap://host:port/service`, or `icaps` over TLS. Raises `ConfigurationError`."""
        self.name = name
        self.seconds = seconds
        self._address = Address.parse(url)
        self._tls = ssl.create_default_context() if self._address.is_secure else None
        self._service: Service | None = None
        self._service_until = 0.0

    def applies(self, specimen: Specimen) -> bool:
        return True

    async def __call__(self, specimen: Specimen, storage: Storage) -> Finding:
        try:
            async with asyncio.timeout(self.seconds):
                return Finding(verdict=await self._ask(specimen, storage))
        except TimeoutError:
            return Finding(verdict=self._fault("timeout", f"no answer within {self.seconds:g} s"))
        except (OSError, EOFError, CheckUnavailable) as error:
            return Finding(verdict=self._fault("error", f"{type(error).__name__}: {error}"))

    async def ping(self) -> str:
        """What the service says of itself, asked now. Raises `OSError`, `EOFError`, `CheckUnavailable`."""
        async with asyncio.timeout(self.seconds), Connection(self._address, self._tls) as connection:
            reply = await connection.options()
        if reply.status != 200 or "RESPMOD" not in reply.words("methods"):
            raise CheckUnavailable(f"This is no ICAP service for RESPMOD: {reply.status} to OPTIONS.")
        named = (reply.headers.get(name, "").strip('"') for name in ("service", "istag"))
        version = " ".join(word for word in named if word)
        self._service = Service(version=version[:500], allows_204="204" in reply.words("allow"))
        self._service_until = time.monotonic() + OPTIONS_SECONDS
        return self._service.version

    async def _known(self) -> Service:
        if self._service is None or time.monotonic() >= self._service_until:
            await self.ping()
        if self._service is None:
            raise CheckUnavailable
        return self._service

    async def _ask(self, specimen: Specimen, storage: Storage) -> Verdict:
        service = await self._known()
        chunks = storage.get(f"quarantine/{specimen.media_sid}/original")
        async with Connection(self._address, self._tls) as connection:
            reply = await connection.respmod(
                _request(specimen),
                _response(specimen),
                chunks,
                specimen.size,
                allow_204=service.allows_204,
            )
        outcome, reason, detail = judge(reply)
        return Verdict(
            outcome=outcome, check=self.name, reason=reason, detail=detail, version=service.version
        )

    def _fault(self, outcome: Outcome, detail: str) -> Verdict:
        return Verdict(outcome=outcome, check=self.name, reason="check_failed", detail=detail)


def judge(reply: Reply) -> tuple[Outcome, str, str]:
    """Outcome, reason and detail of an answer to RESPMOD."""
    if found := [f"{name}: {reply.headers[name]}" for name in FOUND if name in reply.headers]:
        return "infected", "infected", icap_wire.printable(found[0])
    if reply.status == 204:
        return ("clean", "", "") if reply.is_to_the_whole else ("error", "check_failed", "204 before the end")
    if reply.status != 200:
        return "error", "check_failed", f"answered with status {reply.status}"
    if not reply.is_same:
        return "infected", "infected", "sent something else in place of the file"
    return ("clean", "", "") if reply.is_to_the_whole else ("error", "check_failed", "200 before the end")


def _request(specimen: Specimen) -> bytes:
    """The request to which the file would have been the answer. Scanners read the name in it."""
    name = quote(specimen.filename, safe="", errors="replace") or "file"
    return f"GET http://vestibule/{specimen.media_sid}/{name} HTTP/1.1\r\nHost: vestibule\r\n\r\n".encode()


def _response(specimen: Specimen) -> bytes:
    kind = specimen.content_type or "application/octet-stream"
    return (f"HTTP/1.1 200 OK\r\nContent-Type: {kind}\r\nContent-Length: {specimen.size}\r\n\r\n").encode()
