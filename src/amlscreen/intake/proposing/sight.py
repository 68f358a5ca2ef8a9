"""Looking at one file: what kind it is, how it is cut, where its table stands, and its first and last rows."""

from __future__ import annotations

import tempfile
from collections import deque
from collections.abc import Iterable, Sequence
from itertools import islice
from pathlib import Path

import duckdb

from amlscreen.errors import DataError
from amlscreen.intake.layout import Layout
from amlscreen.intake.proposing.bounded import bounded
from amlscreen.intake.proposing.grid import Row, best_cut, numbered
from amlscreen.intake.proposing.proposal import FileFormat, Sight
from amlscreen.intake.proposing.region import Known, Region, find_region
from amlscreen.intake.readers.excel import sheet_rows
from amlscreen.intake.readers.html import table_rows
from amlscreen.intake.readers.kind import kind_of
from amlscreen.intake.readers.names import column_names
from amlscreen.intake.readers.raw import RawFile
from amlscreen.intake.readers.task import Task
from amlscreen.intake.readers.text import Text, as_utf8
from amlscreen.intake.readers.unpack import unpack
from amlscreen.intake.source import SourceFile
from amlscreen.settings import Settings

__all__ = ["look_at"]

_SHOWN, _LAST, _ROWS = 200, 40, 3000
_OWN_WORDS = ("swift_mt", "iso20022", "ofx", "qif")


def look_at(source: SourceFile, known: Known, *, settings: Settings, workspace: Path) -> Sight:
    """What one file looks like; DataError if it is no table, or holds none that can be found."""
    own = Path(tempfile.mkdtemp(prefix="look_", dir=workspace))
    content = unpack(source, settings=settings, workspace=own)
    kind = kind_of(source.name, content.head)
    if kind in _OWN_WORDS:
        return Sight(source.name, kind, None, None, Layout(), (), (), (), 1)  # type: ignore[arg-type]  # one of them
    with duckdb.connect(":memory:") as connection:
        if kind in ("parquet", "jsonl"):
            return _of_names(_read(Task(connection, source, content, Layout(), settings, own), kind), connection, kind)
        task = Task(connection, source, content if kind != "csv" else bounded(content, own), Layout(), settings, own)
        if kind == "csv":
            return _of_text(task, known)
        text: Text | None = None
        rows: Iterable[Sequence[str]]
        if kind == "excel":
            rows, _ = sheet_rows(task)
        else:
            rows, text = table_rows(task)
        return _of_sheet(task, rows, "excel" if kind == "excel" else "html", text, known)


def _read(task: Task, kind: str) -> RawFile:
    from amlscreen.intake.readers.jsonl import read_jsonl_file
    from amlscreen.intake.readers.parquet import read_parquet_file

    return read_parquet_file(task) if kind == "parquet" else read_jsonl_file(task)


def _of_names(raw: RawFile, connection: duckdb.DuckDBPyConnection, kind: str) -> Sight:
    """A format whose records carry their names."""
    cells = ", ".join(f'CAST("{name.replace(chr(34), chr(34) * 2)}" AS VARCHAR)' for name in raw.columns)
    ordered = f'SELECT {cells} FROM ({raw.relation}) ORDER BY "__record"'
    found = connection.execute(f"{ordered} LIMIT {_ROWS}").fetchall()
    rows = tuple(tuple(cell or "" for cell in row) for row in found)
    form: FileFormat = "parquet" if kind == "parquet" else "jsonl"
    return Sight(
        raw.source.name, form, raw.encoding, None, Layout(), raw.columns, rows, (), 1, whole=raw.records <= _ROWS
    )


def _of_text(task: Task, known: Known) -> Sight:
    text = as_utf8(task.content, Layout(), workspace=task.workspace)
    with text.path.open("rb") as handle:
        handle.seek(text.start)
        cut = best_cut(handle.read().decode("utf-8", errors="replace"))
    region = _region(task, cut.rows, known)
    stated: dict[str, object] = {"separator": cut.separator}
    if cut.quote != '"':
        stated["quote"] = cut.quote
    if text.encoding not in ("utf-8", "utf-16", "utf-16-le", "utf-16-be", "utf-32"):
        stated["encoding"] = text.encoding
    return _sight(task, "csv", text.encoding, cut.separator, stated, cut.rows, region, whole=cut.whole)


def _of_sheet(task: Task, rows: Iterable[Sequence[str]], kind: FileFormat, text: Text | None, known: Known) -> Sight:
    iterator = iter(rows)
    head = list(islice(iterator, _ROWS))
    count = len(head)
    last: deque[tuple[int, Sequence[str]]] = deque(maxlen=_LAST)
    for count, row in enumerate(iterator, start=len(head) + 1):
        last.append((count, row))
    numbered_rows = numbered(head) + [row for at, cells in last for row in numbered([cells], at)]
    used = max((at + 1 for row in numbered_rows for at, cell in enumerate(row.cells) if cell), default=0)
    full = [Row(row.line, 1, (*row.cells[:used], *("",) * (used - len(row.cells)))) for row in numbered_rows]
    return _sight(
        task, kind, text.encoding if text else None, None, {}, full, _region(task, full, known), whole=not last
    )


def _region(task: Task, rows: Sequence[Row], known: Known) -> Region:
    if not rows:
        raise DataError("holds no row that is not blank.", place=task.place, fix="Export it again.")
    region = find_region(rows, known)
    if not region.records:
        names = f"column names on line {rows[region.header].line}" if region.header is not None else "rows"
        raise DataError(f"holds {names} but no records, so nothing tells what its columns mean.", place=task.place)
    return region


def _sight(
    task: Task,
    kind: FileFormat,
    encoding: str | None,
    separator: str | None,
    stated: dict[str, object],
    rows: Sequence[Row],
    region: Region,
    *,
    whole: bool,
) -> Sight:
    at = region.first if region.header is None else region.header
    before = rows[at].line - 1
    if before and any(row.line <= before for row in rows):
        stated["skip_rows"] = before
    header, more = _names(rows, region, kind)
    stated |= more
    if region.footer:
        stated["footer"] = region.footer
    if region.footer_rows:
        stated["footer_rows"] = region.footer_rows
    records = [_as_wide(row.cells, len(header)) for row in region.records]
    return Sight(
        task.source.name,
        kind,
        encoding,
        separator,
        Layout.model_validate(stated),
        header,
        tuple(records[:_ROWS]),
        tuple(row.first for row in region.apart),
        rows[at].line,
        tuple(row.cells for row in rows[:at]),
        whole=whole,
    )


def _names(rows: Sequence[Row], region: Region, kind: str) -> tuple[tuple[str, ...], dict[str, object]]:
    """The columns as reading names them, and what the layout must say for it."""
    widths = sorted(len(row.cells.__class__(row.cells)) for row in region.records)
    used = max((at + 1 for row in region.records for at, cell in enumerate(row.cells) if cell), default=0)
    if region.header is None:
        names, _ = column_names(["", *("",) * (max(used, widths[-1] if kind == "csv" else used) - 1)])
        short = any(len(row.cells) < len(names) for row in region.records)
        return names, {"header": False, "columns": names, **({"short_rows": "fill"} if short and kind == "csv" else {})}
    cells = list(rows[region.header].cells)
    told: dict[str, object] = {}
    if kind == "csv" and used > len(cells):
        names, _ = column_names([*cells, *("",) * (used - len(cells))])
        skipped = rows[region.header].line - 1 + rows[region.header].lines
        told = {"header": False, "columns": names, "skip_rows": skipped}
    else:
        usual = widths[len(widths) // 2]
        while len(cells) > max(used, usual) and not cells[-1]:
            cells.pop()  # the header alone ends in separators
        names, _ = column_names(cells)
    if kind == "csv" and any(len(row.cells) < len(names) for row in region.records):
        told["short_rows"] = "fill"
    return names, told


def _as_wide(cells: Sequence[str], width: int) -> tuple[str, ...]:
    return (*cells[:width], *("",) * (width - len(cells)))
