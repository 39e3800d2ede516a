"""Files that are meant to harm, class by class."""

from __future__ import annotations

from tests.corpus.hostile.bombs import BOMBS
from tests.corpus.hostile.damaged import DAMAGED
from tests.corpus.hostile.disguises import DISGUISES
from tests.corpus.hostile.documents import DOCUMENTS
from tests.corpus.hostile.malware import MALWARE
from tests.corpus.hostile.mimes import MIMES
from tests.corpus.hostile.names import NAMES
from tests.corpus.hostile.papers import PAPERS
from tests.corpus.hostile.playlists import PLAYLISTS
from tests.corpus.hostile.polyglots import POLYGLOTS
from tests.corpus.hostile.texts import TEXTS
from tests.corpus.hostile.zips import ZIPS

HOSTILE = (
    *DISGUISES,
    *POLYGLOTS,
    *MIMES,
    *NAMES,
    *MALWARE,
    *BOMBS,
    *ZIPS,
    *DOCUMENTS,
    *PAPERS,
    *PLAYLISTS,
    *TEXTS,
    *DAMAGED,
)
