"""The wire of ICAP/1.0 (RFC 3507): one connection, one request. Whatever is not to the letter is an error."""

from __future__ import annotations

import asyncio
import contextlib
import hashlib
import re
import ssl
from collections.abc import AsyncIterator
from dataclasses import dataclass, field
from typing import Self
from urllib.parse import urlsplit

from vestibule.errors import CheckUnavailable, ConfigurationError

PORT = 1344  # RFC 3507, section 4.2
SECURE_PORT = 11344  # what gateways use for TLS; no standard names one
LONGEST_HEAD = 64 * 1024  # bytes
PIECE = 64 * 1024  # bytes read at a time
TRAILERS = 100  # lines behind a body

_STATUS = re.compile(r"ICAP/1\.0 (\d{3})(?: .*)?")
_PART = re.compile(r"([a-z-]+)=(\d{1,9})")
_CHUNK_SIZE = re.compile(rb"([0-9A-Fa-f]{1,15})[ \t]*(?:;.*)?")


@dataclass(frozen=True, slots=True)
class Address:
    """A service of an ICAP server."""

    host: str
    port: int
    url: str
    is_secure: bool

    @classmethod
    def parse(cls, text: str) -> Address:
        """Read `icap://host:port/service`. Raises `ConfigurationError` for anything else."""
        with contextlib.suppress(ValueError):
            parts = urlsplit(text)
            is_plain = text.isascii() and text.isprintable() and " " not in text
            if is_plain and parts.scheme in ("icap", "icaps") and parts.hostname and parts.path.strip("/"):
                is_secure = parts.scheme == "icaps"
                port = parts.port or (SECURE_PORT if is_secure else PORT)
                return cls(parts.hostname, port, text, is_secure)
        raise ConfigurationError(f"The scanner's address {text!r} is not `icap://host:port/service`.")

    @property
    def authority(self) -> str:
        host = f"[{self.host}]" if ":" in self.host else self.host
        return f"{host}:{self.port}"


@dataclass(frozen=True, slots=True)
class Reply:
    """What a service answered."""

    status: int
    headers: dict[str, str] = field(default_factory=dict)  # names in lower case
    is_to_the_whole: bool = False  # all bytes had been sent
    is_same: bool = False  # the body is the file as it was sent

    def words(self, name: str) -> list[str]:
        """The values of a header that lists them."""
        return self.headers.get(name, "").replace(",", " ").split()


class _Sent:
    """What was sent so far."""

    def __init__(self) -> None:
        self.size = 0
        self.digest = hashlib.sha256()
        self.is_whole = False


class Connection:
    """A connection for one request. Raises `OSError`, `EOFError` and `CheckUnavailable`."""

    def __init__(self, address: Address, tls: ssl.SSLContext | None = None) -> None:
        self._address = address
        self._tls = tls
        self._sent = _Sent()

    async def __aenter__(self) -> Self:
        self._reader, self._writer = await asyncio.open_connection(
            self._address.host, self._address.port, ssl=self._tls, limit=LONGEST_HEAD
        )
        return self

    async def __aexit__(self, *_: object) -> None:
        self._writer.transport.abort()  # there is nothing left to be said, nor to be waited for

    async def options(self) -> Reply:
        """Ask the service what it can do."""
        self._writer.write(self._head("OPTIONS", "Encapsulated: null-body=0"))
        await self._writer.drain()
        status, headers = await self._read_head()
        return Reply(status, headers)

    async def respmod(
        self,
        request: bytes,
        response: bytes,
        chunks: AsyncIterator[bytes],
        size: int,
        *,
        allow_204: bool,
    ) -> Reply:
        """Show the service an HTTP answer: the heads of request and response, and `size` bytes of body.

        The answer is read all the while: it may come before the last byte was sent.
        """
        at = f"req-hdr=0, res-hdr={len(request)}, res-body={len(request) + len(response)}"
        lines = (*(["Allow: 204"] if allow_204 else []), f"Encapsulated: {at}")
        self._writer.write(self._head("RESPMOD", *lines) + request + response)
        sending = asyncio.create_task(self._send(chunks))
        reading = asyncio.create_task(self._read_reply(size))
        try:
            await asyncio.wait({sending, reading}, return_when=asyncio.FIRST_COMPLETED)
            if not reading.done() and (error := sending.exception()):
                raise error
            return await reading
        finally:
            for task in (sending, reading):
                task.cancel()
            await asyncio.gather(sending, reading, return_exceptions=True)

    def _head(self, method: str, *lines: str) -> bytes:
        host = f"Host: {self._address.authority}"
        first = f"{method} {self._address.url} ICAP/1.0"
        return "\r\n".join((first, host, "User-Agent: Vestibule", *lines, "", "")).encode()

    async def _send(self, chunks: AsyncIterator[bytes]) -> None:
        """Each chunk behind its length in hex. A service that hung up has answered, or never will."""
        async for chunk in chunks:
            if not chunk:
                continue  # an empty one would end the body
            self._sent.size += len(chunk)
            self._sent.digest.update(chunk)
            self._writer.write(b"%x\r\n%b\r\n" % (len(chunk), chunk))
            try:
                await self._writer.drain()
            except ConnectionError:
                return
        self._sent.is_whole = True  # before the write: what is answered afterwards is about all of it
        self._writer.write(b"0\r\n\r\n")
        with contextlib.suppress(ConnectionError):
            await self._writer.drain()

    async def _read_reply(self, size: int) -> Reply:
        status, headers = await self._read_head()
        was_whole = self._sent.is_whole
        if status != 200:
            return Reply(status, headers, was_whole)
        is_same = await self._is_same(headers, size)
        return Reply(status, headers, self._sent.is_whole, is_same)

    async def _read_head(self) -> tuple[int, dict[str, str]]:
        lines = (await self._until(b"\r\n\r\n")).decode("latin-1").split("\r\n")
        if not (match := _STATUS.fullmatch(lines[0])):
            raise CheckUnavailable(f"It does not answer in ICAP, but {lines[0][:100]!r}.")
        return int(match[1]), _headers(lines[1:])

    async def _is_same(self, headers: dict[str, str], expected: int) -> bool:
        """Whether the answer brings the bytes that were sent. Reads no further than it has to."""
        parts = dict(_PART.findall(headers.get("encapsulated", "")))
        if "null-body" in parts:
            return False
        if (at := int(parts.get("res-body", -1))) not in range(LONGEST_HEAD):
            raise CheckUnavailable("Its answer does not say where the body begins.")
        head = await self._reader.readexactly(at)
        if head and not re.match(rb"HTTP/1\.[01] 200[ \r]", head):
            return False
        size, digest = 0, hashlib.sha256()
        async for piece in self._body():
            size += len(piece)
            digest.update(piece)
            if size > expected:
                return False
        return size == self._sent.size and digest.digest() == self._sent.digest.digest()

    async def _body(self) -> AsyncIterator[bytes]:
        """The pieces of a chunked body, to its very end (RFC 9112, section 7.1)."""
        while left := await self._chunk_size():
            while left:
                if not (piece := await self._reader.read(min(left, PIECE))):
                    raise EOFError("It hung up within the body.")
                left -= len(piece)
                yield piece
            if await self._reader.readexactly(2) != b"\r\n":
                raise CheckUnavailable("Its chunks are not what they say.")
        for _ in range(TRAILERS):
            if await self._until(b"\r\n") == b"":
                return
        raise CheckUnavailable("Its trailer does not end.")

    async def _chunk_size(self) -> int:
        line = await self._until(b"\r\n")
        if not (match := _CHUNK_SIZE.fullmatch(line)):
            raise CheckUnavailable(f"It sends no chunk, but {line[:100]!r}.")
        return int(match[1], 16)

    async def _until(self, mark: bytes) -> bytes:
        try:
            return (await self._reader.readuntil(mark)).removesuffix(mark)
        except asyncio.LimitOverrunError as error:
            raise CheckUnavailable("It says more than any answer does.") from error


def _headers(lines: list[str]) -> dict[str, str]:
    headers: dict[str, str] = {}
    name = ""
    for line in lines:
        if line[:1] in (" ", "\t") and name:  # folded: X-Violations-Found is, over many lines
            headers[name] += f" {line.strip()}"
            continue
        name, colon, value = line.partition(":")
        if not colon:
            raise CheckUnavailable(f"It sends no header, but {line[:100]!r}.")
        name = name.strip().lower()
        headers[name] = f"{headers[name]}, {value.strip()}" if name in headers else value.strip()
    return headers


def printable(text: str) -> str:
    """A service's words as they may stand in a record."""
    return "".join(letter if letter.isprintable() else " " for letter in text)[:500]
