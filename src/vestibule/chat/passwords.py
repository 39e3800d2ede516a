"""Passwords: argon2id, verified beside the event loop, at equal cost whether or not there is such a user."""

from __future__ import annotations

import asyncio
from concurrent.futures import ThreadPoolExecutor

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError

from vestibule.actions import Actions
from vestibule.chat import users
from vestibule.context import HOUSE, Context
from vestibule.errors import InvalidRequest, NotAuthenticated, TooManyRequests
from vestibule.models import User
from vestibule.payloads import SignIn
from vestibule.ports import Transaction

actions = Actions()

SHORTEST, LONGEST = 8, 1024  # characters: beyond them a password is refused before it costs anything
AT_ONCE = 2  # each takes 64 MiB and a core for a while
WAITING = 32  # more are asked to come again

_hasher = PasswordHasher()  # the library's argon2id defaults, RFC 9106's second choice
_threads = ThreadPoolExecutor(AT_ONCE, thread_name_prefix="argon2")
_waiting: set[object] = set()

# Of a random password that nobody knows, with the parameters above: what a stranger's try is measured by.
_NOBODY = "$argon2id$v=19$m=65536,t=3,p=4$lqabVm8CWEZ3SJUIfOVJTA$PKbIQIfcF5tj6Wzm5hlMYeSj15Zy32ECLbNa80X5yo8"


async def hashed(password: str) -> str:
    """The hash to give to `SetPassword`. Raises `InvalidRequest` for one that is too short or too long."""
    if not SHORTEST <= len(password) <= LONGEST:
        raise InvalidRequest(f"A password has {SHORTEST} to {LONGEST} characters.")
    return await asyncio.get_running_loop().run_in_executor(_threads, _hasher.hash, password)


@actions.define("SignIn", permission=HOUSE, asks_inside=True)
async def sign_in(payload: SignIn, ctx: Context) -> User:
    """Whose name and password these are."""

    def query(tx: Transaction) -> tuple[User | None, str | None]:
        who = {"service_sid": ctx.service_sid, "identity": payload.identity}
        return users.find(tx, ctx.service_sid, payload.identity), tx.value("password_hash", **who)

    user, known = await ctx.look(query)
    is_right = await _matches(known or _NOBODY, payload.password[: LONGEST + 1])
    if user is None or known is None or not is_right:
        raise NotAuthenticated("The name or the password is not right.")
    return user


async def _matches(known: str, password: str) -> bool:
    if len(_waiting) >= WAITING:
        raise TooManyRequests(retry_after=5)
    _waiting.add(mark := object())
    try:
        return await asyncio.get_running_loop().run_in_executor(_threads, _verify, known, password)
    finally:
        _waiting.discard(mark)


def _verify(known: str, password: str) -> bool:
    try:
        return _hasher.verify(known, password)
    except (VerificationError, InvalidHashError):
        return False
