"""Run the fuzz tests again and again, each time with other files, until the time is up or one breaks.

A seed makes a run again: the last line says how.
"""

from __future__ import annotations

import argparse
import os
import secrets
import subprocess
import sys
import time
from pathlib import Path

ROOT = Path(__file__).parents[1]


def main() -> None:
    """Exits with 1 and the line that shows it again once something was found."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--seconds", type=float, default=300.0)
    parser.add_argument("--examples", type=int, default=400, help="for each hundred of an ordinary run")
    options, given = parser.parse_known_args()
    end, rounds = time.monotonic() + options.seconds, 0
    while True:
        seed = secrets.randbelow(1 << 32)
        if not _passes(seed, options.examples, given):
            sys.exit(f'To see it again: make fuzz SECONDS=1 ARGS="{_again(seed, options.examples, given)}"')
        rounds += 1
        if time.monotonic() > end or _seeded(given):
            sys.stdout.write(f"Nothing was found in {rounds} rounds.\n")
            return


def _passes(seed: int, examples: int, given: list[str]) -> bool:
    seeded = [] if _seeded(given) else [f"--hypothesis-seed={seed}"]
    command = [sys.executable, "-m", "pytest", "-q", "-x", "-n0", "tests/fuzz", *seeded, *given]
    environment = {**os.environ, "FUZZ_EXAMPLES": str(examples)}
    done = subprocess.run(command, cwd=ROOT, env=environment, check=False)  # noqa: S603 - our own words
    return done.returncode == 0


def _seeded(given: list[str]) -> bool:
    return any(word.startswith("--hypothesis-seed") for word in given)


def _again(seed: int, examples: int, given: list[str]) -> str:
    seeded = [] if _seeded(given) else [f"--hypothesis-seed={seed}"]
    return " ".join([*seeded, f"--examples={examples}", *given])


if __name__ == "__main__":
    main()
