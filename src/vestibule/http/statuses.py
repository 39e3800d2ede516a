"""Statuses: which errors a route can answer with, by its kind. One table for all of them.

An address that does not take a method answers 405, which therefore belongs to none of its routes.
"""

from __future__ import annotations

import re
from collections.abc import Callable

from vestibule.http.routes import Route

Kind = Callable[[Route], bool]

CHANGES = ("POST", "DELETE")


def _is_anything(route: Route) -> bool:
    return True


def _is_for_callers(route: Route) -> bool:
    return route.access in ("caller", "function")


def _may_name_caller(route: Route) -> bool:
    return route.access != "anybody"


def _is_read(route: Route) -> bool:
    return bool(route.query or route.body or route.takes)


def _has_body(route: Route) -> bool:
    return bool(route.body or route.takes)


def _is_change(route: Route) -> bool:
    return route.method in CHANGES and _is_for_callers(route)


KINDS: tuple[tuple[Kind, tuple[int, ...]], ...] = (
    # The wrong host, too often, too long a head, our fault, a rule that broke or too much to do.
    (_is_anything, (404, 429, 431, 500, 503)),
    (_may_name_caller, (401,)),
    (_is_for_callers, (403,)),  # also a rule's refusal, and a page of another site
    (_is_read, (400,)),
    (_has_body, (408, 413)),
    (_is_change, (400, 409)),  # it does not go together with what is there, or no longer
)

OPENED = (409, 410, 422)  # a file that is being checked, held, gone, or did not pass

# What else the routes of some places answer. `Route.also` has what is no error.
PLACES: tuple[tuple[str, tuple[int, ...]], ...] = (
    (r"POST /v1/(chats|session)$", (403,)),
    (r"POST /v1/chats/resume$", (401, 403)),
    (r"(GET|POST) /v1/session$", (401,)),
    (r"POST /v1/verdicts/", (403, 409)),
    (r"GET (/files/|.*/Content$)", (403, 416, *OPENED)),
    (r"POST .*/(media|Media)$", (422, 507)),  # the gate's answers, and a full disk
    (r"POST /v1/Services/.*/MediaSet$", OPENED),
    (r"GET /v1/Services/.*/Media/", OPENED),
    (r"GET .*/Webhooks/", (400,)),  # what is no sid of a webhook at all
    (r"POST .*/media/{media_sid}/(link|review|recall|restore)$", OPENED),
    (r"POST .*/(messages|Messages)$", OPENED),
    (r"(GET|POST) /functions/", (400, 504, *OPENED)),  # these invoke any action
    (r"POST /v1/house/", OPENED),
)


def errors_of(route: Route) -> tuple[int, ...]:
    """The statuses of all errors that this route can answer with, in order."""
    found = {status for is_such, statuses in KINDS if is_such(route) for status in statuses}
    name = f"{route.method} {route.path}"
    found |= {status for place, statuses in PLACES if re.match(place, name) for status in statuses}
    return tuple(sorted(found - {route.status, *route.also}))
