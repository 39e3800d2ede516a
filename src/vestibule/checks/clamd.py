"""A client of clamd, the daemon of ClamAV, and of whatever else speaks its protocol.

INSTREAM: each chunk behind its length in four bytes, big-endian; a length of 0 ends the stream
(clamd(8), section COMMANDS). The daemon may answer while we still send, and hangs up afterwards: so the
answer is awaited from the start, on a plain socket, where a reset by the peer does not lose it.
"""

from __future__ import annotations

import asyncio
import contextlib
import socket
from dataclasses import dataclass
from datetime import datetime
from urllib.parse import urlsplit

from vestibule.errors import CheckUnavailable, ConfigurationError
from vestibule.models import Outcome

LONGEST_REPLY = 4096  # bytes: a name of a signature, with much to spare
PIECE = 256 * 1024  # bytes sent at a time


@dataclass(frozen=True, slots=True)
class Address:
    """Where the daemon listens: a path, or a host and port."""

    path: str = ""
    host: str = ""
    port: int = 0

    @classmethod
    def parse(cls, text: str) -> Address:
        """Read `unix:/path` or `tcp://host:port`. Raises `ConfigurationError` for anything else."""
        if text.startswith("unix:/"):
            return cls(path=text.removeprefix("unix:").replace("///", "/", 1))
        with contextlib.suppress(ValueError):
            parts = urlsplit(text)
            if parts.scheme == "tcp" and parts.hostname and parts.port and not parts.path:
                return cls(host=parts.hostname, port=parts.port)
        raise ConfigurationError(
            f"The virus scanner's address {text!r} is neither `unix:/path` nor `tcp://host:port`."
        )

    async def connect(self) -> socket.socket:
        """A socket that is connected and does not block. Raises `OSError`."""
        if self.path:
            return await _connected(socket.AF_UNIX, self.path)
        loop = asyncio.get_running_loop()
        refused: OSError = OSError(f"{self.host} has no address")
        for family, *_, address in await loop.getaddrinfo(self.host, self.port, type=socket.SOCK_STREAM):
            try:
                return await _connected(family, address)
            except OSError as error:
                refused = error
        raise refused


class Scan:
    """One file's conversation with the daemon. `send` its bytes, then `end`; always `close`."""

    def __init__(self, connection: socket.socket) -> None:
        self._connection = connection
        self._loop = asyncio.get_running_loop()
        self._reply = asyncio.create_task(_read(connection))
        self.is_lost = False  # whether something that was sent did not get there

    @classmethod
    async def open(cls, address: Address) -> Scan:
        """Connect and announce a stream. Raises `OSError`."""
        scan = cls(await address.connect())
        try:
            await scan._write(b"zINSTREAM\0")
        except BaseException:
            await scan.close()
            raise
        return scan

    @property
    def has_answered(self) -> bool:
        """Whether it has answered, or hung up: what is sent now is not looked at."""
        return self._reply.done()

    async def send(self, chunk: bytes) -> None:
        """Send the next bytes. An empty chunk would end the stream, so it is left out."""
        for at in range(0, len(chunk), PIECE):
            piece = chunk[at : at + PIECE]
            await self._write(len(piece).to_bytes(4, "big") + piece)

    async def end(self) -> bytes:
        """End the stream and await the answer."""
        await self._write(bytes(4))
        return await self._reply

    async def answer(self) -> bytes:
        """The answer that came before the end."""
        return await self._reply

    async def close(self) -> None:
        """Hang up. May be called twice."""
        self._reply.cancel()
        await asyncio.gather(self._reply, return_exceptions=True)
        self._connection.close()

    async def _write(self, data: bytes) -> None:
        """A lost connection is no error here: the answer says why, or that there is none."""
        try:
            await self._loop.sock_sendall(self._connection, data)
        except OSError:
            self.is_lost = True


async def version(address: Address) -> str:
    """What the daemon says of itself and its signatures: `ClamAV 1.4.6/27450/Tue Oct 28 …`.

    A daemon without official signatures says no more than `ClamAV 1.4.6`. Raises `OSError` if it cannot
    be reached and `CheckUnavailable` if it says something else.
    """
    connection = await address.connect()
    try:
        await asyncio.get_running_loop().sock_sendall(connection, b"zVERSION\0")
        reply = await _read(connection)
    finally:
        connection.close()
    text = _text(reply)
    if not text or not text.isprintable() or text.endswith(("ERROR", "UNKNOWN COMMAND")):
        raise CheckUnavailable(f"The virus scanner does not say its version, but {reply[:100]!r}.")
    return text


def signed(version: str) -> float | None:
    """When the newest official signatures were made, in seconds since 1970; None if it has none.

    The daemon says it in the time of its own zone (clamd prints ctime(3)), which is taken to be ours.
    """
    with contextlib.suppress(ValueError):
        return datetime.strptime(version.rpartition("/")[2], "%a %b %d %H:%M:%S %Y").timestamp()
    return None


def judge(reply: bytes, *, whole: bool) -> tuple[Outcome, str, str]:
    """Outcome, reason and detail of an answer. Only `stream: OK`, to the `whole` file, is clean.

    What the scanner could not look into, by its limits or for a password, is not called infected.
    """
    text = _text(reply)
    if text == "stream: OK":
        return ("clean", "", "") if whole else ("error", "check_failed", "answered before the end")
    if text.startswith("INSTREAM size limit exceeded"):
        return "too_large", "too_large", text
    if not text.startswith("stream: ") or not text.endswith(" FOUND"):
        return "error", "check_failed", f"answered {reply[:100]!r}" if reply else "hung up without an answer"
    return _judge_signature(text.removeprefix("stream: ").removesuffix(" FOUND"))


def _judge_signature(name: str) -> tuple[Outcome, str, str]:
    if name.startswith("Heuristics.Limits."):
        return "too_large", "too_complex", name
    if name.startswith("Heuristics.Encrypted"):
        return "encrypted", "encrypted", name
    return "infected", "infected", name


def _text(reply: bytes) -> str:
    """An answer without the zero that ends it. What has none was cut off, and is no answer."""
    text, zero, _ = reply.partition(b"\0")
    return text.strip().decode("utf-8", "replace") if zero else ""


async def _connected(family: int, address: object) -> socket.socket:
    connection = socket.socket(family, socket.SOCK_STREAM)
    try:
        connection.setblocking(False)
        await asyncio.get_running_loop().sock_connect(connection, address)  # type: ignore[arg-type]
    except BaseException:
        connection.close()
        raise
    return connection


async def _read(connection: socket.socket) -> bytes:
    """All that the daemon says, up to the zero byte or the end; nothing more after the connection is lost."""
    loop = asyncio.get_running_loop()
    reply = b""
    with contextlib.suppress(OSError):
        while b"\0" not in reply and len(reply) < LONGEST_REPLY:
            if not (said := await loop.sock_recv(connection, LONGEST_REPLY)):
                break
            reply += said
    return reply
