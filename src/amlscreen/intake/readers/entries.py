"""What every reader of statements and payment messages gives: entries in one vocabulary, and their statements.

A mapping may name these columns as it names those of a CSV file; without one they are taken as they stand.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from amlscreen.intake.readers.raw import RawFile, RejectedRow, Statement, shown
from amlscreen.intake.readers.settled import as_raw_file, settle
from amlscreen.intake.readers.staged import Rejected, Staged, staged_places
from amlscreen.intake.readers.task import Task

__all__ = ["CANONICAL", "FORMATS", "NOT_BOOKED", "TOLD", "EntryWriter", "as_entries"]

FORMATS = frozenset({"swift_mt", "iso20022", "ofx", "qif"})
"""Formats whose meaning is fixed by a standard, so that no mapping is needed."""

CANONICAL = (
    "institution",
    "transaction_id",
    "account_id",
    "at",
    "value_date",
    "direction",
    "amount",
    "currency",
    "channel",
    "kind",
    "reverses",
    "purpose",
    "narrative",
    "counterparty_institution",
    "counterparty_account",
    "counterparty_phone",
    "counterparty_name",
    "ultimate_party",
    "country",
    "mcc",
    "balance_after",
)
"""Columns of ``transactions`` that a reader may fill, spelt as an unmapped export spells them."""

TOLD = (
    "message",  # MT940, camt.053.001.08, OFX, QIF
    "statement",  # the statement's or message's own number
    "status",  # BOOK, PDNG, INFO, FUTR; empty where the format knows none
    "entry_reference",
    "end_to_end_id",
    "bank_code",  # the bank's or the standard's code for the kind of booking
    "amount_instructed",
    "currency_instructed",
    "exchange_rate",
    "account_currency",
    "account_name",
)
"""What else a reader tells; no canonical column, but at hand for a mapping and its conditions."""

NOT_BOOKED = ("PDNG", "INFO", "FUTR")
"""Values of ``status`` that are no bookings: without a mapping such entries are excluded, and counted."""


_REPEATED = (
    "institution",
    "account_id",
    "at",
    "value_date",
    "direction",
    "currency",
    "channel",
    "kind",
    "purpose",
    "country",
    "message",
    "statement",
    "status",
    "bank_code",
    "account_currency",
    "account_name",
)
"""Columns with few values, which a dictionary makes small; to try it on others costs time."""


class EntryWriter:
    """Writes entries, some thousand at a time and column by column, to the Parquet file of a reader's workspace.

    Used as a context manager; then :func:`as_entries` makes the file's relation.
    """

    def __init__(self, task: Task) -> None:
        self.path: Path = task.target
        self.rows = 0
        self.rejected: list[Rejected] = []
        self.filled: set[str] = set()
        self._place = 0
        names = (*CANONICAL, *TOLD)
        numbers: list[pa.Field[pa.DataType]] = [pa.field(name, pa.int64()) for name in ("__place", "__line", "__lines")]
        self._schema = pa.schema([*numbers, *(pa.field(name, pa.string()) for name in names)])
        repeated: Any = [*_REPEATED]  # the stubs know no lists here
        self._writer = pq.ParquetWriter(
            self.path, self._schema, compression="lz4", use_dictionary=repeated, write_statistics=["__place", *repeated]
        )

    def __enter__(self) -> EntryWriter:
        return self

    def __exit__(self, *_: object) -> None:
        self._writer.close()

    def write(self, lines: Sequence[int], columns: Mapping[str, Sequence[str | None] | pa.Array[Any]]) -> None:
        """Add entries in the order of the file: the line each begins on, and its texts by column; "" is null.

        Columns that are not given are empty. KeyError for a column outside ``CANONICAL`` and ``TOLD``.
        """
        count = len(lines)
        if not count:
            return
        places = pa.array(range(self._place + 1, self._place + count + 1), pa.int64())
        arrays: dict[str, pa.Array[Any]] = {
            "__place": places,
            "__line": pa.array(lines, pa.int64()),
            "__lines": pa.array([1] * count, pa.int64()),
        }
        for name, values in columns.items():
            self._schema.field(name)
            arrays[name] = _texts(values)
            if arrays[name].null_count < count:
                self.filled.add(name)
        made = [arrays.get(field.name, pa.nulls(count, field.type)) for field in self._schema]
        self._writer.write_table(pa.table(made, schema=self._schema))
        self._place += count
        self.rows += count

    def reject(self, line: int, value: str, *, reason: str = "bad_entry", column: str | None = None) -> None:
        """Set one entry aside: it stands between those written before and after. ``value`` is what it says."""
        self._place += 1
        row = RejectedRow(self._place, line, reason, column, shown(value))
        self.rejected.append(Rejected(row, 1, value))


def as_entries(
    task: Task,
    entries: EntryWriter,
    *,
    kind: str,
    statements: Sequence[Statement] = (),
    encoding: str | None = None,
    warnings: Sequence[str] = (),
) -> RawFile:
    """The file as it is handed on, once ``entries`` is closed. Its lines are its entries; empty columns are left out.

    A statement whose balances do not bear out its entries is a warning: its entries are read, and are not all there.
    """
    filled = entries.filled or {"account_id", "at", "direction", "amount"}  # a statement may hold no entry
    names = tuple(name for name in (*CANONICAL, *TOLD) if name in filled)
    staged = Staged(entries.path, names, entries.rows, tuple(entries.rejected), (), staged_places(entries.path))
    made = as_raw_file(
        task,
        settle(task, staged),
        names,
        total=entries.rows + len(entries.rejected),
        header=0,
        blank=0,
        kind=kind,
        encoding=encoding,
        warnings=(*warnings, *_do_not_add_up(statements)),
    )
    return replace(made, statements=tuple(statements))


def _do_not_add_up(statements: Sequence[Statement]) -> list[str]:
    wrong = [each for each in statements if each.agrees is False]
    if not wrong:
        return []
    lines = ", ".join(str(each.line) for each in wrong[:10]) + (", ..." if len(wrong) > 10 else "")
    return [
        f"{len(wrong):,} of {len(statements):,} statements do not add up (opening balance and entries against closing "
        f"balance); they begin on lines {lines}."
    ]


def _texts(values: Sequence[str | None] | pa.Array[Any]) -> pa.Array[Any]:
    made = values if isinstance(values, pa.Array) else pa.array(values, pa.string())
    arrow: Any = pc  # the stubs do not know arrays of any type
    chosen: pa.Array[Any] = arrow.if_else(arrow.equal(made, ""), pa.scalar(None, pa.string()), made)
    return chosen
