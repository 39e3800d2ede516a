"""What is to be said of Programmable Chat's names here, by patterns of `Item.key`. The first one wins."""

from __future__ import annotations

# There, but not as there.
DIFFERS: dict[str, str] = {}

# Not there, and why.
MISSING: dict[str, str] = {}
