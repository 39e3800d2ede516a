"""What a visitor's browser does: it reads the site, starts a chat, comes back, writes."""

from __future__ import annotations

from tests.http.desk import Desk


async def test_a_visitor_starts_a_chat_and_writes(desk: Desk) -> None:
    visitor = desk.client()
    chat = (await visitor.post("/v1/chats", json={"friendly_name": "Ada", "email": "ada@example.com"})).json()

    channel = f"/v1/channels/{chat['channel_sid']}"
    bearer = {"authorization": f"Bearer {chat['token']}"}
    sent = await visitor.post(f"{channel}/messages", json={"body": "Hello"}, headers=bearer)
    view = (await visitor.get(channel, headers=bearer)).json()

    assert sent.status_code == 201
    assert [message["body"] for message in view["messages"]] == ["Hello"]
    assert view["members"][0]["identity"] == chat["identity"]
    assert view["roles"][view["members"][0]["role_sid"]] == "channel user"
    assert view["seq"] == view["channel"]["seq"]


async def test_a_form_starts_a_chat_as_well(desk: Desk) -> None:
    answer = await desk.client().post("/v1/chats", data={"friendly_name": "null", "email": ""})
    view = await desk.agent.get(f"/v1/channels/{answer.json()['channel_sid']}")

    assert answer.status_code == 201
    assert view.json()["channel"]["friendly_name"] == "null"


async def test_a_reloaded_page_comes_back_to_its_chat(desk: Desk) -> None:
    visitor = desk.client()
    chat = (await visitor.post("/v1/chats", json={})).json()
    again = await visitor.post("/v1/chats/resume", json={"resume": chat["resume"]})

    assert again.status_code == 200
    for name in ("identity", "channel_sid", "task_sid", "service_sid"):
        assert again.json()[name] == chat[name]


async def test_a_chat_that_was_deleted_cannot_be_resumed(desk: Desk) -> None:
    chat = (await desk.client().post("/v1/chats", json={})).json()
    await desk.account.delete(f"{desk.service}/Channels/{chat['channel_sid']}")
    again = await desk.client().post("/v1/chats/resume", json={"resume": chat["resume"]})

    assert (again.status_code, again.json()["code"]) == (401, 20003)


async def test_a_word_that_we_did_not_seal_resumes_nothing(desk: Desk) -> None:
    chat = (await desk.client().post("/v1/chats", json={})).json()
    for word in ("", "x", chat["token"], chat["resume"][:-2]):
        answer = await desk.client().post("/v1/chats/resume", json={"resume": word})
        assert answer.status_code == 401


async def test_the_site_introduces_itself(desk: Desk) -> None:
    site = (await desk.client().get("/v1/site")).json()

    assert site["files"] == {"max_bytes": 200_000, "accept": [".pdf"], "words": "Photos, PDF, video"}
    assert site["reply_minutes"] == 1
    assert set(site) == set("team greeting reply_minutes accent languages ask_name ask_email files".split())


async def test_a_wrong_field_is_told_with_the_right_one(desk: Desk) -> None:
    answer = await desk.customer.post(f"{desk.channel}/messages", json={"bdy": "Hi"})

    assert answer.status_code == 400
    assert answer.json()["message"] == "There is no field 'bdy' here. Did you mean 'body'?"


async def test_a_body_that_is_no_json_is_refused(desk: Desk) -> None:
    for body in (b"{", b"[]", b'"x"', b"\xff\xfe", b'{"body": 1}', b"[" * 100_000):
        answer = await desk.customer.post(f"{desk.channel}/messages", content=body)
        assert (answer.status_code, answer.json()["code"]) == (400, 20001), body[:20]


async def test_history_is_read_backwards_in_pages(desk: Desk) -> None:
    for number in range(5):
        await desk.customer.post(f"{desk.channel}/messages", json={"body": str(number)})
    page = await desk.customer.get(f"{desk.channel}/messages", params={"before": 3, "limit": 2})

    assert [message["body"] for message in page.json()["messages"]] == ["1", "2"]
    for wrong in ({"limit": 0}, {"limit": 201}, {"before": -1}, {"limit": "x"}, {"limits": 5}):
        assert (await desk.customer.get(f"{desk.channel}/messages", params=wrong)).status_code == 400


async def test_a_message_is_edited_read_and_deleted(desk: Desk) -> None:
    message = (await desk.customer.post(f"{desk.channel}/messages", json={"body": "a"})).json()
    address = f"{desk.channel}/messages/{message['sid']}"

    assert (await desk.customer.post(address, json={"body": "b"})).json()["was_edited"]
    read = await desk.agent.post(f"{desk.channel}/read", json={"index": 0})
    assert read.json()["last_consumed_message_index"] == 0
    assert (await desk.customer.post(f"{desk.channel}/typing")).status_code == 204
    for who in (desk.customer, desk.account):
        assert (await who.post(f"/v1/channels/CH{'0' * 32}/typing")).status_code == 404
    assert (await desk.agent.delete(address)).status_code == 204
    assert (await desk.customer.get(desk.channel)).json()["messages"] == []


async def test_the_desk_lists_tasks_agents_and_a_persons_chats(desk: Desk) -> None:
    await desk.sent_file()
    await desk.client().post("/v1/chats", json={"friendly_name": "Bob"})
    agent = desk.agent
    tasks = (await agent.get("/v1/tasks")).json()
    pending = (await agent.get("/v1/tasks", params=[("state", "pending"), ("state", "wrapping")])).json()
    agents = (await agent.get("/v1/agents")).json()
    person = (await agent.get(f"/v1/users/{desk.chat.customer.identity}")).json()

    assert [task["customer_name"] for task in tasks["tasks"]] == ["Ada", "Bob"]
    assert [task["customer_name"] for task in pending["tasks"]] == ["Bob"]
    assert agents == {"agents": [{"identity": "grace", "friendly_name": "", "is_online": False}]}
    assert person["channels"][0]["sid"] == desk.chat.channel_sid
    assert person["files"][0]["filename"] == "bill.pdf"


async def test_a_task_goes_its_way(desk: Desk) -> None:
    other = await desk.house.agent("hedy")
    chat = (await desk.client().post("/v1/chats", json={})).json()
    task, grace, hedy = f"/v1/tasks/{chat['task_sid']}", desk.agent, desk.holding(other.identity)

    assert (await grace.post(f"{task}/accept")).json()["agent"] == "grace"
    assert (await hedy.post(f"{task}/accept")).status_code == 409
    assert (await grace.post(f"{task}/transfer", json={"agent": "hedy"})).json()["state"] == "pending"
    assert (await hedy.post(f"{task}/accept", json={})).json()["state"] == "accepted"
    assert (await hedy.post(f"{task}/wrapup")).json()["state"] == "wrapping"
    assert (await hedy.post(f"{task}/complete")).json()["state"] == "completed"
