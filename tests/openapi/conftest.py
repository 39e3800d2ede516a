"""The description is asked of a house behind its routes."""

from __future__ import annotations

from tests.http.conftest import desk

__all__ = ["desk"]
