"""A file that is taken back disappears from the pages that have it open."""

from __future__ import annotations

from playwright.sync_api import expect

from tests.browser.conftest import NewAgent, NewCustomer
from tests.browser.people import Customer, Watch, a_file
from tests.files import jpeg_with_gps
from tests.servers import Server

PHOTO = a_file("garden.jpg", "image/jpeg", jpeg_with_gps())


def test_a_photo_that_is_recalled_vanishes_from_open_pages(
    new_customer: NewCustomer, new_agent: NewAgent, server: Server, watch: Watch
) -> None:
    watch.expected |= {"422"}  # the picture may just be asked for again
    lea, grace = new_customer(), new_agent()
    lea.start_chat("Lea Recalled")
    grace.accept("Lea Recalled")
    lea.send(PHOTO)
    grace.sees_picture(grace.file("Open", "garden.jpg"))
    gallery = grace.open_large("garden.jpg")

    recall_last_file(server, lea)

    expect(gallery).to_have_count(0)
    expect(grace.file("Open", "garden.jpg")).to_have_count(0)
    grace.sees("A file was taken back after it was looked at again.")
    expect(grace.conversation.locator("img")).to_have_count(0)
    lea.sees("This file was taken back after it was looked at again.")
    expect(lea.conversation.locator("img")).to_have_count(0)

    grace.page.reload()
    grace.sees("A file was taken back after it was looked at again.")


def recall_last_file(server: Server, customer: Customer) -> None:
    """As somebody else who reviews files does it."""
    with server.client(server.sign_in()["token"]) as reviewer:
        place = f"/v1/channels/{customer.chat['channel_sid']}/messages"
        message = reviewer.get(place).json()["messages"][-1]
        answer = reviewer.post(f"/v1/media/{message['media']['sid']}/recall", json={"note": "a test"})
    assert (answer.status_code, answer.json()["state"]) == (200, "recalled")
