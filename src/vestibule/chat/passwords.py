"""Passwords: argon2id, worked out beside the event loop, at the same cost whether the user exists or not."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from typing import TypeVar

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError

from vestibule.actions import Actions
from vestibule.chat import users
from vestibule.context import HOUSE, Context
from vestibule.errors import InvalidRequest, NotAuthenticated, TooManyRequests
from vestibule.events import RightsChanged
from vestibule.models import User
from vestibule.payloads import SetPassword, SignIn
from vestibule.ports import Transaction

R = TypeVar("R")

SHORTEST, LONGEST = 8, 1024  # characters: beyond them a password is refused before it costs anything
AT_ONCE = 2  # each takes 64 MiB and a core for a while
WAITING = 32  # more are asked to come again

# Of a random password that nobody knows, with the library's defaults (RFC 9106's second choice): what a
# stranger's try is measured by.
NOBODY = "$argon2id$v=19$m=65536,t=3,p=4$lqabVm8CWEZ3SJUIfOVJTA$PKbIQIfcF5tj6Wzm5hlMYeSj15Zy32ECLbNa80X5yo8"


def password_actions() -> Actions:
    """The table of what needs a password's hash worked out, a few at a time."""
    table, passwords = Actions(), Passwords()
    table.define("SetPassword", permission=HOUSE)(passwords.set)
    table.define("SignIn", permission=HOUSE)(passwords.sign_in)
    return table


class Passwords:
    """Works out hashes in threads, and keeps the queue before them short."""

    def __init__(self) -> None:
        self._hasher = PasswordHasher()
        self._places = asyncio.Semaphore(AT_ONCE)
        self._waiting = 0

    async def set(self, payload: SetPassword, ctx: Context) -> User:
        """Keep the hash of a user's password. Whoever knew the old one is out."""
        if not SHORTEST <= len(payload.password) <= LONGEST:
            raise InvalidRequest(f"A password has {SHORTEST} to {LONGEST} characters.")
        digest = await self._worked_out(lambda: self._hasher.hash(payload.password))

        def change(tx: Transaction) -> User:
            user = users.found(tx, ctx.service_sid, payload.identity)
            tx.run("set_password", user_sid=user.sid, hash=digest)
            tx.run("end_sessions_of", user_sid=user.sid)
            return user

        user = await ctx.change(change)
        ctx.bus.publish([RightsChanged(stream=user.service_sid, identity=user.identity)])
        return user

    async def sign_in(self, payload: SignIn, ctx: Context) -> User:
        """Whose name and password these are."""

        def query(tx: Transaction) -> tuple[User | None, str | None]:
            who = {"service_sid": ctx.service_sid, "identity": payload.identity}
            return users.find(tx, ctx.service_sid, payload.identity), tx.value("password_hash", **who)

        user, known = await ctx.look(query)
        given = payload.password[: LONGEST + 1]
        is_right = await self._worked_out(lambda: self._verify(known or NOBODY, given))
        if user is None or known is None or not is_right:
            raise NotAuthenticated("The name or the password is not right.")
        return user

    async def _worked_out(self, work: Callable[[], R]) -> R:
        if self._waiting >= WAITING:
            raise TooManyRequests(retry_after=5)
        self._waiting += 1
        try:
            async with self._places:
                return await asyncio.to_thread(work)
        finally:
            self._waiting -= 1

    def _verify(self, known: str, password: str) -> bool:
        try:
            return self._hasher.verify(known, password)
        except (VerificationError, InvalidHashError):
            return False
