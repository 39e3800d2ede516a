"""Card numbers, bank accounts and credentials in files: seen, told without being told, and dealt with."""

from __future__ import annotations

from pathlib import Path

import msgspec
import pytest

from tests.checks.looking import Seen, looked_at
from tests.checks.specimens import SID, chunks_of, specimen, stored
from tests.files import pdf
from tests.files.archives import packed
from tests.files.confidential import CARD, CONFIDENTIAL, HARMLESS, IBAN, LETTER
from tests.media.conftest import open_media_house
from vestibule.checks.archive_limits import Limits
from vestibule.checks.content_types import BY_EXTENSION
from vestibule.checks.sandbox import Sandbox
from vestibule.checks.sensitive import PAGES, Actions, SensitiveCheck
from vestibule.checks.texts import TextCheck
from vestibule.errors import ConfigurationError, MediaHeld, MediaRefused
from vestibule.ports import Finding
from vestibule.refusals import REFUSALS

pytestmark = pytest.mark.asyncio(loop_scope="module")


@pytest.fixture
def check(sandbox: Sandbox) -> SensitiveCheck:
    return SensitiveCheck(sandbox)


async def judged(check: SensitiveCheck, folder: Path, content: bytes, role: str) -> Finding:
    described = msgspec.structs.replace(specimen(content, role=role), content_type="text/plain")
    return await check(described, await stored(folder, content))


@pytest.mark.parametrize("name", CONFIDENTIAL)
async def test_a_card_number_is_flagged_with_its_place(
    name: str, check: SensitiveCheck, tmp_path: Path
) -> None:
    extension, make, place = CONFIDENTIAL[name]
    kind = BY_EXTENSION[extension].name
    async with looked_at(check, tmp_path, make(), kind, f"file.{extension}") as seen:
        assert seen.outcome == ("clean", "")
        assert seen.finding.flags == ("card_number",)
        assert f"card_number: 1, …1111 ({place})" == seen.finding.verdict.detail.replace(
            f"{place}, line 2", place
        ).replace(f"{place}, line 1", place)
        assert nothing_is_told(seen)


def nothing_is_told(seen: Seen) -> bool:
    said = msgspec.json.encode(seen.finding.verdict)
    return not [
        form for form in (CARD, CARD.replace(" ", ""), "1111 1111", "11111111") if form.encode() in said
    ]


@pytest.mark.parametrize("name", HARMLESS)
async def test_an_everyday_file_is_not_flagged(name: str, check: SensitiveCheck, tmp_path: Path) -> None:
    extension, make = HARMLESS[name]
    kind = BY_EXTENSION[extension].name
    async with looked_at(check, tmp_path, make(), kind, f"file.{extension}") as seen:
        assert (*seen.outcome, seen.finding.flags, seen.finding.verdict.detail) == ("clean", "", (), "")


async def test_the_copy_that_others_get_is_what_is_looked_at(check: SensitiveCheck, tmp_path: Path) -> None:
    storage = await stored(tmp_path, LETTER.encode())
    await storage.put(f"quarantine/{SID}/safe", chunks_of(b"Nothing."))
    finding = await check(msgspec.structs.replace(specimen(b"x"), content_type="text/plain"), storage)
    assert finding.flags == ()


@pytest.mark.parametrize(
    ("action", "outcome", "reason", "flags"),
    [
        ("ignore", "clean", "", ()),
        ("flag", "clean", "", ("card_number",)),
        ("hold", "suspicious", "sensitive", ("card_number",)),
        ("refuse", "refused", "sensitive", ("card_number",)),
    ],
)
async def test_the_operator_says_what_becomes_of_it(
    action: str, outcome: str, reason: str, flags: tuple[str, ...], sandbox: Sandbox, tmp_path: Path
) -> None:
    actions = msgspec.convert({"card_number": action}, dict)
    finding = await judged(SensitiveCheck(sandbox, on=actions), tmp_path, LETTER.encode(), "channel user")
    assert (finding.verdict.outcome, finding.verdict.reason, finding.flags) == (outcome, reason, flags)
    assert not reason or reason in REFUSALS


async def test_the_worst_of_several_kinds_decides(sandbox: Sandbox, tmp_path: Path) -> None:
    on: Actions = {"card_number": "hold", "iban": "refuse"}
    both = f"{CARD} and {IBAN}".encode()
    finding = await judged(SensitiveCheck(sandbox, on=on), tmp_path, both, "channel user")
    assert (finding.verdict.outcome, finding.flags) == ("refused", ("card_number", "iban"))


@pytest.mark.parametrize(
    ("role", "outcome"), [("channel user", "clean"), ("channel admin", "refused"), ("agent", "refused")]
)
async def test_agents_files_have_rules_of_their_own(
    role: str, outcome: str, sandbox: Sandbox, tmp_path: Path
) -> None:
    check = SensitiveCheck(sandbox, on_outgoing={"card_number": "refuse"})
    assert (await judged(check, tmp_path, LETTER.encode(), role)).verdict.outcome == outcome


async def test_what_is_not_said_of_agents_files_is_as_for_everybody(sandbox: Sandbox, tmp_path: Path) -> None:
    check = SensitiveCheck(sandbox, on={"card_number": "hold"}, on_outgoing={"iban": "refuse"})
    assert (await judged(check, tmp_path, LETTER.encode(), "agent")).verdict.outcome == "suspicious"


async def test_who_ignores_everything_does_not_even_look(sandbox: Sandbox) -> None:
    nothing: Actions = {"card_number": "ignore", "iban": "ignore", "secret": "ignore"}
    check = SensitiveCheck(sandbox, on=nothing, on_outgoing={"iban": "flag"})
    text = msgspec.structs.replace(specimen(b"x"), content_type="text/plain")
    assert not check.applies(text)
    assert check.applies(msgspec.structs.replace(text, role="agent"))


async def test_pictures_and_recordings_are_not_its_business(check: SensitiveCheck) -> None:
    for kind in ("image/png", "video/mp4", "audio/mpeg"):
        assert not check.applies(msgspec.structs.replace(specimen(b"x"), content_type=kind))


@pytest.mark.parametrize("on", [{"passport": "flag"}, {"iban": "burn"}])
async def test_a_rule_that_nobody_knows_stops_the_start(on: dict[str, str], sandbox: Sandbox) -> None:
    with pytest.raises(ConfigurationError):
        SensitiveCheck(sandbox, on=on)  # type: ignore[arg-type]


async def test_what_cannot_be_read_stops_only_what_may_be_stopped(sandbox: Sandbox, tmp_path: Path) -> None:
    broken = b"%PDF-1.7\nnothing\n%%EOF\n"
    for on, outcome in (({}, "clean"), ({"iban": "hold"}, "refused")):
        check = SensitiveCheck(sandbox, on=on)
        async with looked_at(check, tmp_path, broken, "application/pdf") as seen:
            assert seen.finding.verdict.outcome == outcome
            assert seen.finding.verdict.detail.startswith("not read: ")


async def test_what_is_too_long_to_be_read_whole_is_looked_at_by_a_person(
    sandbox: Sandbox, tmp_path: Path
) -> None:
    for on, outcome, reason in (({}, "clean", ""), ({"iban": "hold"}, "suspicious", "check_pending")):
        check = SensitiveCheck(sandbox, on=on)
        async with looked_at(check, tmp_path, pdf(PAGES + 2), "application/pdf") as seen:
            assert seen.outcome == (outcome, reason)
            assert seen.finding.verdict.detail == f"not read: 2 of {PAGES + 2} pages"


async def test_a_sandbox_that_is_gone_opens_nothing_for_who_wants_files_stopped(tmp_path: Path) -> None:
    gone = Sandbox(["tests.checks.sandbox_jobs"])
    async with gone:
        finding = await judged(SensitiveCheck(gone, on={"iban": "hold"}), tmp_path, b"hello", "channel user")
    assert (finding.verdict.outcome, finding.verdict.reason) == ("error", "check_failed")


async def test_the_agent_sees_the_flag_of_a_file_that_a_customer_sent(
    sandbox: Sandbox, tmp_path: Path
) -> None:
    house = await open_media_house(tmp_path, streams=(), checks=(TextCheck(), SensitiveCheck(sandbox)))
    media = await house.upload(LETTER.encode(), "letter.txt")
    assert (media.state, media.flags) == ("clean", ("card_number",))
    await house.house.close()


@pytest.mark.parametrize(("action", "error"), [("hold", MediaHeld), ("refuse", MediaRefused)])
async def test_a_file_that_is_stopped_says_what_to_do(
    action: str, error: type[Exception], sandbox: Sandbox, tmp_path: Path
) -> None:
    check = SensitiveCheck(sandbox, on=msgspec.convert({"card_number": action}, dict))
    house = await open_media_house(tmp_path, streams=(), checks=(TextCheck(), check))
    with pytest.raises(error) as raised:
        await house.upload(LETTER.encode(), "letter.txt")
    assert "card number" in str(raised.value)
    await house.house.close()


async def test_an_archive_is_gone_through_as_far_as_the_policy_says(sandbox: Sandbox, tmp_path: Path) -> None:
    content = packed({"a.txt": b"Good day.", "b.txt": b"Hello."})
    for members, outcome in ((2, ("clean", "")), (1, ("refused", "too_complex"))):
        check = SensitiveCheck(sandbox, on={"iban": "hold"}, limits=Limits(members=members))
        async with looked_at(check, tmp_path, content, "application/zip", "a.zip") as seen:
            assert seen.outcome == outcome, seen.finding.verdict.detail
