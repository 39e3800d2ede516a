"""The desk's session: signing in, who is signed in, signing out."""

from __future__ import annotations

import secrets
from collections import OrderedDict
from datetime import UTC, datetime

import msgspec
from starlette.responses import Response

from vestibule.http.addresses import bucket_of
from vestibule.http.auth import cookie_name, csrf_of, digest, require_own_page
from vestibule.http.calls import Call
from vestibule.http.front import Front
from vestibule.http.replies import json_reply, no_content
from vestibule.http.routes import Routes
from vestibule.models import SignedIn
from vestibule.payloads import EndSession, FetchSession, SignIn, StartSession
from vestibule.tokens import LIFETIME as TOKEN_LIFETIME

SECRET = 32  # bytes of chance
LIFETIME = 12 * 3600  # seconds that the browser keeps the cookie; the server has its own clock
REMEMBERED = 10_000  # places from which somebody signed in


class Credentials(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Who wants to sign in."""

    name: str
    password: str


class SessionAnswer(msgspec.Struct, frozen=True, kw_only=True):
    """Who is signed in, and what to act with."""

    identity: str
    friendly_name: str
    service_sid: str
    user_sid: str
    csrf: str
    token: str
    expires: datetime  # of the token
    permissions: tuple[str, ...]


class SignIns:
    """Signing in, slowed after failures: of one address, and on one name from wherever.

    Who signed in from an address before is not kept out by others' failures on the same name.
    """

    def __init__(self) -> None:
        self._trusted: OrderedDict[tuple[str, str], None] = OrderedDict()

    async def sign_in(self, call: Call, given: Credentials) -> str:
        """The identity. Raises `NotAuthenticated` and `TooManyRequests`."""
        address = bucket_of(call.address)
        name, is_trusted = given.name, (address, given.name) in self._trusted
        call.limits["sign_in"].check(address)
        if not is_trusted:
            call.limits["sign_in_name"].check(name)
        # Paid before the answer is known: many at once are not let through together.
        call.limits["sign_in"].spend(address)
        call.limits["sign_in_name"].spend(name)
        user = await call.house.invoke(SignIn(name, given.password))
        call.limits["sign_in"].give_back(address)
        call.limits["sign_in_name"].give_back(name)
        self._remember(address, user.identity)
        return user.identity

    def _remember(self, address: str, name: str) -> None:
        self._trusted[(address, name)] = None
        self._trusted.move_to_end((address, name))
        if len(self._trusted) > REMEMBERED:
            self._trusted.popitem(last=False)


def session_routes() -> Routes:
    """The session's routes, with their memory of failures."""
    routes = Routes()
    sign_ins = SignIns()

    @routes.post("/v1/session", access="anybody", status=201, gives=SessionAnswer)
    async def sign_in(call: Call, body: Credentials) -> Response:
        """Sign in at the desk; the answer sets the session's cookie."""
        require_own_page_or_none(call)
        identity = await sign_ins.sign_in(call, body)
        secret = secrets.token_urlsafe(SECRET)
        signed_in = await call.house.invoke(StartSession(identity, digest(secret)))
        await _end_earlier(call)
        response = json_reply(_answer(call.front, signed_in, secret), 201)
        _set_cookie(response, call.front, secret, LIFETIME)
        return response

    @routes.get("/v1/session", access="anybody", gives=SessionAnswer, also=(204,))
    async def fetch_session(call: Call) -> Response:
        """Who is signed in, with a new token. 204 where nobody is; 401 when the session is over."""
        secret = call.cookie(cookie_name(call.front))
        if not secret:
            return no_content()
        signed_in = await call.house.invoke(FetchSession(digest(secret)))
        return json_reply(_answer(call.front, signed_in, secret))

    @routes.delete("/v1/session", gives=None)
    async def sign_out(call: Call) -> Response:
        """Sign out: the session ends at once."""
        if secret := call.cookie(cookie_name(call.front)):
            await call.house.invoke(EndSession(digest(secret)))
        response = no_content()
        _set_cookie(response, call.front, "", 0)
        return response

    return routes


def require_own_page_or_none(call: Call) -> None:
    """A page of another site may not sign a browser in; a program without pages may."""
    if "origin" in call.headers or "sec-fetch-site" in call.headers:
        require_own_page(call)


async def _end_earlier(call: Call) -> None:
    """Who signs in again in the same browser leaves no second session behind."""
    if earlier := call.cookie(cookie_name(call.front)):
        await call.house.invoke(EndSession(digest(earlier)))


def _answer(front: Front, signed_in: SignedIn, secret: str) -> SessionAnswer:
    user = signed_in.user
    left = (signed_in.date_expires - datetime.now(UTC)).total_seconds()
    token, expires = front.tokens.mint(
        user.identity, user.service_sid, lifetime=min(TOKEN_LIFETIME, left), session=digest(secret)
    )
    return SessionAnswer(
        identity=user.identity,
        friendly_name=user.friendly_name,
        service_sid=user.service_sid,
        user_sid=user.sid,
        csrf=csrf_of(secret),
        token=token,
        expires=datetime.fromtimestamp(expires, UTC),
        permissions=signed_in.permissions,
    )


def _set_cookie(response: Response, front: Front, secret: str, seconds: int) -> None:
    response.set_cookie(
        cookie_name(front),
        secret,
        max_age=seconds,
        path="/",
        secure=front.is_secure,
        httponly=True,
        samesite="strict",
    )
