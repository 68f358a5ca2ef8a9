"""Writing a synthetic bank in canonical form: one file a table, as CSV or Parquet."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.csv as pa_csv
import pyarrow.parquet as pq

if TYPE_CHECKING:
    from amlscreen.synth.bank import Bank

__all__ = ["as_text", "write_canonical", "write_labels"]


def as_text(table: pa.Table) -> pa.Table:
    """Every column as it stands in a CSV file: ISO dates, decimal points, no needless decimals, nothing for unknown."""
    day_only = pc.equal(table["time_precision"], pa.scalar("day")) if "time_precision" in table.column_names else None
    columns: dict[str, Any] = {}
    for name in table.column_names:
        values = table[name]
        text = values.cast(pa.string())
        if pa.types.is_decimal(values.type):
            text = pc.replace_substring(text, ".00", "")
        elif pa.types.is_timestamp(values.type):
            text = pc.replace_substring(text, " ", "T")
            text = text if day_only is None else pc.if_else(day_only, pc.utf8_slice_codeunits(text, 0, 10), text)
        columns[name] = text
    return pa.table(columns)


def _write_csv(table: pa.Table, path: Path) -> Path:
    with path.open("wb") as file:
        file.write((",".join(table.column_names) + "\n").encode())
        plain = pa_csv.WriteOptions(include_header=False, quoting_style="needed")
        pa_csv.write_csv(as_text(table), file, plain)
    return path


def write_canonical(bank: Bank, folder: Path, form: Literal["canonical", "parquet"]) -> list[Path]:
    """One file for each table."""
    written = []
    for name, table in bank.tables.items():
        path = folder / f"{name}.{'parquet' if form == 'parquet' else 'csv'}"
        if form == "parquet":
            pq.write_table(table, path, compression="zstd")
        else:
            _write_csv(table, path)
        written.append(path)
    return written


def write_labels(bank: Bank, folder: Path) -> list[Path]:
    """``labels.csv``: what was planted; ``groups.csv``: what everybody else is. No run ever reads them."""
    return [_write_csv(bank.labels, folder / "labels.csv"), _write_csv(bank.groups, folder / "groups.csv")]
