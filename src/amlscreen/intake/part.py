"""One file read as one table: what every later step of intake is about."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

from amlscreen.intake.column_spec import ColumnSpec
from amlscreen.intake.conditions import Conditions
from amlscreen.intake.conform import Check
from amlscreen.intake.mapping import FileEntry, Leg
from amlscreen.intake.noticed import Noticed
from amlscreen.intake.readers.raw import RawFile

__all__ = ["FEWEST_LAZY", "Part", "parts_of"]

FEWEST_LAZY = 200_000


@dataclass(slots=True)
class Part:
    """One file read as one table, and what came of it.

    A file whose records are two bookings has two parts, and so has one that fills two tables, or whose cells hold two
    things. ``relation`` are the file's records as this part has them; ``with_file`` is the first of the parts that are
    conformed with it (-1 before that is known), and ``together`` how many records they have.
    ``earlier`` is the number of the night that brought it, whose rows come conformed out of the state; 0 is tonight.
    """

    file_no: int
    raw: RawFile
    table: str
    entry: FileEntry
    columns: dict[str, ColumnSpec]
    first_row: int
    relation: str
    leg: int | None = None
    piece: int | None = None
    only_days: bool = False
    needs_ids: bool = False
    earlier: int = 0
    with_file: int = -1
    together: int = 0
    checks: list[Check] = field(default_factory=list)
    excluded: int = 0
    warnings: list[str] = field(default_factory=list)
    noticed: list[Noticed] = field(default_factory=list)

    @property
    def lazy(self) -> bool:
        """Whether the rows stay in the file: large Parquet files of transactions with ids of their own."""
        return (
            self.table == "transactions"
            and self.raw.format == "parquet"
            and max(self.raw.records, self.together) >= FEWEST_LAZY
            and not self.needs_ids
            and not self.earlier
        )

    @property
    def name(self) -> str:
        """The file's name, with the number of the booking or of the part of a cell where a record has several."""
        told = [] if self.leg is None else [f"{'booking' if self.table == 'transactions' else 'leg'} {self.leg}"]
        told += [] if self.piece is None else [f"part {self.piece}"]
        return f"{self.raw.source.name} ({', '.join(told)})" if told else self.raw.source.name

    def notice(self, column: str, code: str, rows: int) -> None:
        """Note that so many values of a canonical column are as the code says; none is nothing to note."""
        if rows:
            self.noticed.append(Noticed(self.name, self.table, column, code, rows))

    @property
    def demands(self) -> tuple[tuple[Conditions, Conditions], ...]:
        """What must hold and what must not for a record to count: of the entry, and of the leg."""
        leg = self.entry.legs[self.leg - 1] if self.leg else Leg()
        return (self.entry.only, self.entry.unless), (leg.only, leg.unless)

    @property
    def conditions(self) -> tuple[str, ...]:
        """The file's columns that the conditions name."""
        return tuple(name for demand in self.demands for each in demand for name in each)


def parts_of(raw: RawFile, entry: FileEntry, before: Sequence[Part], pieces: Sequence[str] = ()) -> list[Part]:
    """One part, or one for each booking of the entry and each piece of its cells, numbered on from the parts before.

    ``pieces`` are the relations of first, second, ... parts of cells; none means the file's own.
    """
    no = len(before)
    row = before[-1].first_row + before[-1].raw.records if before else 0
    legs: list[tuple[int | None, Leg]] = [*enumerate(entry.legs, start=1)] or [(None, Leg())]
    relations: list[tuple[int | None, str]] = [*enumerate(pieces, start=1)]
    if len(relations) < 2:
        relations = [(None, pieces[0] if pieces else raw.relation)]
    each = [(leg, columns, piece, relation) for leg, columns in legs for piece, relation in relations]
    return [
        Part(
            no + at,
            raw,
            entry.table,
            entry,
            {**entry.columns, **own.columns},
            row + at * raw.records,
            relation,
            leg,
            piece,
        )
        for at, (leg, own, piece, relation) in enumerate(each)
    ]
