"""Members of Programmable Chat's channels: joining, roles, read marks, limits, leaving."""

from __future__ import annotations

import asyncio
import re

import msgspec
import pytest

from tests.http.chat_v2.rooms import a_channel, a_member, changed, fetched, made, refused, role_sid, rows
from tests.http.desk import BASE, Desk
from vestibule.models import ServiceLimits, ServiceSettings

DATE = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ")
THEN, LATER = "2016-02-29T08:00:00Z", "2016-03-01T08:00:00Z"


async def limit(desk: Desk, **limits: int) -> None:
    """As the service's owner sets them."""
    settings = msgspec.json.encode(ServiceSettings(limits=ServiceLimits(**limits))).decode()
    sql = "UPDATE services SET settings = ?"
    await desk.house.parts.database.write(lambda tx: tx._connection.execute(sql, (settings,)))  # type: ignore[attr-defined]


async def test_a_member_without_a_word_has_every_default(desk: Desk) -> None:
    channel = await a_channel(desk)
    member = await a_member(desk, channel, "ada")

    assert member["sid"].startswith("MB")
    assert member["url"] == f"{BASE}{desk.service}/Channels/{channel['sid']}/Members/{member['sid']}"
    assert (member["channel_sid"], member["identity"]) == (channel["sid"], "ada")
    assert member["role_sid"] == await role_sid(desk, "channel user")
    assert (member["last_consumed_message_index"], member["last_consumption_timestamp"]) == (None, None)
    assert member["attributes"] == "{}"
    assert (await fetched(desk, channel))["members_count"] == 1
    assert (await desk.account.get(f"{desk.service}/Users/ada")).status_code == 200  # made by it


@pytest.mark.parametrize("identity", ["alice+tag@example.com", "José", "a/b", "Members", "50%", "q?x#y"])
async def test_a_member_goes_by_sid_or_identity(desk: Desk, identity: str) -> None:
    channel = await a_channel(desk)
    member = await a_member(desk, channel, identity)
    named = f"{channel['url']}/Members/{''.join(f'%{byte:02X}' for byte in identity.encode())}"

    assert (await desk.account.get(named)).json() == member
    if identity == "alice+tag@example.com":  # as helper libraries write it
        assert (await desk.account.get(f"{channel['url']}/Members/{identity}")).json() == member
    again = await desk.account.post(f"{channel['url']}/Members", data={"Identity": identity})
    assert refused(again, 409, 50404)
    assert (await desk.account.delete(named)).status_code == 204
    assert refused(await desk.account.get(named), 404, 20404)


async def test_a_role_is_one_of_a_channel_in_this_service(desk: Desk) -> None:
    channel = await a_channel(desk)
    admin = await role_sid(desk, "channel admin")
    member = await a_member(desk, channel, "ada", RoleSid=admin)
    assert member["role_sid"] == admin
    blocked = await role_sid(desk, "blockedUser")
    assert (await changed(desk, member, RoleSid=blocked))["role_sid"] == blocked

    neighbour = await desk.house.neighbour("mallory")
    theirs = (await desk.account.get(f"/v2/Services/{neighbour.service_sid}/Roles")).json()["roles"]
    foreign = next(role["sid"] for role in theirs if role["type"] == "channel")
    for wrong in (foreign, await role_sid(desk, "service user"), f"RL{'0' * 32}"):
        assert refused(await desk.account.post(member["url"], data={"RoleSid": wrong}), 400, 50101)
        new = await desk.account.post(f"{channel['url']}/Members", data={"Identity": "bob", "RoleSid": wrong})
        assert refused(new, 400, 50101)


async def test_who_made_a_channel_joins_it_as_its_admin(desk: Desk) -> None:
    channel = await a_channel(desk, CreatedBy="ada")
    assert channel["members_count"] == 0
    assert (await a_member(desk, channel, "ada"))["role_sid"] == await role_sid(desk, "channel admin")
    assert (await a_member(desk, channel, "bob"))["role_sid"] == await role_sid(desk, "channel user")


async def test_a_member_who_comes_from_elsewhere_keeps_dates_and_read_mark(desk: Desk) -> None:
    channel = await a_channel(desk)
    kept = {
        "DateCreated": THEN,
        "DateUpdated": LATER,
        "LastConsumedMessageIndex": "7",
        "LastConsumptionTimestamp": THEN,
    }
    member = await a_member(desk, channel, "ada", Attributes='{"a": 1}', **kept)
    assert (member["date_created"], member["date_updated"]) == (THEN, LATER)
    assert (member["last_consumed_message_index"], member["last_consumption_timestamp"]) == (7, THEN)
    assert member["attributes"] == '{"a": 1}'

    later = await changed(desk, member, Attributes="", DateCreated=LATER)
    assert (later["attributes"], later["date_created"], later["last_consumed_message_index"]) == (
        "{}",
        LATER,
        7,
    )
    assert later["date_updated"] > LATER
    assert (await changed(desk, member, DateUpdated=THEN))["date_updated"] == THEN


async def test_the_account_sets_anybodys_read_mark_also_backwards(desk: Desk) -> None:
    channel = await a_channel(desk)
    member = await a_member(desk, channel, "ada")
    for index in (3, 1, 0):
        read = await changed(desk, member, LastConsumedMessageIndex=index)
        assert read["last_consumed_message_index"] == index
        assert DATE.fullmatch(read["last_consumption_timestamp"])
    dated = await changed(desk, member, LastConsumptionTimestamp=THEN)
    assert (dated["last_consumed_message_index"], dated["last_consumption_timestamp"]) == (0, THEN)
    unread = await changed(desk, member, LastConsumedMessageIndex="")
    assert (unread["last_consumed_message_index"], unread["last_consumption_timestamp"]) == (None, None)
    assert (await desk.house.parts.database.read(lambda tx: tx.value("last_seq", stream=channel["sid"]))) == 7


@pytest.mark.parametrize(
    ("field", "value", "code"),
    [
        ("LastConsumedMessageIndex", "-1", 50406),
        ("LastConsumedMessageIndex", "first", 50406),
        ("LastConsumedMessageIndex", "9" * 40, 50406),
        ("LastConsumptionTimestamp", "noon", 50405),
        ("LastConsumptionTimestamp", "1960-01-01T00:00:00Z", 50405),
        ("DateCreated", "noon", 50308),
        ("Attributes", "[", 50304),
    ],
)
async def test_what_does_not_fit_is_refused_by_its_own_code(
    desk: Desk, field: str, value: str, code: int
) -> None:
    channel = await a_channel(desk)
    member = await a_member(desk, channel, "ada")
    assert refused(await desk.account.post(member["url"], data={field: value}), 400, code)
    new = await desk.account.post(f"{channel['url']}/Members", data={"Identity": "bob", field: value})
    assert refused(new, 400, code)
    assert (await fetched(desk, channel))["members_count"] == 1


async def test_one_moves_ones_own_read_mark_on_and_nobody_elses(desk: Desk) -> None:
    channel = await a_channel(desk)
    ada, bob = await a_member(desk, channel, "ada"), await a_member(desk, channel, "bob")
    for body in ("1", "2", "3"):
        await made(desk, f"{channel['url']}/Messages", Body=body)
    client = desk.holding("ada")
    marks = []
    for index in ("1", "0", "99"):
        answer = await client.post(ada["url"], data={"LastConsumedMessageIndex": index})
        marks.append(answer.json()["last_consumed_message_index"])
    assert marks == [1, 1, 2]
    for row, fields in (
        (bob, {"LastConsumedMessageIndex": "1"}),
        (ada, {"LastConsumptionTimestamp": THEN}),
        (ada, {"DateCreated": THEN}),
        (ada, {"DateUpdated": THEN}),
        (ada, {"RoleSid": await role_sid(desk, "channel admin")}),
        (bob, {"Attributes": "{}"}),
    ):
        assert refused(await client.post(row["url"], data=fields), 403, 50107)
    assert await fetched(desk, bob) == bob


async def test_a_blocked_member_marks_as_read_and_changes_nothing_else(desk: Desk) -> None:
    channel = await a_channel(desk)
    ada = await a_member(desk, channel, "ada", RoleSid=await role_sid(desk, "blockedUser"))
    await made(desk, f"{channel['url']}/Messages", Body="no")
    client = desk.holding("ada")
    read = await client.post(ada["url"], data={"LastConsumedMessageIndex": "0"})
    assert read.json()["last_consumed_message_index"] == 0
    assert refused(await client.post(ada["url"], data={"Attributes": "{}"}), 403, 50107)
    both = {"LastConsumedMessageIndex": "0", "RoleSid": await role_sid(desk, "channel user")}
    assert refused(await client.post(ada["url"], data=both), 403, 50107)


async def test_a_person_joins_without_a_past(desk: Desk) -> None:
    channel = await a_channel(desk)
    await desk.account.post(f"{desk.service}/Users", data={"Identity": "ada"})
    ada, members = desk.holding("ada"), f"{channel['url']}/Members"
    for fields in (
        {"LastConsumedMessageIndex": "1"},
        {"DateCreated": THEN},
        {"RoleSid": await role_sid(desk, "channel admin")},
        {"Identity": "bob"},
    ):
        assert refused(await ada.post(members, data={"Identity": "ada", **fields}), 403, 50107)
    assert (await ada.post(members, data={"Identity": "ada"})).status_code == 201


async def test_a_full_channel_takes_nobody_more(desk: Desk) -> None:
    await limit(desk, channel_members=2)
    channel = await a_channel(desk)
    for identity in ("ada", "bob"):
        await a_member(desk, channel, identity)
    members = f"{channel['url']}/Members"
    assert refused(await desk.account.post(members, data={"Identity": "eve"}), 403, 50403)
    assert refused(await desk.account.post(members, data={"Identity": "ada"}), 409, 50404)
    assert (await fetched(desk, channel))["members_count"] == 2
    await desk.account.delete(f"{members}/bob")
    await a_member(desk, channel, "eve")


async def test_of_many_who_join_at_once_no_more_than_fit_come_in(desk: Desk) -> None:
    await limit(desk, channel_members=5)
    channel = await a_channel(desk)
    account, members = desk.account, f"{channel['url']}/Members"
    joining = [account.post(members, data={"Identity": f"user-{number}"}) for number in range(12)]
    answers = await asyncio.gather(*joining)
    assert sorted(answer.status_code for answer in answers) == [201] * 5 + [403] * 7
    assert len(await rows(desk, members)) == (await fetched(desk, channel))["members_count"] == 5


async def test_a_user_is_in_no_more_channels_than_the_service_allows(desk: Desk) -> None:
    await limit(desk, user_channels=1)
    first, second = await a_channel(desk), await a_channel(desk)
    member = await a_member(desk, first, "ada")
    new = await desk.account.post(f"{second['url']}/Members", data={"Identity": "ada"})
    assert refused(new, 403, 50208)
    own = await desk.holding("ada").post(f"{desk.service}/Channels", data={})
    assert refused(own, 403, 50208)
    await desk.account.delete(member["url"])
    await a_member(desk, second, "ada")


async def test_who_was_removed_comes_back_as_somebody_new(desk: Desk) -> None:
    channel = await a_channel(desk)
    member = await a_member(desk, channel, "ada", LastConsumedMessageIndex=3, Attributes='{"a": 1}')
    assert (await desk.account.delete(member["url"])).status_code == 204
    again = await a_member(desk, channel, "ada")
    assert again["sid"] != member["sid"]
    assert (again["last_consumed_message_index"], again["attributes"]) == (None, "{}")
    assert refused(await desk.account.get(member["url"]), 404, 20404)


async def test_members_are_filtered_by_identity(desk: Desk) -> None:
    channel = await a_channel(desk)
    made_first = {name: await a_member(desk, channel, name) for name in ("ada", "bob", "eve")}
    members = f"{channel['url']}/Members"
    for query, names in {
        "Identity=bob": ["bob"],
        "Identity=eve&Identity=ada&Identity=eve&Identity=nobody": ["ada", "eve"],
        "Identity=nobody": [],
        f"Identity={made_first['ada']['sid']}": [],
        "": ["ada", "bob", "eve"],
    }.items():
        assert [row["identity"] for row in await rows(desk, f"{members}?{query}")] == names
    assert await rows(desk, f"{members}?Identity=bob") == [made_first["bob"]]


async def test_a_person_leaves_by_themselves_and_takes_nobody_out(desk: Desk) -> None:
    channel = await a_channel(desk)
    ada, bob = await a_member(desk, channel, "ada"), await a_member(desk, channel, "bob")
    client = desk.holding("ada")
    assert refused(await client.delete(bob["url"]), 403, 50107)
    assert (await client.delete(ada["url"])).status_code == 204
    assert (await fetched(desk, channel))["members_count"] == 1
