"""The catalogue of refusals: why a file was not taken, said to each side, and what to do about it.

A reason is a key for programs and for translation. No sentence accuses anybody: most refused files
were sent in good faith.
"""

from __future__ import annotations

import msgspec


class Refusal(msgspec.Struct, frozen=True):
    """What people read about a file that was held or refused."""

    reason: str
    to_sender: str
    to_others: str
    advice: str


def _refusal(reason: str, to_sender: str, to_others: str, advice: str) -> Refusal:
    return Refusal(reason, to_sender, to_others, advice)


REFUSALS: dict[str, Refusal] = {
    refusal.reason: refusal
    for refusal in (
        _refusal(
            "type_not_accepted",
            "Files of this type are not accepted here.",
            "A file was not accepted: its type is not on the list.",
            "Please send it as a photo, a PDF or a text file.",
        ),
        _refusal(
            "type_mismatch",
            "The file is not what its name says it is.",
            "A file was not accepted: its content does not match its name.",
            "Please save it again in the program it comes from, and send that copy.",
        ),
        _refusal(
            "type_unknown",
            "We could not tell what kind of file this is.",
            "A file was not accepted: its type could not be recognised.",
            "Please send it as a photo, a PDF or a text file.",
        ),
        _refusal(
            "name_not_accepted",
            "The file's name cannot be used.",
            "A file was not accepted: its name cannot be used.",
            "Please give it a short, plain name with one ending, and send it again.",
        ),
        _refusal(
            "declaration_malformed",
            "This file was described to us in a way we cannot read.",
            "A file was not accepted: the description that came with it cannot be read.",
            "Please save it under a new name, and choose that copy.",
        ),
        _refusal(
            "empty",
            "The file is empty.",
            "A file was not accepted: it is empty.",
            "Please check the file on your device and choose it again.",
        ),
        _refusal(
            "too_large",
            "The file is larger than we can take.",
            "A file was not accepted: it is too large.",
            "Please send a smaller or compressed copy.",
        ),
        _refusal(
            "infected",
            "Our virus scanner raised an alarm about this file.",
            "A file was not accepted: the virus scanner raised an alarm.",
            "Please check your device, and send the information in another way.",
        ),
        _refusal(
            "damaged",
            "The file could not be opened.",
            "A file was not accepted: it is damaged or incomplete.",
            "Please check that it opens on your device, and send it again.",
        ),
        _refusal(
            "too_complex",
            "The file is too complex for us to check.",
            "A file was not accepted: it is too complex to check.",
            "Please send a simpler copy: fewer pages, a smaller picture, a shorter clip.",
        ),
        _refusal(
            "encrypted",
            "The file is locked with a password, so it cannot be checked.",
            "A file was not accepted: it is locked with a password.",
            "Please send a copy without a password.",
        ),
        _refusal(
            "active_content",
            "Something in the document acts by itself, such as a macro or a link to another file.",
            "A file was not accepted: something in it acts by itself.",
            "Please save a copy without macros and linked files, or save it as a PDF, and send that.",
        ),
        _refusal(
            "archive_member",
            "A file inside the archive is of a kind that is not accepted here.",
            "An archive was not accepted: a file inside it is of a kind that is not accepted.",
            "Please unpack it and send the files one by one.",
        ),
        _refusal(
            "archive_nested",
            "There are too many archives packed into each other.",
            "An archive was not accepted: too many archives are packed into each other.",
            "Please unpack it, and send what is inside.",
        ),
        _refusal(
            "archive_unreadable",
            "The archive is packed in a way that we cannot check.",
            "An archive was not accepted: it is packed in a way that cannot be checked.",
            "Please pack it again with the archive program of your device, without a password or parts.",
        ),
        _refusal(
            "check_failed",
            "We could not check this file, so it was not sent.",
            "A file was not accepted: it could not be checked.",
            "Please try again in a few minutes.",
        ),
        _refusal(
            "check_waiting",
            "Our scanner does not answer just now. Your file waits for it.",
            "A file waits: the scanner does not answer just now.",
            "You need not do anything; it goes on by itself.",
        ),
        _refusal(
            "check_pending",
            "A colleague is having a look at this file.",
            "A file waits for somebody to have a look at it.",
            "You need not do anything; we tell you when it is through.",
        ),
        _refusal(
            "not_released",
            "A colleague has looked at this file, and it cannot be passed on.",
            "A file was not passed on: somebody had a look at it, and decided so.",
            "Please ask what you can send instead.",
        ),
        _refusal(
            "sensitive",
            "The file may hold a card number, a bank account or a password.",
            "A file was not sent: it may hold something private.",
            "Please send a copy without it.",
        ),
        _refusal(
            "moderation",
            "Our picture check was not sure about this file, and it can be wrong.",
            "A file was not sent: the picture check was not sure about it.",
            "Please send another picture, or describe in words what it shows.",
        ),
        _refusal(
            "banned",
            "This file was not accepted here before.",
            "A file was not accepted: the same one was not accepted before.",
            "Please tell us in the chat if you think that this is a mistake.",
        ),
        _refusal(
            "recalled",
            "This file was taken back after it was looked at again.",
            "A file was taken back after it was looked at again.",
            "Please tell us in the chat if you think that this is a mistake.",
        ),
        _refusal(
            "rule",
            "A rule of this site does not allow this file.",
            "A file was not accepted: a rule of this site does not allow it.",
            "Please ask what you can send instead.",
        ),
    )
}


def refusal(reason: str) -> Refusal:
    """The entry for `reason`; an unknown one is answered like a rule of the site."""
    return REFUSALS.get(reason) or REFUSALS["rule"]
