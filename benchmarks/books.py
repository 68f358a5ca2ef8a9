"""The books that are measured, made once and kept under ``bench/``."""

from __future__ import annotations

import argparse
import shutil
from pathlib import Path
from typing import get_args

import duckdb
import pyarrow as pa
import pyarrow.parquet as pq
from benchmarks.book import Format, write_book

__all__ = ["CUSTOMERS", "FILES", "KINDS", "folder_of", "make"]

KINDS = (*get_args(Format), "hub", "even", "days")
CUSTOMERS = {100_000_000: 2_000_000}
"""Books of which the number of customers is given; the others have one to about 62 rows."""
FILES = 365
"""How many files ``days`` has, each an equal part of the rows in order of time."""
_HUB = "010000000000"
_ACCOUNT = {
    "hub": f"CASE WHEN serial % 2 = 0 THEN '{_HUB}' ELSE account_id END",
    "even": "printf('0100%08d', hash(serial) % {accounts})",
}


def folder_of(under: Path, rows: int, kind: str) -> Path:
    """Where a book lies, made or not."""
    return under / f"{rows}_{kind}"


def make(under: Path, rows: int, kind: str) -> Path:
    """The folder of a book; it is written if it is not there whole.

    ``hub`` gives half of all transactions to one account; ``even`` gives every account about as many. ``days`` has the
    rows of ``parquet`` in as many files as a year has days.
    """
    folder = folder_of(under, rows, kind)
    if folder.exists():
        return folder
    unfinished = folder.with_name(f"{folder.name}.unfinished")
    shutil.rmtree(unfinished, ignore_errors=True)
    if kind in _ACCOUNT:
        _other_accounts(make(under, rows, "parquet"), unfinished, kind)
    elif kind == "days":
        _cut(make(under, rows, "parquet"), unfinished)
    else:
        customers = CUSTOMERS.get(rows)
        write_book(unfinished, rows, format=kind, customers=customers)  # type: ignore[arg-type]  # the others are formats
    unfinished.rename(folder)
    return folder


def _other_accounts(source: Path, target: Path, kind: str) -> None:
    shutil.copytree(source, target)
    with duckdb.connect() as connection:
        counted = connection.execute(f"SELECT count(*) FROM read_parquet('{source / 'accounts.parquet'}')").fetchone()
        assert counted is not None
        account = _ACCOUNT[kind].format(accounts=counted[0])
        connection.execute(
            f"""
            COPY (
                SELECT * EXCLUDE (serial) REPLACE ({account} AS account_id)
                FROM (SELECT *, file_row_number AS serial FROM read_parquet('{source / "transactions.parquet"}'))
                ORDER BY serial
            ) TO '{target / "transactions.parquet"}' (COMPRESSION snappy)
            """
        )


def _cut(source: Path, target: Path) -> None:
    """The transactions in 365 files, as a bank hands them over day by day; the other tables are links to the book's."""
    target.mkdir(parents=True)
    for path in source.iterdir():
        if path.stem != "transactions":
            (target / path.name).hardlink_to(path)
    with pq.ParquetFile(source / "transactions.parquet") as book:
        rows, number, done = book.metadata.num_rows, 0, 0
        ends = [rows * (place + 1) // FILES for place in range(FILES)]
        waiting: list[pa.Table] = []
        for group in range(book.metadata.num_row_groups):
            table = book.read_row_group(group)
            while number < FILES and table.num_rows and ends[number] <= done + table.num_rows:
                part = target / f"{number + 1:03d}" / "transactions.parquet"
                part.parent.mkdir()
                pq.write_table(pa.concat_tables([*waiting, table.slice(0, ends[number] - done)]), part)
                table, waiting, done, number = table.slice(ends[number] - done), [], ends[number], number + 1
            waiting.append(table)
            done += table.num_rows


def main() -> None:
    """``python -m benchmarks.books FOLDER --rows 1000000 --kind csv``: print the folder of the book."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("folder", type=Path)
    parser.add_argument("--rows", type=int, required=True)
    parser.add_argument("--kind", choices=KINDS, required=True)
    chosen = parser.parse_args()
    print(make(chosen.folder, chosen.rows, chosen.kind))


if __name__ == "__main__":
    main()
