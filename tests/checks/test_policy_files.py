"""Policy files: what an operator writes, and what they are told when it makes no sense."""

from __future__ import annotations

from pathlib import Path

import pytest

from vestibule.checks.policies.reading import PRESETS, parsed, preset, read
from vestibule.checks.policy import MIB
from vestibule.errors import ConfigurationError


@pytest.mark.parametrize("name", PRESETS)
def test_every_preset_is_a_policy(name: str) -> None:
    written = read(name)
    assert written.version.startswith(f"{name}-")
    assert written.policy.admit("photo.jpg", "image/jpeg", 1000).is_clean


def test_nothing_said_is_the_web_chat() -> None:
    assert read().version == read("web-chat").version


def test_a_bank_takes_four_types_and_a_scanner_must_be_there() -> None:
    strict = read("strict")
    assert strict.policy.accept() == [".jpeg", ".jpg", ".pdf", ".png", ".webp"]
    assert strict.policy.largest() == 10 * MIB
    assert strict.document.rules("antivirus").required
    assert strict.document.documents.active == "refuse"
    assert strict.document.originals.keep == 0


def test_a_file_changes_what_it_names_and_nothing_else(tmp_path: Path) -> None:
    file = tmp_path / "policy.toml"
    file.write_text('preset = "strict"\nname = "branch"\n[files]\nlargest = "1.5 MiB"\n')
    written, strict = read(str(file)), read("strict")
    assert written.policy.largest() == 1.5 * MIB
    assert written.policy.accept() == strict.policy.accept()
    assert written.document.verdicts == strict.document.verdicts
    assert written.version.startswith("branch-")


def test_a_role_has_its_own_list_and_size() -> None:
    policy = parsed('[roles.guest]\nextensions = ["png"]\nlargest = "1 MiB"\n').policy
    assert policy.accept("guest") == [".png"]
    assert (policy.limit("png", "guest"), policy.limit("png")) == (MIB, 25 * MIB)
    assert policy.largest_of_all() == 25 * MIB


def test_a_role_that_says_only_its_size_keeps_everybodys_types() -> None:
    policy = parsed('[roles.agent]\nlargest = "50 MiB"\n').policy
    assert policy.accept("agent") == policy.accept()
    assert policy.largest_of_all() == 50 * MIB


def test_every_change_makes_another_version() -> None:
    one, two = parsed("[pictures]\nside = 1000\n"), parsed("[pictures]\nside = 1001\n")
    assert one.version != two.version
    assert one.version == parsed("# a comment changes nothing\n[pictures]\nside = 1000\n").version


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ('preset = "strct"', "there is no preset 'strct', only strict, web-chat, open"),
        ("[fils]", "there is no key 'fils'. Did you mean 'files'?"),
        ('[files]\nlargset = "1 MiB"', "Did you mean 'files.largest'?"),
        ('[files]\nlargest = "2 QiB"', """'2 QiB' is not a size such as "25 MiB" - at `$.files.largest`"""),
        ("[files]\nlargest = true", "True is not a size"),
        ("[files]\nextensions = []", "takes no file at all"),
        ('[files]\nextensions = ["exe"]', "names 'exe', which no check knows"),
        ('[deadlines]\nheld = "soon"', "'soon' is not a time such as"),
        ('[checks.rules]\nsuspicious = "allow"', "Invalid enum value 'allow'"),
        ('[verdicts]\nsilence = "clean"', "Invalid enum value 'clean'"),
        ("[checks.rules]\nenabled = false\nrequired = true", "[checks.rules] is required, and switched off"),
        ("[moderation]\nblur = 2.0", "<= 1.0 - at `$.moderation.blur`"),
        ("[moderation]\nhold = 0.1", "`blur` <= `hold` <= `refuse`"),
        ("[archives]\ndepth = 9", "<= 3 - at `$.archives.depth`"),
        ("[files\n", "is no TOML"),
        ('[roles.agent]\nextension = ["pdf"]', "Did you mean 'roles.agent.extensions'?"),
        ("[checks.antivirus]\nrequird = true", "Did you mean 'checks.antivirus.required'?"),
        ("[checks]\nrules = true", "Expected `table`, got `bool`"),
        ('[files]\nextensions = ["pfd"]', "Did you mean 'pdf'?"),
        ('[files.sizes]\npfd = "1 MiB"', "Did you mean 'pdf'?"),
        ('[files]\nlargest = "0"', "takes no file at all: `largest` is 0"),
        ('[verdicts]\nsilence = "ignore"', "It is one of hold, refuse."),
        ('[sensitive]\niban = "block"', "It is one of ignore, flag, hold, refuse."),
        ('[sensitive.agents]\niban = "block"', "It is one of ignore, flag, hold, refuse."),
        ('[sensitive.agents]\ncard = "flag"', "It is one of card_number, iban, secret."),
        ('[documents]\nactive = "hold"', "It is one of disarm, refuse."),
    ],
)
def test_what_makes_no_sense_is_told_by_its_name(text: str, sentence: str) -> None:
    with pytest.raises(ConfigurationError) as caught:
        parsed(text)
    assert sentence in str(caught.value)


def test_a_misspelt_preset_is_told_with_the_right_one() -> None:
    with pytest.raises(ConfigurationError, match="Did you mean 'strict'?"):
        read("stict")


def test_a_policy_that_is_not_there_is_told_with_the_presets() -> None:
    with pytest.raises(ConfigurationError) as caught:
        read("nowhere/policy.toml")
    assert "cannot be read: No such file or directory. The presets are strict," in str(caught.value)


@pytest.mark.parametrize("name", PRESETS)
def test_no_word_of_a_policy_lets_an_alarm_or_silence_in(name: str) -> None:
    states = read(name).document.states("antivirus")
    assert set(states) == {"suspicious", "encrypted", "too_large", "timeout", "error"}
    assert set(states.values()) <= {"held", "refused"}


@pytest.mark.parametrize("name", PRESETS)
def test_a_scanner_s_silence_waits_and_a_decoder_s_refuses(name: str) -> None:
    document = read(name).document
    for scanner in ("antivirus", "contents", "icap", "webhook"):
        assert document.states(scanner)["error"] == document.states(scanner)["timeout"] == "held"
    for decoder in ("images", "documents", "archives", "rules", "likeness"):
        assert document.states(decoder)["error"] == document.states(decoder)["timeout"] == "refused"


def test_where_a_bank_is_in_doubt_it_refuses() -> None:
    for check in ("moderation", "rules"):
        assert read("strict").document.states(check)["suspicious"] == "refused"
        assert read("web-chat").document.states(check)["suspicious"] == "held"


@pytest.mark.parametrize("name", PRESETS)
@pytest.mark.parametrize("check", ["likeness", "sensitive"])
def test_what_may_well_be_harmless_waits_for_a_person(name: str, check: str) -> None:
    assert read(name).document.states(check)["suspicious"] == "held"


@pytest.mark.parametrize("name", PRESETS)
def test_a_preset_says_every_value(name: str) -> None:
    """So that whoever reads it knows all there is to change."""
    text = preset(name)
    document = read(name).document
    for table in (
        "files",
        "originals",
        "verdicts",
        "pictures",
        "documents",
        "recordings",
        "archives",
        "quotas",
    ):
        for key in type(getattr(document, table)).__struct_fields__:
            assert f"{key} = " in text or key in ("sizes", "agents"), f"{table}.{key}"
