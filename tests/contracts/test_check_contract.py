"""The contract that operators put their checks to: ours keep it, and each way to break it is named."""

from __future__ import annotations

import asyncio
import time
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import pytest

from tests.checks.specimens import EICAR
from vestibule import check_contract as contract
from vestibule import check_files
from vestibule.checks import Checks, chunks
from vestibule.checks.filename import FilenameCheck
from vestibule.checks.filetype import FiletypeCheck
from vestibule.checks.policy import Policy
from vestibule.checks.rules import RulesCheck, RuleSet
from vestibule.checks.texts import TextCheck
from vestibule.models import Copy, Verdict
from vestibule.ports import Check, Finding, Specimen, Storage
from vestibule.testing import ContractBroken, File, check_contract

CLEAN = File("notes.txt", b"Only a note.\n")
BAD = File("notes.txt", b"Here is the secret.\n")


OURS: dict[str, tuple[Check, File, File]] = {
    "filename": (FilenameCheck(), CLEAN, File("notes.txt.exe", b"Only a note.\n")),
    "filetype": (FiletypeCheck(Policy()), CLEAN, File("photo.jpg", b"Only a note.\n")),
    "rules": (RulesCheck(RuleSet.compiled()), CLEAN, File("notes.txt", EICAR)),
    "texts": (TextCheck(), CLEAN, File("notes.txt", b"Only a note.\n" * 999 + b"\x00\x01\x02" * 99)),
}


@pytest.mark.parametrize("name", OURS)
async def test_our_own_checks_keep_their_contract(name: str) -> None:
    check, clean, bad = OURS[name]
    await check_contract(check, clean=[clean], bad=[bad])


class Secrets:
    """A whole check: looks for a word. Each test breaks it in one place."""

    name = "secrets"
    seconds: Any = 0.5

    def applies(self, specimen: Specimen) -> bool:
        return specimen.content_type == "text/plain"

    async def __call__(self, specimen: Specimen, storage: Storage) -> Finding:
        content = b"".join([chunk async for chunk in chunks(specimen, storage)])
        if b"secret" in content:
            return Finding(verdict=Verdict(outcome="refused", check=self.name, reason="rule"))
        return Finding(verdict=Verdict(outcome="clean", check=self.name))


async def test_a_whole_check_keeps_it() -> None:
    await check_contract(Secrets(), clean=[CLEAN], bad=[BAD])


class Nameless(Secrets):
    name = "No name!"


class Timeless(Secrets):
    seconds = None


class Plain(Secrets):
    def __call__(self, specimen: Specimen, storage: Storage) -> Any:
        return Finding(verdict=Verdict(outcome="clean", check=self.name))


class Undecided(Secrets):
    def applies(self, specimen: Specimen) -> Any:
        return None


class Blind(Secrets):
    def applies(self, specimen: Specimen) -> bool:
        return False


class Strict(Secrets):
    async def __call__(self, specimen: Specimen, storage: Storage) -> Finding:
        return Finding(verdict=Verdict(outcome="refused", check=self.name, reason="rule"))


class Lax(Secrets):
    async def __call__(self, specimen: Specimen, storage: Storage) -> Finding:
        return Finding(verdict=Verdict(outcome="clean", check=self.name))


class Fragile(Secrets):
    async def __call__(self, specimen: Specimen, storage: Storage) -> Finding:
        if specimen.size < 5:
            raise ValueError("too short")
        return await super().__call__(specimen, storage)


class Slow(Secrets):
    seconds = 0.1

    async def __call__(self, specimen: Specimen, storage: Storage) -> Finding:
        await asyncio.sleep(60)
        raise AssertionError("never")


class Blocking(Secrets):
    seconds = 5.0

    async def __call__(self, specimen: Specimen, storage: Storage) -> Finding:
        time.sleep(0.5)
        return await super().__call__(specimen, storage)


class Stubborn(Secrets):
    seconds = 5.0

    async def __call__(self, specimen: Specimen, storage: Storage) -> Finding:
        task = asyncio.create_task(super().__call__(specimen, storage))
        while True:
            try:
                await asyncio.sleep(0.05)
                return await asyncio.shield(task)
            except asyncio.CancelledError:
                await asyncio.sleep(0.5)


class Restless(Secrets):
    async def __call__(self, specimen: Specimen, storage: Storage) -> Finding:
        task = asyncio.create_task(asyncio.sleep(3600))
        await asyncio.sleep(0.05)
        task.cancel()
        return await super().__call__(specimen, storage)


class Wordless(Secrets):
    async def __call__(self, specimen: Specimen, storage: Storage) -> Any:
        return True


class Unreasonable(Secrets):
    async def __call__(self, specimen: Specimen, storage: Storage) -> Finding:
        finding = await super().__call__(specimen, storage)
        return Finding(verdict=Verdict(outcome=finding.verdict.outcome, check=self.name))


class SomebodyElse(Secrets):
    async def __call__(self, specimen: Specimen, storage: Storage) -> Finding:
        return Finding(verdict=Verdict(outcome="clean", check="antivirus"))


class Later(Secrets):
    async def __call__(self, specimen: Specimen, storage: Storage) -> Finding:
        return Finding(verdict=Verdict(outcome="later", check=self.name, reason="check_pending"))


class Messy(Secrets):
    async def __call__(self, specimen: Specimen, storage: Storage) -> Finding:
        await storage.put("quarantine/mine", one(b"a copy"))
        return await super().__call__(specimen, storage)


class Meddling(Secrets):
    async def __call__(self, specimen: Specimen, storage: Storage) -> Finding:
        await storage.put(f"quarantine/{specimen.media_sid}/original", one(b"another file"))
        return await super().__call__(specimen, storage)


class Boastful(Secrets):
    async def __call__(self, specimen: Specimen, storage: Storage) -> Finding:
        finding = await super().__call__(specimen, storage)
        copy = Copy(name="safe", content_type="text/plain", size=5)
        key = f"quarantine/{specimen.media_sid}/safe"
        return Finding(verdict=finding.verdict, copies=((copy, key),) if finding.verdict.is_clean else ())


class Forgetful(Secrets):
    """Remembers one file for all."""

    async def __call__(self, specimen: Specimen, storage: Storage) -> Finding:
        self.content = b"".join([chunk async for chunk in chunks(specimen, storage)])
        await asyncio.sleep(0.05)
        outcome = ("refused", "rule") if b"secret" in self.content else ("clean", "")
        return Finding(verdict=Verdict(outcome=outcome[0], check=self.name, reason=outcome[1]))  # type: ignore


class Trusting(Secrets):
    async def __call__(self, specimen: Specimen, storage: Storage) -> Finding:
        try:
            return await super().__call__(specimen, storage)
        except OSError:
            return Finding(verdict=Verdict(outcome="clean", check=self.name))


async def one(content: bytes) -> AsyncIterator[bytes]:
    yield content


BROKEN: dict[type[Secrets], str] = {
    Nameless: "A check's `name` is like",
    Timeless: "needs its budget in `seconds`",
    Plain: "needs `async def __call__",
    Undecided: "`applies` of 'secrets' answers None",
    Blind: "does not look at the clean notes.txt",
    Strict: "calls the clean notes.txt 'refused'",
    Lax: "calls the bad notes.txt clean",
    Fragile: "raises ValueError.* A bad file is a verdict",
    Slow: "is silent about the clean notes.txt for 0.1 s",
    Blocking: "stops everything else for .*asyncio.to_thread",
    Stubborn: "does not let itself be given up",
    Restless: "leaves tasks behind when it is given up",
    Wordless: "answers True to the clean notes.txt, which is no verdict",
    Unreasonable: "gives no reason for 'refused'",
    SomebodyElse: "signs a verdict with 'antivirus'",
    Later: "answers 'later' to .* and has no `later_seconds`",
    Messy: "writes .'quarantine/mine'. when it looks at",
    Meddling: "changes quarantine/ME.*/original",
    Boastful: "tells of a copy at .* that is not there",
    Forgetful: "mixes up files that it looks at together",
    Trusting: "calls a file clean that it could not read",
}


@pytest.mark.parametrize("broken", BROKEN, ids=lambda kind: kind.__name__)
async def test_each_breach_is_named(broken: type[Secrets], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(contract, "STOPS", 0.2)
    monkeypatch.setattr(check_files, "HUGE", 1 << 20)
    with pytest.raises(ContractBroken, match=BROKEN[broken]):
        await check_contract(broken(), clean=[CLEAN], bad=[BAD])


async def test_without_files_nothing_is_promised() -> None:
    with pytest.raises(ContractBroken, match="at least one clean and one bad file"):
        await check_contract(Secrets(), clean=[], bad=[BAD])


async def test_a_function_of_a_table_is_put_to_it_by_its_name() -> None:
    checks = Checks()

    @checks.register(name="secrets", types=["text/"])
    async def look(specimen: Specimen, storage: Storage) -> Finding:
        return await Secrets()(specimen, storage)

    await check_contract(checks["secrets"], clean=[CLEAN], bad=[BAD])


def test_the_files_are_the_same_each_time(tmp_path: Path) -> None:
    first, second = (dict(check_files.difficult([CLEAN])) for _ in range(2))
    assert first == second
