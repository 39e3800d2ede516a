"""AccessTokens: who somebody is, signed with an API key's secret. The official helpers' shape.

Also what only this house reads: the sealed word with which a visitor's browser comes back to its chat.
"""

from __future__ import annotations

import base64
import binascii
import time
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import Any

import jwt
import msgspec

from vestibule.context import SYSTEM
from vestibule.errors import NotAuthenticated

LIFETIME = 900  # seconds: what is open asks for a new one in time
LONGEST = 24 * 3600  # seconds: what the official helpers allow; a longer token is refused
LEEWAY = 30  # seconds that two machines' clocks may differ
HEADER = {"cty": "twilio-fpa;v=1"}

FindSecret = Callable[[str], Awaitable[str | None]]


class Claims(msgspec.Struct, frozen=True):
    """What a good token says. `expires` is in seconds since 1970, UTC."""

    identity: str
    service_sid: str
    expires: float
    session: str = ""  # the hash of the desk's session it came from; it is good no longer than that
    key_sid: str = ""  # the key that signed it, which may be taken back; empty for the house's own


@dataclass(frozen=True, slots=True)
class Tokens:
    """Signs tokens with the house's own API key; reads those of every key that `find_secret` knows."""

    account_sid: str
    key_sid: str
    secret: str
    find_secret: FindSecret  # an API key's secret by its sid; None where there is none, or no longer
    previous_secret: str = ""  # the house's own before this one: what it sealed is still unsealed

    def mint(
        self, identity: str, service_sid: str, *, lifetime: float = LIFETIME, session: str = ""
    ) -> tuple[str, float]:
        """An AccessToken with a chat grant, and when it expires (seconds since 1970)."""
        now = int(time.time())
        expires = now + int(lifetime)
        grants = {"identity": identity, "chat": {"service_sid": service_sid}}
        claims = {
            "jti": f"{self.key_sid}-{now}",
            "iss": self.key_sid,
            "sub": self.account_sid,
            "nbf": now,
            "exp": expires,
            "grants": grants,
            **({"session": session} if session else {}),
        }
        return jwt.encode(claims, self.secret, algorithm="HS256", headers=HEADER), float(expires)

    async def read(self, token: str) -> Claims:
        """What an AccessToken says. Raises `NotAuthenticated` for anything but a good one."""
        key_sid = _issuer(token)
        is_own = key_sid == self.key_sid
        secret = self.secret if is_own else await self.find_secret(key_sid)
        try:
            claims = self._verified(token, secret or "")
        except jwt.InvalidTokenError as error:
            raise NotAuthenticated from error
        return _claims(claims, "" if is_own else key_sid)

    def _verified(self, token: str, secret: str) -> dict[str, Any]:
        if not secret:
            raise jwt.InvalidIssuerError
        claims: dict[str, Any] = jwt.decode(
            token,
            secret,
            algorithms=["HS256"],  # never what the token itself asks for
            leeway=LEEWAY,
            options={"require": ["exp", "iss", "sub"]},
        )
        if claims["sub"] != self.account_sid or int(claims["exp"]) > time.time() + LONGEST + LEEWAY:
            raise jwt.InvalidTokenError
        return claims

    def seal(self, purpose: str, content: dict[str, Any], *, lifetime: float) -> str:
        """A signed word that only `unseal` with the same purpose takes."""
        claims = {"aud": purpose, "exp": int(time.time() + lifetime), **content}
        return jwt.encode(claims, _seal_key(self.secret), algorithm="HS256")

    def unseal(self, purpose: str, word: str) -> dict[str, Any]:
        """What was sealed. Raises `NotAuthenticated`."""
        try:
            try:
                return _unsealed(purpose, word, self.secret)
            except jwt.InvalidSignatureError:
                if not self.previous_secret:
                    raise
                return _unsealed(purpose, word, self.previous_secret)
        except jwt.InvalidTokenError as error:
            raise NotAuthenticated from error


def _unsealed(purpose: str, word: str, secret: str) -> dict[str, Any]:
    content: dict[str, Any] = jwt.decode(
        word,
        _seal_key(secret),
        algorithms=["HS256"],
        audience=purpose,
        leeway=LEEWAY,
        options={"require": ["exp", "aud"]},
    )
    return content


def _seal_key(secret: str) -> str:
    # Never the AccessTokens' own key, so that neither can be passed off as the other.
    return f"vestibule seal:{secret}"


class _Issued(msgspec.Struct, frozen=True):
    iss: str


def _issuer(token: str) -> str:
    """Which key a token names: the only thing of it that is looked at before its signature was.

    The header is not asked: a `kid` there would be a second answer to the same question.
    """
    try:
        body = token.split(".")[1]
        claims = base64.urlsafe_b64decode(body + "=" * (-len(body) % 4))
        return msgspec.json.decode(claims, type=_Issued).iss
    except (IndexError, ValueError, binascii.Error, RecursionError) as error:
        raise NotAuthenticated from error


def _claims(claims: dict[str, Any], key_sid: str) -> Claims:
    grants = claims.get("grants")
    if not isinstance(grants, dict):
        raise NotAuthenticated
    chat = grants.get("chat") or grants.get("ip_messaging")  # its name before 2018
    identity = grants.get("identity")
    if not isinstance(chat, dict) or not isinstance(identity, str) or not identity:
        raise NotAuthenticated
    if identity == SYSTEM:  # above roles: only the account's own credentials speak for it
        raise NotAuthenticated
    return Claims(
        identity=identity,
        service_sid=str(chat.get("service_sid") or ""),
        expires=float(claims["exp"]),
        session=str(claims.get("session") or ""),
        key_sid=key_sid,
    )
