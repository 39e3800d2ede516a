"""A started server is asked all that its description allows, and more: every answer must be a described one.

`make schema SECONDS=300` goes on for longer, with other questions each time.
"""

from __future__ import annotations

import os
import subprocess
import sys
from collections import defaultdict
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path

import pytest

from tests.openapi.world import World, furnish
from tests.servers import running

SCHEMATHESIS = (str(Path(sys.executable).with_name("st")), "run", "--no-color", "--continue-on-failure")
CHECKS = (
    "not_a_server_error",
    "status_code_conformance",
    "content_type_conformance",
    "response_headers_conformance",
    "response_schema_conformance",
    "allow_header_conformance",
)
SECONDS = int(os.environ.get("SCHEMA_SECONDS", "0")) // 2  # three ask, two at a time; 0: a few questions
SEED = os.environ.get("SCHEMA_SEED", "")  # of a report, to see it again
EXAMPLES = "4"
PATIENCE = 300 + SECONDS

WHO = ("account", "agent", "customer")

PUSH = "nothing is pushed, so there is none"

# What none of them could have asked well, and why.
UNANSWERED = {
    "GET /functions/{name}": "the house has none",
    "POST /functions/{name}": "the house has none",
    "POST /v1/verdicts/{ballot}": "no scanner was given a ballot",
    "POST /v1/media/{media_sid}/review": "no file is held",
    "POST /v1/media/{media_sid}/restore": "no file was recalled and is held",
    "GET /favicon.ico": "the front end has none",
    "GET /v2/Services/{service_sid}/Bindings/{binding_sid}": PUSH,
    "DELETE /v2/Services/{service_sid}/Bindings/{binding_sid}": PUSH,
    "GET /v2/Services/{service_sid}/Users/{user}/Bindings/{binding_sid}": PUSH,
    "DELETE /v2/Services/{service_sid}/Users/{user}/Bindings/{binding_sid}": PUSH,
    "POST /v2/Credentials": PUSH,
    "GET /v2/Credentials/{credential_sid}": PUSH,
    "POST /v2/Credentials/{credential_sid}": PUSH,
    "DELETE /v2/Credentials/{credential_sid}": PUSH,
}


@dataclass
class Asked:
    """How it went."""

    passed: bool
    report: str
    answers: list[str]  # `200 GET /healthz`


@pytest.fixture(scope="module")
def asked(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Asked]:
    """Each of them, at a house of their own; two at a time."""
    folders = [tmp_path_factory.mktemp(who) for who in WHO]
    with ThreadPoolExecutor(2) as pool:
        return dict(zip(WHO, pool.map(ask, WHO, folders), strict=True))


@pytest.mark.slow
@pytest.mark.parametrize("who", WHO)
def test_every_answer_is_described(asked: dict[str, Asked], who: str) -> None:
    assert asked[who].passed, asked[who].report


@pytest.mark.slow
@pytest.mark.skipif(SECONDS > 0, reason="by chance not everything is asked well")
def test_everything_was_done_by_somebody(asked: dict[str, Asked]) -> None:
    statuses = defaultdict(set)
    for line in (line for one in asked.values() for line in one.answers):
        status, _, operation = line.partition(" ")
        statuses[operation].add(int(status))

    failed = {operation for operation, found in statuses.items() if min(found) >= 400}
    assert sorted(failed - UNANSWERED.keys()) == []
    assert sorted(UNANSWERED.keys() - failed) == [], "these were answered after all"


@pytest.mark.slow
def test_an_answer_that_is_not_described_is_found(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("VESTIBULE_FORGOTTEN", "404")
    asked = ask("account", tmp_path, "--include-path", "/v1/users/{user}")

    assert not asked.passed
    assert "Undocumented status code" in asked.report


def ask(who: str, folder: Path, *options: str) -> Asked:
    """Run Schemathesis over the description of a new house."""
    with running(folder / "data") as server:
        world = furnish(server)
        done = _run(server.address, world, who, folder, *options)
        report = f"{done.stdout}\n{done.stderr}\n{server.log[-4000:]}"
    return Asked(done.returncode == 0, report, (folder / "answers").read_text(encoding="utf-8").splitlines())


def _run(
    address: str, world: World, who: str, folder: Path, *options: str
) -> subprocess.CompletedProcess[str]:
    environment = {
        **os.environ,
        "SCHEMATHESIS_HOOKS": "tests.openapi.hooks",
        "PYTHONPATH": str(Path(__file__).parents[2]),
        "VESTIBULE_WORLD": str(world.save(folder / "world.json")),
        "VESTIBULE_ANSWERS": str(folder / "answers"),
    }
    command = [*SCHEMATHESIS, f"{address}/openapi.json", *_who(world, who), *_how_long(), *options]
    command += ["--checks", ",".join(CHECKS), "--suppress-health-check", "all", "--request-timeout", "30"]
    command += ["--generation-with-security-parameters", "false", "--output-truncate", "false"]
    return subprocess.run(
        command, cwd=folder, env=environment, capture_output=True, text=True, timeout=PATIENCE, check=False
    )


def _who(world: World, who: str) -> list[str]:
    if who == "account":
        return ["--auth", ":".join(world.account)]
    return ["-H", f"Authorization: Bearer {getattr(world, who)}"]


def _how_long() -> list[str]:
    if SECONDS:
        seed = ["--seed", SEED] if SEED else []
        return ["--phases", "coverage,fuzzing,stateful", "--max-time", str(SECONDS), *seed]
    return ["--phases", "coverage,fuzzing", "--generation-deterministic", "--max-examples", EXAMPLES]
