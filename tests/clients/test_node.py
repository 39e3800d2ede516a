"""The official Node libraries, of today and of Programmable Chat's own time, and the media client."""

from __future__ import annotations

import os
import subprocess
from pathlib import Path

import pytest

from tests.clients.accounts import Account
from tests.files.pictures import jpeg_with_gps
from tests.services import needed, needed_packages

NODE = Path(__file__).parent / "node"
FILES = sorted(file.name for file in NODE.glob("*.test.js"))


@pytest.mark.parametrize("file", FILES)
def test_node_programs_go_on(account: Account, tmp_path: Path, file: str) -> None:
    node, photo = needed("node", "install Node.js"), tmp_path / "photo.jpg"
    needed_packages(NODE, "make .make/clients")
    photo.write_bytes(jpeg_with_gps())
    told = environment(account) | {"PHOTO": str(photo)}
    ran = subprocess.run(
        [node, "--test", "--test-reporter=spec", file],
        cwd=NODE,
        env=told,
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    assert ran.returncode == 0, ran.stdout[-8000:] + ran.stderr[-2000:]


def environment(account: Account) -> dict[str, str]:
    """What the programs are told: nothing of the machine's but where programs are."""
    names = {"account_sid", "auth_token", "api_key", "api_secret"}
    secrets = {name.upper(): secret for name, secret in account.secrets.items() if name in names}
    own = {"ADDRESS": account.server.address, "SERVICE_SID": account.service_sid}
    return {"PATH": os.environ["PATH"]} | secrets | own
