"""Parts whose files are alike: one statement conforms a year of daily files, as it would one file."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

import duckdb

from amlscreen.intake.column_spec import ColumnSpec
from amlscreen.intake.mapping import FileEntry
from amlscreen.intake.part import Part
from amlscreen.intake.readers.parquet import parquet_relation
from amlscreen.intake.splitting import BAD

__all__ = ["FILE", "ROW", "Alike", "alike_parts", "put_together"]

FILE, ROW = "__file", "__row"
_MANY = frozenset({"parquet", "csv", "jsonl"})


@dataclass(frozen=True, slots=True)
class Alike:
    """Parts of one table with the same columns, types and meaning.

    ``relation`` are the records of them all, with ``"__file"``, the part's file_no, and ``"__row"``, the row_id.
    """

    parts: tuple[Part, ...]
    types: Mapping[str, str]
    relation: str

    @property
    def number(self) -> int:
        """Names what is made for them: the first part's file_no."""
        return self.parts[0].file_no

    @property
    def name(self) -> str:
        """The first part's name, and how many there are besides."""
        more = len(self.parts) - 1
        return f"{self.parts[0].name} and {more:,} alike" if more else self.parts[0].name

    @property
    def table(self) -> str:
        """What they hold."""
        return self.parts[0].table

    @property
    def entry(self) -> FileEntry:
        """What the mapping says of them."""
        return self.parts[0].entry

    @property
    def columns(self) -> dict[str, ColumnSpec]:
        """The canonical columns and where they come from."""
        return self.parts[0].columns

    @property
    def lazy(self) -> bool:
        """Whether their rows stay in the files."""
        return self.parts[0].lazy

    def notice(self, column: str, code: str, rows: Mapping[int, int]) -> None:
        """Note for each part how many values are as the code says, by file_no."""
        for part in self.parts:
            part.notice(column, code, rows.get(part.file_no, 0))


def alike_parts(connection: duckdb.DuckDBPyConnection, parts: Sequence[Part]) -> Iterator[Alike]:
    """The parts of one table put together; one of a kind stands alone. Order of parts is kept within each."""
    kinds: list[tuple[dict[str, str], list[Part]]] = []
    for part in parts:
        types = _types(connection, part)
        for its_types, held in reversed(kinds):
            if its_types == types and _is_alike(held[0], part):
                held.append(part)
                break
        else:
            kinds.append((types, [part]))
    for types, held in kinds:
        yield put_together(held, types)


def put_together(parts: Sequence[Part], types: Mapping[str, str]) -> Alike:
    """These parts as one; each knows with which it is, and how many records they are together."""
    records = sum(part.raw.records for part in parts)
    for part in parts:
        part.with_file, part.together = parts[0].file_no, records
    return Alike(tuple(parts), types, _relation(parts))


def _is_alike(one: Part, other: Part) -> bool:
    return (
        one.raw.format == other.raw.format
        and one.raw.format in _MANY
        and one.leg is other.leg is None
        and one.piece is other.piece is None
        and one.raw.columns == other.raw.columns
        and one.columns == other.columns
        and one.entry == other.entry
    )


def _relation(parts: Sequence[Part]) -> str:
    scans = [part.raw.scan for part in parts if part.raw.scan is not None and part.relation == part.raw.relation]
    if len(parts) > 1 and len(scans) == len(parts) and len({scan.names for scan in scans}) == 1:
        file = _by_file([part.file_no for part in parts], "INTEGER")
        row = f"file_row_number + {_by_file([part.first_row for part in parts], 'BIGINT')}"
        return parquet_relation([scan.path for scan in scans], scans[0].names, f'{row} AS "{ROW}", {file} AS "{FILE}"')
    return " UNION ALL BY NAME ".join(
        f'SELECT *, "__record" + {part.first_row - 1} AS "{ROW}", {part.file_no}::INTEGER AS "{FILE}" '
        f"FROM ({part.relation})"
        for part in parts
    )


def _by_file(values: Sequence[int], kind: str) -> str:
    return f"list_extract([{', '.join(map(str, values))}]::{kind}[], file_index::BIGINT + 1)"


def _types(connection: duckdb.DuckDBPyConnection, part: Part) -> dict[str, str]:
    """The columns of a part and their types."""
    if part.raw.scan is not None and part.relation == part.raw.relation:
        return dict(zip(part.raw.columns, part.raw.scan.types, strict=True))
    described = connection.execute(f"DESCRIBE SELECT * FROM ({part.relation})").fetchall()
    return {str(row[0]): str(row[1]) for row in described if row[0] not in {"__record", BAD}}
