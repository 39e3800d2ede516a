"""The media service of a server that was started, with the official helper library beside it."""

from __future__ import annotations

import os
import subprocess
from collections.abc import Iterator
from dataclasses import dataclass
from io import BytesIO
from pathlib import Path
from typing import Any

import httpx
import pytest
from PIL import Image
from twilio.base.exceptions import TwilioRestException
from twilio.rest import Client

from tests.docs.committed import examples
from tests.servers import Server, running

TEXT = "Grüße aus München\n".encode()


@dataclass
class Programmer:
    """Somebody with account credentials, an old script and no browser."""

    server: Server
    helper: Client
    http: httpx.Client
    service_sid: str

    @property
    def media(self) -> str:
        return f"/v1/Services/{self.service_sid}/Media"

    @property
    def channels(self) -> Any:
        return self.helper.chat.v2.services(self.service_sid).channels

    def upload(self, name: str = "greeting.txt", data: bytes = TEXT) -> dict[str, Any]:
        answer = self.http.post(self.media, params={"Filename": name}, content=data)
        assert answer.status_code == 201, answer.text
        return dict(answer.json())

    def left(self, media_sid: str) -> list[Path]:
        """What of a file's bytes lies in the data folder."""
        return [path for path in self.server.data.rglob("*") if media_sid in path.parts and path.is_file()]


def picture(kind: str, **more: Any) -> bytes:
    file = BytesIO()
    Image.new("RGB", (8, 8), "green").save(file, kind, **more)
    return file.getvalue()


@pytest.fixture(scope="module")
def programmer(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Programmer]:
    with running(tmp_path_factory.mktemp("house") / "data") as server, server.stranger() as http:
        account_sid, auth_token = (server.secrets[name] for name in ("account_sid", "auth_token"))
        http.auth = httpx.BasicAuth(account_sid, auth_token)
        helper = Client(account_sid, auth_token)
        helper.chat.base_url = server.address
        yield Programmer(server, helper, http, helper.chat.v2.services.list()[0].sid)


@pytest.mark.parametrize("what", ["message", "channel"])
def test_deleting_kills_the_record_the_bytes_and_every_link(programmer: Programmer, what: str) -> None:
    media, channel = programmer.upload(), programmer.channels.create()
    links = [media["links"]["content_direct_temporary"]]
    message = channel.messages.create(from_="ada", media_sid=media["sid"])
    record = programmer.http.get(media["url"]).json()
    links.append(record["links"]["content_direct_temporary"])
    assert (record["message_sid"], record["channel_sid"]) == (message.sid, channel.sid)
    assert programmer.left(media["sid"])
    with programmer.server.stranger() as browser:
        assert [browser.get(link).content for link in links] == [TEXT, TEXT]

        found = programmer.channels(channel.sid)
        assert (found.messages(message.sid) if what == "message" else found).delete()
        assert [browser.get(link).status_code for link in links] == [410, 410]
    gone = programmer.http.get(media["url"])
    assert (gone.status_code, gone.json()["code"]) == (404, 20404)
    assert programmer.http.get(media["links"]["content"]).status_code == 404
    assert programmer.left(media["sid"]) == []


def test_the_pages_shell_lines_do_what_it_says(programmer: Programmer, tmp_path: Path) -> None:
    shell = [text for place, text in examples("sh") if place.startswith("docs/do/send-files-over-rest.md")]
    (tmp_path / "greeting.txt").write_bytes(TEXT)
    given = {
        "HOUSE": programmer.server.address,
        "SERVICE": programmer.service_sid,
        "CHANNEL": programmer.channels.create().sid,
        "ACCOUNT": ":".join(programmer.server.secrets[name] for name in ("account_sid", "auth_token")),
    }
    ran = subprocess.run(
        ["bash", "-euo", "pipefail", "-c", "\n".join(shell)],
        capture_output=True,
        cwd=tmp_path,
        env={**os.environ, **given, "NO_PROXY": "127.0.0.1"},
        timeout=60,
        check=False,
    )
    assert (ran.returncode, ran.stderr) == (0, b"")
    assert ran.stdout == TEXT + b"410\n"


def test_a_helpers_own_request_reads_the_bytes_without_following_anything(programmer: Programmer) -> None:
    media = programmer.upload()
    way = f"{programmer.server.address}{media['links']['content']}"
    answer = programmer.helper.request("GET", way)
    assert (answer.status_code, answer.text) == (200, TEXT.decode())


def test_a_file_that_was_sent_already_is_told_as_the_helper_knows_it(programmer: Programmer) -> None:
    media, channel = programmer.upload(), programmer.channels.create()
    channel.messages.create(media_sid=media["sid"])
    with pytest.raises(TwilioRestException) as refused:
        channel.messages.create(media_sid=media["sid"])
    assert (refused.value.status, refused.value.code) == (400, 50508)


def test_a_record_and_a_message_tell_of_the_bytes_that_one_is_given(programmer: Programmer) -> None:
    media, channel = (
        programmer.upload("leaf.gif", picture("GIF", comment=b"x" * 5000)),
        programmer.channels.create(),
    )
    given = programmer.http.get(media["links"]["content"])
    told = channel.messages.create(media_sid=media["sid"]).media

    assert media["size"] == len(given.content) < 5000
    assert media["content_type"] == given.headers["content-type"]
    assert told == {key: media[key] for key in ("sid", "size", "content_type", "filename")}
