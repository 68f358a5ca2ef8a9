"""Reads bytes as if they were an exported file, and shows what came of it in a form tests can compare."""

from __future__ import annotations

import tempfile
from dataclasses import dataclass
from pathlib import Path

import duckdb

from amlscreen.intake.layout import Layout
from amlscreen.intake.readers import RawFile, read_raw
from amlscreen.intake.source import SourceFile, find_sources
from amlscreen.settings import Settings

_CONNECTION = duckdb.connect(config={"threads": 2})
_KEPT = tempfile.TemporaryDirectory(prefix="amlscreen_tests_")  # lines are looked up in the files after reading


@dataclass
class Read:
    """A file that was read, with its rows fetched."""

    raw: RawFile
    rows: list[tuple[object, ...]]  # (record, cells...)

    @property
    def cells(self) -> list[tuple[object, ...]]:
        return [row[1:] for row in self.rows]

    @property
    def rejects(self) -> list[tuple[int, int, str]]:
        return [(item.record, item.line, item.reason) for item in self.raw.rejected]


def read_bytes(content: bytes, name: str = "a.csv", *, settings: Settings | None = None, **layout: object) -> Read:
    """Write a file into a folder of its own and read it."""
    path = Path(tempfile.mkdtemp(dir=_KEPT.name)) / name
    path.write_bytes(content)
    (source,) = find_sources(path)
    return read_source(source, settings=settings, **layout)


def read_source(
    source: SourceFile, *, settings: Settings | None = None, workspace: str | None = None, **layout: object
) -> Read:
    """Read a source; that its sums add up and its lines rise with its records is checked on the way."""
    workspace = workspace or tempfile.mkdtemp(dir=_KEPT.name)
    with _CONNECTION.cursor() as connection:
        raw = read_raw(
            connection,
            source,
            Layout.model_validate(layout),
            settings=settings or Settings(),
            workspace=Path(workspace),
        )
        found = connection.execute(f"SELECT * FROM ({raw.relation}) ORDER BY __record")
        rows = found.fetchall()
        records = {int(row[0]) for row in rows}
        assert raw.records == len(rows) + len(raw.rejected)
        lines = raw.lines
        assert lines.total == lines.header + lines.blank + lines.footer + lines.records + lines.rejected
        assert len(records) == len(rows)
        rejected = [item.record for item in raw.rejected]
        assert sorted([*records, *rejected]) == list(range(1, raw.records + 1))
        places = raw.line_of(records)
        assert [places[record] for record in sorted(records)] == sorted(places.values())
        return Read(raw, rows)
