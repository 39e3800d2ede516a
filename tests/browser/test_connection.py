"""What a customer wrote is not lost: without a network, after a reload, in a second tab."""

from __future__ import annotations

import re

import httpx
import pytest
from playwright.sync_api import expect

from tests.browser.conftest import NewAgent, NewCustomer
from tests.browser.people import CUT_OFF, Watch, a_file
from tests.endurance.aftermath import wait_until
from tests.files import jpeg_with_gps
from tests.servers import Server


@pytest.fixture(autouse=True)
def interruptions(watch: Watch) -> None:
    watch.expected |= CUT_OFF


def test_what_is_typed_offline_is_sent_once_when_the_network_is_back(
    server: Server, new_customer: NewCustomer, new_agent: NewAgent
) -> None:
    berta, grace = new_customer(), new_agent()
    berta.start_chat("Berta")
    berta.say("Is anybody there?")
    grace.accept("Berta")

    berta.page.context.set_offline(True)
    berta.say("The water rises")
    berta.say("Now it is at the door")
    expect(berta.place.get_by_text("2 messages are waiting to be sent.")).to_be_visible()
    expect(grace.conversation.get_by_text("The water rises")).to_have_count(0)
    berta.page.context.set_offline(False)

    expect(berta.place.get_by_text("waiting to be sent")).to_have_count(0)
    for person in (berta, grace):
        person.sees_in_order("Is anybody there?", "The water rises", "Now it is at the door")
    assert bodies(server, berta.chat) == ["Is anybody there?", "The water rises", "Now it is at the door"]


def test_a_reload_without_a_network_keeps_what_waits(new_customer: NewCustomer, server: Server) -> None:
    carla = new_customer()
    carla.start_chat("Carla")
    carla.page.context.set_offline(True)
    carla.say("Please wait for me")
    expect(carla.place.get_by_text("1 message is waiting to be sent.")).to_be_visible()
    carla.page.context.set_offline(False)
    carla.page.reload()
    carla.reopen()
    carla.sees("Please wait for me")
    expect(carla.place.get_by_text("Waiting for the connection")).to_have_count(0)
    wait_until(lambda: bodies(server, carla.chat) != [])
    assert bodies(server, carla.chat) == ["Please wait for me"]


def test_a_reload_goes_on_where_the_chat_was(new_customer: NewCustomer, new_agent: NewAgent) -> None:
    dora, grace = new_customer(), new_agent()
    dora.start_chat("Dora")
    dora.say("I will be right back")
    dora.send(a_file("garden.jpg", "image/jpeg", jpeg_with_gps()))
    grace.accept("Dora")
    grace.sees_picture(grace.file("Open", "garden.jpg"))
    dora.composer.fill("A draft that I did not")
    dora.page.reload()

    dora.reopen()
    dora.sees("I will be right back")
    dora.sees_picture(dora.file("Open", "garden.jpg"))
    expect(dora.composer).to_have_value("A draft that I did not")
    grace.page.reload()
    grace.sees("I will be right back")
    grace.say("Welcome back")
    dora.sees("Welcome back")


def test_a_second_tab_is_the_same_customer(new_customer: NewCustomer, new_agent: NewAgent) -> None:
    emma, grace = new_customer(), new_agent()
    emma.start_chat("Emma")
    emma.say("From the first tab")
    grace.accept("Emma")
    second = emma.second_tab()
    second.sees("From the first tab")
    second.say("From the second tab")
    grace.say("I hear you twice")

    for person in (emma, second, grace):
        person.sees_in_order("From the first tab", "From the second tab", "I hear you twice")
    expect(grace.chats.get_by_role("button", name=re.compile("Emma"))).to_have_count(1)


def test_messages_typed_while_the_server_is_dead_arrive_once(
    server: Server, new_customer: NewCustomer, new_agent: NewAgent
) -> None:
    frida, grace = new_customer(), new_agent()
    frida.start_chat("Frida")
    frida.say("Before")
    grace.accept("Frida")
    grace.sees("Before")
    server.kill()
    frida.say("During")
    grace.say("I am here too")
    server.start()
    for person in (frida, grace):
        person.sees("Before")
        person.sees("During")
        person.sees("I am here too")
    expect(frida.place.get_by_text("waiting to be sent")).to_have_count(0)
    assert sorted(bodies(server, frida.chat)) == ["Before", "During", "I am here too"]


def bodies(server: Server, chat: dict[str, str]) -> list[str]:
    """What the server has, in its order."""
    place = f"{server.address}/v1/channels/{chat['channel_sid']}"
    view = httpx.get(place, headers={"authorization": f"Bearer {chat['token']}"}, trust_env=False)
    return [message["body"] for message in view.json()["messages"]]
