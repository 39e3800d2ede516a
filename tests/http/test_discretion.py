"""What a file is flagged with is told to agents, and to nobody else, whatever they ask for."""

from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import httpx
import msgspec
import pytest

from tests.flagging import Flagging
from tests.http.desk import PDF, Desk, open_desk
from vestibule.discretion import is_flagged, without_flags
from vestibule.events import KINDS, MessageAdded, StreamPage
from vestibule.models import ChannelView, Media, Message, Person, Timeline
from vestibule.payloads import FetchMessage, UpdateMessage, UpdateUser

FLAGS = ["card_number"]


@pytest.fixture
async def desk(tmp_path: Path) -> AsyncIterator[Desk]:
    desk = await open_desk(tmp_path, Flagging())
    yield desk
    await desk.close()


def flags_in(answer: Any) -> list[list[str]]:
    """Every list of flags that is anywhere in an answer."""
    if isinstance(answer, dict):
        own = [answer["flags"]] if "flags" in answer else []
        return own + [flags for value in answer.values() for flags in flags_in(value)]
    return [flags for value in answer for flags in flags_in(value)] if isinstance(answer, list) else []


async def asked(who: httpx.AsyncClient, desk: Desk, sent: dict[str, Any]) -> list[list[str]]:
    """The flags in all that can be asked about a file."""
    media, message = sent["media"]["sid"], sent["sid"]
    places = (desk.channel, f"{desk.channel}/messages", f"{desk.channel}/media/{media}")
    answers = [await who.get(place) for place in places]
    answers.append(await who.get(f"{desk.service}/Channels/{desk.chat.channel_sid}/Messages/{message}"))
    answers.append(await who.get(f"/v1/Services/{desk.house.service_sid}/Media/{media}"))
    assert {answer.status_code for answer in answers} == {200}
    return [flags for answer in answers for flags in flags_in(answer.json())]


async def test_the_agent_is_told_what_a_customers_file_holds(desk: Desk) -> None:
    sent = await desk.sent_file()
    assert await asked(desk.agent, desk, sent) == [FLAGS] * 3


async def test_the_customer_is_not(desk: Desk) -> None:
    sent = await desk.sent_file()
    assert flags_in(sent) == [[]]
    assert await asked(desk.customer, desk, sent) == [[]] * 3


async def test_the_account_is_told_everything(desk: Desk) -> None:
    sent = await desk.sent_file()
    assert FLAGS in await asked(desk.account, desk, sent)


async def test_an_agent_hears_it_of_the_own_file_before_it_is_sent(desk: Desk) -> None:
    uploaded = await desk.agent.post(f"{desk.channel}/media", params={"Filename": "a.pdf"}, content=PDF)
    assert uploaded.json()["flags"] == FLAGS


async def test_who_may_no_longer_review_is_no_longer_told(desk: Desk) -> None:
    sent = await desk.sent_file()
    agent = desk.agent
    assert FLAGS in await asked(agent, desk, sent)
    await desk.house.system.invoke(UpdateUser("grace", role="service user"))
    assert await asked(agent, desk, sent) == [[]] * 3


async def test_an_edited_message_tells_no_more(desk: Desk) -> None:
    sent = await desk.sent_file()
    answer = await desk.customer.post(
        f"{desk.channel}/messages/{sent['sid']}", json={"attributes": '{"seen": true}'}
    )
    assert flags_in(answer.json()) == [[]]


async def test_rules_and_the_house_itself_see_the_flags(desk: Desk) -> None:
    sent = await desk.sent_file()
    message = await desk.house.system.invoke(FetchMessage(desk.chat.channel_sid, sent["sid"]))
    assert message.media is not None
    assert message.media.flags == ("card_number",)
    updated = await desk.chat.customer.invoke(
        UpdateMessage(desk.chat.channel_sid, sent["sid"], attributes="{}")
    )
    assert updated.media is not None


async def test_a_file_is_found_in_whatever_it_is_wrapped(desk: Desk) -> None:
    sent = await desk.sent_file()
    message = await desk.house.system.invoke(FetchMessage(desk.chat.channel_sid, sent["sid"]))
    event = MessageAdded(stream="CH", seq=1, sid=message.sid, message=message)
    for wrapped in (message, [message], {"one": (message,)}, StreamPage(events=[event], seq=1)):
        assert is_flagged(wrapped)
        assert not is_flagged(without_flags(wrapped))


def test_no_noun_that_holds_a_file_is_forgotten() -> None:
    """Whatever can hold a file's record is gone through: the fields' types say so."""
    from vestibule.discretion import _leading

    assert _leading(Message) == ("media",)
    for kind in (ChannelView, Person, Timeline, StreamPage, *KINDS.values()):
        held = {name for name in kind.__struct_fields__ if "Media" in str(kind.__annotations__.get(name, ""))}
        assert held <= set(_leading(kind))
    assert msgspec.structs.fields(Media)
