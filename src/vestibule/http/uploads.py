"""Uploads: a file from a raw body or from a multipart form, as a stream; memory holds one chunk.

Nothing is written anywhere here: the bytes go on as they come, to whoever receives the file.
"""

from __future__ import annotations

from collections import deque
from collections.abc import AsyncIterator, Callable
from dataclasses import dataclass
from dataclasses import field as dataclass_field
from typing import TYPE_CHECKING

import msgspec
from python_multipart.exceptions import FormParserError
from python_multipart.multipart import MultipartParser, parse_options_header

from vestibule.errors import InvalidRequest, MediaTooLarge, UploadBroken
from vestibule.http.bodies import media_type
from vestibule.http.calls import Call
from vestibule.refusals import refusal

if TYPE_CHECKING:
    from python_multipart.multipart import MultipartCallbacks

PARTS = 16  # of a form
FILES = ("Media", "file")  # names of parts that are a file, even where nobody says how it is called
FIELDS_SIZE = 64 * 1024  # bytes of everything in a form that is not the file
UNTYPED = "application/octet-stream"
BLOB = "blob"  # what browsers call bytes without a name in a form (XHR standard, create an entry)


class UploadQuery(msgspec.Struct, frozen=True, rename="pascal"):
    """What an upload's address may say. More is not minded: clients of the media service send it."""

    filename: str = ""


@dataclass(frozen=True, slots=True)
class Upload:
    """A file that arrives."""

    filename: str
    content_type: str
    chunks: AsyncIterator[bytes]
    size: int | None = None  # bytes, where the sender said so
    field: Callable[[str], str | None] = lambda name: None  # of the form; all are there after the last byte


async def read_upload(call: Call, filename: str) -> Upload:
    """The file of this call. Raises `InvalidRequest` and `MediaTooLarge`; its `chunks` may as well."""
    if media_type(call.content_type) == "multipart/form-data":
        return await _from_form(call, filename)
    most = call.front.files.most
    if (call.content_length or 0) > most:
        raise _too_large()
    chunks = _limited(call.incoming.chunks(), most)
    kind = call.content_type or UNTYPED
    return Upload(filename or call.front.files.name_of(kind), kind, chunks, call.content_length)


async def _from_form(call: Call, filename: str) -> Upload:
    most = call.front.files.most
    if (call.content_length or 0) > most + FIELDS_SIZE:
        raise _too_large()
    form = Form(call.incoming.chunks(), call.content_type)
    part = await form.file()
    chunks = _limited(form.bytes_of_file(), most)
    kind = part.content_type or UNTYPED
    given = filename or (part.filename if part.filename != BLOB else "")
    return Upload(given or call.front.files.name_of(kind), kind, chunks, field=form.field)


async def _limited(chunks: AsyncIterator[bytes], most: int) -> AsyncIterator[bytes]:
    """The same bytes; the first one beyond the limit ends it."""
    left = most
    async for chunk in chunks:
        left -= len(chunk)
        if left < 0:
            raise _too_large()
        yield chunk


def _too_large() -> MediaTooLarge:
    text = refusal("too_large")
    return MediaTooLarge(text.to_sender, advice=text.advice, reason="too_large")


@dataclass(slots=True)
class Part:
    """The head of one part of a form."""

    name: str = ""
    filename: str | None = None  # None: a field, not a file
    content_type: str = ""
    value: bytearray = dataclass_field(default_factory=bytearray)  # of a field


class Form:
    """A multipart form that is parsed as it comes (RFC 7578). It brings one file, in any part."""

    def __init__(self, chunks: AsyncIterator[bytes], content_type: str) -> None:
        boundary = parse_options_header(content_type)[1].get(b"boundary", b"")
        if not boundary:
            raise InvalidRequest("A multipart form needs a boundary.")
        self._chunks = chunks
        self._head: dict[str, str] = {}
        self._name, self._value = bytearray(), bytearray()
        self._part = Part()
        self._file: Part | None = None
        self._bytes: deque[bytes] = deque()  # of the file, from the chunk that was parsed last
        self._parts = 0
        self._fields: dict[str, Part] = {}
        self._other = 0  # bytes of everything but the file
        self._is_whole = False
        try:
            self._parser = MultipartParser(boundary, self._callbacks())
        except FormParserError as error:
            raise InvalidRequest("The form's boundary cannot be used.") from error

    async def file(self) -> Part:
        """The head of the part with the file, once it came. Raises `InvalidRequest` if there is none."""
        while self._file is None:
            if not await self._parse_next():
                self._require_whole()
                raise InvalidRequest("The form brought no file.")
        return self._file

    async def bytes_of_file(self) -> AsyncIterator[bytes]:
        """The file's bytes; at the end the form was whole. Raises `UploadBroken` if it was not."""
        while True:
            while self._bytes:
                yield self._bytes.popleft()
            if not await self._parse_next():
                break
        self._require_whole()

    def field(self, name: str) -> str | None:
        """A field's value, if it came before what was read last."""
        part = self._fields.get(name)
        return part.value.decode("utf-8", "replace") if part else None

    async def _parse_next(self) -> bool:
        chunk = await anext(self._chunks, None)
        if chunk is None:
            return False
        try:
            self._parser.write(chunk)
        except FormParserError as error:
            raise InvalidRequest("The form cannot be read.") from error
        return True

    def _require_whole(self) -> None:
        if not self._is_whole:
            raise UploadBroken

    # What the parser calls

    def _callbacks(self) -> MultipartCallbacks:
        return {
            "on_part_begin": self._begin_part,
            "on_header_field": lambda data, start, end: self._name.extend(data[start:end]),
            "on_header_value": lambda data, start, end: self._value.extend(data[start:end]),
            "on_header_end": self._end_header,
            "on_headers_finished": self._end_headers,
            "on_part_data": self._take,
            "on_end": self._end,
        }

    def _begin_part(self) -> None:
        self._parts += 1
        if self._parts > PARTS:
            raise InvalidRequest(f"A form has at most {PARTS} parts.")
        self._head = {}
        self._part = Part()

    def _end_header(self) -> None:
        name = self._name.decode("latin-1").lower()
        self._head[name] = self._value.decode("latin-1")
        self._name.clear()
        self._value.clear()

    def _end_headers(self) -> None:
        options = parse_options_header(self._head.get("content-disposition"))[1]
        # Browsers send UTF-8 (RFC 7578, section 5.1.3).
        name = options.get(b"name", b"").decode("utf-8", "replace")
        if b"filename" not in options and name not in FILES:
            self._part = self._fields[name] = Part(name)
            return
        filename = options.get(b"filename", b"").decode("utf-8", "replace")
        self._part = Part(name, filename, self._head.get("content-type", ""))
        if self._file is not None:
            raise InvalidRequest("Please send one file at a time.")
        self._file = self._part

    def _take(self, data: bytes, start: int, end: int) -> None:
        if self._part is self._file:
            self._bytes.append(data[start:end])
            return
        self._other += end - start
        if self._other > FIELDS_SIZE:
            raise InvalidRequest("The form's fields are too long.")
        self._part.value.extend(data[start:end])

    def _end(self) -> None:
        self._is_whole = True
