"""Logs: one structured line for each thing that happened, with sids, never a token or a message's text."""

from __future__ import annotations

import logging
import sys
from collections.abc import MutableMapping
from typing import Any

import structlog

# What must not be written even where somebody logs it by mistake.
SECRET = frozenset(
    "token secret password authorization cookie body text content resume ticket url csrf key".split()
)


def set_up(log_format: str, *, least: int = logging.INFO) -> None:
    """Write logs to standard error, from a level on: `console` for people, `json` for machines."""
    is_json = log_format == "json"
    chain: list[Any] = [
        structlog.contextvars.merge_contextvars,
        structlog.processors.add_log_level,
        structlog.processors.TimeStamper(fmt="iso", utc=True),
        _without_secrets,
    ]
    last = structlog.processors.JSONRenderer() if is_json else _console()
    structlog.configure(
        processors=[*chain, *([structlog.processors.dict_tracebacks] if is_json else []), last],
        wrapper_class=structlog.make_filtering_bound_logger(least),
        logger_factory=structlog.WriteLoggerFactory(file=sys.stderr),
        cache_logger_on_first_use=True,
    )
    # What libraries say comes out through the same door, from `warning` on.
    formatter = structlog.stdlib.ProcessorFormatter(foreign_pre_chain=chain, processor=last)
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(formatter)
    logging.basicConfig(handlers=[handler], level=logging.WARNING, force=True)


def _console() -> structlog.dev.ConsoleRenderer:
    # Plain tracebacks: those with local variables would print what people wrote.
    return structlog.dev.ConsoleRenderer(
        colors=sys.stderr.isatty(), exception_formatter=structlog.dev.plain_traceback
    )


def _without_secrets(
    logger: object, method: str, event: MutableMapping[str, Any]
) -> MutableMapping[str, Any]:
    for name in SECRET.intersection(event):
        event[name] = "(not logged)"
    return event
