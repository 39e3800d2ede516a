"""Who acts: account credentials, an AccessToken, or the desk's session cookie. Nobody else.

A browser sends the cookie by itself, whoever wrote the page; so with the cookie an unsafe method must
come from a page of ours, and prove that the page could read the session.
"""

from __future__ import annotations

import base64
import binascii
import hashlib
import hmac
import time
from collections import OrderedDict
from collections.abc import Callable, Sequence
from dataclasses import replace
from typing import TypeVar

from vestibule.context import SYSTEM, Context
from vestibule.errors import CsrfMissing, ForeignOrigin, InvalidRequest, NotAuthenticated, NotFound
from vestibule.events import Notice, RightsChanged
from vestibule.functions import CALLER
from vestibule.http.addresses import bucket_of
from vestibule.http.bodies import read_values
from vestibule.http.calls import Call
from vestibule.http.front import Front
from vestibule.http.limits import Limits
from vestibule.payloads import EnterService, FetchService, FetchSession

V = TypeVar("V")

SAFE = ("GET", "HEAD", "OPTIONS")
KNOWN = 20_000  # identities that need not be looked up again
KNOWN_SECONDS = 60.0  # for so long; another program's changes are not told to us
TRUSTED = 1_000  # places and credentials


class Authority:
    """Finds out who acts."""

    def __init__(self, front: Front, limits: Limits) -> None:
        self._front = front
        self._limits = limits
        self._entered: OrderedDict[tuple[str, str], float] = OrderedDict()  # and when
        self._trusted: OrderedDict[tuple[str, str], None] = OrderedDict()
        front.parts.bus.listen(self._forget)

    def stranger(self, call: Call) -> Context:
        """Somebody of whom only the address is known. They hold no role."""
        return Context(self._front.parts, self._front.service_sid, "", address=call.address)

    async def identify(self, call: Call) -> Context:
        """Whoever acts, in the service that the path names. Raises `NotAuthenticated` and the like."""
        ctx = await self._known(call)
        service_sid = call.values.get("service_sid")
        if service_sid is None or service_sid == ctx.service_sid:
            return ctx
        if not ctx.is_system:
            raise NotFound(f"The requested resource {call.path} was not found")
        ctx = replace(ctx, service_sid=service_sid)
        await ctx.invoke(FetchService())
        return ctx

    async def _known(self, call: Call) -> Context:
        scheme, _, word = call.headers.get("authorization", "").partition(" ")
        if scheme.lower() == "basic":
            return await self._account(call, word)
        token = call.headers.get("x-twilio-token") or (word.strip() if scheme.lower() == "bearer" else "")
        token = token or await _token_field(call)
        try:
            if token:
                return await self._token(call, token)
            if secret := call.cookie(cookie_name(self._front)):
                return await self._session(call, secret)
        except NotAuthenticated:
            # After the question: whoever has a good one is not kept out by others at the same address.
            self._limits["tokens"].take(bucket_of(call.address))
            raise
        raise NotAuthenticated

    async def _account(self, call: Call, word: str) -> Context:
        """The account's own. An operator may have chosen the secret, so guessing it is slowed.

        What was right from this address before is not kept out by what others there get wrong.
        """
        name, secret = _credentials(word)
        place = (bucket_of(call.address), word)
        if place not in self._trusted:
            self._limits["sign_in"].check(place[0])
        if not await self._is_account(name, secret):
            self._limits["sign_in"].spend(place[0])
            raise NotAuthenticated
        self._limits["account"].take(name)
        _remember(self._trusted, place, None, TRUSTED)
        tells = call.headers.get("x-twilio-webhook-enabled", "").lower() == "true"
        return replace(self.stranger(call), identity=SYSTEM, source="API", tells=tells)

    async def _is_account(self, name: str, secret: str) -> bool:
        if name == self._front.account_sid:
            return _same(secret, self._front.auth_token)
        tokens = self._front.tokens
        known = tokens.secret if name == tokens.key_sid else await tokens.find_secret(name)
        return bool(known) and _same(secret, known or "")

    async def _token(self, call: Call, token: str) -> Context:
        claims = await self._front.tokens.read(token)
        if not claims.service_sid:
            raise NotAuthenticated
        ctx = replace(self.stranger(call), service_sid=claims.service_sid, identity=claims.identity)
        if claims.session:  # signing out ends the session's tokens too
            await ctx.as_system().invoke(FetchSession(claims.session))
        await self._enter(ctx)
        return ctx

    async def _enter(self, ctx: Context) -> None:
        """The first time somebody comes their user is made. A service that is gone lets nobody in."""
        who, now = (ctx.service_sid, ctx.identity), time.monotonic()
        if now - self._entered.get(who, -KNOWN_SECONDS) < KNOWN_SECONDS:
            return
        try:
            await ctx.as_system().invoke(FetchService())
        except NotFound as error:
            raise NotAuthenticated from error
        await ctx.invoke(EnterService())
        _remember(self._entered, who, now, KNOWN)

    def _forget(self, notices: Sequence[Notice]) -> None:
        """Whose rights changed may be no user any more, so they are looked up again."""
        for notice in notices:
            if isinstance(notice, RightsChanged):
                service_sid, identity = notice.stream, notice.identity
                gone = [who for who in self._entered if who[0] == service_sid] if not identity else []
                for who in (*gone, (service_sid, identity)):
                    self._entered.pop(who, None)

    async def _session(self, call: Call, secret: str) -> Context:
        if _is_function(call):
            _require_own_script(call)
        elif call.method not in SAFE:
            require_own_page(call)
            _require_csrf(call, secret)
        house = self.stranger(call).as_system()
        signed_in = await house.invoke(FetchSession(digest(secret)))
        user = signed_in.user
        return replace(house, service_sid=user.service_sid, identity=user.identity)


def require_own_page(call: Call) -> None:
    """Raise `ForeignOrigin` unless a browser says that a page of ours sent this."""
    _require_page(call, call.is_own)


def require_allowed_page(call: Call) -> None:
    """Raise `ForeignOrigin` if a browser says that a page sent this that may not use us."""
    if "origin" in call.headers or "sec-fetch-site" in call.headers:
        _require_page(call, call.is_allowed)


def _require_page(call: Call, is_good: Callable[[str], bool]) -> None:
    origin = call.headers.get("origin")
    if origin is not None and is_good(origin):
        return
    if origin is None and call.headers.get("sec-fetch-site") == "same-origin":
        return
    raise ForeignOrigin


def _is_function(call: Call) -> bool:
    """Whether an operator's own endpoint is asked."""
    return call.route is not None and call.route.access == "function"


def _require_own_script(call: Call) -> None:
    """As `require_own_page`; by GET a link in a message, or a picture, is not enough, though our page has it.

    Functions ask for no proof of the session: the code they are called by knows of none.
    """
    require_own_page(call)
    if call.method in SAFE and call.headers.get("sec-fetch-dest") != "empty":
        raise ForeignOrigin("With the desk's cookie only a script of the desk's page may ask this.")


async def _token_field(call: Call) -> str:
    """A function's caller may also stand in the body, as plugins of Flex have it: never in an address."""
    if not _is_function(call) or call.method in SAFE:
        return ""
    try:
        token = read_values(await call.incoming.whole(), call.content_type).get(CALLER)
    except InvalidRequest:
        return ""  # what is wrong with the body is told to callers, not to strangers
    return token if isinstance(token, str) else ""


def _require_csrf(call: Call, secret: str) -> None:
    if not _same(call.headers.get("x-csrf-token", ""), csrf_of(secret)):
        raise CsrfMissing


def _remember(memory: OrderedDict[tuple[str, str], V], key: tuple[str, str], value: V, most: int) -> None:
    """Keep what was used last, within bounds."""
    memory[key] = value
    memory.move_to_end(key)
    if len(memory) > most:
        memory.popitem(last=False)


def cookie_name(front: Front) -> str:
    """With https the name itself keeps other hosts from setting it (RFC 6265bis, section 4.1.3.2)."""
    return "__Host-vestibule" if front.is_secure else "vestibule"


def digest(secret: str) -> str:
    """What is kept of a cookie's secret. It has 256 bits of chance, so a plain hash is enough."""
    return hashlib.sha256(secret.encode()).hexdigest()


def csrf_of(secret: str) -> str:
    """The proof that goes with a session: only who could read the session's answer has it."""
    return hmac.digest(secret.encode(), b"csrf", hashlib.sha256).hex()


def _credentials(word: str) -> tuple[str, str]:
    try:
        text = base64.b64decode(word.strip(), validate=True).decode("utf-8")
    except (binascii.Error, UnicodeDecodeError) as error:
        raise NotAuthenticated from error
    name, _, secret = text.partition(":")
    return name, secret


def _same(given: str, known: str) -> bool:
    return hmac.compare_digest(given.encode(), known.encode())
