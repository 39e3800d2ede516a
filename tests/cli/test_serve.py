"""What `vestibule serve` says when it starts, and when it cannot."""

from __future__ import annotations

import stat
import subprocess
from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest

from tests.servers import Server, command, running
from vestibule.cli import app

WRONG = 2  # the exit code

EXTENSION = """
from vestibule.actions import Actions
from vestibule.functions import Functions

actions, functions = Actions(), Functions()


@actions.before("SendMessage")
async def no_shouting(payload, ctx):
    if payload.body.isupper():
        ctx.cancel("Please do not shout.")


@functions.post("/hours")
async def hours(ctx):
    return {"open": "9-17"}
"""


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    with running(tmp_path_factory.mktemp("serve") / "data") as server:
        yield server


def test_the_first_start_shows_where_and_who(server: Server) -> None:
    secrets = server.secrets
    for line in (
        f"http://localhost:{server.port}/",
        f"http://localhost:{server.port}/desk",
        f"{secrets['agent_name']} / {secrets['agent_password']}",
        "Not connected: a virus scanner. Files are rebuilt, and scanned by rules only",
    ):
        assert line in server.log


def test_secrets_are_their_owners_alone_and_stay(server: Server) -> None:
    secrets = server.secrets
    assert stat.S_IMODE((server.data / "secrets.json").stat().st_mode) == 0o600
    assert stat.S_IMODE(server.data.stat().st_mode) & 0o077 == 0
    server.stop()
    server.start()
    assert server.secrets == secrets
    assert server.sign_in()["identity"] == secrets["agent_name"]


def test_a_port_that_is_taken_is_told(server: Server, tmp_path: Path) -> None:
    done = command("serve", "--port", str(server.port), "--data", tmp_path / "other")
    assert done.returncode == WRONG
    assert f"127.0.0.1:{server.port} cannot be listened on: Address already in use." in done.stderr
    assert "Choose another port with --port." in done.stderr


@pytest.mark.parametrize("port", ["99999", "-1", "many"])
def test_a_port_that_is_none_is_told(tmp_path: Path, port: str) -> None:
    done = command("serve", f"--port={port}", "--data", tmp_path / "data")
    assert done.returncode != 0
    assert "port" in done.stderr + done.stdout
    assert "Traceback" not in done.stderr + done.stdout
    assert not (tmp_path / "data").exists()


def test_a_misspelt_key_is_told_with_the_right_one(tmp_path: Path) -> None:
    config = tmp_path / "vestibule.toml"
    config.write_text("link_secends = 5\n")
    in_file = command("serve", "--config", config, "--data", tmp_path / "data")
    in_environment = command("serve", "--data", tmp_path / "data", greting="Hi")

    assert (in_file.returncode, in_environment.returncode) == (WRONG, WRONG)
    assert "there is no key 'link_secends'. Did you mean 'link_seconds'?" in told(in_file)
    assert "there is no key 'greting'. Did you mean 'greeting'?" in told(in_environment)


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        (None, "There is no file"),
        ("x = 1\n", "has no table"),
        ("from vestibule.nowhere import x\n", "cannot be loaded: ModuleNotFoundError"),
        ("def broken(:\n", "cannot be loaded: SyntaxError"),
        ("actions = {'a': 1}\n", "`actions` must be `actions = Actions()`"),
        (EXTENSION.replace('"SendMessage"', '"SendMesage"'), "Did you mean 'SendMessage'?"),
    ],
    ids=["missing", "without a table", "wrong import", "broken", "wrong table", "unknown action"],
)
def test_an_extension_that_cannot_be_used_is_told(tmp_path: Path, text: str | None, sentence: str) -> None:
    file = tmp_path / "rules.py"
    if text is not None:
        file.write_text(text)
    done = command("serve", "--extension", file, "--port", "0", "--data", tmp_path / "data")
    assert done.returncode == WRONG, done.stdout
    assert sentence in told(done)
    assert "rules.py" in told(done)


def test_an_extension_stands_around_actions_and_serves_functions(tmp_path: Path) -> None:
    file = tmp_path / "rules.py"
    file.write_text(EXTENSION)
    with running(tmp_path / "data", extensions=file) as server:
        chat = server.start_chat()
        with server.client(chat["token"]) as customer:
            address = f"/v1/channels/{chat['channel_sid']}/messages"
            shouted = customer.post(address, json={"body": "HELLO"})
            said = customer.post(address, json={"body": "Hello"})
            hours = customer.post("/functions/hours", headers={"origin": server.address})
    assert (shouted.status_code, shouted.json()["message"]) == (403, "Please do not shout.")
    assert said.status_code == 201
    assert hours.json() == {"open": "9-17"}


def test_a_data_folder_that_cannot_be_made_is_told(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("not a folder")
    done = command("serve", "--port", "0", "--data", tmp_path / "file" / "data")
    assert done.returncode == WRONG
    assert "cannot be used" in told(done)


def test_help_names_every_command(capsys: pytest.CaptureFixture[str]) -> None:
    def helped(*words: str) -> str:
        app([*words, "--help"], result_action="return_value")
        return capsys.readouterr().out

    whole = command("--help").stdout  # as a process; the same program's pages here, which takes less long
    for name in ("serve", "check", "agent", "token", "key", "media"):
        assert f" {name} " in whole
        assert helped(name).startswith(f"Usage: vestibule {name}")
    assert " add " in helped("agent")
    assert " new " in helped("key")
    options = helped("serve")
    for option in ("--host", "--port", "--data", "--config", "--extension"):
        assert option in options


def test_a_misspelt_command_is_told_with_the_right_one() -> None:
    done = command("serv")
    assert done.returncode != 0
    assert 'Did you mean "serve"?' in done.stdout + done.stderr


def test_the_pages_say_so_while_they_are_not_built(server: Server) -> None:
    """Or are there, with a policy that lets nothing foreign in."""
    page = httpx.get(f"{server.address}/", trust_env=False)
    assert page.status_code in (200, 503)
    assert "default-src 'none'" in page.headers["content-security-policy"]


def told(done: subprocess.CompletedProcess[str]) -> str:
    """What went wrong, without the line breaks of a terminal."""
    return " ".join(done.stderr.split())
