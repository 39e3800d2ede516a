"""Bindings and push credentials: real lists that are empty, for there is no push yet."""

from __future__ import annotations

from twilio.rest.chat.v2.service import ServiceContext

from tests.clients.accounts import NOWHERE, Account, refused


def test_there_are_no_bindings_yet(service: ServiceContext) -> None:
    service.users.create("unbound")
    user = service.users("unbound")
    assert service.bindings.list() == []
    assert service.bindings.list(binding_type=["gcm"], identity=["unbound"]) == []
    assert user.user_bindings.list() == []
    assert user.user_bindings.list(binding_type=["apn", "fcm"]) == []
    assert service.bindings.page(page_size=2).next_page_url is None
    for binding in (service.bindings(f"BS{NOWHERE}"), user.user_bindings(f"BS{NOWHERE}")):
        with refused(404, 20404):
            binding.fetch()
        with refused(404, 20404):
            binding.delete()
    user.delete()


def test_there_are_no_push_credentials_yet(account: Account) -> None:
    credentials = account.client.chat.v2.credentials
    assert credentials.list() == []
    with refused(404, 20404):
        credentials(f"CR{NOWHERE}").fetch()
    with refused(404, 20404):
        credentials(f"CR{NOWHERE}").delete()
