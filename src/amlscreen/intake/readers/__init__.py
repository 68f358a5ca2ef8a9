"""Reading files of any kind into relations on a DuckDB connection, with nothing lost."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from amlscreen.intake.layout import Layout
from amlscreen.intake.readers.raw import LineCount, RawFile, RejectedRow
from amlscreen.intake.source import SourceFile
from amlscreen.settings import Settings

if TYPE_CHECKING:
    import duckdb

__all__ = ["LineCount", "RawFile", "RejectedRow", "read_raw"]


def read_raw(
    connection: duckdb.DuckDBPyConnection, source: SourceFile, layout: Layout, *, settings: Settings, workspace: Path
) -> RawFile:
    """One file as a relation on ``connection``; DataError with file and line if it cannot be used."""
    raise NotImplementedError
