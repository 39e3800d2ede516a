"""Checks: each looks at a received file from one side and gives a verdict. One check, one file.

`Checks` is the table for an operator's own ones.
"""

from vestibule.checks.table import Checks, chunks

__all__ = ["Checks", "chunks"]
