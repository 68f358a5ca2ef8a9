"""Reading files of any kind into relations on a DuckDB connection, with nothing lost."""

from __future__ import annotations

import tempfile
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import TYPE_CHECKING

from amlscreen.errors import DataError
from amlscreen.intake.layout import Layout
from amlscreen.intake.readers.raw import LineCount, RawFile, RejectedRow
from amlscreen.intake.source import SourceFile
from amlscreen.settings import Settings

if TYPE_CHECKING:
    import duckdb

    from amlscreen.intake.readers.task import Task

__all__ = ["LineCount", "RawFile", "RejectedRow", "read_raw"]


def read_raw(
    connection: duckdb.DuckDBPyConnection, source: SourceFile, layout: Layout, *, settings: Settings, workspace: Path
) -> RawFile:
    """One file as a relation on ``connection``; DataError with file and line if it cannot be used.

    What the relation needs is written into a folder of its own below ``workspace`` and must stay there as long as the
    relation is used.
    """
    from amlscreen.intake.readers.kind import kind_of
    from amlscreen.intake.readers.task import Task
    from amlscreen.intake.readers.unpack import unpack

    own = Path(tempfile.mkdtemp(prefix="raw_", dir=workspace))
    content = unpack(source, settings=settings, workspace=own)
    kind = kind_of(source.name, content.head)
    if layout.format is not None and kind != layout.format and (layout.format, kind) != ("excel", "html"):
        raise DataError(
            f"is stated as {layout.format} but holds {kind}.",
            place=Task(connection, source, content, layout, settings, own).place,
            fix="Leave `format` out of the layout.",
        )
    return _readers()[kind](Task(connection, source, content, layout, settings, own))


def _readers() -> Mapping[str, Callable[[Task], RawFile]]:
    from amlscreen.intake.readers.csv_file import read_csv_file
    from amlscreen.intake.readers.excel import read_excel_file
    from amlscreen.intake.readers.html import read_html_file
    from amlscreen.intake.readers.iso_file import read_iso_file
    from amlscreen.intake.readers.jsonl import read_jsonl_file
    from amlscreen.intake.readers.ofx import read_ofx_file
    from amlscreen.intake.readers.parquet import read_parquet_file
    from amlscreen.intake.readers.qif import read_qif_file
    from amlscreen.intake.readers.swift import read_swift_file

    return {
        "csv": read_csv_file,
        "excel": read_excel_file,
        "html": read_html_file,
        "iso20022": read_iso_file,
        "jsonl": read_jsonl_file,
        "ofx": read_ofx_file,
        "parquet": read_parquet_file,
        "qif": read_qif_file,
        "swift_mt": read_swift_file,
    }
