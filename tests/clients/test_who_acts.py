"""Who acts: the account, an API key, or a user with a token; and the library's older spellings."""

from __future__ import annotations

import re
import time

import jwt
import pytest
from twilio.base.exceptions import TwilioException
from twilio.rest.chat.v2.service import ServiceContext
from twilio.rest.chat.v2.service.channel import ChannelContext

from tests.clients.accounts import NOWHERE, Account, refused
from tests.servers import command


def test_the_guides_spelling_still_works(account: Account, channel: ChannelContext) -> None:
    sid = str(channel.fetch().sid)
    with pytest.warns(DeprecationWarning, match="services is deprecated"):
        service = account.client.chat.services(account.service_sid)
    assert service.channels(sid).fetch().sid == sid


def test_chat_goes_by_its_former_name_too(account: Account, channel: ChannelContext) -> None:
    sid = str(channel.fetch().sid)
    same = account.client.ip_messaging.v2.services(account.service_sid).channels(sid)
    assert same.messages.create(body="Hello").to == sid
    assert [message.body for message in channel.messages.list()] == ["Hello"]
    with pytest.warns(DeprecationWarning, match="services is deprecated"):
        assert account.client.ip_messaging.services(account.service_sid).fetch().sid == account.service_sid


def test_an_api_key_opens_what_the_account_does(account: Account, channel: ChannelContext) -> None:
    secrets = account.secrets
    keyed = account.holding(secrets["api_key"], secrets["api_secret"], secrets["account_sid"])
    service = keyed.chat.v2.services(account.service_sid)
    message = service.channels(str(channel.fetch().sid)).messages.create(body="By key")
    assert (message._from, message.account_sid) == ("system", secrets["account_sid"])


def test_a_key_of_the_operators_making_counts_until_it_is_revoked(
    account: Account, channel: ChannelContext
) -> None:
    data, sid = account.server.data, str(channel.fetch().sid)
    key = re.findall(r"=(\S+)", command("key", "new", "--name", "program", data=data).stdout)
    channel.members.create("ada")
    keyed = account.holding(*key, account.secrets["account_sid"]).chat.v2.services(account.service_sid)
    user = account.being("ada", *key)
    assert keyed.channels(sid).fetch().sid == user.channels(sid).fetch().sid == sid

    revoked = command("key", "revoke", key[0], data=data)
    assert revoked.returncode == 0, revoked.stderr
    for service in (keyed, user):
        with refused(401, 20003):
            service.channels(sid).fetch()


def test_wrong_credentials_open_nothing(account: Account) -> None:
    secrets = account.secrets
    for name, secret in (
        (secrets["account_sid"], "wrong"),
        (secrets["api_key"], secrets["auth_token"]),
        (f"AC{NOWHERE}", secrets["auth_token"]),
        ("jörg", "pässword"),
    ):
        stranger = account.holding(name, secret, secrets["account_sid"])
        with refused(401, 20003) as caught:
            stranger.chat.v2.services(account.service_sid).fetch()
        assert caught.value.msg.endswith("Authenticate")
        with pytest.raises(TwilioException, match="Unable to fetch page"):
            stranger.chat.v2.services.list()


def test_a_users_token_is_taken_in_either_header(account: Account, channel: ChannelContext) -> None:
    channel.members.create("ada")
    sid = str(channel.fetch().sid)
    assert account.being("ada").channels(sid).fetch().sid == sid
    answer = account.client.http_client.request(
        "GET",
        f"{account.server.address}/v2/Services/{account.service_sid}/Channels/{sid}",
        headers={"X-Twilio-Token": account.token("ada")},
    )
    assert answer.status_code == 200


def test_a_token_of_somebody_elses_making_opens_nothing(account: Account, service: ServiceContext) -> None:
    good = account.token("ada")
    claims = jwt.decode(good, options={"verify_signature": False})
    header = jwt.get_unverified_header(good)
    secret = account.secrets["api_secret"]
    past = claims | {"exp": int(time.time()) - 120}
    future = claims | {"nbf": int(time.time()) + 600}
    foreign = claims | {"grants": claims["grants"] | {"chat": {"service_sid": f"IS{NOWHERE}"}}}
    for token in (
        jwt.encode(claims, "another secret of thirty-two bytes", "HS256", header),
        jwt.encode(claims, secret * 3, "HS512", header),
        jwt.encode(past, secret, "HS256", header),
        jwt.encode(future, secret, "HS256", header),
        jwt.encode(foreign, secret, "HS256", header),
        good.rsplit(".", 1)[0] + ".",
        "nonsense",
    ):
        answer = account.client.http_client.request(
            "GET",
            f"{account.server.address}/v2/Services/{account.service_sid}/Channels",
            headers={"X-Twilio-Token": token},
        )
        assert (answer.status_code, '"code":20003' in answer.text) == (401, True)


def test_a_users_token_does_not_make_them_the_account(account: Account) -> None:
    user = account.being("ada")
    with refused(403, 50107):
        user.update(friendly_name="Mine")
    with refused(403, 50107):
        user.roles.create("mine", "channel", ["sendMessage"])
    with refused(403, 50107):
        user.users.create("another")
    with refused(403, 50107):
        user.delete()


def test_a_user_changes_their_own_name_and_nobodys_role(account: Account, service: ServiceContext) -> None:
    own = account.being("vain").users("vain")
    assert own.update(friendly_name="Splendid").friendly_name == "Splendid"
    admin = next(role.sid for role in service.roles.list() if role.friendly_name == "service admin")
    with refused(403, 50205):
        own.update(role_sid=admin)
    service.users.create("modest")
    with refused(403, 50107):
        account.being("vain").users("modest").update(friendly_name="Silly")
    assert service.users("modest").fetch().friendly_name != "Silly"


def test_an_address_that_does_not_exist_is_answered_in_the_same_form(account: Account) -> None:
    for path in ("/v2/Nothing", f"/v2/Services/{account.service_sid}/Channels/x/y/z"):
        answer = account.ask("GET", path)
        assert answer.status_code == 404
        assert '"code":20404' in answer.text
        assert "title" not in answer.text


def test_a_slash_too_many_is_no_redirect_which_the_libraries_would_not_follow(account: Account) -> None:
    assert account.ask("GET", "/v2/Services/").status_code == 200
    made = account.ask(
        "POST", f"/v2/Services/{account.service_sid}/Channels/", data={"FriendlyName": "Slash"}
    )
    assert made.status_code == 201
