"""Rows that come night by night end as if all had been read at once."""

from __future__ import annotations

import datetime as dt
import os
import tempfile
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from amlscreen.errors import DataError, SinkError
from amlscreen.intake.dataset import Dataset
from amlscreen.intake.state import State
from amlscreen.settings import Settings

LENIENT = Settings(most_quarantined=1, institution="B1", threads=1)
HEADS = {
    "transactions": "transaction_id,account_id,at,direction,amount,currency,reverses,narrative",
    "fx_rates": "date,currency,rate",
    "recalls": "recall_id,transaction_id,account_id,at",
    "accounts": "account_id,customer_id,opened",
}
EXAMPLES = int(os.environ.get("NIGHTS_EXAMPLES", "6"))
Night = Mapping[str, Sequence[str]]

BOOKINGS = st.builds(
    "{0},{1},2026-01-{2:02d},{3},{4},{5},{6},{7}".format,
    st.sampled_from(["", "T1", "T2", "T3", "T4"]),
    st.sampled_from(["A1", "A2"]),
    st.integers(1, 31),
    st.sampled_from(["credit", "debit"]),
    st.sampled_from(["100", "200", "-5"]),
    st.sampled_from(["LAK", "THB"]),
    st.sampled_from(["", "", "T1", "T2"]),
    st.sampled_from(["", "word"]),
)
RATES = st.builds("2026-01-{0:02d},THB,{1}".format, st.integers(1, 31), st.just("600"))
RECALLS = st.builds(
    "R{0}{1},{0},{1},2026-01-20T10:00:00".format, st.sampled_from(["T1", "T2"]), st.sampled_from(["A1", "A2"])
)
NIGHTS = st.lists(
    st.fixed_dictionaries(
        {
            "transactions": st.lists(BOOKINGS, max_size=8),
            "fx_rates": st.lists(RATES, max_size=3, unique_by=lambda row: row.split(",")[0]),
            "recalls": st.lists(RECALLS, max_size=2),
        }
    ),
    min_size=2,
    max_size=3,
)


def write(folder: Path, number: int, night: Night) -> Path:
    """The files of one night, with names of their own."""
    folder.mkdir(parents=True, exist_ok=True)
    for table, rows in night.items():
        if rows or table == "transactions":
            text = "\n".join([HEADS[table], *rows, ""])
            (folder / f"{table}.{number}.csv").write_text(text)
    return folder


def seen(data: Dataset) -> dict[str, Any]:
    """What a dataset holds, whatever numbers its rows and files have."""
    columns = "* EXCLUDE (row_id, file_no)"
    return {
        "transactions": data.connection.sql(f"SELECT {columns} FROM transactions ORDER BY row_id").fetchall(),
        "tables": {name: table.drop_columns("row_id").to_pylist() for name, table in data.tables.items()},
        "provided": data.provided,
        "days": (data.first_day, data.last_complete_day),
        "aside": sorted(data.quarantine.table.to_pylist(), key=repr),
        "counts": sorted(data.reconciliation.files, key=repr),
        "totals": data.reconciliation.totals,
        "warnings": sorted(data.warnings),
        "institutions": data.institutions,
    }


def by_nights(folder: Path, nights: Sequence[Night]) -> dict[str, Any]:
    for number, night in enumerate(nights):
        source = write(folder / f"night{number}", number, night)
        state = State(folder / "state")
        with Dataset.read(source, settings=LENIENT, refuse=False, state=state) as data:
            state.keep(data)
            last = seen(data)
    return last


def at_once(folder: Path, nights: Sequence[Night]) -> dict[str, Any]:
    for number, night in enumerate(nights):
        write(folder / "all", number, night)
    with Dataset.read(folder / "all", settings=LENIENT, refuse=False) as data:
        return seen(data)


@given(NIGHTS)
@settings(max_examples=EXAMPLES, deadline=None)
def test_any_split_into_nights_is_as_if_all_was_read_at_once(nights: list[Night]) -> None:
    """Repeated and contradicting rows, reversals, recalls and rates that come late.

    Of a row that was accepted on its night and stands aside later, a state knows the record but not the line.
    """
    with tempfile.TemporaryDirectory() as folder:
        split, whole = by_nights(Path(folder), nights), at_once(Path(folder), nights)
        unknown = {(row["file"], row["record"]) for row in split["aside"] if row["line"] is None}
        for row in whole["aside"]:
            if (row["file"], row["record"]) in unknown:
                row["line"] = None
        assert split == {**whole, "aside": sorted(whole["aside"], key=repr)}


def test_the_line_of_a_row_that_stands_aside_later_is_unknown(tmp_path: Path) -> None:
    """Accepted in its night, contradicted by an older row that a late rate brings back."""
    nights: list[Night] = [
        {"transactions": ["T1,A1,2026-01-28,debit,100,THB,,"]},
        {"transactions": ["T1,A1,2026-01-05,debit,100,LAK,,"]},
        {"transactions": [], "fx_rates": ["2026-01-11,THB,600"]},
    ]
    (aside,) = by_nights(tmp_path, nights)["aside"]
    assert (aside["reason"], aside["file"], aside["record"], aside["line"]) == (
        "conflict",
        "transactions.1.csv",
        1,
        None,
    )


FIRST: Night = {
    "transactions": ["T1,A1,2026-01-05,credit,100,THB,,one", "T2,A1,2026-01-06,debit,50,LAK,,two"],
    "accounts": ["A1,C1,2020-01-01", "A2,C2,2020-01-01"],
}


def test_a_reference_row_given_anew_takes_the_place_of_the_old_one(tmp_path: Path) -> None:
    """A whole export every night is no conflict: what changed is taken, what did not is a duplicate."""
    second: Night = {"transactions": [], "accounts": ["A1,C9,2020-01-01", "A2,C2,2020-01-01", "A3,C3,2026-01-05"]}
    last = by_nights(tmp_path, [FIRST, second])
    owners = {row["account_id"]: row["customer_id"] for row in last["tables"]["accounts"]}
    assert owners == {"A1": "C9", "A2": "C2", "A3": "C3"}
    counts = {each.file: (each.accepted, each.duplicates, each.excluded) for each in last["counts"]}
    assert counts["accounts.0.csv"] == (1, 0, 1) and counts["accounts.1.csv"] == (2, 1, 0)
    assert last["aside"] == [row for row in last["aside"] if row["reason"] == "fx_missing"]


def test_a_rate_that_comes_later_counts(tmp_path: Path) -> None:
    """The booking stood aside for want of it; then it is accepted, at that rate."""
    last = by_nights(tmp_path, [FIRST, {"transactions": [], "fx_rates": ["2026-01-01,THB,600"]}])
    assert last["aside"] == [] and len(last["transactions"]) == 2
    assert (
        last["totals"]
        == at_once(tmp_path / "x", [FIRST, {"transactions": [], "fx_rates": ["2026-01-01,THB,600"]}])["totals"]
    )


def test_a_corrected_rate_values_earlier_bookings_anew(tmp_path: Path) -> None:
    """Amounts are what the rates known tonight give."""
    nights: list[Night] = [
        {**FIRST, "fx_rates": ["2026-01-01,THB,600"]},
        {"transactions": [], "fx_rates": ["2026-01-01,THB,700"]},
    ]
    by_nights(tmp_path, nights)
    state = State(tmp_path / "state")
    with Dataset.read(write(tmp_path / "n", 7, {"transactions": []}), settings=LENIENT, state=state) as data:
        amounts = data.connection.sql("SELECT amount FROM transactions WHERE currency = 'THB'").fetchall()
    assert amounts in ([(70_000,)], [(7_000_000,)])


def test_files_of_one_name_are_told_apart_by_their_night(tmp_path: Path) -> None:
    """Every night's export may be called the same."""
    for night, rows in enumerate(["T1,A1,2026-01-05,credit,100,LAK,,", "T2,A1,2026-01-06,credit,100,LAK,,"], 1):
        source = tmp_path / f"{night}" / "transactions.csv"
        source.parent.mkdir()
        source.write_text("\n".join([HEADS["transactions"], rows, ""]))
        state = State(tmp_path / "state")
        with Dataset.read(source, settings=LENIENT, state=state) as data:
            state.keep(data)
    assert data.files == ("transactions.csv (night 1)", "transactions.csv")


def test_days_before_the_one_asked_for_are_left_out_and_counted(tmp_path: Path) -> None:
    """For a source that holds more than the new days."""
    source = write(tmp_path / "night", 0, {"transactions": FIRST["transactions"], "fx_rates": ["2026-01-01,THB,600"]})
    with Dataset.read(source, settings=LENIENT, since=dt.date(2026, 1, 6)) as data:
        assert data.rows_accepted == 1 and data.first_day == (dt.date(2026, 1, 6) - dt.date(1970, 1, 1)).days
        assert data.reconciliation.rows_excluded == 1
        assert data.warnings == ("transactions.0.csv: 1 transactions before the day asked for are left out.",)


def test_a_night_that_did_not_end_leaves_the_state_as_it_was(tmp_path: Path) -> None:
    """What it had written is not named, does not count, and goes with the next night."""
    by_nights(tmp_path, [FIRST])
    before = {path.name: path.read_bytes() for path in (tmp_path / "state").iterdir()}
    (tmp_path / "state" / "rows-00002.parquet").write_bytes(b"half")
    (tmp_path / "state" / "state.json.new").write_bytes(b"{")
    state = State(tmp_path / "state")
    assert state.night == 1
    with Dataset.read(write(tmp_path / "n", 7, FIRST), settings=LENIENT, refuse=False, state=state) as data:
        assert {name: (tmp_path / "state" / name).read_bytes() for name in before} == before
        state.keep(data)
    assert State(tmp_path / "state").night == 2
    assert not (tmp_path / "state" / "state.json.new").exists()


def test_a_state_that_cannot_be_written_stays_as_it_was(tmp_path: Path) -> None:
    """It is said so; what was written of the night does not count."""
    by_nights(tmp_path, [FIRST])
    state = State(tmp_path / "state")
    (tmp_path / "state" / "rows-00002.parquet").mkdir()
    data = Dataset.read(write(tmp_path / "n", 7, FIRST), settings=LENIENT, refuse=False, state=state)
    with data, pytest.raises(SinkError, match="The state cannot be written"):
        state.keep(data)
    assert State(tmp_path / "state").night == 1


@pytest.mark.parametrize("wrong", ["foreign", "damaged", "lacking"])
def test_a_folder_that_is_no_whole_state_is_refused(tmp_path: Path, wrong: str) -> None:
    """And it is said what to do."""
    by_nights(tmp_path, [FIRST])
    state = tmp_path / "state"
    if wrong == "foreign":
        (state / "state.json").rename(state / "mine.txt")
    elif wrong == "damaged":
        (state / "state.json").write_text("{")
    else:
        next(state.glob("rows-*")).unlink()
    with pytest.raises(DataError, match="state"):
        State(state)


def test_a_state_of_another_country_is_refused(tmp_path: Path) -> None:
    """Its amounts and days were conformed for that one."""
    by_nights(tmp_path, [FIRST])
    state = State(tmp_path / "state")
    with pytest.raises(DataError, match="another currency, time zone or provinces"):
        Dataset.read(write(tmp_path / "n", 7, FIRST), jurisdiction="generic", settings=LENIENT, state=state)
