"""Sids: two capital letters that name the noun, and 32 lower-case hex digits of chance (128 bits)."""

from __future__ import annotations

import os
import re

ACCOUNT = "AC"
KEY = "SK"
SERVICE = "IS"
ROLE = "RL"
USER = "US"
CHANNEL = "CH"
MEMBER = "MB"
MESSAGE = "IM"
MEDIA = "ME"
INVITE = "IN"
TASK = "WT"
BAN = "BN"
RECHECK = "RC"
WEBHOOK = "WH"
FLOW = "FW"

_SHAPE = re.compile(r"[A-Z]{2}[0-9a-f]{32}\Z")


def make(prefix: str) -> str:
    """A new sid that nobody can guess."""
    return prefix + os.urandom(16).hex()


def is_sid(text: str, prefix: str) -> bool:
    """Whether `text` has the shape of a sid of this noun. It may still name nothing."""
    return text.startswith(prefix) and _SHAPE.match(text) is not None
