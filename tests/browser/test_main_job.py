"""The main job, from the first hello to wrapping up: two people, two browsers, real files."""

from __future__ import annotations

import io
import re

import httpx
from PIL import Image
from playwright.sync_api import expect

from tests.browser.conftest import NewAgent, NewCustomer
from tests.browser.people import CUT_OFF, Agent, Customer, Watch, a_file, content_of
from tests.checks.specimens import EICAR
from tests.files import SECRET, jpeg_with_gps, mp4, pdf
from tests.servers import Server

PHOTO = a_file("garden.jpg", "image/jpeg", jpeg_with_gps(orientation=6))
PAPER = a_file("invoice.pdf", "application/pdf", pdf(3))
FILM = a_file("leak.mp4", "video/mp4", mp4(10, size=(1280, 720)))
NOTES = a_file("notes.txt", "text/plain", "Drei Räume, zwei Türen.\n".encode())
ANSWER = a_file("answer.pdf", "application/pdf", pdf(1))

# Somebody who means harm, or whose device does.
VIRUS_AS_PHOTO = a_file("photo.png", "image/png", EICAR)
VIRUS = a_file("readme.txt", "text/plain", EICAR)
PAGE_AS_PHOTO = a_file("holiday.jpg", "image/jpeg", b"<html><script>alert(document.cookie)</script></html>")

BLOCKED = "You can read this conversation, but no longer write in it."


def test_the_main_job(server: Server, watch: Watch, new_customer: NewCustomer, new_agent: NewAgent) -> None:
    watch.expected |= {"422", *CUT_OFF}
    ada, grace = new_customer(), new_agent()
    they_meet(ada, grace)
    the_agent_looks_at_files(ada, grace)
    what_only_pretends_is_refused(ada, grace)
    the_agent_answers_with_a_file(ada, grace)
    everything_survives_a_kill(server, ada, grace)
    a_deleted_file_is_gone(server, ada, grace)
    a_blocked_customer_reads_on(server, ada, grace)
    the_chat_is_wrapped_up(ada, grace)


def they_meet(ada: Customer, grace: Agent) -> None:
    ada.start_chat("Ada")
    ada.say("Hello, there is water in my garden.")
    grace.accept("Ada")
    grace.sees("Hello, there is water in my garden.")
    grace.say("Hello Ada, can you show me?")
    ada.sees("Hello Ada, can you show me?")


def the_agent_looks_at_files(ada: Customer, grace: Agent) -> None:
    ada.send(PHOTO, PAPER, FILM, NOTES)
    grace.sees_picture(grace.file("Open", "garden.jpg"))
    grace.sees_picture(grace.file("Open", "invoice.pdf"))
    grace.sees_picture(grace.file("Play", "leak.mp4"))
    grace.sees("3 pages")

    gallery = grace.open_large("garden.jpg")
    photo = content_of(grace.download(gallery.get_by_role("button", name="Download")))
    require_no_place(photo)
    grace.page.keyboard.press("Escape")
    expect(gallery).to_have_count(0)

    grace.open_large("invoice.pdf").get_by_role("button", name="Close").click()
    assert content_of(grace.download(grace.file("Download", "notes.txt"))) == NOTES["buffer"]
    seen = grace.play_to("leak.mp4", 8)
    assert abs(seen["duration"] - 10) < 0.5
    assert abs(seen["reached"] - 8) < 0.1
    assert seen["later"] > seen["reached"]
    film = next(one for one in grace.links if one.endswith("/leak.mp4"))
    end = httpx.get(film, headers={"range": "bytes=-1000"}, trust_env=False)
    assert (end.status_code, len(end.content)) == (206, 1000)


def require_no_place(photo: bytes) -> None:
    """Nothing of where, when and with what; and it stands upright."""
    with Image.open(io.BytesIO(photo)) as image:
        image.load()
        assert not image.getexif().get_ifd(0x8825)
        assert image.getexif().get(0x0112, 1) == 1
        assert image.width > image.height
    assert SECRET.encode() not in photo


def what_only_pretends_is_refused(ada: Customer, grace: Agent) -> None:
    for file, why, told in (
        (PAGE_AS_PHOTO, "The file is not what its name says it is.", "its content does not match its name"),
        (VIRUS_AS_PHOTO, "The file is not what its name says it is.", "its content does not match its name"),
        (VIRUS, "Our virus scanner raised an alarm about this file.", "the virus scanner raised an alarm"),
    ):
        before = grace.conversation.get_by_text(told).count()
        seen = ada.conversation.get_by_text(why).count()
        ada.send(file)
        ada.sees(why, seen + 1)
        grace.sees(re.compile(f"A file was not accepted: {told}"), before + 1)
    expect(ada.conversation.get_by_text("Please save it again in the program")).to_have_count(2)
    for name in ("holiday.jpg", "photo.png", "readme.txt"):
        expect(grace.conversation.get_by_role("button", name=re.compile(re.escape(name)))).to_have_count(0)


def the_agent_answers_with_a_file(ada: Customer, grace: Agent) -> None:
    grace.say("Thank you. This is how we do it.")
    grace.send(ANSWER)
    ada.sees("Thank you. This is how we do it.")
    ada.sees_picture(ada.file("Open", "answer.pdf"))
    expect(ada.file("Open", "answer.pdf")).to_be_in_viewport()  # what comes is followed


def everything_survives_a_kill(server: Server, ada: Customer, grace: Agent) -> None:
    server.kill()
    server.start()
    ada.say("Are you still there?")
    grace.sees("Are you still there?")
    grace.say("Yes, I am.")
    ada.sees("Yes, I am.")
    for person in (ada, grace):
        person.sees_in_order(
            "Hello, there is water", "can you show me?", "This is how we do it.", "still there?"
        )
        for verb, name in (("Open", "garden.jpg"), ("Open", "invoice.pdf"), ("Open", "answer.pdf")):
            expect(person.file(verb, name)).to_have_count(1)
        expect(person.file("Download", "notes.txt")).to_have_count(1)


def a_deleted_file_is_gone(server: Server, ada: Customer, grace: Agent) -> None:
    gallery = grace.open_large("garden.jpg")
    link = grace.download(gallery.get_by_role("button", name="Download")).url
    grace.page.keyboard.press("Escape")
    links = [one for one in {link, *ada.links, *grace.links} if one.endswith("/garden.jpg")]
    sid = media_sid(server, ada, "garden.jpg")
    assert 200 in statuses(links)
    assert places_of(server, sid) != []

    grace.delete(grace.file("Open", "garden.jpg"))

    for person in (ada, grace):
        expect(person.file("Open", "garden.jpg")).to_have_count(0)
        person.sees("File removed")
    assert statuses(links) <= {404, 410}
    assert places_of(server, sid) == []


def statuses(links: list[str]) -> set[int]:
    """What answers there, without any credentials: a link needs none."""
    return {httpx.get(link, trust_env=False).status_code for link in links}


def media_sid(server: Server, customer: Customer, filename: str) -> str:
    with server.client(customer.chat["token"]) as program:
        messages = program.get(f"/v1/channels/{customer.chat['channel_sid']}").json()["messages"]
    files = [message["media"] for message in messages if message["media"]]
    return str(next(media["sid"] for media in files if media["filename"] == filename))


def places_of(server: Server, sid: str) -> list[str]:
    """What of a file lies in storage."""
    return [str(path) for path in (server.data / "files").rglob("*") if sid in path.parts and path.is_file()]


def a_blocked_customer_reads_on(server: Server, ada: Customer, grace: Agent) -> None:
    grace.block("Ada")
    expect(ada.place.get_by_text(BLOCKED)).to_be_visible()
    expect(ada.composer).to_have_count(0)
    grace.say("We call you.")
    ada.sees("We call you.")

    place = f"/v1/channels/{ada.chat['channel_sid']}"
    with server.client(ada.chat["token"]) as program:
        said = program.post(f"{place}/messages", json={"body": "Let me in"})
        sent = program.post(f"{place}/media?Filename=notes.txt", content=b"Let me in")
        history = program.get(place)
    assert (said.status_code, said.json()["code"]) == (403, 50107)
    assert (sent.status_code, sent.json()["code"]) == (403, 50107)
    assert history.json()["messages"][-1]["body"] == "We call you."


def the_chat_is_wrapped_up(ada: Customer, grace: Agent) -> None:
    grace.wrap_up("Ada")
    expect(ada.place.get_by_text("This chat has ended")).to_be_visible()
    grace.complete()
    expect(grace.chats.get_by_role("button", name="Ada")).to_have_count(0)
