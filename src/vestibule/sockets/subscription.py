"""One socket's place in one stream: first what it missed, then live, without gap or double.

It is registered with the hub before it reads, and holds back what it hears until the log is read. So
nothing falls between the two, whichever comes first; what comes twice is known by its seq.
"""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable

import structlog

from vestibule.errors import Conflict, VestibuleError
from vestibule.events import ChannelRemoved, Happening, MemberRemoved, StreamPage
from vestibule.sockets.frames import Ended, encode, encode_notice
from vestibule.sockets.outbox import Outbox

log = structlog.get_logger(__name__)

PAGE = 200  # events read at once
HELD = 100  # events held back while reading; with more, the log is read once more instead

Read = Callable[[int, int], Awaitable[StreamPage]]  # what comes after a seq, at most so many


class Subscription:
    """Tells one stream to one outbox. `over` is called when it ended by itself."""

    def __init__(
        self, stream: str, seq: int, outbox: Outbox, read: Read, over: Callable[[Subscription], None]
    ) -> None:
        self.stream = stream
        self.seq = seq  # the last that was told
        self._outbox = outbox
        self._read = read
        self._over = over
        self._held: list[tuple[int, str]] | None = []  # None: live
        self._again = False
        self._removed = ""  # the frame that says that the channel is gone
        self._task: asyncio.Task[None] | None = None
        self.is_over = False

    async def open(self, opened: Callable[[int], None]) -> None:
        """Read what was missed. `opened` is called first, with the stream's last seq.

        Raises what the reading action raises, as long as nothing was told.
        """
        page = await self._page()
        if self.is_over:
            raise Conflict("You left this stream, or asked for it again, before it was read.")
        opened(page.seq)
        await self._follow(page)

    def hear(self, happening: Happening, frame: str | None) -> None:
        """Take what the bus tells, in any order, once or twice. Without a frame it is to be read."""
        if isinstance(happening, ChannelRemoved):
            self._removed = self._removed or frame or ""
        if self._held is not None:
            self._hold(happening, frame)
        elif happening.seq == self.seq + 1 and frame is not None and not isinstance(happening, MemberRemoved):
            self._tell(happening.seq, frame)
        elif happening.seq > self.seq:  # to be read; or the bus lost one; or this member was removed
            self.ask_again()

    def pass_on(self, frame: str) -> None:
        """Tell what is not kept, to whoever is up to date."""
        if self._held is None:
            self._outbox.put(frame)

    def ask_again(self) -> None:
        """Go on only if the log may still be read: nothing is told until it was."""
        self._again = True
        if self._held is None:
            self._held = []
            self._task = asyncio.create_task(self._follow())

    def end(self) -> None:
        """Tell nothing any more."""
        self.is_over = True
        if self._task is not None and self._task is not asyncio.current_task():
            self._task.cancel()

    def _hold(self, happening: Happening, frame: str | None) -> None:
        assert self._held is not None
        is_missed = frame is None or isinstance(happening, MemberRemoved) or len(self._held) >= HELD
        self._again = self._again or is_missed
        if frame is not None and not self._again:
            self._held.append((happening.seq, frame))

    async def _follow(self, page: StreamPage | None = None) -> None:
        try:
            await self._catch_up(page or await self._page())
        except VestibuleError as error:
            self._lose(error)
        except Exception:
            log.exception("stream cannot be read", stream=self.stream)
            self._lose(VestibuleError())

    async def _catch_up(self, page: StreamPage) -> None:
        """Tell the page and what comes after it, until there is nothing between the log and the bus."""
        while not self.is_over:
            for happening in page.events:
                await self._outbox.room()  # the reader sets the pace
                if self._again:  # meanwhile the right may be gone
                    break
                self._tell(happening.seq, encode_notice("event", happening))
            if not self._again and self.seq >= page.seq and self._go_live():
                return
            page = await self._page()

    async def _page(self) -> StreamPage:
        # Whatever was held is in the log by now, so in the page.
        self._again, self._held = False, []
        return await self._read(self.seq, PAGE)

    def _go_live(self) -> bool:
        """Tell what was held back; False where something is missing between."""
        for seq, frame in self._held or ():
            if seq > self.seq + 1:
                return False
            if seq == self.seq + 1:
                self._tell(seq, frame)
        self._held = None
        return True

    def _tell(self, seq: int, frame: str) -> None:
        if self.is_over:
            return
        self.seq = seq
        self._outbox.put(frame)
        if frame is self._removed:
            self._finish()

    def _lose(self, error: VestibuleError) -> None:
        """The right to read is gone, or the channel is."""
        if self.is_over:
            return
        self._outbox.put(self._removed or encode(Ended(stream=self.stream, error=error.to_dict())))
        self._finish()

    def _finish(self) -> None:
        self.end()
        self._over(self)
