"""Documents that act by themselves, or hide what they are, by extension, each with the reason why not."""

from __future__ import annotations

from tests.files.bad_letters import BAD_LETTERS
from tests.files.bad_open import BAD_OPEN
from tests.files.bad_sheets import BAD_SHEETS
from tests.files.bad_texts import BAD_TEXTS

BAD = {**BAD_LETTERS, **BAD_TEXTS, **BAD_SHEETS, **BAD_OPEN}
