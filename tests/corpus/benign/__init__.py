"""Files that customers send, class by class: none of them may be refused."""

from __future__ import annotations

from tests.corpus.benign.documents import DOCUMENTS
from tests.corpus.benign.metadata import METADATA
from tests.corpus.benign.mimes import MIMES
from tests.corpus.benign.names import NAMES
from tests.corpus.benign.others import OTHERS
from tests.corpus.benign.photos import PHOTOS
from tests.corpus.benign.recordings import RECORDINGS
from tests.corpus.benign.texts import TEXTS

BENIGN = (*PHOTOS, *RECORDINGS, *TEXTS, *DOCUMENTS, *NAMES, *MIMES, *METADATA, *OTHERS)
