"""The large book that speed is measured on."""

from __future__ import annotations

from pathlib import Path

import pyarrow.parquet as pq
from benchmarks.book import write_book

from amlscreen.intake.dataset import Dataset


def test_the_same_seed_writes_the_same_book(tmp_path: Path) -> None:
    """Figures of two runs are about the same rows."""
    first, second = (write_book(tmp_path / name, 20_000) for name in ("one", "two"))
    assert [path.read_bytes() for path in first] == [path.read_bytes() for path in second]


def test_a_book_is_canonical_and_the_same_in_both_formats(tmp_path: Path) -> None:
    """Intake takes every row of the Parquet and of the CSV form, and the sums agree."""
    sums = []
    for form in ("parquet", "csv"):
        write_book(tmp_path / form, 20_000, format=form)  # type: ignore[arg-type]  # both are formats
        with Dataset.read(tmp_path / form) as data:
            assert data.rows_accepted == 20_000
            found = data.connection.execute(
                'SELECT sum(amount), count(DISTINCT counterparty), count(province), max("at") FROM transactions'
            )
            sums.append(found.fetchone())
    assert sums[0] == sums[1]


def test_a_book_is_skewed_like_a_bank(tmp_path: Path) -> None:
    """The busiest hundredth of accounts holds a fifth of the rows; counterparties are many; some accounts are joint."""
    write_book(tmp_path, 50_000)
    rows = pq.read_table(tmp_path / "transactions.parquet")
    counts = sorted(rows["account_id"].value_counts().field("counts").to_pylist(), reverse=True)
    assert sum(counts[: len(counts) // 100]) > 0.15 * rows.num_rows
    assert len(rows["counterparty_account"].unique()) > 2_000
    assert "joint" in pq.read_table(tmp_path / "holdings.parquet")["role"].to_pylist()
