"""A bus for one process: listeners are called at once."""

from __future__ import annotations

from collections.abc import Callable, Sequence

import structlog

from vestibule.events import Notice

log = structlog.get_logger(__name__)

Listener = Callable[[Sequence[Notice]], None]


class MemoryBus:
    """Calls every listener, in the order in which they came."""

    def __init__(self) -> None:
        self._listeners: list[Listener] = []

    def publish(self, notices: Sequence[Notice]) -> None:
        for listener in tuple(self._listeners):
            try:
                listener(notices)
            except Exception:
                log.exception("bus listener failed")

    def listen(self, listener: Listener) -> Callable[[], None]:
        self._listeners.append(listener)

        def end() -> None:
            if listener in self._listeners:
                self._listeners.remove(listener)

        return end

    async def close(self) -> None:
        self._listeners.clear()
