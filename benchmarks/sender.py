"""A client that sends one file over a plain socket: the same for both servers, and cheap."""

from __future__ import annotations

import contextlib
import socket
import time
from collections.abc import Callable
from dataclasses import dataclass

PIECE = 1 << 20  # bytes given to the system at once
PATIENCE = 120.0  # seconds


@dataclass(frozen=True)
class Sent:
    """What became of one upload. Times in seconds."""

    status: int
    answer: bytes
    taken: int  # bytes that could be sent
    took: float  # from the first byte to the answer
    waited: float  # from the last byte to the answer


def send(
    port: int,
    method: str,
    path: str,
    content: bytes,
    headers: dict[str, str],
    then: Callable[[], None] = lambda: None,
) -> Sent:
    """Send `content`, wait for the answer, and do `then` before the clock stops."""
    with socket.create_connection(("127.0.0.1", port), timeout=PATIENCE) as connection:
        started = time.perf_counter()
        connection.sendall(_head(method, path, {**headers, "Content-Length": str(len(content))}))
        for start in range(0, len(content), PIECE):
            connection.sendall(memoryview(content)[start : start + PIECE])
        last = time.perf_counter()
        status, answer = _answer(connection)
        then()
        ended = time.perf_counter()
    return Sent(status, answer, len(content), ended - started, ended - last)


def stream(port: int, path: str, piece: bytes, pieces: int, headers: dict[str, str]) -> Sent:
    """Send `piece` again and again without saying how long it will go on, until the server has enough."""
    with socket.create_connection(("127.0.0.1", port), timeout=PATIENCE) as connection:
        started, taken = time.perf_counter(), 0
        chunk = b"%x\r\n" % len(piece) + piece + b"\r\n"
        with contextlib.suppress(ConnectionError):
            connection.sendall(_head("POST", path, {**headers, "Transfer-Encoding": "chunked"}))
            for _ in range(pieces):
                connection.sendall(chunk)
                taken += len(piece)
            connection.sendall(b"0\r\n\r\n")
        last = time.perf_counter()
        status, answer = _answer(connection)
        ended = time.perf_counter()
    return Sent(status, answer, taken, ended - started, ended - last)


def _head(method: str, path: str, headers: dict[str, str]) -> bytes:
    lines = [f"{method} {path} HTTP/1.1", "Host: 127.0.0.1", "Connection: close"]
    lines += [f"{name}: {value}" for name, value in headers.items()]
    return ("\r\n".join(lines) + "\r\n\r\n").encode()


def _answer(connection: socket.socket) -> tuple[int, bytes]:
    """Status and body of the answer, read to the connection's end. 0 if none came."""
    answer = b""
    with contextlib.suppress(ConnectionError):
        while piece := connection.recv(65536):
            answer += piece
    head, _, body = answer.partition(b"\r\n\r\n")
    return (int(head.split(b" ", 2)[1]) if head else 0), body
