"""Credentials: keys and tokens that say themselves what they are, and what stands behind `password =`.

A pattern is tried only where one of its fixed words is in the text at all, which a plain search tells at
gigabytes a second.
"""

from __future__ import annotations

import math
import re
from collections import Counter
from collections.abc import Iterator

from vestibule.checks.detectors.find import Find

_KINDS: tuple[tuple[str, tuple[str, ...], re.Pattern[str]], ...] = tuple(
    (name, tuple(words.split()), re.compile(pattern))
    for name, words, pattern in (
        ("AWS access key", "AKIA ASIA", r"(?<![A-Za-z0-9])A[KS]IA[A-Z2-7]{16}(?![A-Za-z0-9])(?<!EXAMPLE)"),
        ("GitHub token", "ghp_ gho_ ghu_ ghs_ ghr_", r"(?<!\w)gh[pousr]_[A-Za-z0-9]{36,255}(?!\w)"),
        ("GitHub token", "github_pat_", r"(?<!\w)github_pat_[A-Za-z0-9]{22}_[A-Za-z0-9]{59}(?!\w)"),
        ("GitLab token", "glpat-", r"(?<![\w-])glpat-(?=[\w-]{0,60}[0-9])[\w-]{20,64}"),
        ("Slack token", "xox", r"(?<!\w)xox[abeoprs]-(?=[0-9])[0-9A-Za-z-]{20,250}"),
        ("Slack address", "hooks.slack.com", r"hooks\.slack\.com/services/T\w{8,12}/B\w{8,12}/\w{20,30}"),
        ("Stripe key", "k_live_", r"(?<!\w)[rs]k_live_[A-Za-z0-9]{16,255}(?!\w)"),
        ("Google key", "AIza", r"(?<![\w-])AIza[\w-]{35}(?![\w-])"),
        ("npm token", "npm_", r"(?<!\w)npm_[A-Za-z0-9]{36}(?!\w)"),
        ("PyPI token", "pypi-AgEIcHlwaS5vcmc", r"pypi-AgEIcHlwaS5vcmc[\w-]{50,255}"),
        (
            "JSON web token",
            "eyJ",
            r"(?<![\w.-])eyJ[\w-]{10,2000}+\.eyJ[\w-]{10,2000}+\.[\w-]{20,700}+(?![\w.])",
        ),
        (
            "private key",
            "PRIVATE",
            r"-----BEGIN (?:[A-Z0-9]{2,12} ){0,2}PRIVATE KEY(?: BLOCK)?-----(?:\\n|\s)[\w+/=:,.\\ -]{24}",
        ),
    )
)

# What is assigned to, in any case of letters; `auth_token` and `client_secret` end in one of these too.
_NAMES = ("pass", "pwd", "key", "secret", "token")
_VALUE = re.compile(
    r"(?i:(?<=pass)(?:word|wd|phrase)|(?<=pwd)|(?<=api.key)|(?<=apikey)|(?<=access.key)|(?<=secret.key)"
    r"|(?<=secret)|(?<=token))"
    r"[\"']?[ \t]{0,4}(?::=|=>|[:=])[ \t]{0,4}(?P<quote>[\"']?)"
    r"(?P<value>[A-Za-z0-9+/=_!@#$%^&*~?-]{12,128}+)(?P=quote)(?=[\s,;)}\]]|\Z)"
)
_LETTER, _DIGIT = re.compile("[a-zA-Z]"), re.compile("[0-9]")
# Words that stand where a password would: in manuals, templates and code.
_STANDS_IN = re.compile(
    r"(?i)example|changeme|change-me|placeholder|your|dummy|sample|secret|password|passw|token|xxxx|1234|abcd"
    r"|test|redacted|%[0-9a-f]{2}|\*\*|\$[A-Z_]|^%|%s|[a-z]+\("
)
_HASHED = re.compile(r"(?i)^(?:sha\d+|md5|bcrypt|pbkdf2)|^\$\d?[a-z]*\$|^[0-9a-f]{8}-[0-9a-f]{4}-")
_MIXED = 3.1  # bits for each character: words have less, made-up passwords of 12 characters more


def find(text: str) -> Iterator[Find]:
    """The credentials of a text, each told by what it is."""
    for name, words, pattern in _KINDS:
        if any(word in text for word in words):
            for match in pattern.finditer(text):
                yield Find(match.start(), match.end(), name)
    for value in _assigned(text):
        if _is_made_up(value["value"]):
            yield Find(value.start("value"), value.end("value"), "password or key")


def _assigned(text: str) -> Iterator[re.Match[str]]:
    """What stands behind a name and a sign."""
    lowered = text.replace("İ", "I").lower()  # the one letter that becomes two
    for name in _NAMES:
        at = lowered.find(name)
        while at >= 0:
            at += len(name)
            if value := _VALUE.match(text, at):
                yield value
            at = lowered.find(name, at)


def _is_made_up(value: str) -> bool:
    """Whether it looks thought up by a machine, or by somebody who was told to mix."""
    if not (_LETTER.search(value) and _DIGIT.search(value)) or _STANDS_IN.search(value):
        return False
    return not _HASHED.search(value) and _entropy(value) >= _MIXED


def _entropy(value: str) -> float:
    """Bits for each character, after Shannon."""
    length = len(value)
    return -sum(count / length * math.log2(count / length) for count in Counter(value).values())
