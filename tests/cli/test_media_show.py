"""`vestibule media show`: the way of a file, while the server runs and without."""

from __future__ import annotations

import json
import subprocess
from pathlib import Path

from tests.files import jpeg_with_gps
from tests.servers import Server, command, running

WRONG = 2  # the exit code
RULE = """
rule dealer_prices
{
    meta:
        outcome = "suspicious"
        why = "A price list on its way out."
    strings:
        $head = "Dealer prices"
    condition:
        $head
}
"""


def uploaded(server: Server, name: str, data: bytes) -> str:
    """A customer sends a file: its sid, whatever becomes of it."""
    chat = server.start_chat()
    with server.client(chat["token"]) as customer:
        answer = customer.post(
            f"/v1/channels/{chat['channel_sid']}/media?Filename={name}", content=data
        ).json()
    return str(answer.get("sid") or answer["details"]["media_sid"])


def shown(sid: str, data: Path, *more: str) -> subprocess.CompletedProcess[str]:
    return command("media", "show", sid, "--data", data, *more)


def test_the_way_of_a_file_is_shown_while_the_server_runs_and_after(tmp_path: Path) -> None:
    rules = tmp_path / "own.yar"
    rules.write_text(RULE)
    with running(tmp_path / "data", rules=rules) as server:
        held = uploaded(server, "list.txt", b"Dealer prices, spring\n")
        clean = uploaded(server, "photo.jpg", jpeg_with_gps())
        alive = shown(held, server.data)
        server.stop()
        after = shown(held, server.data)
        photo, told = shown(clean, server.data, "--json"), shown(clean, server.data).stdout
    assert alive.returncode == after.returncode == 0, alive.stderr
    assert alive.stdout == after.stdout
    for words in ("list.txt  held", "received", "rules suspicious", "A price list on its way out", "policy"):
        assert words in alive.stdout
    assert "no virus scanner has looked at it" in told
    timeline = json.loads(photo.stdout)
    assert [step["kind"] for step in timeline["steps"]] == ["received", "cleared"]
    assert all(verdict["date_created"] for verdict in timeline["verdicts"])


def test_a_sid_that_is_none_or_of_no_file_is_told(tmp_path: Path) -> None:
    with running(tmp_path / "data") as server:
        strange = shown("photo.jpg", server.data)
        unknown = shown("ME" + "0" * 32, server.data)
    assert (strange.returncode, unknown.returncode) == (WRONG, WRONG)
    assert "'photo.jpg' is no file's sid." in told(strange)
    assert f"There is no file ME{'0' * 32}." in told(unknown)


def test_looking_makes_no_house_where_there_is_none(tmp_path: Path) -> None:
    done = shown("ME" + "0" * 32, tmp_path / "nowhere")
    assert done.returncode == WRONG
    assert "There is no house in" in told(done)
    assert not (tmp_path / "nowhere").exists()


def told(done: subprocess.CompletedProcess[str]) -> str:
    """What went wrong, without the line breaks of a terminal."""
    return " ".join(done.stderr.split())
