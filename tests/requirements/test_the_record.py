"""What the requirements say of what is kept and told: who did what with a file, and the house's numbers."""

from __future__ import annotations

from pathlib import Path

import httpx
from structlog.testing import capture_logs

from tests.checks.lying_clamd import answer_to_the_whole, lying
from tests.checks.test_watch import version
from tests.requirements.conftest import Front
from vestibule.models import Timeline
from vestibule.payloads import DeleteMessage, FetchTimeline
from vestibule.testing import a_server

OK = answer_to_the_whole(b"stream: OK\0")


async def way(front: Front, media_sid: str) -> Timeline:
    return await front.house.context().invoke(FetchTimeline(media_sid))


async def test_ad_01_each_verdict_is_kept_with_its_versions_and_its_policy(front: Front) -> None:
    media = (await front.upload(b"Hello.\n")).json()
    verdicts = (await way(front, media["sid"])).verdicts
    assert {"policy", "filetype", "rules", "texts"} <= {verdict.check for verdict in verdicts}
    assert all(verdict.version and verdict.date_created for verdict in verdicts)
    assert {verdict.policy for verdict in verdicts} == {front.house.written.version}
    (rules,) = (verdict for verdict in verdicts if verdict.check == "rules")
    assert rules.version.startswith("yara-x ")


async def test_ad_01_who_opened_which_copy_and_when_outlives_the_file(front: Front) -> None:
    message = await front.sent(b"Hello.\n")
    async with httpx.AsyncClient(base_url=str(front.customer.base_url), trust_env=False) as anybody:
        assert (await anybody.get(await front.link(message))).status_code == 200
    await front.customer.delete(f"{front.channel}/messages/{message['sid']}")
    timeline = await way(front, message["media"]["sid"])
    (opening,) = timeline.openings
    assert (opening.identity, opening.rendition, opening.times) == (front.session.identity, "safe", 1)
    assert opening.date_first <= opening.date_last
    assert [step.kind for step in timeline.steps] == ["received", "cleared", "gone"]
    assert timeline.steps[0].by == front.session.identity


async def test_ad_01_who_deleted_a_file_is_in_the_log(front: Front) -> None:
    message = await front.sent(b"Hello.\n")
    loose = (await front.upload(b"And this?\n")).json()["sid"]
    with capture_logs() as logs:
        await front.house.context().invoke(DeleteMessage(front.session.channel.sid, message["sid"]))
        await front.customer.delete(f"{front.channel}/media/{loose}")
    told = {entry["media_sid"]: entry["identity"] for entry in logs if entry["event"].endswith("deleted")}
    assert told == {message["media"]["sid"]: "system", loose: front.session.identity}


async def test_ad_01_a_name_cannot_write_a_line_of_the_log(front: Front) -> None:
    with capture_logs() as logs:
        answer = await front.upload(b"Hello.\n", "notes\r\nlevel=error hacked.txt")
    assert answer.json()["details"]["reason"] == "name_not_accepted"
    assert "hacked" not in str(logs)


async def numbers(address: str) -> dict[str, float]:
    async with httpx.AsyncClient(base_url=address, trust_env=False) as near:
        lines = (await near.get("/metrics")).text.splitlines()
    split = (line.rpartition(" ") for line in lines if not line.startswith("#"))
    return {name: float(value) for name, _, value in split}


async def test_ad_03_the_queue_the_verdicts_and_the_time_of_each_check_are_told(front: Front) -> None:
    await front.upload(b"Hello.\n")
    told = await numbers(str(front.customer.base_url))
    assert told["vestibule_files_in_check"] == 0
    assert told['vestibule_verdicts_total{check="rules",outcome="clean"}'] == 1
    for check in ("rules", "texts"):
        assert told[f'vestibule_check_seconds_count{{check="{check}"}}'] == 1
        assert 0 < told[f'vestibule_check_seconds_sum{{check="{check}"}}'] < 30


async def test_ad_03_the_age_of_the_scanners_signatures_is_told_and_when_they_are_old(tmp_path: Path) -> None:
    async with lying(OK, version(71)) as address, a_server(tmp_path / "house", clamd=(address,)) as served:
        house, url = served
        assert house.watch
        await house.watch.first_look()
        assert (await house.readiness())["signatures"] == "old: 71 h"
        told = await numbers(url)
        assert told[f'vestibule_scanner_up{{clamd="{address}"}}'] == 1
        assert round(told[f'vestibule_signatures_age_seconds{{clamd="{address}"}}'] / 3600) == 71


async def test_ad_03_a_scanner_that_is_away_makes_the_house_not_ready(tmp_path: Path) -> None:
    nobody = f"unix:{tmp_path}/nobody"
    async with a_server(tmp_path / "house", clamd=(nobody,)) as (house, url):
        assert house.watch
        await house.watch.first_look()
        assert (await numbers(url))[f'vestibule_scanner_up{{clamd="{nobody}"}}'] == 0
        async with httpx.AsyncClient(base_url=url, trust_env=False) as near:
            assert (await near.get("/readyz")).status_code == 503
