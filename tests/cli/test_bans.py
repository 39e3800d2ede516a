"""Bans, rechecks and recalls from the command line, while the server is running and when it is not."""

from __future__ import annotations

import hashlib
import json
import signal
import subprocess
import time
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import httpx
import pytest

from tests.checks.test_bans import photo
from tests.files import pdf
from tests.files.pictures import save
from tests.servers import VESTIBULE, Server, command, environment, running
from vestibule import banlists
from vestibule.errors import ListRefused
from vestibule.models import Ban

KEY = b"a secret that two houses share\n"
PDF = pdf(1)


@pytest.fixture
def server(tmp_path: Path) -> Iterator[Server]:
    with running(tmp_path / "data") as server:
        yield server


class Chat:
    """A customer who sends files, and the agent who opens them."""

    def __init__(self, server: Server) -> None:
        self.chat = server.start_chat("Ada")
        self.customer = server.client(self.chat["token"])
        self.agent = server.client(server.sign_in()["token"])
        self.place = f"/v1/channels/{self.chat['channel_sid']}"

    def upload(self, name: str, content: bytes) -> httpx.Response:
        return self.customer.post(f"{self.place}/media", params={"Filename": name}, content=content)

    def send(self, name: str, content: bytes) -> str:
        sid = str(self.upload(name, content).json()["sid"])
        sent = self.customer.post(f"{self.place}/messages", json={"media_sid": sid})
        assert sent.status_code == 201, sent.text
        return sid

    def link(self, media_sid: str) -> str:
        return str(self.agent.post(f"{self.place}/media/{media_sid}/link", json={}).json()["url"])

    def opens(self, url: str) -> int:
        return self.agent.get(url).status_code

    def close(self) -> None:
        self.customer.close()
        self.agent.close()


@pytest.fixture
def chat(server: Server) -> Iterator[Chat]:
    chat = Chat(server)
    yield chat
    chat.close()


def run(server: Server, *words: str | Path, code: int = 0) -> str:
    done = command(*words, "--data", server.data)
    assert done.returncode == code, done.stdout + done.stderr
    return done.stdout


def test_a_file_that_is_banned_while_the_server_runs_is_recalled_and_kept_out(
    server: Server, chat: Chat, tmp_path: Path
) -> None:
    media_sid = chat.send("bill.pdf", PDF)
    url = chat.link(media_sid)
    assert chat.opens(url) == 200
    (tmp_path / "bill.pdf").write_bytes(PDF)
    assert hashlib.sha256(PDF).hexdigest() in run(
        server, "ban", "add", tmp_path / "bill.pdf", "--reason", "a scam", "--expires", "30d"
    )
    dry = run(server, "recheck", "--dry-run", code=1)
    assert "1 file looked at: 1 to be recalled" in dry
    assert chat.opens(url) == 200
    told = run(server, "recheck", "--type", "pdf", "--since", "1d", code=1)
    assert "1 file looked at: 1 recalled" in told
    assert "a scam" in told
    assert f"{server.secrets['agent_name']}, safe: 1, " in told
    assert chat.opens(url) == 422
    assert chat.upload("again.pdf", PDF).json()["details"]["reason"] == "banned"
    assert list((server.data / "files" / "available").rglob("safe")) == []
    assert run(server, "recheck").startswith("0 files looked at")


def test_a_picture_that_looks_like_a_banned_one_is_held(server: Server, chat: Chat) -> None:
    media_sid = chat.send("portrait.jpg", save(photo(), "JPEG"))
    told = run(server, "ban", "add", media_sid)
    assert "sha256" in told
    assert "perceptual" in told
    held = chat.upload("other.jpg", save(photo().resize((256, 300)), "JPEG", quality=60))
    assert (held.status_code, held.json()["reason"]) == (409, "media_held")


def test_a_single_file_is_recalled_by_hand_and_without_a_server(server: Server, chat: Chat) -> None:
    media_sid = chat.send("bill.pdf", PDF)
    url = chat.link(media_sid)
    server.stop()
    done = command("recall", media_sid, "--note", "by mistake", "--data", server.data)
    assert done.returncode == 0, done.stderr
    assert "No server of this house is running" in done.stderr
    server.start()
    assert chat.opens(url) == 422


def test_a_recheck_that_is_killed_goes_on_where_it_was(server: Server, chat: Chat) -> None:
    for place in range(4):
        chat.send(f"{place}.txt", f"Text number {place}".encode())
    words = ("recheck", "--rate", "0.4/s", "--data", str(server.data))
    process = subprocess.Popen(
        [*VESTIBULE, *words], env=environment(), stdout=subprocess.PIPE, stderr=subprocess.DEVNULL
    )
    while marked(server) == 0 and process.poll() is None:
        time.sleep(0.05)
    process.send_signal(signal.SIGKILL)
    process.communicate(timeout=20)
    done_before = marked(server)
    assert 0 < done_before < 4
    run(server, "ban", "add", hashlib.sha256(b"Text number 0").hexdigest())  # looked at already
    assert run(server, "recheck").startswith("4 files looked at: 0 recalled")
    assert run(server, "recheck", code=1).startswith("4 files looked at: 1 recalled")


def marked(server: Server) -> int:
    import sqlite3

    with sqlite3.connect(f"file:{server.data / 'vestibule.db'}?mode=ro", uri=True) as database:
        count = database.execute("SELECT count(*) FROM media WHERE date_rechecked IS NOT NULL").fetchone()
    database.close()
    return int(count[0])


def test_bans_are_listed_and_removed(tmp_path: Path) -> None:
    data = tmp_path / "data"
    made = command("ban", "add", "0" * 64, "--reason", "[bold]spam", "--data", data)
    assert made.returncode == 0, made.stderr
    listed = command("ban", "list", "--data", data).stdout
    sid = next(word for word in listed.split() if word.startswith("BN"))
    assert "[bold]spam" in listed
    assert command("ban", "remove", sid, "--data", data).returncode == 0
    assert command("ban", "list", "--data", data).stdout == "Nothing is banned.\n"
    again = command("ban", "remove", sid, "--data", data)
    assert (again.returncode, "There is no ban" in again.stderr) == (2, True)


@pytest.mark.parametrize(
    ("words", "sentence"),
    [
        (("ban", "add", "nowhere.pdf"), "neither a file here nor a SHA-256"),
        (("ban", "add", "0" * 64, "--expires", "soon"), "neither a span such as"),
        (("ban", "add", "0" * 64, "--expires", "2020-01-01"), "lies in the future"),
        (("ban", "add", "ME" + "0" * 32), "There is no file"),
        (("recall", "ME" + "0" * 32), "There is no file"),
        (("recheck", "--rate", "0/s"), "is no rate such as"),
        (("recheck", "--type", "exe"), "No check knows files that end in .exe"),
        (("recheck", "--since", "yesterday"), "neither a span such as"),
    ],
    ids=lambda value: " ".join(value)[:40] if isinstance(value, tuple) else "",
)
def test_what_cannot_be_done_is_told(tmp_path: Path, words: tuple[str, ...], sentence: str) -> None:
    done = command(*words, "--data", tmp_path / "data")
    assert done.returncode == 2
    assert sentence in " ".join(done.stderr.split())
    assert "Traceback" not in done.stderr


# Lists that are handed on


def test_a_signed_list_goes_from_house_to_house(tmp_path: Path) -> None:
    key = tmp_path / "shared.key"
    key.write_bytes(KEY)
    here, there = tmp_path / "here", tmp_path / "there"
    command("ban", "add", "a" * 64, "--reason", "a scam", "--expires", "2099-01-01", "--data", here)
    file = tmp_path / "list.jsonl"
    command("ban", "export", "--key", key, "--source", "Here Ltd.", "--to", file, "--data", here)
    taken = command("ban", "import", file, "--key", key, "--data", there)
    assert taken.stdout == "1 of 1 entries of Here Ltd. count from now on.\n", taken.stderr
    listed = command("ban", "list", "--data", there).stdout
    assert "a scam" in listed
    assert "Here Ltd." in listed
    assert "2099-01-01" in listed
    passed_on = command("ban", "export", "--source", "There", "--data", there).stdout.splitlines()
    assert len(passed_on) == 1  # what came from others is theirs to hand on


def test_a_changed_list_is_refused_with_a_sentence(tmp_path: Path) -> None:
    key, file = tmp_path / "shared.key", tmp_path / "list.jsonl"
    key.write_bytes(KEY)
    file.write_bytes(a_list().replace(b'"a scam"', b'"spam"'))
    done = command("ban", "import", file, "--key", key, "--data", tmp_path / "data")
    assert done.returncode == 2
    assert "was changed after it was signed" in done.stderr
    assert command("ban", "list", "--data", tmp_path / "data").stdout == "Nothing is banned.\n"


def a_list(key: bytes | None = KEY.strip()) -> bytes:
    now = datetime(2026, 11, 24, tzinfo=UTC)
    common: dict[str, Any] = {"service_sid": "", "source": "", "created_by": "system", "date_created": now}
    bans = [
        Ban(sid="BN1", kind="sha256", value="a" * 64, reason="a scam", date_expires=None, **common),
        Ban(
            sid="BN2", kind="perceptual", value="b" * 64, reason="", date_expires=now + timedelta(1), **common
        ),
    ]
    return banlists.write(bans, "Here", key)


def test_a_list_says_what_was_written() -> None:
    read = banlists.read(a_list(), KEY.strip())
    assert read.header.source == "Here"
    assert [(ban.kind, ban.value, ban.reason) for ban in read.bans] == [
        ("sha256", "a" * 64, "a scam"),
        ("perceptual", "b" * 64, ""),
    ]
    assert all(json.loads(line) for line in a_list().splitlines())


@pytest.mark.parametrize("place", range(0, len(a_list()) - 1, 23))
def test_every_changed_byte_is_noticed(place: int) -> None:
    changed = bytearray(a_list())
    changed[place] ^= 1
    with pytest.raises(ListRefused):
        banlists.read(bytes(changed), KEY.strip())


CHANGES = {
    "another key": lambda text: (text, b"another secret of them"),
    "no signature": lambda text: (text[: text.rindex(b'{"signature"')], KEY.strip()),
    "an entry less": lambda text: (b"".join(text.splitlines(keepends=True)[::2]), KEY.strip()),
    "a line behind it": lambda text: (
        text + b'{"kind":"sha256","value":"' + b"c" * 64 + b'"}\n',
        KEY.strip(),
    ),
    "a second signature": lambda text: (text + text[text.rindex(b'{"signature"') :], KEY.strip()),
    "nothing": lambda text: (b"", KEY.strip()),
    "signed, and no key": lambda text: (text, None),
    "not signed, and no key": lambda text: (a_list(None), None),
}


@pytest.mark.parametrize("how", CHANGES)
def test_a_list_that_nobody_vouches_for_is_refused(how: str) -> None:
    text, key = CHANGES[how](a_list())
    with pytest.raises(ListRefused):
        banlists.read(text, key)


def test_an_unsigned_list_is_taken_on_the_operator_s_word() -> None:
    for text in (a_list(None), a_list()):
        assert len(banlists.read(text, None, unsigned=True).bans) == 2
    with pytest.raises(ListRefused):  # with a key it is looked at all the same
        banlists.read(a_list(None), KEY.strip(), unsigned=True)


def test_a_short_key_is_none() -> None:
    with pytest.raises(ListRefused, match="16 at least"):
        banlists.key_of(b"short\n")
