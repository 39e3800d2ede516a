"""What a file is flagged with: agents see it, customers do not, and nobody is surprised by a picture."""

from __future__ import annotations

import re
from collections.abc import Iterator

import pytest
from playwright.sync_api import Locator, expect

from tests.browser.conftest import NewAgent, NewCustomer
from tests.browser.people import Person, a_file
from tests.files import jpeg_with_gps
from tests.files.confidential import LETTER
from tests.servers import Server, running

# Stands where the picture model would: with it, the server would need a picture that deserves it.
RULES = """
from msgspec.structs import replace

from vestibule.actions import Actions

actions = Actions()


@actions.before("SettleMedia")
async def cover_photos(payload, ctx):
    media = await ctx.media(payload.media_sid)
    if media.filename.startswith("covered"):
        return replace(payload, flags=(*payload.flags, "blur"))
"""
PHOTO = a_file("covered.jpg", "image/jpeg", jpeg_with_gps())
NOTE = a_file("letter.txt", "text/plain", LETTER.encode())


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    folder = tmp_path_factory.mktemp("flags")
    (folder / "rules.py").write_text(RULES)
    with running(folder / "data", extensions=folder / "rules.py") as server:
        yield server


def badges(person: Person) -> Locator:
    return person.conversation.get_by_role("list", name=re.compile("^What .* may hold$"))


def test_the_agent_sees_that_a_file_holds_a_card_number(
    new_customer: NewCustomer, new_agent: NewAgent
) -> None:
    zoe, grace = new_customer(), new_agent()
    zoe.start_chat("Zoe")
    grace.accept("Zoe")
    zoe.send(NOTE)
    grace.sees("letter.txt")
    expect(badges(grace)).to_have_text("Card number")
    expect(zoe.file("Download", "letter.txt")).to_be_visible()
    expect(badges(zoe)).to_have_count(0)
    assert "card_number" not in zoe.page.content()


def test_an_agent_is_asked_before_a_card_number_goes_out(
    new_customer: NewCustomer, new_agent: NewAgent
) -> None:
    yara, grace = new_customer(), new_agent()
    yara.start_chat("Yara")
    grace.accept("Yara")
    grace.send(NOTE)
    grace.sees("This file may hold a card number. Send it anyway?")
    grace.conversation.get_by_role("button", name="Do not send").click()
    grace.sees("letter.txt", times=0)
    grace.send(NOTE)
    grace.conversation.get_by_role("button", name="Send anyway").click()
    expect(yara.file("Download", "letter.txt")).to_have_count(1)
    yara.sees("letter.txt")
    expect(badges(yara)).to_have_count(0)


def test_a_picture_is_blurred_until_the_agent_asks_for_it(
    new_customer: NewCustomer, new_agent: NewAgent
) -> None:
    xenia, grace = new_customer(), new_agent()
    xenia.start_chat("Xenia")
    grace.accept("Xenia")
    xenia.send(PHOTO)
    xenia.sees_picture(xenia.file("Open", "covered.jpg"))
    cover = grace.conversation.get_by_role("button", name=re.compile("^covered.jpg is blurred"))
    expect(cover.locator("img")).to_have_css("filter", re.compile("blur"))
    cover.press("Enter")
    grace.sees_picture(grace.file("Open", "covered.jpg"))
    expect(grace.file("Open", "covered.jpg").locator("img")).to_have_css("filter", "none")
    grace.open_large("covered.jpg")
