"""The floor: what DuckDB needs to read a book, sort it by account and time, and hand it over as Arrow.

No program built on a sorted ledger can be faster than this. The columns are those of the file that the shipped cards
read. Parquet comes as it is typed. Of a CSV file every column is read as text, and the time and the amount are then
cast, for one sorts by time and adds up amounts; no value is otherwise looked at, checked or put aside.
"""

from __future__ import annotations

import argparse
import tempfile
from pathlib import Path

import duckdb

__all__ = ["COLUMNS", "floor"]

COLUMNS = (
    "institution",
    "transaction_id",
    "account_id",
    "at",
    "direction",
    "amount",
    "currency",
    "channel",
    "kind",
    "purpose",
    "counterparty_institution",
    "counterparty_account",
    "ultimate_party",
    "conductor_id",
    "province",
    "branch_id",
    "terminal_id",
    "country",
    "mcc",
)
_BATCH = 100_000
_CAST = {"at": "TIMESTAMP", "amount": "DECIMAL(18, 2)"}


def floor(path: Path, *, memory: str, threads: int) -> int:
    """Read, sort and stream the rows of one file; how many they were."""
    name = str(path).replace("'", "''")
    if path.suffix == ".parquet":
        columns, source = [f'"{one}"' for one in COLUMNS], f"read_parquet('{name}')"
    else:
        columns = [f'CAST("{name}" AS {_CAST[name]}) AS "{name}"' if name in _CAST else f'"{one}"' for one in COLUMNS]
        source = f"read_csv('{name}', all_varchar = true, header = true)"
    with tempfile.TemporaryDirectory() as spill, duckdb.connect() as connection:
        connection.execute(f"SET memory_limit = '{memory}'")
        connection.execute(f"SET threads = {threads}")
        connection.execute(f"SET temp_directory = '{spill}'")
        query = f'SELECT {", ".join(columns)} FROM {source} ORDER BY account_id, "at"'
        reader = connection.sql(query).to_arrow_reader(_BATCH)
        return sum(batch.num_rows for batch in reader)


def main() -> None:
    """``python -m benchmarks.floor FILE``: print the number of rows."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("file", type=Path)
    parser.add_argument("--memory", default="1GB")
    parser.add_argument("--threads", type=int, default=2)
    chosen = parser.parse_args()
    print(floor(chosen.file, memory=chosen.memory, threads=chosen.threads))


if __name__ == "__main__":
    main()
