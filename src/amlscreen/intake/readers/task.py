"""What every reader is given: one unpacked file, its layout, and where to put what it makes."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import duckdb

from amlscreen.errors import Place
from amlscreen.intake.layout import Layout
from amlscreen.intake.readers.unpack import Content
from amlscreen.intake.source import SourceFile
from amlscreen.settings import Settings

__all__ = ["Task"]


@dataclass(frozen=True, slots=True)
class Task:
    """One file to read. ``workspace`` is a folder of its own, which must live as long as the relation is used."""

    connection: duckdb.DuckDBPyConnection
    source: SourceFile
    content: Content
    layout: Layout
    settings: Settings
    workspace: Path

    @property
    def place(self) -> Place:
        """The file, for messages."""
        return Place(self.source.name)

    @property
    def target(self) -> Path:
        """Where records are staged."""
        return self.workspace / "staged.parquet"
