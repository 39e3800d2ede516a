"""Bodies of requests: forms and JSON from strangers are taken or refused by name, however they are cut."""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import AsyncIterator

from hypothesis import given
from hypothesis import strategies as st

from tests.fuzz.mutations import bounded, fuzzed, mutated, nested_deeply
from vestibule.errors import InvalidRequest, UploadBroken
from vestibule.http.bodies import read_struct, read_values
from vestibule.http.uploads import Form, UploadQuery
from vestibule.payloads import SendMessage

FORM = "multipart/form-data; boundary=edge"
FORMS = [
    b'--edge\r\nContent-Disposition: form-data; name="a"\r\n\r\nb\r\n'
    b'--edge\r\nContent-Disposition: form-data; name="file"; filename="bill.pdf"\r\n'
    b"Content-Type: application/pdf\r\n\r\n%PDF-1.7\r\n\r\n--edge--\r\n",
    b"--edge\r\ncontent-disposition: form-data; filename*=utf-8''caf%C3%A9.txt\r\n\r\nx\r\n--edge--\r\n",
    b"--edge\r\ncontent-disposition: form-data; filename*0*=odd'de'a%ff; filename*1=b\r\n\r\nx\r\n--edge--",
]
BOUNDARIES = st.lists(
    st.sampled_from("multipart/form-data ; boundary= edge \" \\ * *0 'utf-8' % = \xff \x00 a,".split(" ")),
    max_size=8,
).map("".join)


async def received(body: bytes, content_type: str, cuts: list[int]) -> bytes:
    async def chunks() -> AsyncIterator[bytes]:
        for start, end in zip([0, *cuts], [*cuts, len(body)], strict=True):
            yield body[start:end]

    form = Form(chunks(), content_type)
    await form.file()
    return b"".join([chunk async for chunk in form.bytes_of_file()])


@given(body=mutated(FORMS, rb"--edge|\r\n|[;:=\"*']"), data=st.data())
@fuzzed(500)
def test_a_form_is_read_alike_however_it_is_cut(body: bytes, data: st.DataObject) -> None:
    cuts = sorted(data.draw(st.lists(st.integers(0, len(body)), max_size=5)))
    outcomes = []
    for way in ([], cuts):
        try:
            with bounded(seconds=2):
                outcomes.append(asyncio.run(received(body, FORM, way)))
        except (InvalidRequest, UploadBroken):
            outcomes.append(b"refused")
    assert outcomes[0] == outcomes[1]


@given(content_type=BOUNDARIES)
@fuzzed(300)
def test_no_boundary_breaks_the_form(content_type: str) -> None:
    with bounded(seconds=1), contextlib.suppress(InvalidRequest, UploadBroken):
        asyncio.run(received(FORMS[0], content_type, []))


BODIES = [
    b'{"channel_sid":"CH0","body":"hello","attributes":"{}"}',
    b"ChannelSid=CH0&Body=hello%20there&Body=%ff&x[]=%00",
]


@nested_deeply
@given(
    body=mutated(BODIES, rb'["{:,&=%]')
    | st.binary(max_size=60)
    | st.integers(1, 9000).map(lambda n: b"[" * n),
    kind=st.sampled_from(["application/json", "application/x-www-form-urlencoded", ""]),
)
@fuzzed(400)
def test_no_body_breaks_the_reader(body: bytes, kind: str) -> None:
    for struct in (SendMessage, UploadQuery):
        with bounded(seconds=1), contextlib.suppress(InvalidRequest):
            read_struct(struct, body, kind)
    with contextlib.suppress(InvalidRequest):
        read_values(body, kind)
