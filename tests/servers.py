"""Vestibule as an operator runs it: commands and a server in processes of their own, to be killed."""

from __future__ import annotations

import json
import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import httpx

VESTIBULE = (sys.executable, "-m", "vestibule")
PATIENCE = 20.0  # seconds for a start on a busy machine


def command(
    *arguments: str | Path, given: str = "", cwd: Path | None = None, **settings: Any
) -> subprocess.CompletedProcess[str]:
    """Run a command to its end, with `given` on its standard input and settings in its environment."""
    return subprocess.run(
        [*VESTIBULE, *map(str, arguments)],
        input=given,
        capture_output=True,
        text=True,
        timeout=60,
        cwd=cwd,
        env=environment(**settings),
        check=False,
    )


def environment(**settings: Any) -> dict[str, str]:
    """This process's environment with these settings of Vestibule's and no other."""
    own = {name: value for name, value in os.environ.items() if not name.startswith("VESTIBULE_")}
    wide = {"COLUMNS": "200", "PYTHONWARNINGS": "error"}
    return own | wide | {f"VESTIBULE_{name.upper()}": str(value) for name, value in settings.items()}


def free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as listening:
        return int(listening.getsockname()[1])


@dataclass
class Server:
    """`vestibule serve` on a data folder. It keeps its port from one start to the next."""

    data: Path
    settings: dict[str, Any] = field(default_factory=dict)
    port: int = field(default_factory=free_port)
    process: subprocess.Popen[bytes] | None = None

    @property
    def address(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    @property
    def socket_address(self) -> str:
        return f"ws://127.0.0.1:{self.port}/v1/socket"

    @property
    def log(self) -> str:
        """What it printed, over all its starts."""
        return self._log.read_text()

    @property
    def secrets(self) -> dict[str, str]:
        return dict(json.loads((self.data / "secrets.json").read_text()))

    @property
    def pid(self) -> int:
        assert self.process is not None
        return self.process.pid

    def start(self) -> float:
        """Start it; gives the seconds until it answered."""
        began = time.monotonic()
        process = self.spawn()
        while not self._answers():
            if process.poll() is not None or time.monotonic() > began + PATIENCE:
                raise AssertionError(f"The server did not start:\n{self.log[-4000:]}")
            time.sleep(0.01)
        return time.monotonic() - began

    def spawn(self) -> subprocess.Popen[bytes]:
        """Begin to start it."""
        with self._log.open("ab") as log:
            self.process = subprocess.Popen(
                [*VESTIBULE, "serve", "--port", str(self.port), "--data", str(self.data)],
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
                env=environment(**self.settings),
                start_new_session=True,  # a Ctrl-C for the tests is none for the server
            )
        return self.process

    def kill(self) -> None:
        """As a power cut or the kernel does it: it is told nothing."""
        self._end(signal.SIGKILL)

    def stop(self, how: signal.Signals = signal.SIGTERM) -> tuple[int, float]:
        """Ask it to stop; gives its exit code and the seconds it took."""
        began = time.monotonic()
        return self._end(how), time.monotonic() - began

    def sign_in(self, name: str = "", password: str = "") -> dict[str, Any]:
        """An agent's session; without a name the first agent's."""
        who = {
            "name": name or self.secrets["agent_name"],
            "password": password or self.secrets["agent_password"],
        }
        with self.stranger() as browser:
            answer = browser.post("/v1/session", json=who, headers={"origin": self.address})
        assert answer.status_code == 201, answer.text
        return dict(answer.json())

    def client(self, token: str) -> httpx.Client:
        """Somebody who holds a token."""
        return self.stranger(authorization=f"Bearer {token}")

    def stranger(self, **headers: str) -> httpx.Client:
        """Somebody whom the server does not know yet, with no cookies and no proxy in between."""
        return httpx.Client(base_url=self.address, headers=headers, timeout=30, trust_env=False)

    def start_chat(self, name: str = "Ada") -> dict[str, Any]:
        """A customer's chat, as the widget starts it."""
        with self.stranger() as browser:
            answer = browser.post("/v1/chats", json={"friendly_name": name})
        assert answer.status_code == 201, answer.text
        return dict(answer.json())

    def _end(self, how: signal.Signals) -> int:
        assert self.process is not None
        if self.process.poll() is None:
            self.process.send_signal(how)
        code = self.process.wait(timeout=PATIENCE)
        self.process = None
        return code

    def _answers(self) -> bool:
        try:
            with self.stranger() as browser:
                return browser.get("/healthz", timeout=2).status_code == 200
        except httpx.TransportError:
            return False

    @property
    def _log(self) -> Path:
        return self.data.parent / f"{self.data.name}.log"


def written_policy(folder: Path, text: str) -> str:
    """A policy file, for the key `policy`."""
    file = folder / "policy.toml"
    file.write_text(text, encoding="utf-8")
    return str(file)


@contextmanager
def running(data: Path, **settings: Any) -> Iterator[Server]:
    """A server that is started, and killed at the end if nobody stopped it."""
    server = Server(data, {"rate_limits": "off", **settings})
    try:
        server.start()
        yield server
    finally:
        if server.process is not None:
            server.kill()
