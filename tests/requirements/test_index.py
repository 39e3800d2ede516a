"""Every requirement has a test, or a line in SECURITY.md that says why not yet.

The ids are those of the project's list of requirements: files up, files down, signed links, fetching by
address, denial of service, who may, deletion, audit, pages. A test of this folder names its id; the others
are listed here, and must be there.
"""

from __future__ import annotations

import ast
import re
from functools import cache
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
TESTS = ROOT / "tests"
NAMED = re.compile(r"test_([a-z]{2})_(\d\d)(?:_to_(\d\d))?_")
IDS = {"FU": 19, "DL": 6, "SU": 5, "SF": 2, "DO": 2, "AU": 7, "DE": 3, "AD": 3, "UI": 1}

# Requirement, in a few words: where it is shown.
SHOWN: dict[str, tuple[str, str]] = {
    "FU-01": ("the policy is public", "house/test_simulation.py::test_strangers_may_read_what_is_taken"),
    "FU-02": (
        "an allow list; name, content and declared type agree",
        """checks/test_filetype.py::test_files_that_are_not_what_they_say_are_refused
        checks/test_policy.py::test_what_is_not_on_the_list_is_refused""",
    ),
    "FU-03": (
        "not a byte of an unchecked file, under any address",
        """endurance/test_mid_check.py::test_a_storm_of_kills_serves_nothing_unchecked
        endurance/test_kill.py::test_a_file_whose_checks_were_cut_off_is_checked_again_and_closed_until_then""",
    ),
    "FU-04": (
        "closed when broken",
        """media/test_verdicts.py::test_nothing_but_clean_opens_a_file
        checks/test_antivirus.py::test_no_lie_of_a_scanner_opens_a_file
        checks/test_icap.py::test_no_lie_of_a_service_opens_a_file
        checks/test_webhook.py::test_no_lie_of_a_scanner_opens_a_file
        contracts/test_folder.py::test_where_there_is_no_room_it_is_said_and_nothing_is_left
        endurance/test_mid_check.py::test_a_killed_scanner_opens_nothing
        endurance/test_mid_check.py::test_a_killed_worker_costs_no_more_than_another_try
        endurance/test_mid_check.py::test_a_killed_server_goes_on_where_it_was""",
    ),
    "FU-05": (
        "sizes are kept while the bytes come",
        """endurance/test_large_files.py::test_the_first_byte_beyond_the_limit_ends_an_upload
        http/test_uploads.py::test_a_form_with_endless_fields_or_headers_is_refused""",
    ),
    "FU-06": (
        "limits of what an archive unpacks to",
        """checks/test_archives.py::test_a_bomb_is_told_at_once
        checks/test_archives.py::test_the_counts_run_through_all_levels
        checks/test_hostile_zips.py::test_a_member_that_lies_about_its_size_is_cut_off""",
    ),
    "FU-07": (
        "limits of pixels, frames, pages and length",
        """checks/test_bombs.py::test_a_bomb_is_refused_at_its_header
        checks/test_documents.py::test_a_pdf_of_too_many_pages_is_too_complex
        checks/test_video.py::test_what_is_beyond_the_limits_is_too_complex""",
    ),
    "FU-08": ("a quota for each person", "media/test_quota.py::test_a_day_has_so_many_bytes"),
    "FU-09": (
        "archives hide, climb, double and lock nothing",
        """checks/test_archives.py::test_what_is_packed_to_harm_is_refused
        checks/test_archives.py::test_files_inside_obey_the_list_of_the_sender""",
    ),
    "FU-10": (
        "names in storage are ours, and private",
        """media/test_intake.py::test_a_clean_file_is_kept_under_its_sid_and_nowhere_else
        contracts/test_folder.py::test_nobody_but_the_owner_may_look_inside""",
    ),
    "FU-11": (
        "names are safe to show",
        """checks/test_filename.py::test_whatever_the_name_what_is_shown_is_safe
        fuzz/test_names.py::test_a_safe_name_is_safe_and_stays_as_it_is""",
    ),
    "FU-12": (
        "a virus scan of every file where there is a scanner, with its version",
        """checks/test_antivirus.py::test_a_harmless_file_is_clean_and_the_scanner_named
        checks/test_antivirus.py::test_an_infected_file_is_found_while_it_arrives
        media/test_verdicts.py::test_staff_see_what_every_check_said""",
    ),
    "FU-13": (
        "pictures are built anew, without what they tell",
        """checks/test_images.py::test_place_camera_remarks_and_tails_are_gone_from
        checks/test_images.py::test_a_photo_stays_the_way_up_that_it_was_seen""",
    ),
    "FU-14": (
        "nothing in a PDF acts",
        """checks/test_active_pdfs.py::test_what_acts_is_gone_from_the_copy
        fuzz/test_documents.py::test_a_damaged_pdf_is_refused_or_disarmed""",
    ),
    "FU-15": (
        "nothing in an Office document acts or fetches",
        """checks/test_office.py::test_what_acts_by_itself_is_refused
        fuzz/test_documents.py::test_what_acts_is_found_wherever_in_a_document_it_stands""",
    ),
    "FU-16": (
        "decoders can do nothing else",
        """checks/test_confinement.py::test_a_decoder_is_denied_to
        checks/test_sandbox.py::test_a_decoder_that_wants_too_much_memory_is_stopped
        checks/test_sandbox.py::test_a_crash_costs_its_own_file_only""",
    ),
    "FU-17": (
        "recordings are opened as what they are, with no protocol",
        "checks/test_video.py::test_what_is_no_such_recording_is_refused",
    ),
    "FU-18": (
        "formulas in a table are text, and clean texts untouched",
        """checks/test_texts.py::test_a_formula_in_a_table_is_text_wherever_it_stands
        checks/test_texts.py::test_a_clean_text_arrives_byte_by_byte_as_it_was_sent
        fuzz/test_texts.py::test_no_cell_by_a_separator_of_its_own_begins_with_a_sign""",
    ),
    "FU-19": (
        "ordinary files pass",
        """checks/test_documents.py::test_the_documents_of_other_makers_pass
        checks/test_images.py::test_the_pictures_of_other_makers_pass
        checks/test_archives.py::test_what_people_pack_every_day_passes
        checks/test_office.py::test_what_people_write_every_day_passes
        checks/test_rules.py::test_real_files_of_installed_packages_raise_no_alarm""",
    ),
    "DL-01": (
        "saved rather than shown, under a well written name",
        "http/test_files.py::test_whatever_a_file_is_called_the_header_stays_one_header",
    ),
    "DL-02": (
        "the type is exact, and not guessed at",
        "http/test_files.py::test_nothing_that_could_run_is_told_as_what_it_is",
    ),
    "DL-03": (
        "a policy under which nothing in a file runs",
        "http/test_files.py::test_a_link_needs_no_credentials_and_gives_the_bytes",
    ),
    "DL-04": (
        "an origin for files alone",
        "http/test_files.py::test_with_an_origin_for_files_each_serves_its_own",
    ),
    "DL-05": ("nothing is cached", "http/test_files.py::test_the_same_file_sent_twice_has_two_etags"),
    "DL-06": (
        "ranges are right and bounded",
        """http/test_files.py::test_a_range_is_answered_as_the_standard_says
        fuzz/test_words.py::test_a_range_lies_within_the_file_or_is_none""",
    ),
    "SU-01": (
        "any change to a link is noticed",
        """core/test_links.py::test_every_changed_byte_is_noticed
        fuzz/test_words.py::test_only_a_link_of_ours_is_read""",
    ),
    "SU-02": ("links live for minutes", "core/test_links.py::test_an_old_link_is_refused_and_says_so"),
    "SU-03": (
        "rights are asked again for the bytes",
        """http/test_files.py::test_deleting_the_message_kills_every_link
        http/test_files.py::test_who_leaves_the_channel_keeps_no_link""",
    ),
    "SU-04": (
        "the secret of links is rotated, and no log has it",
        "house/test_keyring.py::test_a_rotated_link_secret_signs_and_the_one_before_is_still_read",
    ),
    "SU-05": ("tickets for uploads", ""),
    "SF-01": ("nothing is fetched by address", ""),
    "SF-02": (
        "only the operator's scanners are called, and signed",
        """checks/test_webhook.py::test_a_scanner_can_tell_that_it_is_us_who_ask
        checks/test_webhook.py::test_files_go_past_no_proxy_of_the_environment""",
    ),
    "DO-01": (
        "who is slow or idle is cut off",
        """http/test_wire.py::test_half_a_request_is_cut
        http/test_wire.py::test_an_upload_that_stands_still_or_never_ends_is_cut_and_leaves_nothing
        endurance/test_large_files.py::test_uploads_that_only_hold_their_places_are_cut
        sockets/test_hello.py::test_whoever_says_nothing_is_closed
        media/test_intake.py::test_more_files_than_the_house_can_take_are_asked_to_come_again""",
    ),
    "DO-02": (
        "a bomb slows nobody else down",
        """checks/test_places.py::test_a_file_that_hangs_does_not_keep_the_next_waiting
        checks/test_places.py::test_a_decoder_that_burns_the_processor_stands_back""",
    ),
    "AU-01": (
        "every call is asked for its right to this channel",
        """http/test_matrix.py::test_everybody_gets_what_is_theirs
        http/test_matrix.py::test_the_matrix_names_every_route_that_needs_somebody
        http/test_matrix.py::test_a_sid_of_another_channel_opens_nothing_through_ones_own""",
    ),
    "AU-02": (
        "sockets know where they come from and who they are",
        """sockets/test_hello.py::test_a_page_of_another_site_is_closed
        sockets/test_hello.py::test_a_token_in_the_address_is_not_looked_at
        sockets/test_hello.py::test_the_socket_ends_with_its_token
        sockets/test_limits.py::test_a_frame_that_is_too_large_closes""",
    ),
    "AU-03": (
        "a foreign page cannot act",
        """http/test_session.py::test_a_foreign_page_cannot_act_with_the_cookie
        http/test_session.py::test_a_page_without_the_proof_cannot_act_with_the_cookie""",
    ),
    "AU-04": (
        "tokens are short, and die with their session",
        "http/test_session.py::test_signing_out_ends_the_sessions_tokens_too",
    ),
    "AU-05": (
        "rates are limited, whatever address one writes",
        """http/test_front.py::test_nobody_gets_another_address_by_writing_one
        http/test_session.py::test_guessing_passwords_is_slowed""",
    ),
    "AU-06": (
        "roles are kept apart, and a block holds at once",
        """core/test_messages.py::test_of_a_block_and_a_message_at_once_the_order_decides
        sockets/test_sending.py::test_a_member_blocked_meanwhile_is_refused_at_once
        media/test_intake.py::test_a_blocked_member_cannot_upload""",
    ),
    "AU-07": (
        "who and what there is cannot be found out",
        """http/test_session.py::test_an_unknown_name_and_a_wrong_password_are_told_alike
        http/test_session.py::test_a_strangers_try_costs_what_an_agents_does
        core/test_names.py::test_a_sid_says_its_noun_and_is_of_chance""",
    ),
    "DE-01": (
        "what is deleted is gone",
        """media/test_renditions.py::test_a_deleted_message_takes_its_file_and_every_link_along
        media/test_verdicts.py::test_the_bytes_of_a_refused_file_are_gone""",
    ),
    "DE-02": (
        "what nobody needs is swept",
        """media/test_retention.py::test_an_upload_that_was_never_sent_is_swept
        media/test_retention.py::test_an_original_of_a_clean_file_does_not_stay
        media/test_originals.py::test_an_original_goes_when_its_time_is_over""",
    ),
    "DE-03": (
        "a check cannot undo a deletion",
        "media/test_verdicts.py::test_a_file_taken_back_during_its_check_does_not_come_back",
    ),
    "AD-01": (
        "who did what is kept",
        """media/test_verdicts.py::test_staff_see_what_every_check_said
        media/test_timeline.py::test_the_whole_way_of_a_file_is_told_in_order
        media/test_recall.py::test_it_is_known_who_opened_a_file_and_how_often""",
    ),
    "AD-02": (
        "only reviewers look at held files, every look is logged, and files come with the same headers",
        """media/test_timeline.py::test_a_reviewer_sees_the_small_picture_of_a_held_file
        media/test_timeline.py::test_nothing_else_of_a_held_file_can_be_read
        media/test_reviews.py::test_a_customer_reviews_nothing
        http/test_reviews.py::test_a_reviewer_sees_a_small_picture_with_the_headers_of_every_file""",
    ),
    "AD-03": (
        "numbers, and alarms",
        """http/test_front.py::test_health_and_numbers
        checks/test_watch.py::test_signatures_of_more_than_two_days_are_told_loudly_and_once
        checks/test_watch.py::test_who_goes_and_comes_back_is_told_once_each""",
    ),
    "UI-01": (
        "names and texts are text",
        "browser/test_pages.py::test_a_name_that_is_code_stays_a_name",
    ),
}


@pytest.mark.parametrize("id_", SHOWN)
def test_a_requirement_has_a_test_or_a_line_that_says_why_not_yet(id_: str) -> None:
    assert id_ in named_here() or SHOWN[id_][1] or id_ in not_yet()


@pytest.mark.parametrize("id_", SHOWN)
def test_the_tests_that_show_a_requirement_are_there(id_: str) -> None:
    for node in SHOWN[id_][1].split():
        file, _, name = node.partition("::")
        assert name in functions(TESTS / file), node


def test_no_requirement_is_left_out_or_made_up() -> None:
    ids = {f"{kind}-{number:02}" for kind, most in IDS.items() for number in range(1, most + 1)}
    assert set(SHOWN) == ids
    assert named_here() | not_yet() <= ids


def named_here() -> set[str]:
    """The ids in the names of this folder's tests."""
    names = [name for path in Path(__file__).parent.glob("test_*.py") for name in functions(path)]
    found = [match for name in names if (match := NAMED.match(name))]
    return {
        f"{match[1].upper()}-{number:02}"
        for match in found
        for number in range(int(match[2]), int(match[3] or match[2]) + 1)
    }


def not_yet() -> set[str]:
    """The ids in SECURITY.md, each in a line of its own."""
    text = (ROOT / "SECURITY.md").read_text(encoding="utf-8")
    return set(re.findall(r"^- \*\*([A-Z]{2}-\d\d)\*\*", text, re.MULTILINE))


@cache
def functions(path: Path) -> frozenset[str]:
    nodes = ast.walk(ast.parse(path.read_text(encoding="utf-8")))
    return frozenset(node.name for node in nodes if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef))
