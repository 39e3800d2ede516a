"""Programmable Chat's media service: uploads, records, bytes, and who may do what with them."""

from __future__ import annotations

import re
from collections.abc import AsyncIterator

import httpx
import pytest

from tests.http.chat_v2.uploading import formed, left, place, raw, sent, temporary, uploaded
from tests.http.desk import BASE, PDF, Desk

KEYS = (
    "sid service_sid account_sid date_created date_upload_updated date_updated links size content_type "
    "filename author category message_sid channel_sid url is_multipart_upstream state refusal"
)
DATE = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{6}[+-]\d\d:\d\d")
NOBODYS = f"ME{'0' * 32}"


def carol(desk: Desk) -> httpx.AsyncClient:
    """A user of no channel."""
    return desk.holding("carol")


# Uploads


async def test_an_uploads_record_is_as_the_media_service_writes_it(desk: Desk) -> None:
    media = await uploaded(desk, desk.customer, Filename="Rechnung für März.pdf", Category="media")

    assert set(media) == set(KEYS.split())
    assert media["url"] == f"{place(desk)}/{media['sid']}"
    assert media["links"]["content"] == f"{media['url']}/Content"
    assert media["links"]["content_direct_temporary"].startswith(f"{BASE}/files/")
    assert all(DATE.fullmatch(media[key]) for key in media if key.startswith("date_"))
    assert (media["filename"], media["size"], media["content_type"]) == (
        "Rechnung für März.pdf",
        len(PDF),
        "application/pdf",
    )
    assert (media["author"], media["account_sid"]) == (
        desk.chat.customer.identity,
        desk.front.account_sid,
    )
    assert (media["channel_sid"], media["message_sid"], media["refusal"]) == (None, None, None)
    assert (media["category"], media["state"], media["is_multipart_upstream"]) == ("media", "clean", False)


async def test_a_form_is_told_like_a_raw_body(desk: Desk) -> None:
    as_form = (await formed(desk, desk.customer)).json()
    as_body = await uploaded(desk, desk.customer)
    for key in ("filename", "size", "content_type", "author", "state", "is_multipart_upstream"):
        assert as_form[key] == as_body[key]


@pytest.mark.parametrize(
    ("kind", "name"), [("application/pdf", "file.pdf"), ("Application/X-PDF; v=1", "file.pdf")]
)
async def test_a_file_without_a_name_is_named_by_its_type(desk: Desk, kind: str, name: str) -> None:
    answer = await desk.customer.post(place(desk), content=PDF, headers={"content-type": kind})
    form = await desk.customer.post(place(desk), files={"x": ("blob", PDF, kind)})
    assert (answer.status_code, answer.json()["filename"]) == (201, name), answer.text
    assert (form.status_code, form.json()["filename"]) == (201, name), form.text


async def test_a_part_named_media_or_file_is_the_file_whatever_it_says(desk: Desk) -> None:
    for name in ("Media", "file"):
        answer = await desk.customer.post(place(desk), files={name: (None, PDF, "application/pdf")})
        assert (answer.status_code, answer.json()["filename"]) == (201, "file.pdf"), answer.text
    other = await desk.customer.post(place(desk), files={"else": (None, PDF, "application/pdf")})
    assert (other.status_code, other.json()["code"]) == (400, 20001)


async def test_a_file_without_a_name_must_still_be_what_it_is_declared_as(desk: Desk) -> None:
    for kind in ("image/png", "application/octet-stream", "application/x-msdownload", ""):
        answer = await desk.customer.post(place(desk), content=PDF, headers={"content-type": kind})
        assert (answer.status_code, answer.json()["code"]) == (422, 60030)


@pytest.mark.parametrize("says_so", [True, False])
async def test_a_file_that_is_too_large_is_refused(desk: Desk, says_so: bool) -> None:
    async def body() -> AsyncIterator[bytes]:
        for _ in range(5):
            yield PDF.ljust(50_000)

    headers = {"content-length": str(5 * 50_000)} if says_so else {}
    answer = await desk.customer.post(f"{place(desk)}?Filename=a.pdf", content=body(), headers=headers)
    assert (answer.status_code, answer.json()["code"]) == (413, 60034)
    assert answer.json()["advice"]
    assert left(desk) == []


async def test_a_refused_file_says_why_and_what_to_do_and_cannot_be_sent(desk: Desk) -> None:
    answer = await raw(desk, desk.customer, b"MZ", Filename="setup.exe")
    error = answer.json()

    assert (answer.status_code, error["code"], error["status"]) == (422, 60030, 422)
    assert (error["details"]["reason"], "sid" in error) == ("type_not_accepted", False)
    assert error["message"]
    assert error["advice"]
    tried = await sent(desk, desk.customer, error["details"]["media_sid"])
    assert (tried.status_code, tried.json()["code"]) == (422, 60030)
    record = (await desk.customer.get(f"{place(desk)}/{error['details']['media_sid']}")).json()
    assert (record["state"], record["refusal"]["reason"]) == ("refused", "type_not_accepted")
    assert "content_direct_temporary" not in record["links"]


# In whose name


async def test_the_account_sends_its_own_file_in_anybodys_name(desk: Desk) -> None:
    media = await uploaded(desk, desk.account)
    message = await sent(desk, desk.account, media["sid"], From="robot")

    assert media["author"] == "system"
    assert (message.status_code, message.json()["from"]) == (201, "robot")
    record = (await desk.account.get(media["url"])).json()
    assert (record["channel_sid"], record["message_sid"]) == (
        desk.chat.channel_sid,
        message.json()["sid"],
    )


async def test_a_file_uploaded_for_somebody_is_sent_by_them_or_for_them(desk: Desk) -> None:
    customer = desk.chat.customer.identity
    for who, more in ((desk.customer, {}), (desk.account, {"From": customer})):
        media = (await formed(desk, desk.account, author=customer)).json()
        assert media["author"] == customer
        assert (await sent(desk, desk.agent, media["sid"])).json()["code"] == 50507
        assert (await sent(desk, desk.account, media["sid"], From="grace")).json()["code"] == 50507
        assert (await sent(desk, who, media["sid"], **more)).status_code == 201


async def test_an_author_is_read_before_and_after_the_file(desk: Desk) -> None:
    files = {"Media": ("a.pdf", PDF, "application/pdf")}
    before = await desk.account.post(place(desk), data={"Author": "ada"}, files=files)
    after = await formed(desk, desk.account, author="ada")
    assert [answer.json()["author"] for answer in (before, after)] == ["ada", "ada"]


async def test_nobody_uploads_in_anothers_name(desk: Desk) -> None:
    for author in ("grace", "system", "x" * 300):
        answer = await formed(desk, desk.customer, author=author)
        assert (answer.status_code, answer.json()["code"]) == (403, 50107)
    assert left(desk) == []
    own = await formed(desk, desk.customer, author=desk.chat.customer.identity)
    assert own.status_code == 201
    too_long = await formed(desk, desk.account, author="x" * 300)
    assert (too_long.status_code, too_long.json()["code"]) == (400, 20001)


async def test_a_users_file_is_nobody_elses_to_send_or_to_see(desk: Desk) -> None:
    media = await uploaded(desk, desk.customer)
    for who in (desk.agent, desk.account, carol(desk)):
        answer = await sent(desk, who, media["sid"])
        assert answer.status_code in (400, 404), answer.text
    for way in (media["url"], media["links"]["content"]):
        assert (await carol(desk).get(way)).status_code == 404
    assert (await carol(desk).delete(media["url"])).status_code == 404


async def test_whoever_may_send_no_files_anywhere_uploads_none(desk: Desk) -> None:
    await desk.chat.block()
    for who in (desk.customer, carol(desk)):
        answer = await raw(desk, who)
        assert (answer.status_code, answer.json()["code"]) == (403, 50107)


async def test_a_token_of_another_service_finds_nothing_here(desk: Desk) -> None:
    media = await uploaded(desk, desk.account)
    neighbour = await desk.house.neighbour("mallory")
    stranger = desk.client(authorization=f"Bearer {desk.token('mallory', neighbour.service_sid)}")
    own = media["url"].replace(desk.house.service_sid, neighbour.service_sid)

    for way in (media["url"], media["links"]["content"], own):
        assert (await stranger.get(way)).status_code == 404
    assert (await raw(desk, stranger)).status_code == 404
    assert (await desk.account.get(own)).status_code == 404


# Records and bytes


async def test_each_look_at_a_record_gives_a_new_link_that_needs_no_credentials(desk: Desk) -> None:
    media = await uploaded(desk, desk.customer)
    links = {await temporary(desk.customer, media) for _ in range(3)}

    assert len(links | {media["links"]["content_direct_temporary"]}) == 4
    for link in links:
        assert (await desk.client().get(link)).content == PDF


async def test_a_link_from_before_the_message_goes_on_after_it(desk: Desk) -> None:
    media = await uploaded(desk, desk.customer)
    old = media["links"]["content_direct_temporary"]
    await sent(desk, desk.customer, media["sid"])
    assert (await desk.client().get(old)).content == PDF


async def test_content_is_the_bytes_for_whoever_may_have_them(desk: Desk) -> None:
    media = await uploaded(desk, desk.customer)
    way = media["links"]["content"]
    whole, head = await desk.customer.get(way), await desk.customer.head(way)
    part = await desk.customer.get(way, headers={"range": "bytes=2-5"})
    again = await desk.customer.get(way, headers={"if-none-match": whole.headers["etag"]})

    assert (whole.status_code, whole.content) == (200, PDF)
    assert (head.status_code, head.content, head.headers["content-length"]) == (200, b"", str(len(PDF)))
    assert (part.status_code, part.content) == (206, PDF[2:6])
    assert part.headers["content-range"] == f"bytes 2-5/{len(PDF)}"
    assert again.status_code == 304
    assert (await desk.customer.get(way, headers={"range": "bytes=900-"})).status_code == 416
    assert (await desk.client().get(way)).status_code == 401


async def test_content_is_elsewhere_where_files_have_an_origin_of_their_own(desk: Desk) -> None:
    media = await uploaded(desk, desk.customer)
    apart = desk.client(
        front=desk.changed(files_origin="http://files.test"),
        authorization=f"Bearer {desk.token(desk.chat.customer.identity)}",
    )
    answer = await apart.get(media["links"]["content"])
    assert (answer.status_code, answer.content) == (307, b"")
    assert (await desk.client().get(answer.headers["location"])).content == PDF


async def test_reading_content_over_and_over_counts_as_one_opening(desk: Desk) -> None:
    media = await uploaded(desk, desk.customer)
    for start in range(3):
        await desk.customer.get(media["links"]["content"], headers={"range": f"bytes={start}-"})
    timeline = (await desk.agent.get(f"/v1/media/{media['sid']}/timeline")).json()
    assert sum(opening["times"] for opening in timeline["openings"]) in (1, 2)  # the while may have ended


async def test_a_loose_file_is_taken_back_and_a_sent_one_goes_with_its_message(desk: Desk) -> None:
    loose = await uploaded(desk, desk.customer)
    taken = await uploaded(desk, desk.account)
    await sent(desk, desk.account, taken["sid"])
    gone = await desk.customer.delete(loose["url"])
    refused = await desk.account.delete(taken["url"])

    assert (gone.status_code, gone.content) == (204, b"")
    assert (refused.status_code, refused.json()["code"]) == (400, 50508)
    assert "Delete the message" in refused.json()["message"]
    assert (await desk.customer.delete(loose["url"])).status_code == 404
    assert (await desk.customer.get(loose["url"])).json()["code"] == 20404


async def test_a_file_is_sent_once_and_a_message_sid_is_no_file(desk: Desk) -> None:
    media = await uploaded(desk, desk.customer)
    first = await sent(desk, desk.customer, media["sid"])
    again = await sent(desk, desk.customer, media["sid"])
    unknown = await sent(desk, desk.customer, NOBODYS)

    assert (first.json()["type"], first.json()["media"]["sid"]) == ("media", media["sid"])
    assert (again.status_code, again.json()["code"]) == (400, 50508)
    assert (unknown.status_code, unknown.json()["code"]) == (400, 50507)


# Lists


async def test_the_account_lists_every_file_page_after_page(desk: Desk) -> None:
    made = [(await uploaded(desk, who))["sid"] for who in (desk.customer, desk.account, desk.customer)]
    await desk.account.delete(f"{place(desk)}/{made.pop()}")
    url, read = f"{place(desk)}?PageSize=1", []
    while url:
        page = (await desk.account.get(url)).json()
        assert page["meta"]["key"] == "media"
        read += [media["sid"] for media in page["media"]]
        url = page["meta"]["next_page_url"]

    assert read == made
    refused = await desk.customer.get(place(desk))
    assert (refused.status_code, refused.json()["code"]) == (403, 50107)
