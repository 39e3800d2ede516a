"""A server that is killed in the middle of everything loses nothing that it acknowledged."""

from __future__ import annotations

import asyncio
import json
import os
import random
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import replace
from pathlib import Path
from typing import Any

import httpx
import psutil
import pytest
from websockets.asyncio.client import connect

from tests.endurance.aftermath import (
    TERMINAL,
    all_settled,
    bytes_on_disk,
    change,
    last_seq,
    link,
    media_address,
    reachable,
    require_decoded,
    require_each_message_once,
    require_files,
    require_tidy,
    states,
    wait_until,
)
from tests.endurance.people import Crowd, Person, Sent, bodies, hello, say, until
from tests.files import jpeg_with_gps, pdf, photo_12_megapixels, png_with_text
from tests.servers import Server, command, running, written_policy

KILLS = 4


@pytest.fixture
def server(tmp_path: Path) -> Iterator[Server]:
    # A short patience: big pictures are still `checking` when their upload is answered.
    with running(tmp_path / "data", verdict_patience=0.05) as server:
        yield server


@pytest.fixture
def chance() -> random.Random:
    """Other moments in each run; the seed is printed, and may be given again."""
    seed = int(os.environ.get("SEED") or time.time_ns() % 1_000_000)
    print(f"SEED={seed}")  # noqa: T201 (pytest shows it with a failure)
    return random.Random(seed)


@pytest.mark.slow
async def test_a_stream_of_messages_and_files_survives_kill_9(server: Server, chance: random.Random) -> None:
    people, choice = meet(server, chance), files(chance)
    async with Crowd() as crowd:
        for person in people:
            crowd.add(person.live())
            crowd.add(person.send_files(lambda: replace(chance.choice(choice))))
        for _ in range(KILLS):
            await asyncio.to_thread(kill_within, server, chance.uniform(0.4, 2.0))
            await asyncio.to_thread(server.start)
        await asyncio.sleep(1)
        for person in people:
            person.is_silent = True
        await until(lambda: not any(person.unanswered for person in people))
        await until(lambda: all_settled(server))
        await until(lambda: all(person.seq == last_seq(person) for person in people))

    for person in people:
        require_each_message_once(person)
        assert person.faults == []
        assert person.connections > 1
    require_files(people)
    require_tidy(server)
    assert "Traceback" not in server.log


def test_a_server_that_is_killed_while_it_starts_starts_the_next_time(
    tmp_path: Path, chance: random.Random
) -> None:
    server = Server(tmp_path / "data")
    for _ in range(8):
        server.spawn()
        time.sleep(chance.uniform(0.2, 1.0))
        server.kill()
    try:
        server.start()
        assert server.sign_in()
        assert "Traceback" not in server.log
        require_tidy(server)
    finally:
        server.kill()


def test_a_first_start_that_was_cut_off_before_the_password_is_made_good(server: Server) -> None:
    server.kill()
    change(server, "DELETE FROM passwords")
    server.start()
    assert server.sign_in()


async def test_a_burst_that_is_cut_in_the_middle_is_completed_once(server: Server) -> None:
    chat, words = server.start_chat(), [f"message {number}" for number in range(150)]
    for turn in range(2):
        async with connect(server.socket_address, max_queue=None, proxy=None) as socket:
            await hello(socket, chat)
            for number in range(len(words)):
                await socket.send(say(chat, number))
            answered = 0
            while answered < (1 if turn == 0 else len(words)):
                answered += json.loads(await socket.recv())["type"] == "sent"
            server.kill()
        server.start()
        stored = bodies(server, chat)
        assert stored == words[: len(stored)]
        assert len(stored) >= answered


def test_a_file_whose_checks_were_cut_off_is_checked_again_and_closed_until_then(server: Server) -> None:
    chat = server.start_chat()
    with frozen_decoders(server), server.client(chat["token"]) as customer:
        media = upload(customer, chat, Sent("photo.jpg", "image/jpeg", photo_12_megapixels()))
        assert media["state"] == "checking"
        for rendition in ("safe", "preview", "poster", "original"):
            assert link(customer, chat, media, rendition=rendition).status_code >= 400
        assert reachable(server, customer, media) == []
        server.kill()
    server.start()
    with server.client(chat["token"]) as customer:
        settled = wait_for_verdict(customer, chat, media)
        answer = customer.get(link(customer, chat, media).json()["url"])
    assert settled["state"] == "clean"
    require_decoded(answer.content)
    require_tidy(server)


def test_a_file_that_was_being_let_out_is_let_out_after_the_start(server: Server) -> None:
    """Its bytes had left quarantine, but nothing said yet that it was clean."""
    chat = server.start_chat()
    notes = Sent("notes.txt", "text/plain", b"Three rooms, two doors.\n")
    with server.client(chat["token"]) as customer:
        media = upload(customer, chat, notes)
        wait_for_verdict(customer, chat, media)
    server.kill()
    change(server, "UPDATE media SET state = 'checking', renditions = '[]'")
    server.start()
    with server.client(chat["token"]) as customer:
        assert wait_for_verdict(customer, chat, media)["state"] == "clean"
        assert customer.get(link(customer, chat, media).json()["url"]).content == notes.content
    require_tidy(server)


def test_an_original_that_was_to_be_thrown_away_is_gone_after_the_start(tmp_path: Path) -> None:
    """With it would stay where the photo was taken."""
    policy = written_policy(tmp_path, '[originals]\nkeep = "0s"\n')
    photo = Sent("photo.jpg", "image/jpeg", jpeg_with_gps())
    with running(tmp_path / "data", policy=policy) as server:
        chat = server.start_chat()
        with server.client(chat["token"]) as customer:
            media = upload(customer, chat, photo)
            wait_for_verdict(customer, chat, media)
        server.kill()
        original = server.data / "files" / "quarantine" / media["sid"] / "original"
        original.parent.mkdir(parents=True, exist_ok=True)
        original.write_bytes(photo.content)
        server.start()
        require_tidy(server)


def test_an_upload_that_was_cut_off_leaves_nothing(server: Server) -> None:
    chat = server.start_chat()

    def endless() -> Iterator[bytes]:
        yield b"A text that goes on.\n" * 100_000
        wait_until(lambda: bytes_on_disk(server) != [])
        server.kill()
        yield b"more" * 100_000

    with server.client(chat["token"]) as customer, pytest.raises(httpx.TransportError):
        customer.post(f"{media_address(chat)}?Filename=long.txt", content=endless())
    assert bytes_on_disk(server) != []
    server.start()
    assert bytes_on_disk(server) == []
    assert states(server) == {"gone": 1}


def test_no_process_of_a_killed_server_lives_on(server: Server) -> None:
    children = psutil.Process(server.pid).children(recursive=True)
    assert children != []
    server.kill()
    _, alive = psutil.wait_procs(children, timeout=5)
    assert alive == []


def kill_within(server: Server, seconds: float) -> None:
    """From a thread: it strikes also while people are in the middle of a word."""
    time.sleep(seconds)
    server.kill()


# What people do


def meet(server: Server, chance: random.Random) -> list[Person]:
    """Three customers in chats of their own, and two agents who received them."""
    assert command("agent", "add", "grace", "--data", server.data, given="correct horse").returncode == 0
    agents = [server.sign_in(), server.sign_in("grace", "correct horse")]
    people = []
    for number, name in enumerate(("Ada", "Bob", "Cleo")):
        chat, agent = server.start_chat(name), agents[number % 2]
        with server.client(agent["token"]) as desk:
            assert desk.post(f"/v1/tasks/{chat['task_sid']}/accept").status_code == 200
        for who in (chat, agent):
            place = (who["identity"], who["token"], chat["channel_sid"])
            people.append(Person(server, *place, random.Random(chance.random())))
    return people


def files(chance: random.Random) -> list[Sent]:
    """What people have at hand, made before it starts: making takes longer than sending."""
    sizes = [chance.randrange(64, 900) for _ in range(3)]
    return [
        *(Sent("photo.jpg", "image/jpeg", jpeg_with_gps(size, 300)) for size in sizes),
        *(Sent("bill.pdf", "application/pdf", pdf(pages)) for pages in (1, 3)),
        *(Sent("notes.txt", "text/plain", b"line %d\n" % size * 100 * size) for size in sizes),
        Sent("photo.jpg", "image/jpeg", photo_12_megapixels()),
        Sent("drawing.png", "image/png", png_with_text()),
        Sent("trick.jpg", "image/jpeg", b"<html><script>alert(1)</script>"),
    ]


def upload(client: httpx.Client, chat: dict[str, Any], file: Sent) -> dict[str, Any]:
    answer = client.post(
        media_address(chat),
        params={"Filename": file.name},
        content=file.content,
        headers={"content-type": file.content_type},
    )
    assert answer.status_code == 201, answer.text
    return dict(answer.json())


def wait_for_verdict(client: httpx.Client, chat: dict[str, Any], media: dict[str, Any]) -> dict[str, Any]:
    """The file's record once its checks are done."""

    def record() -> dict[str, Any]:
        return dict(client.get(f"{media_address(chat)}/{media['sid']}").json())

    wait_until(lambda: record()["state"] in TERMINAL, seconds=20)
    return record()


@contextmanager
def frozen_decoders(server: Server) -> Iterator[None]:
    """While this lasts the processes that decode stand still, and so does every check of a picture."""
    children = psutil.Process(server.pid).children(recursive=True)
    for child in children:
        child.suspend()
    try:
        yield
    finally:
        for child in children:
            with suppress(psutil.NoSuchProcess):
                child.resume()
