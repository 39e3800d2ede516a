"""The pages at other sizes, and what they must never do."""

from __future__ import annotations

import pytest
from playwright.sync_api import FloatRect, Page, expect

from tests.browser.conftest import NewAgent, NewCustomer
from tests.browser.people import Watch, a_file
from tests.files import jpeg_with_gps

PHONE = {"viewport": {"width": 390, "height": 844}, "has_touch": True, "is_mobile": True}
LONG_NAME = (
    "a photo that somebody gave a name of very many words, so that it does not fit anywhere, at all.jpg"
)


def test_both_work_on_a_phone(new_customer: NewCustomer, new_agent: NewAgent) -> None:
    gerda, grace = new_customer(**PHONE), new_agent(**PHONE)
    gerda.start_chat("Gerda")
    fills(gerda.page, gerda.place.bounding_box())
    gerda.say("A word of many letters: " + "Donaudampfschifffahrt" * 12)
    gerda.send(a_file(LONG_NAME, "image/jpeg", jpeg_with_gps(1600, 400)))
    grace.accept("Gerda")
    grace.sees_picture(grace.file("Open", LONG_NAME))
    grace.say("It fits.")
    gerda.sees("It fits.")
    for person in (gerda, grace):
        assert not scrolls_sideways(person.page)
        for button in person.place.get_by_role("button").all():
            within(person.page, button.bounding_box())


def test_a_message_is_deleted_on_a_phone(new_customer: NewCustomer, new_agent: NewAgent) -> None:
    hanna, grace = new_customer(**PHONE), new_agent(**PHONE)
    hanna.start_chat("Hanna")
    hanna.say("My card is 1234")
    grace.accept("Hanna")
    grace.sees("My card is 1234")
    grace.conversation.get_by_role("button", name="More", exact=True).tap()
    grace.page.get_by_role("dialog", name="More").get_by_role("button", name="Delete").tap()
    grace.confirm("Delete this message?", "Delete")
    for person in (hanna, grace):
        person.sees("Message removed")
        person.sees("My card is 1234", times=0)


@pytest.mark.parametrize("width", [320, 1280])
def test_the_keyboard_is_enough(new_customer: NewCustomer, width: int) -> None:
    ilse = new_customer(viewport={"width": width, "height": 640})
    ilse.page.goto("/")
    ilse.launcher.focus()
    ilse.page.keyboard.press("Enter")
    expect(ilse.place).to_be_visible()
    ilse.place.get_by_label("Your name").focus()
    ilse.page.keyboard.type("Ilse")
    ilse.page.keyboard.press("Enter")
    expect(ilse.composer).to_be_focused()
    ilse.page.keyboard.type("No mouse")
    ilse.page.keyboard.press("Enter")
    ilse.sees("No mouse")
    ilse.page.keyboard.press("Escape")
    expect(ilse.place).to_be_hidden()
    expect(ilse.launcher).to_be_focused()


def test_a_name_that_is_code_stays_a_name(new_customer: NewCustomer, new_agent: NewAgent) -> None:
    code = "<img src=x onerror=document.title='owned'>"
    jutta, grace = new_customer(), new_agent()
    jutta.start_chat(code)
    jutta.say(f"{code} https://example.com/?a=<b>")
    grace.accept(code)
    grace.sees(code, times=2)  # who said it, and what
    for person in (jutta, grace):
        assert "owned" not in person.page.title()
        expect(person.conversation.locator("img[src=x]")).to_have_count(0)


def test_a_wrong_password_is_told_in_words(watch: Watch, new_agent: NewAgent) -> None:
    watch.expected |= {"401"}
    grace = new_agent()
    page = grace.page.context.new_page()
    page.context.clear_cookies()
    page.goto("/desk")
    page.get_by_label("Name", exact=True).fill("agent")
    page.get_by_label("Password", exact=True).fill("wrong")
    page.get_by_role("button", name="Sign in", exact=True).click()
    expect(page.get_by_role("alert")).to_contain_text("The name or the password is not right.")


def fills(page: Page, box: FloatRect | None) -> None:
    size = page.viewport_size
    assert box
    assert size
    assert (round(box["width"]), round(box["height"])) == (size["width"], size["height"])


def within(page: Page, box: FloatRect | None) -> None:
    """What has a box has it on the screen, from left to right."""
    size = page.viewport_size
    assert size
    if box and box["width"]:
        assert box["x"] >= 0, box
        assert box["x"] + box["width"] <= size["width"] + 0.5, box


def scrolls_sideways(page: Page) -> bool:
    return bool(page.evaluate("document.documentElement.scrollWidth > innerWidth"))
