"""Pages of lists: a token says after which row the next one goes on, so nothing is lost or repeated."""

from __future__ import annotations

import base64
import binascii
from collections.abc import Sequence
from datetime import datetime
from typing import Any, Protocol, TypeVar
from urllib.parse import urlencode

import msgspec

from vestibule.errors import PageTokenInvalid
from vestibule.http.calls import Call
from vestibule.payloads import After

DEFAULT, MOST = 50, 100
TOKEN = "PT"  # noqa: S105  # how a token begins


class Listed(Protocol):
    """A row of a list in the order of its creation."""

    @property
    def sid(self) -> str: ...
    @property
    def date_created(self) -> datetime: ...


L = TypeVar("L", bound=Listed)


class PageQuery(msgspec.Struct, frozen=True, kw_only=True, rename="pascal"):
    """Which page. A size beyond the most is cut, never refused; `page` only counts."""

    page_size: int = DEFAULT
    page: int = 0
    page_token: str = ""

    @property
    def size(self) -> int:
        return max(1, min(self.page_size, MOST))

    def after(self) -> After:
        """The row that the token names. Raises `PageTokenInvalid`."""
        if not self.page_token:
            return After()
        try:
            text = base64.urlsafe_b64decode(self.page_token.removeprefix(TOKEN)).decode("ascii")
            moment, _, sid = text.partition(" ")
            return After(float(moment), sid)
        except (binascii.Error, ValueError) as error:
            raise PageTokenInvalid from error


def page_after(rows: Sequence[L], query: PageQuery) -> list[L]:
    """One page, and one row more if there is one, of a list that is short enough to be read whole."""
    after = query.after()
    left = [row for row in rows if (row.date_created.timestamp(), row.sid) > (after.date, after.sid)]
    return left[: query.size + 1]


def token_of(row: Listed) -> str:
    """What makes the next page begin after this row."""
    text = f"{row.date_created.timestamp()!r} {row.sid}"
    return TOKEN + base64.urlsafe_b64encode(text.encode()).decode()


def page_of(
    call: Call,
    key: str,
    query: PageQuery,
    rows: Sequence[Any],
    shown: Sequence[dict[str, Any]],
    token: str | None = None,
    **filters: Any,
) -> dict[str, Any]:
    """A list's answer. `rows` has one more than the page's size where another page follows."""
    more = len(rows) > query.size
    following = token if token is not None else (token_of(rows[query.size - 1]) if more else "")
    kept = {name: value for name, value in filters.items() if value}

    def address(page: int, page_token: str = "") -> str:
        given = {**kept, "PageSize": query.size, "Page": page}
        if page_token:
            given["PageToken"] = page_token
        return f"{call.base}{call.path}?{urlencode(given, doseq=True)}"

    meta = {
        "page": query.page,
        "page_size": query.size,
        "first_page_url": address(0),
        "previous_page_url": None,  # helpers only go on
        "url": address(query.page, query.page_token),
        "next_page_url": address(query.page + 1, following) if more else None,
        "key": key,
    }
    return {"meta": meta, key: list(shown[: query.size])}
