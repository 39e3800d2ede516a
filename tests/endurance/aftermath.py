"""What must be so after a server was killed and started again."""

from __future__ import annotations

import hashlib
import io
import sqlite3
import time
from collections import Counter
from collections.abc import Callable
from typing import Any

import httpx
import pypdfium2
from PIL import Image

from tests.endurance.people import Person, Sent
from tests.files import SECRET
from tests.servers import Server

TERMINAL = {"clean", "refused", "held", "recalled", "gone"}
BROKEN = 0  # status of an upload to which no answer came


def require_each_message_once(person: Person) -> None:
    """What was acknowledged is there under its sid, and all that was said is there once, in order."""
    history = messages(person)
    own = [message for message in history if message["author"] == person.identity]
    said = [spoken.message for spoken in person.spoken]
    heard = [event["sid"] for event in person.events if event["kind"] == "MessageAdded"]

    assert [message["index"] for message in history] == list(range(len(history)))
    assert [message["sid"] for message in own] == [message["sid"] for message in said if message]
    assert [message["body"] for message in own] == [said.frame.get("body", "") for said in person.spoken]
    assert heard == [message["sid"] for message in history]


def require_files(people: list[Person]) -> None:
    """Every file of which the server said 201 is there; what was a trick was refused."""
    sent: Counter[int] = Counter()
    for person in people:
        with person.server.client(person.token) as client:
            for file in person.files:
                sent[file.status] += 1
                if file.status == 201:
                    require_readable(client, person, file)
                elif file.status == 422:
                    assert file.content.startswith(b"<html>"), file.name
    assert set(sent) <= {201, 422, BROKEN}, sent
    assert sent[201] > 10, sent


def require_readable(client: httpx.Client, person: Person, file: Sent) -> None:
    chat = {"channel_sid": person.channel_sid}
    minted = link(client, chat, file.media)
    assert minted.status_code == 200, (file.name, minted.text)
    content = client.get(minted.json()["url"]).content
    if file.content_type.startswith("image/"):
        require_decoded(content)
    elif file.content_type == "application/pdf":  # made anew, page by page
        require_pages(content, of=file.content)
    else:
        assert hashlib.sha256(content).digest() == hashlib.sha256(file.content).digest()


def require_pages(content: bytes, *, of: bytes) -> None:
    """A whole document, with as many pages as the one that was sent."""
    assert len(pypdfium2.PdfDocument(content)) == len(pypdfium2.PdfDocument(of)) > 0


def require_decoded(content: bytes) -> None:
    """A whole picture, without what the camera wrote about its owner."""
    with Image.open(io.BytesIO(content)) as image:
        image.load()
        assert not image.getexif().get_ifd(0x8825)
    assert SECRET.encode() not in content


def require_tidy(server: Server) -> None:
    """The database is sound; storage holds clean files, with originals where they are kept, and no more."""
    assert [row[0] for row in rows(server, "PRAGMA integrity_check")] == ["ok"]
    assert rows(server, "PRAGMA foreign_key_check") == []
    clean = rows(
        server,
        "SELECT media.sid, json_extract(copy.value, '$.name') FROM media, json_each(media.renditions) copy"
        " WHERE state = 'clean'",
    )
    kept = rows(server, "SELECT sid FROM media WHERE state = 'clean' AND original_since IS NOT NULL")
    wanted = {f"available/{sid}/{name}" for sid, name in clean}
    wanted |= {f"quarantine/{sid}/original" for (sid,) in kept}
    wait_until(lambda: set(bytes_on_disk(server)) == wanted)  # the last originals go after the verdict
    assert set(bytes_on_disk(server)) ^ wanted == set()
    assert rows(server, "SELECT stream FROM events GROUP BY stream HAVING max(seq) <> count(*)") == []


def reachable(server: Server, owner: httpx.Client, media: dict[str, Any]) -> list[str]:
    """Addresses at which a file in quarantine can be read, even by whoever sent it."""
    place = f"quarantine/{media['sid']}/original"
    assert place in bytes_on_disk(server)
    guesses = [
        f"/{place}",
        f"/files/{place}",
        f"/files/{media['sid']}/original",
        f"/assets/{place}",
        f"/assets/..%2f..%2fdata%2ffiles%2f{place.replace('/', '%2f')}",
        f"/assets/%2e%2e/%2e%2e/files/{place}",
        f"/assets/{server.data}/files/{place}",
        f"/assets//{server.data}/files/{place}",
        f"/v1/media/{media['sid']}/content",
    ]
    return [guess for guess in guesses if owner.get(guess).status_code < 300]


def messages(person: Person) -> list[dict[str, Any]]:
    """A channel's whole history, read backwards page by page."""
    history: list[dict[str, Any]] = []
    with person.server.client(person.token) as client:
        while True:
            before = {"before": history[0]["index"]} if history else {}
            answer = client.get(
                f"/v1/channels/{person.channel_sid}/messages", params={"limit": 200, **before}
            )
            page = answer.json()["messages"]
            if not page:
                return history
            history = page + history


def last_seq(person: Person) -> int:
    with person.server.client(person.token) as client:
        return int(client.get(f"/v1/channels/{person.channel_sid}", params={"limit": 1}).json()["seq"])


def all_settled(server: Server) -> bool:
    return set(states(server)) <= TERMINAL


def states(server: Server) -> dict[str, int]:
    return dict(rows(server, "SELECT state, count(*) FROM media GROUP BY state"))


def rows(server: Server, query: str) -> list[tuple[Any, ...]]:
    with sqlite3.connect(f"file:{server.data}/vestibule.db?mode=ro", uri=True) as database:
        found = database.execute(query).fetchall()
    database.close()
    return found


def change(server: Server, statement: str) -> None:
    """Put a stopped server's records back to an earlier moment."""
    with sqlite3.connect(server.data / "vestibule.db") as database:
        database.execute(statement)
    database.close()


def bytes_on_disk(server: Server) -> list[str]:
    folder = server.data / "files"
    return sorted(str(path.relative_to(folder)) for path in folder.rglob("*") if path.is_file())


def wait_until(true: Callable[[], bool], seconds: float = 5) -> None:
    """Give it some time to become so; whoever calls looks again."""
    end = time.monotonic() + seconds
    while not true() and time.monotonic() < end:
        time.sleep(0.02)


def link(client: httpx.Client, chat: dict[str, Any], media: dict[str, Any], **wanted: str) -> httpx.Response:
    return client.post(f"{media_address(chat)}/{media['sid']}/link", json=wanted)


def media_address(chat: dict[str, Any]) -> str:
    return f"/v1/channels/{chat['channel_sid']}/media"
