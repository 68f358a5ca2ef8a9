"""A year in daily files is read as one file would be: the same rows, the same problems, told of the right file."""

from __future__ import annotations

import datetime as dt
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from amlscreen.intake import part
from amlscreen.intake.dataset import Dataset
from amlscreen.settings import Settings

LENIENT = Settings(institution="BANKA", most_quarantined=1.0)
ROWS: list[dict[str, Any]] = [
    {
        "transaction_id": f"T{day}-{one}" if (day, one) != (2, 3) else "T1-1",
        "account_id": f"A{one}" if (day, one) != (2, 3) else "A1",
        "at": dt.datetime(2026, 3, day, 0 if day == 4 else 9, 0 if day == 4 else one),
        "direction": "credit" if one % 2 else "debit",
        "amount": -1 if (day, one) == (3, 5) else 100 + one,
        "country": "Atlantis" if (day, one) == (1, 2) else "LA",
        "counterparty_phone": "12" if (day, one) == (2, 4) else "020 5512 3456",
    }
    for day in (1, 2, 3, 4)
    for one in range(12)
]


def written(folder: Path, files: list[list[dict[str, Any]]], kind: str) -> Path:
    """One folder for each file, as a nightly export has them."""
    for number, rows in enumerate(files):
        own = folder / f"{number:03d}"
        own.mkdir(parents=True)
        table = pa.Table.from_pylist(rows)
        if kind == "parquet":
            pq.write_table(table, own / "transactions.parquet")
        else:
            table.to_pandas().to_csv(own / "transactions.csv", index=False, date_format="%Y-%m-%dT%H:%M:%S")
    return folder


def accepted(data: Dataset) -> pa.Table:
    """Every accepted row, without the number of its file and record."""
    rows: pa.Table = data.connection.sql(
        "SELECT * EXCLUDE (row_id, file_no, record) FROM transactions ORDER BY row_id"
    ).to_arrow_table()
    return rows


@pytest.mark.parametrize("kind", ["parquet", "csv"])
@pytest.mark.parametrize("fewest", [10, 10**6])
def test_daily_files_hold_what_one_file_holds(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, kind: str, fewest: int
) -> None:
    """Whether they are read again or kept; what stands aside is told of its own file and line."""
    monkeypatch.setattr(part, "FEWEST_LAZY", fewest)
    days = [ROWS[at : at + 12] for at in range(0, len(ROWS), 12)]
    with (
        Dataset.read(
            written(tmp_path / "one", [[row for day in days[:3] for row in day], days[3]], kind), settings=LENIENT
        ) as one,
        Dataset.read(written(tmp_path / "many", days, kind), settings=LENIENT) as many,
    ):
        assert accepted(many).equals(accepted(one))
        assert many.reconciliation.totals == one.reconciliation.totals
        assert many.rows_accepted == one.rows_accepted == 12 * 4 - 2
        aside = many.quarantine.table.select(["file", "record", "reason"]).to_pylist()
        assert [(row["file"][:3], row["record"], row["reason"]) for row in aside] == [
            ("001", 4, "conflict"),
            ("002", 6, "negative_amount"),
        ]
        told = {(each.file[:3], each.column, each.code, each.rows) for each in many.noticed}
        assert told == {
            ("000", "country", "country_unknown", 1),
            ("001", "counterparty_phone", "phone_unreadable", 1),
            ("003", "at", "only_midnights", 12),
        }


def test_files_of_one_kind_are_conformed_together_and_others_apart(tmp_path: Path) -> None:
    """A file with another column, or another type, is of another kind."""
    plain, other = ROWS[:3], [{**row, "amount": float(row["amount"])} for row in ROWS[3:6]]
    folder = written(tmp_path, [plain, other, ROWS[6:9]], "parquet")
    with Dataset.read(folder, settings=LENIENT) as data:
        assert data.rows_accepted == 9
        assert [count.accepted for count in data.reconciliation.files] == [3, 3, 3]


def test_a_file_without_ids_is_kept_and_the_others_are_read_again(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """One careless day does not make a copy of the whole year."""
    monkeypatch.setattr(part, "FEWEST_LAZY", 10)
    careless = [{**row, "transaction_id": None if at else row["transaction_id"]} for at, row in enumerate(ROWS[12:24])]
    days = [ROWS[:12], careless, ROWS[24:34]]
    with Dataset.read(written(tmp_path, days, "parquet"), settings=LENIENT) as data:
        kept = data.connection.execute("SELECT DISTINCT file_no FROM kept_transactions").fetchall()
        assert kept == [(1,)]
        assert data.rows_accepted == 12 + 12 + 9
