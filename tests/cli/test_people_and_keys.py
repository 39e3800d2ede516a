"""Agents, tokens and keys from the command line, while the server is running."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import jwt
import pytest

from tests.servers import Server, command, running


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    with running(tmp_path_factory.mktemp("cli") / "data") as server:
        yield server


def test_an_agent_who_was_added_signs_in(server: Server) -> None:
    done = command("agent", "add", "grace", "--data", server.data, given="correct horse\n")
    assert done.returncode == 0, done.stderr
    assert "correct horse" not in done.stdout + done.stderr
    session = server.sign_in("grace", "correct horse")
    with server.client(session["token"]) as grace:
        assert grace.get("/v1/tasks").status_code == 200


def test_an_agent_without_a_password_is_given_one(server: Server) -> None:
    done = command("agent", "add", "hedy", "--data", server.data)
    password = re.search(r"Password: (\S+)", done.stdout)
    assert password, done.stdout
    assert server.sign_in("hedy", password[1])["identity"] == "hedy"


def test_adding_an_agent_again_changes_the_password(server: Server) -> None:
    for password in ("first word", "second word"):
        assert command("agent", "add", "joan", "--data", server.data, given=password).returncode == 0
    wrong = {"name": "joan", "password": "first word"}
    with server.stranger(origin=server.address) as browser:
        answer = browser.post("/v1/session", json=wrong)
    assert answer.status_code == 401
    assert server.sign_in("joan", "second word")


def test_a_token_from_the_command_line_is_accepted(server: Server) -> None:
    done = command("token", "agent", "--data", server.data)
    assert done.returncode == 0, done.stderr
    with server.client(done.stdout.strip()) as agent:
        assert agent.get("/v1/tasks").status_code == 200


def test_a_token_lives_as_long_as_was_said(server: Server) -> None:
    token = command("token", "agent", "--lifetime", "60", "--data", server.data).stdout.strip()
    claims = jwt.decode(token, options={"verify_signature": False})
    assert claims["exp"] - claims["nbf"] == 60


def test_a_token_of_another_house_is_not_accepted(server: Server, tmp_path: Path) -> None:
    token = command("token", "agent", "--data", tmp_path / "elsewhere").stdout.strip()
    with server.client(token) as stranger:
        assert stranger.get("/v1/tasks").status_code == 401


def test_a_new_key_signs_tokens_without_a_restart(server: Server) -> None:
    done = command("key", "new", "--name", "our shop", "--data", server.data)
    key = dict(line.split("=", 1) for line in done.stdout.split())
    signing: dict[str, Any] = {"api_key": key["VESTIBULE_API_KEY"], "api_secret": key["VESTIBULE_API_SECRET"]}
    token = command("token", "agent", "--data", server.data, **signing).stdout.strip()

    assert jwt.decode(token, options={"verify_signature": False})["iss"] == signing["api_key"]
    with server.client(token) as agent:
        assert agent.get("/v1/tasks").status_code == 200
