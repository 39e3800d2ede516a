"""The media service, as server programs reach it: by the library's own request, or by plain HTTP."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

import httpx
import pytest
from twilio.base.exceptions import TwilioRestException
from twilio.rest.chat.v2.service.channel import ChannelContext

from tests.clients.accounts import NOWHERE, Account, refused
from tests.files.pictures import jpeg_with_gps

PHOTO = jpeg_with_gps()
JPEG = {"content-type": "image/jpeg"}
MOMENT = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{6}[+-]\d\d:\d\d")


@pytest.fixture
def program(account: Account) -> Iterator[httpx.Client]:
    """A program on the account's side."""
    with account.server.stranger() as http:
        http.auth = httpx.BasicAuth(account.secrets["account_sid"], account.secrets["auth_token"])
        yield http


@pytest.fixture
def media(account: Account, channel: ChannelContext) -> str:
    """Where files are uploaded to; Ada is in the channel."""
    channel.members.create("ada")
    return f"/v1/Services/{account.service_sid}/Media"


def uploaded(account: Account, media: str, name: str = "photo.jpg") -> dict[str, Any]:
    """A file of Ada's that is not sent yet."""
    with account.server.stranger(**{"x-twilio-token": account.token("ada")}) as ada:
        answer = ada.post(media, params={"Filename": name}, content=PHOTO, headers=JPEG)
    assert answer.status_code == 201, answer.text
    return dict(answer.json())


def test_the_librarys_own_request_uploads_and_sends(
    account: Account, media: str, channel: ChannelContext
) -> None:
    answer = account.ask(
        "POST", f"{media}?Filename=photo.jpg", data=PHOTO, headers={"Content-Type": "image/jpeg"}
    )
    assert answer.status_code == 201, answer.text
    record = account.ask("GET", f"{media}/{_sid(answer.text)}")
    assert record.status_code == 200
    message = channel.messages.create(media_sid=_sid(answer.text), body="Look")
    assert (message.type, message.body, message._from) == ("media", "Look", "system")
    assert (message.media["sid"], message.media["filename"]) == (_sid(answer.text), "photo.jpg")
    assert message.media["content_type"] == "image/jpeg"


def test_a_form_uploads_and_the_author_is_kept(
    program: httpx.Client, media: str, channel: ChannelContext
) -> None:
    form = {"Media": ("größe.jpg", PHOTO, "image/jpeg")}
    record = program.post(media, files=form, data={"Author": "system"}).json()
    assert (record["filename"], record["author"]) == ("größe.jpg", "system")
    assert (record["channel_sid"], record["message_sid"], record["category"]) == (None, None, "media")
    assert all(MOMENT.fullmatch(record[f"date_{name}"]) for name in ("created", "updated", "upload_updated"))

    message = channel.messages.create(media_sid=record["sid"])
    sent = program.get(record["url"]).json()
    assert (sent["channel_sid"], sent["message_sid"]) == (message.channel_sid, message.sid)


def test_an_old_link_opens_nothing_once_the_message_is_deleted(
    account: Account, program: httpx.Client, media: str, channel: ChannelContext
) -> None:
    record = uploaded(account, media)
    messages = account.being("ada").channels(str(channel.fetch().sid)).messages
    message = messages.create(media_sid=record["sid"])
    links = program.get(f"{media}/{record['sid']}").json()["links"]
    with account.server.stranger() as anybody:
        seen = anybody.get(links["content_direct_temporary"])
        assert (seen.status_code, seen.headers["content-type"]) == (200, "image/jpeg")
        assert program.get(links["content"], follow_redirects=True).content == seen.content
        assert anybody.get(links["content"]).status_code == 401

        assert channel.messages(str(message.sid)).delete() is True
        assert anybody.get(links["content_direct_temporary"]).status_code in (403, 404, 410)
    assert program.get(f"{media}/{record['sid']}").status_code in (404, 410)
    assert program.get(links["content"]).status_code in (404, 410)


def test_a_file_is_sent_once_by_whoever_uploaded_it(
    account: Account, media: str, channel: ChannelContext
) -> None:
    record = uploaded(account, media)
    channel.members.create("eve")
    sid = str(channel.fetch().sid)
    with refused(400, 50507):
        account.being("eve").channels(sid).messages.create(media_sid=record["sid"])
    message = account.being("ada").channels(sid).messages.create(media_sid=record["sid"])
    with refused(400, 50508):
        account.being("ada").channels(sid).messages.create(media_sid=record["sid"])
    with refused(400, 50509):
        channel.messages(str(message.sid)).update(body="Another text")


def test_a_loose_file_is_taken_back(account: Account, program: httpx.Client, media: str) -> None:
    record = uploaded(account, media)
    gone = program.delete(record["url"])
    assert (gone.status_code, gone.content) == (204, b"")
    assert program.get(record["url"]).status_code in (404, 410)
    assert program.get(f"{media}/ME{NOWHERE}").json()["code"] == 20404


def test_a_program_is_no_picture(program: httpx.Client, media: str, channel: ChannelContext) -> None:
    refusal = program.post(media, params={"Filename": "photo.jpg"}, content=b"MZ" + bytes(500), headers=JPEG)
    body = refusal.json()
    assert (refusal.status_code, body["details"]["reason"]) == (422, "type_mismatch")
    assert body["code"]
    assert body["advice"]
    with pytest.raises(TwilioRestException):
        channel.messages.create(media_sid=body["details"].get("media_sid", "ME"))
    assert channel.messages.list() == []


def _sid(text: str) -> str:
    found = re.search(r'"sid": ?"(ME[0-9a-f]{32})"', text)
    assert found
    return found[1]
