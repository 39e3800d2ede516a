"""Jobs: the functions that a nursery runs, each on one file in a process of its own."""

from __future__ import annotations

import importlib
from collections.abc import Callable, Iterable
from typing import Any, BinaryIO

# The file, where each output goes, and what was asked; gives what the answer says, as JSON takes it.
Job = Callable[[BinaryIO, dict[str, BinaryIO], dict[str, Any]], dict[str, Any]]


class Refused(Exception):
    """The file is not to be accepted. `outcome` is a verdict's, `reason` a key of the refusals."""

    def __init__(self, reason: str, detail: str = "", *, outcome: str = "refused") -> None:
        super().__init__(detail or reason)
        self.outcome = outcome
        self.reason = reason
        self.detail = detail


def load(modules: Iterable[str]) -> dict[str, Job]:
    """Import the modules and gather what each lists under `JOBS`, by name.

    A module that has `get_ready` is given the chance to: what a job needs must be there before the fork.
    """
    jobs: dict[str, Job] = {}
    for name in modules:
        module = importlib.import_module(name)
        if hasattr(module, "get_ready"):
            module.get_ready()
        jobs.update(module.JOBS)
    return jobs


def missing(file: BinaryIO, outputs: dict[str, BinaryIO], options: dict[str, Any]) -> dict[str, Any]:
    """Stands in for a job that no module has."""
    raise Refused("check_failed", "There is no such job.", outcome="error")
