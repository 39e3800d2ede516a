"""What another policy would have decided of files that came, and a policy in the shadow."""

from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path

import httpx
import pytest

from tests.files import pdf
from tests.files.active_papers import ACTIVE
from vestibule.app import House
from vestibule.checks.policies.reading import parsed, read
from vestibule.errors import VestibuleError
from vestibule.gatehouse import build_gate
from vestibule.payloads import AttachFile, ListJudged
from vestibule.simulation import Decision, Simulation
from vestibule.testing import a_house, a_server


async def bytes_of(data: bytes) -> AsyncIterator[bytes]:
    yield data


async def sent(house: House, name: str, data: bytes, declared: str = "") -> None:
    """Somebody sends a file; whether it was taken is not the question here."""
    try:
        await house.context().invoke(AttachFile(name, declared, bytes_of(data)))
    except VestibuleError:
        return


@pytest.fixture
async def house(tmp_path: Path) -> AsyncIterator[House]:
    async with a_house(tmp_path / "data") as house:
        await sent(house, "bill.pdf", pdf(), "application/pdf")
        await sent(house, "note.txt", b"Good morning!", "text/plain")
        await sent(house, "tool.exe", b"MZ\x90\x00", "application/x-msdownload")
        await sent(house, "page.pdf", b"<html><script>1</script></html>", "application/pdf")
        yield house


async def would_be(house: House, policy: str) -> dict[str, Decision]:
    files = await house.context().invoke(ListJudged())
    return {found.file.filename: found.would_be for found in Simulation(parsed(policy)).differences(files)}


DIFFERENCES = {
    "": {},
    '[files]\nextensions = ["pdf"]': {"note.txt": Decision("refused", "type_not_accepted")},
    "[files]\nlargest = 20": {"bill.pdf": Decision("refused", "too_large")},
    "[files.sizes]\ntxt = 5": {"note.txt": Decision("refused", "too_large")},
    '[roles.system]\nextensions = ["txt"]': {},
}


async def test_what_a_policy_would_have_decided(house: House) -> None:
    for policy, differences in DIFFERENCES.items():
        assert await would_be(house, policy) == differences, policy


async def test_a_policy_that_wants_nothing_active_would_have_refused_a_disarmed_pdf(tmp_path: Path) -> None:
    async with a_house(tmp_path / "data") as house:
        await sent(house, "form.pdf", ACTIVE["script when opened"](), "application/pdf")
        await sent(house, "bill.pdf", pdf(), "application/pdf")
        would = await would_be(house, '[documents]\nactive = "refuse"')
    assert would == {"form.pdf": Decision("refused", "active_content")}


async def test_what_a_list_refused_is_left_to_the_checks_by_one_that_names_it(tmp_path: Path) -> None:
    narrow = tmp_path / "policy.toml"
    narrow.write_text('[files]\nextensions = ["png"]\n')
    async with a_house(tmp_path / "data", policy=str(narrow)) as house:
        await sent(house, "bill.pdf", pdf(), "application/pdf")
        assert await would_be(house, "") == {"bill.pdf": Decision("checking")}


async def test_every_verdict_names_the_policy_it_was_given_under(house: House) -> None:
    files = await house.context().invoke(ListJudged())
    assert {verdict.policy for file in files for verdict in file.verdicts} == {read().version}


async def test_a_policy_in_the_shadow_decides_nothing_and_is_counted(tmp_path: Path) -> None:
    narrow = tmp_path / "policy.toml"
    narrow.write_text('[files]\nextensions = ["png"]\n')
    async with a_server(tmp_path / "data", shadow_policy=str(narrow)) as (house, address):
        await sent(house, "bill.pdf", pdf(), "application/pdf")
        [file] = await house.context().invoke(ListJudged())
        assert file.state == "clean"
        async with httpx.AsyncClient(base_url=address) as client:
            text = (await client.get("/metrics")).text
    assert 'vestibule_shadow_decisions_total{was="clean",would_be="refused"} 1.0' in text


async def test_strangers_may_read_what_is_taken(tmp_path: Path) -> None:
    async with a_server(tmp_path / "data") as (_, address), httpx.AsyncClient(base_url=address) as client:
        told = (await client.get("/v1/policy")).json()
    assert told["version"] == read().version
    types = {taken["extension"]: (taken["content_type"], taken["max_bytes"]) for taken in told["types"]}
    assert types["pdf"] == ("application/pdf", 25 * 1024 * 1024)
    assert told["unpacked"]["archive_members"] == 1000
    assert told["verdicts"]["infected"] == "refused"


@pytest.mark.parametrize(
    ("policy", "sentence"),
    [
        ("[checks.antivirus]\nrequired = true", "requires the check 'antivirus', and it is not connected"),
        ("[checks.antivirsu]\nseconds = 3", "Did you mean 'antivirus'?"),
        ("[checks.images]\nenabled = false", "switches 'images' off, and without it no file is safe"),
    ],
)
async def test_a_house_that_cannot_keep_its_policy_does_not_start(
    tmp_path: Path, policy: str, sentence: str
) -> None:
    file = tmp_path / "policy.toml"
    file.write_text(policy)
    with pytest.raises(VestibuleError, match=sentence.replace("?", r"\?")):
        async with a_house(tmp_path / "data", policy=str(file)):
            pass


async def test_a_check_may_be_switched_off_and_given_another_budget(tmp_path: Path) -> None:
    file = tmp_path / "policy.toml"
    file.write_text("[checks.rules]\nenabled = false\n[checks.images]\nseconds = 7\n")
    async with a_house(tmp_path / "data", policy=str(file)) as house:
        gate = build_gate(house.settings, house.written, house.sandbox, None, house.metrics)
    assert "rules" not in [check.name for check in gate.checks]
    assert [check.seconds for check in gate.checks if check.name == "images"] == [7]
