"""A scanner over HTTP that answers later, and then votes at the address it was given."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import httpx
import pytest

from tests.checks import lying_icap
from tests.checks.lying_http import Scanner, answer, scanning
from tests.http.desk import PDF, Desk, open_desk, served
from tests.http.test_uploads import pieces
from vestibule.app import House, open_house
from vestibule.checks.webhook import WebhookCheck
from vestibule.config import Settings
from vestibule.errors import ConfigurationError, MediaHeld
from vestibule.payloads import AttachFile
from vestibule.web import web


@dataclass
class Waiting:
    """A desk, and the scanner that its files are shown to."""

    desk: Desk
    scanner: Scanner

    async def held(self) -> dict[str, Any]:
        """A file that waits: its record."""
        sent = await self.desk.customer.post(f"{self.desk.channel}/media?Filename=a.pdf", content=PDF)
        assert (sent.status_code, sent.json()["reason"]) == (409, "media_held"), sent.text
        return await self.look(sent.json()["details"]["media_sid"])

    async def look(self, media_sid: str) -> dict[str, Any]:
        while self.desk.judge:
            await asyncio.sleep(0.005)
        return (await self.desk.customer.get(f"{self.desk.channel}/media/{media_sid}")).json()

    @property
    def address(self) -> str:
        """Where the scanner may vote on the last file."""
        return self.scanner.asked[-1].headers["vestibule-vote"]

    async def vote(self, **body: Any) -> httpx.Response:
        """As a scanner does, which has no credentials."""
        return await self.desk.client(peer="192.0.2.9").post(self.address, json=body)


@pytest.fixture
async def waiting(tmp_path: Path) -> AsyncIterator[Waiting]:
    async with scanning(answer("later")) as scanner:
        desk = await open_desk(tmp_path, WebhookCheck(scanner.url, "secret", votes_url="/v1/verdicts/"))
        yield Waiting(desk, scanner)
        await desk.close()


async def test_a_clean_vote_lets_the_file_out_and_the_customer_sends_it(waiting: Waiting) -> None:
    media = await waiting.held()
    assert media["state"] == "held"
    assert (await waiting.vote(outcome="clean", version="Scan 7")).status_code == 204
    assert (await waiting.look(media["sid"]))["state"] == "clean"
    desk = waiting.desk
    sent = await desk.customer.post(f"{desk.channel}/messages", json={"media_sid": media["sid"]})
    assert sent.status_code == 201
    link = await desk.link(sent.json(), desk.agent)
    assert (await desk.agent.get(link)).content == PDF
    assert len(waiting.scanner.asked) == 1


async def test_a_bad_vote_is_told_to_both_sides(waiting: Waiting) -> None:
    media = await waiting.held()
    assert (await waiting.vote(outcome="infected", detail="Test.Parcel")).status_code == 204
    assert (await waiting.look(media["sid"]))["state"] == "refused"
    for who in (waiting.desk.customer, waiting.desk.agent):
        refusals = (await who.get(waiting.desk.channel)).json()["refusals"]
        assert [entry["refusal"]["reason"] for entry in refusals] == ["infected"]
        assert "Test.Parcel" not in str(refusals)


async def test_a_second_vote_is_too_late(waiting: Waiting) -> None:
    media = await waiting.held()
    assert (await waiting.vote(outcome="infected")).status_code == 204
    assert (await waiting.vote(outcome="clean")).status_code == 409
    assert (await waiting.look(media["sid"]))["state"] == "refused"


async def test_a_stranger_has_no_vote_whoever_it_is(waiting: Waiting) -> None:
    media = await waiting.held()
    desk = waiting.desk
    for who in (desk.client(), desk.customer, desk.agent, desk.account):
        for word in ("guess", waiting.address.rpartition("/")[2][:-1], media["sid"]):
            answered = await who.post(f"/v1/verdicts/{word}", json={"outcome": "clean"})
            assert answered.status_code == 404
    assert (await waiting.look(media["sid"]))["state"] == "held"


async def test_a_vote_on_a_file_that_was_taken_back_changes_nothing(waiting: Waiting) -> None:
    media = await waiting.held()
    await waiting.desk.customer.delete(f"{waiting.desk.channel}/media/{media['sid']}")
    assert (await waiting.vote(outcome="clean")).status_code == 409
    assert (await waiting.look(media["sid"]))["state"] == "gone"


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"clean",
        b"{}",
        b"[]",
        b'{"outcome": "later"}',
        b'{"outcome": "ok"}',
        b'{"outcome": null}',
        b'{"outcome": "clean", "outcom": "infected"}',
        b'{"outcome": "clean", "reason": "<b>"}',
        b'{"outcome": "clean"',
        b'{"outcome": "clean", "detail": "' + b"x" * 501 + b'"}',
        b"x" * 200_000,
    ],
    ids=lambda body: body[:40].decode(),
)
async def test_garbage_is_no_vote_and_uses_none_up(waiting: Waiting, body: bytes) -> None:
    media = await waiting.held()
    garbage = await waiting.desk.client().post(waiting.address, content=body)
    assert garbage.status_code in (400, 413)
    assert (await waiting.look(media["sid"]))["state"] == "held"
    assert (await waiting.vote(outcome="clean")).status_code == 204


async def test_a_vote_is_asked_for_with_post_alone(waiting: Waiting) -> None:
    media = await waiting.held()
    assert (await waiting.desk.client().get(waiting.address)).status_code == 405
    assert (await waiting.look(media["sid"]))["state"] == "held"


async def test_a_scanner_votes_over_a_real_connection(waiting: Waiting) -> None:
    media = await waiting.held()
    async with served(waiting.desk.front) as base, httpx.AsyncClient(base_url=base) as scanner:
        assert (await scanner.post(waiting.address, json={"outcome": "clean"})).status_code == 204
    assert (await waiting.look(media["sid"]))["state"] == "clean"


async def test_a_house_asks_the_scanners_that_it_is_told_of(tmp_path: Path) -> None:
    """The house as it is put together from its settings."""
    async with scanning(answer("later")) as http, lying_icap.scanning(lying_icap.echo) as icap:
        settings = Settings(
            data=str(tmp_path),
            webhook_url=http.url,
            webhook_secret="secret",
            icap_url=icap.url,
            public_url="https://chat.example/",
        )
        async with open_house(settings) as house, client_of(house) as client:
            with pytest.raises(MediaHeld):
                await house.context().invoke(AttachFile("a.txt", "text/plain", pieces(b"hello", 5)))
            address = http.asked[0].headers["vestibule-vote"]
            assert address.startswith("https://chat.example/v1/verdicts/")
            assert (await client.post(address, json={"outcome": "infected"})).status_code == 204
    assert (http.asked[0].body, icap.asked[0].body) == (b"hello", b"hello")


def client_of(house: House) -> httpx.AsyncClient:
    return httpx.AsyncClient(transport=httpx.ASGITransport(web(house)))


@pytest.mark.parametrize(
    "wrong",
    [{"webhook_url": "http://scanner/"}, {"webhook_url": "scanner"}, {"icap_url": "icap://scanner"}],
    ids=str,
)
async def test_a_house_with_a_wrong_address_does_not_open(tmp_path: Path, wrong: dict[str, str]) -> None:
    with pytest.raises(ConfigurationError):
        async with open_house(Settings(data=str(tmp_path), **wrong)):
            pass


async def test_a_ballot_is_in_no_log(waiting: Waiting, capsys: pytest.CaptureFixture[str]) -> None:
    await waiting.held()
    await waiting.vote(outcome="clean")
    await waiting.vote(outcome="clean")
    said = capsys.readouterr()
    assert waiting.address.rpartition("/")[2] not in said.out + said.err
