"""Pages of lists: a token says after which row the next one goes on, so nothing is lost or repeated.

The token of a previous page says before which row it ends.
"""

from __future__ import annotations

import base64
import binascii
from collections.abc import Sequence
from datetime import datetime
from typing import Any, ClassVar, Protocol
from urllib.parse import urlencode

import msgspec

from vestibule.errors import PageTokenInvalid
from vestibule.http.calls import Call
from vestibule.payloads import After

DEFAULT = 50
TOKEN, BACK = "PT", "PB"  # how a token begins


class Listed(Protocol):
    """A row of a list in the order of its creation."""

    @property
    def sid(self) -> str: ...
    @property
    def date_created(self) -> datetime: ...


class PageQuery(msgspec.Struct, frozen=True, kw_only=True, rename="pascal"):
    """Which page. A size beyond the most is cut, never refused; `page` only counts."""

    MOST: ClassVar[int] = 100

    page_size: int = DEFAULT
    page: int = 0
    page_token: str = ""

    @property
    def size(self) -> int:
        return max(1, min(self.page_size, self.MOST))

    @property
    def is_back(self) -> bool:
        """Whether the page ends before the row that the token names."""
        return self.page_token.startswith(BACK)

    def after(self) -> After:
        """The row that the token names. Raises `PageTokenInvalid`."""
        if not self.page_token:
            return After()
        try:
            named = self.page_token.removeprefix(TOKEN).removeprefix(BACK)
            text = base64.b64decode(named, altchars=b"-_", validate=True).decode("ascii")
            moment, _, sid = text.partition(" ")
            return After(float(moment), sid, self.is_back)
        except (binascii.Error, ValueError) as error:
            raise PageTokenInvalid from error

    def token(self, row: Any, start: str = TOKEN) -> str:
        """What makes the next page begin after this row; with the start `BACK` a page end before it."""
        return token_of(row, start)


def token_of(row: Listed, start: str = TOKEN) -> str:
    """The same for rows in the order of their creation."""
    text = f"{row.date_created.timestamp()!r} {row.sid}"
    return start + base64.urlsafe_b64encode(text.encode()).decode()


def page_of(
    call: Call,
    key: str,
    query: PageQuery,
    rows: Sequence[Any],
    shown: Sequence[dict[str, Any]],
    **filters: Any,
) -> dict[str, Any]:
    """A list's answer. `rows` has one more than the page's size where another page follows.

    In a page that was asked for backwards the one more comes first.
    """
    more = len(rows) > query.size
    if query.is_back:
        part, has_previous, has_next = slice(-query.size, None), more, bool(rows)
    else:
        part, has_previous, has_next = slice(query.size), bool(query.page_token and rows), more
    rows, shown = rows[part], shown[part]
    following = query.token(rows[-1]) if has_next else ""
    preceding = query.token(rows[0], BACK) if has_previous else ""
    meta = {
        "page": max(0, query.page),
        "page_size": query.size,
        "first_page_url": _address(call, query, filters, 0),
        "previous_page_url": _address(call, query, filters, query.page - 1, preceding) if preceding else None,
        "url": _address(call, query, filters, query.page, query.page_token),
        "next_page_url": _address(call, query, filters, query.page + 1, following) if has_next else None,
        "key": key,
    }
    return {"meta": meta, key: list(shown)}


def _address(call: Call, query: PageQuery, filters: dict[str, Any], page: int, token: str = "") -> str:
    given = {name: value for name, value in filters.items() if value}
    given |= {"PageSize": query.size, "Page": max(0, page)}
    if token:
        given["PageToken"] = token
    return f"{call.base}{call.path}?{urlencode(given, doseq=True)}"
