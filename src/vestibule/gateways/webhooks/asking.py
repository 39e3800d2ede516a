"""Asking: what a service's webhook says before something is done. It may change it, or say no."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping

import msgspec
import structlog

from vestibule.context import Context
from vestibule.errors import HookFailed, HookRefused, HookTimedOut, VestibuleError
from vestibule.gateways.webhooks.posting import Answer, NoAnswer, Poster
from vestibule.models import ServiceSettings

log = structlog.get_logger(__name__)

SECONDS = 5.0  # that somebody's action waits for one answer
PAUSE = 0.1  # seconds before it is asked again
BUSY = (429, 503, 504)  # "not now": asked again, as often as the service says

Changes = Mapping[str, str]


class Asking:
    """Asks services' webhooks, and makes an answer of what they say or do not say."""

    def __init__(
        self, poster: Poster, account_sid: str, *, is_open: bool = False, seconds: float = SECONDS
    ) -> None:
        """`is_open`: what a webhook could not be asked about is done all the same."""
        self._poster = poster
        self._account_sid = account_sid
        self._is_open = is_open
        self._seconds = seconds

    async def ask(
        self, settings: ServiceSettings, event_type: str, form: Mapping[str, str], ctx: Context
    ) -> Changes:
        """What the service's webhook changes; empty for nothing.

        Raises `HookRefused` where it says no; `HookFailed` and `HookTimedOut` where it says nothing that can
        be used, unless the house is open then.
        """
        whole = {
            "AccountSid": self._account_sid,
            "InstanceSid": ctx.service_sid,
            "EventType": event_type,
            "ClientIdentity": ctx.identity,
            "Source": ctx.source,
            **form,
        }
        try:
            return _read(await self._answered(settings, whole))
        except (HookFailed, HookTimedOut) as error:
            log.warning(
                "a webhook gave no answer to go by",
                service_sid=ctx.service_sid,
                event_type=event_type,
                error=repr(error.__cause__ or error),
                was_done=self._is_open,
            )
            if self._is_open:
                return {}
            raise

    async def _answered(self, settings: ServiceSettings, form: dict[str, str]) -> Answer:
        """An answer that is not "later". Raises `HookFailed` and `HookTimedOut`."""
        error: VestibuleError = HookFailed()
        for attempt in range(settings.pre_webhook_retry_count + 1):
            if attempt:
                await asyncio.sleep(PAUSE)
            form["RetryCount"] = str(attempt)
            try:
                answer = await self._poster.post(
                    settings.pre_webhook_url or "", settings.webhook_method or "POST", form, self._seconds
                )
            except NoAnswer as silence:
                error = HookTimedOut() if silence.is_late else HookFailed()
                error.__cause__ = silence
                if not silence.is_late:
                    raise error from silence
                continue
            if answer.status not in BUSY:
                return answer
            error = HookFailed()
            error.__cause__ = NoAnswer(f"answered with status {answer.status}")
        raise error


def longest(seconds: float, retries: int) -> float:
    """Seconds that asking takes at most."""
    return (retries + 1) * (seconds + PAUSE)


def _read(answer: Answer) -> Changes:
    if 400 <= answer.status < 500:
        raise HookRefused
    if not answer.is_good:
        raise HookFailed from NoAnswer(f"answered with status {answer.status}")
    if answer.body is None:
        raise HookFailed from NoAnswer("answered too much")
    if _says_nothing(answer, answer.body):
        return {}
    try:
        said = msgspec.json.decode(answer.body, type=dict[str, object])
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError) as error:
        raise HookFailed from error
    given = {name: said[name] for name in CHANGEABLE if said.get(name) is not None}
    return {name: _text(name, value) for name, value in given.items()}


# Of any event; which of them count, the action says.
CHANGEABLE = frozenset({"body", "attributes", "friendly_name", "unique_name", "role_sid"})


def _text(name: str, value: object) -> str:
    if not isinstance(value, str):
        raise HookFailed from NoAnswer(f"{name!r} in its answer is no string")
    return value


def _says_nothing(answer: Answer, body: bytes) -> bool:
    """Nothing, or the "OK" that web frameworks write by themselves under a bare status 200."""
    is_plain = answer.content_type.lower().startswith("text/plain")
    return not body.strip() or (is_plain and body.strip() == b"OK")
