"""What is found in a text, what is not, and that no text makes the search slow or large."""

from __future__ import annotations

import random
import time
import tracemalloc

import pytest
from hypothesis import given
from hypothesis import strategies as st

from vestibule.checks.detectors import cards, ibans
from vestibule.checks.detectors.search import AHEAD, WINDOW, Search, summary

CARDS = {
    "groups": "4111 1111 1111 1111",
    "hyphens": "5555-5555-5555-4444",
    "no-break spaces": "4111\u00a01111\u00a01111\u00a01111",
    "narrow ones": "4111\u202f1111\u202f1111\u202f1111",
    "one piece": "4111111111111111",
    "lost gaps": "4111 111111111111",
    "wide gaps": "4111  1111  1111  1111",
    "boxes": "4 1 1 1 1 1 1 1 1 1 1 1 1 1 1 1",
    "with its date": "4111 1111 1111 1111 12/28 123",
    "after a date": "2026-11-24 4111 1111 1111 1111",
    "American Express": "3782 822463 10005",
    "Diners Club": "3056 930902 5904",
    "Diners Club, called so": "card: 30569309025904",
    "Mastercard": "2223 0031 2200 3222",
    "JCB": "3530111333300000",
    "Discover": "6011-1111-1111-1117",
    "in a table": "Ada;4111111111111111;2028",
    "in quotes": '{"number":"4111111111111111"}',
    "called a card": "card no. 4111111111111111",
}
NO_CARDS = {
    "one digit wrong": "4111 1111 1111 1112",
    "telephone": "+4917 1234 5678 9012",
    "telephone in one piece": "+4111111111111111",
    "order": "order 4111111111111111",
    "reference": "Reference no: 4111111111111111",
    "id": "request_id=4111111111111111",
    "in an address": "https://shop.example/items/4111111111111111",
    "of a name": "testcase-5390364397928448",
    "UUID": "4111aaaa-1111-4111-1111-411111111111",
    "digits of a UUID": "41111111-1111-4111-8111-111111111111",
    "time in microseconds": "1732442316123456",
    "64 bits": "4111111111111111110",
    "fraction": "0.4111111111111111",
    "with a fraction": "4111111111111111.5",
    "hexadecimal": "4111111111111111ab",
    "row of numbers": "4000 0566 5566 5556 4000 0566 5566 5556",
    "years": "2220 2221 2222 2223 2224 2225 2226 2227",
    "dates": "2026-11-24 2026-11-25 2026-11-26",
    "article": "30569309025904",
    "zeros": "4444444444444444444",
    "over two lines": "4111 1111\n1111 1111",
    "columns": "4111\t1111\t1111\t1111",
}
IBANS = ("DE89 3704 0044 0532 0130 00", "GB82WEST12345698765432", "FR14 2004 1010 0505 0001 3M02 606 BIC X")
NO_IBANS = (
    "DE89 3704 0044 0532 0130 01",
    "DE8937040044053201300",
    "ZZ89370400440532013000",
    "xDE89370400440532013000",
)
MADE_UP = "x9kQz27PpLm" + "4w"
SECRETS = {
    "AWS access key": "AKIA" + "IOSFODNN7ABCDEFG",
    "GitHub token": "ghp_" + "a1B2" * 9,
    "GitLab token": "glpat-" + "x7Yb9Kd3" * 3,
    "Slack token": "xoxb-" + "123456789012-" + "abcdefABCDEF",
    "Stripe key": "sk_live_" + "a1B2c3D4" * 3,
    "Google key": "AIza" + "a1B2c3D" * 5,
    "JSON web token": ".".join(
        ("eyJ" + "hbGciOiJIUzI1NiJ9", "eyJ" + "zdWIiOiIxMjM0NTY3ODkwIn0", "dozjgNryP4J3jVmNHl0w5N")
    ),
    "private key": "-----BEGIN RSA " + "PRIVATE KEY-----\nMIIEowIBAAKCAQEAxvzu8Hn2\n",
    "password or key": f"Password: {MADE_UP}",
}
NO_SECRETS = (
    "password = os.environ['PASSWORD']",
    "password: hunter2",
    "api_key = YOUR_API_KEY_HERE_12",
    "token = get_token_of_user(12)",
    "AKIA" + "IOSFODNN7EXAMPLE",
    "the password is the one that you chose 2 years ago",
    "sha256 secret: 12 words",
    "-----BEGIN PUBLIC KEY-----\nMIIBIjANBgkqhkiG9w0BAQEF\n",
    f"${{PASSWORD}} passwort {MADE_UP}",
)


def found(text: str) -> dict[str, int]:
    search = Search()
    search.feed(text)
    search.finish()
    return {kind: hits.count for kind, hits in search.hits.items()}


@pytest.mark.parametrize("name", CARDS)
def test_a_card_number_is_found(name: str) -> None:
    assert found(f"Please take {CARDS[name]}, thanks") == {"card_number": 1}


@pytest.mark.parametrize("name", NO_CARDS)
def test_another_number_is_no_card_number(name: str) -> None:
    assert found(f"Please take {NO_CARDS[name]}, thanks") == {}


@pytest.mark.parametrize("text", IBANS)
def test_a_bank_account_is_found(text: str) -> None:
    assert found(f"To {text}, please") == {"iban": 1}


@pytest.mark.parametrize("text", NO_IBANS)
def test_what_is_no_bank_account_is_not(text: str) -> None:
    assert found(f"To {text}, please") == {}


@pytest.mark.parametrize("name", SECRETS)
def test_a_credential_is_found(name: str) -> None:
    assert found(f"here: {SECRETS[name]} .") == {"secret": 1}


@pytest.mark.parametrize(
    "name", ["password = '{}'", 'API_KEY="{}"', "client_secret: {}", "auth_token => {}", '"apiKey": "{}",']
)
def test_a_made_up_password_is_found_by_its_name(name: str) -> None:
    assert found(name.format(MADE_UP)) == {"secret": 1}


@pytest.mark.parametrize("text", NO_SECRETS)
def test_what_manuals_and_programs_say_is_no_credential(text: str) -> None:
    assert found(text) == {}


def test_a_card_number_is_found_wherever_the_pieces_are_cut() -> None:
    text = f"{'.' * 50} 4111 1111 1111 1111 {'.' * 50}\n"
    for size in (1, 7, 19):
        search = Search()
        for at in range(0, len(text), size):
            search.feed(text[at : at + size])
        search.finish()
        assert search.hits["card_number"].count == 1


@pytest.mark.parametrize("before", range(WINDOW - 25, WINDOW + 25, 6))
def test_a_card_number_between_two_windows_is_counted_once(before: int) -> None:
    text = "x" * (before - 1) + " 4111 1111 1111 1111 " + "x" * (WINDOW + AHEAD)
    assert found(text) == {"card_number": 1}


def test_it_is_told_where_but_not_what() -> None:
    search = Search()
    search.feed(f"one\ntwo {CARDS['groups']}\n{IBANS[0]}\n{SECRETS['GitHub token']}\n")
    search.begin("page 3")
    for _ in range(5):
        search.feed(f"{CARDS['groups']}\n")
    search.finish()
    told = summary(search.hits)
    assert told == (
        "card_number: 6, …1111 (line 2), …1111 (page 3), …1111 (page 3), …; "
        "iban: 1, DE…3000 (line 3); secret: 1, GitHub token (line 4)"
    )


def test_the_check_digits_follow_from_the_others() -> None:
    assert cards.is_luhn("79927398713")
    assert not cards.is_luhn("79927398710")
    assert ibans.is_right("NO9386011117947")
    assert not ibans.is_right("NO9386011117974")


LETTERS = st.text(alphabet="0123456789 -+.,:=/\u00a0\n\"'aADEeyJpasswordtokenBGIN_İ", max_size=400)


@given(LETTERS, st.integers(1, 40))
def test_whatever_the_text_and_its_pieces_what_is_found_is_the_same(text: str, size: int) -> None:
    search = Search()
    for at in range(0, len(text), size):
        search.feed(text[at : at + size])
    search.finish()
    assert {kind: hits.count for kind, hits in search.hits.items()} == found(text)


HOSTILE = {
    "one digit": "4",
    "digits apart": "4 ",
    "groups": "4111 ",
    "wide gaps": "4  1",
    "card numbers": "4111 1111 1111 1111, ",
    "countries": "DE12 1",
    "accounts": "DE89 3704 0044 0532 0130 00, ",
    "half tokens": "eyJaaaaaaaaaaa.",
    "long half tokens": "eyJ" + "a" * 1990 + ".",
    "names": "password=",
    "names and values": "password=" + "a1B2" * 40,
    "begins": "-----BEGIN ",
    "lines": "\n",
    "letters that grow": "İ",
    "quotes": 'token"\t\t\t\t:',
}


@pytest.mark.parametrize("name", HOSTILE)
def test_no_text_makes_it_slow(name: str) -> None:
    assert spent(name, 1_000_000) < 2  # seconds of CPU; measured: 0.01 to 0.7


@pytest.mark.slow
@pytest.mark.parametrize("name", ["digits apart", "groups", "card numbers", "names", "half tokens"])
def test_three_megabytes_take_three_times_as_long(name: str) -> None:
    assert spent(name, 3_000_000) < 6


def spent(name: str, size: int) -> float:
    text = HOSTILE[name] * (size // len(HOSTILE[name]))
    started = time.process_time()
    found(text)
    return time.process_time() - started


def test_memory_is_flat_however_long_the_text_is() -> None:
    random.seed(1)
    piece = "".join(random.choices("0123456789 abc-\n", k=1 << 16))
    search = Search()
    tracemalloc.start()
    for _ in range(200):
        search.feed(piece)
    search.finish()
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert peak < 4 << 20


def test_beyond_the_most_nothing_is_looked_at_and_that_is_said() -> None:
    search = Search(most=100)
    search.feed("x" * 90)
    search.feed(f" {CARDS['groups']} ")
    search.finish()
    assert search.hits == {}
    assert search.left == "11 of 111 characters"
