"""The web application of a house: its routes and sockets, with the plain values that they take."""

from __future__ import annotations

from starlette.routing import WebSocketRoute
from starlette.types import ASGIApp

from vestibule import http
from vestibule.app import STATIC, House
from vestibule.checks.unnamed import unnamed
from vestibule.config import Settings
from vestibule.errors import ConfigurationError
from vestibule.http.addresses import Addresses, origin_of, origins_of
from vestibule.policy_values import policy_told
from vestibule.sockets.endpoint import Endpoint
from vestibule.sockets.limits import Limits


def web(house: House) -> ASGIApp:
    """The house's web application: every route, and the sockets."""
    settings, front = house.settings, _front(house)
    allowed = {*front.cors_origins, origin_of(settings.public_url)}
    socket = Endpoint(
        parts=house.parts,
        tokens=house.tokens,
        service_sid=house.service.sid,
        hub=house.hub,
        origins=lambda origin: "*" in allowed or origin in allowed,
        limits=Limits() if settings.rate_limits else Limits.unhurried(),
        in_turn=lambda: bool(settings.extensions) or house.hooks.stand,  # they may take unequally long
        caller=Addresses(settings.proxies).caller,
    )
    return http.build(front, extra_routes=[WebSocketRoute("/v1/socket", socket)])


def _front(house: House) -> http.Front:
    settings = house.settings
    return http.Front(
        parts=house.parts,
        tokens=house.tokens,
        links=house.links,
        functions=house.functions,
        service_sid=house.service.sid,
        account_sid=house.keyring.account_sid,
        auth_token=house.keyring.auth_token,
        static=STATIC,
        site=http.SiteWords(
            team=settings.team,
            greeting=settings.greeting,
            accent=settings.accent,
            ask_name=settings.ask_name,
            ask_email=settings.ask_email,
        ),
        files=_files_taken(house),
        policy=policy_told(house.written),
        public_url=settings.public_url,
        files_origin=settings.files_url,
        cors_origins=_origins(settings),
        trusted_proxies=settings.proxies,
        is_secure=settings.public_url.startswith("https://"),
        rates=_rates(settings),
        metrics=house.metrics,
        readiness=house.readiness,
        is_online=lambda identity: identity in house.hub.online(),
    )


def _rates(settings: Settings) -> http.Rates:
    if not settings.rate_limits:
        return http.Rates.off()
    return http.Rates.of(
        account=settings.account_rate, channel=settings.channel_rate, service=settings.service_rate
    )


def _origins(settings: Settings) -> tuple[str, ...]:
    try:
        return origins_of(settings.cors_origins)
    except ValueError as error:
        raise ConfigurationError(f"cors_origins: {error}.") from error


def _files_taken(house: House) -> http.FilesTaken:
    policy = house.written.policy
    return http.FilesTaken(
        max_bytes=policy.largest(),
        most=policy.largest_of_all(),
        accept=tuple(policy.accept()),
        words=policy.words(),
        name_of=unnamed,
    )
