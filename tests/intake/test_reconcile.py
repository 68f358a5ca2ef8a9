"""Nothing is lost: every row read and every amount ends accepted, quarantined or as a duplicate."""

from __future__ import annotations

from collections import Counter

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from amlscreen.errors import EngineError
from amlscreen.intake.dataset import Dataset
from amlscreen.intake.reconcile import ControlTotal, Reconciliation
from intake.conforming import LENIENT, accepted

ROWS = st.fixed_dictionaries(
    {
        "transaction_id": st.sampled_from([None, "T1", "T2", "T3", "T4", "T5"]),
        "account_id": st.sampled_from(["A1", "A2", "", None]),
        "at": st.sampled_from(["2026-03-10", "2026-03-11 08:00:00", "2026-02-30", "2569-01-01"]),
        "direction": st.sampled_from(["credit", "debit", "in"]),
        "amount": st.sampled_from(["1", "2.50", "1.005", "-3", "x", None, "999999999999999"]),
        "currency": st.sampled_from(["LAK", "USD", "THB", None, "QQQ"]),
        "reverses": st.sampled_from([None, "T1", "T2"]),
    }
)
RATES = [{"currency": "USD", "date": "2026-03-10", "rate": "21000.5"}]


def read(rows):
    """The dataset these rows make, with a rate for dollars and none for baht."""
    return Dataset.from_tables(settings=LENIENT, transactions=rows, fx_rates=RATES)


@given(st.lists(ROWS, min_size=1, max_size=40))
@settings(max_examples=12, deadline=None)
def test_every_row_read_ends_somewhere(rows):
    """read == accepted + quarantined + duplicates, by row and by amount, counted apart from the program."""
    with read(rows) as data:
        found = data.reconciliation
        found.ties()
        assert found.rows_read == len(rows) + len(RATES)
        assert found.rows_read == found.rows_accepted + found.rows_quarantined + found.rows_duplicate
        assert len(data.quarantine) == found.rows_quarantined
        seen = [row[0] for row in accepted(data, "record")] + data.quarantine.table.column("record").to_pylist()
        assert len(seen) == len(set(seen))
        per_record = Counter(seen)
        assert set(per_record) <= set(range(1, len(rows) + 1))
        assert len(rows) - len(seen) == found.rows_duplicate


@given(
    st.lists(
        ROWS,
        min_size=1,
        max_size=25,
        unique_by=lambda row: (row["transaction_id"], row["account_id"], row["direction"]),
    ),
    st.randoms(),
)
@settings(max_examples=8, deadline=None)
def test_the_order_of_rows_changes_nothing_but_their_numbers(rows, random):
    """Shuffled rows give the same accepted rows and the same reasons."""
    columns = "* EXCLUDE (row_id, record)"
    with read(rows) as data:
        first = sorted(map(str, accepted(data, columns)))
        reasons = Counter(data.quarantine.table.column("reason").to_pylist())
    random.shuffle(rows)
    with read(rows) as data:
        assert sorted(map(str, accepted(data, columns))) == first
        assert Counter(data.quarantine.table.column("reason").to_pylist()) == reasons


AMOUNTS = st.lists(st.sampled_from(["1", "2", "3"]), min_size=1, max_size=12)


@given(first=AMOUNTS, second=AMOUNTS)
@settings(max_examples=8, deadline=None)
def test_without_ids_a_row_is_kept_as_often_as_the_file_that_has_it_most(first, second, tmp_path_factory):
    """Two exports that overlap, in any way, give the larger count of each row."""
    folder = tmp_path_factory.mktemp("in")
    head = "institution,account_id,at,direction,amount\n"
    for name, amounts in (("a", first), ("b", second)):
        (folder / name).mkdir()
        rows = "".join(f"BANKA,A1,2026-03-10,credit,{amount}\n" for amount in amounts)
        (folder / name / "transactions.csv").write_text(head + rows)
    with Dataset.read(folder, settings=LENIENT) as data:
        found = Counter(row[0] for row in accepted(data, "amount // 100"))
        assert found == Counter(map(int, first)) | Counter(map(int, second))


def test_what_does_not_tie_stops_the_run():
    """A lost row or a lost kip is a fault of the program, told as such."""
    lost = (ControlTotal("LAK", "read", 2, 500, 0), ControlTotal("LAK", "accepted", 1, 500, 0))
    with pytest.raises(EngineError, match="control total of rows does not tie: 2 read, 1 accounted for"):
        Reconciliation((), lost, 2, 1, 0, 0, 0).ties()
    lost = (ControlTotal("LAK", "read", 2, 500, 0), ControlTotal("LAK", "accepted", 2, 499, 0))
    with pytest.raises(EngineError, match="control total of debit does not tie"):
        Reconciliation((), lost, 2, 2, 0, 0, 0).ties()


def test_control_totals_stand_by_currency_and_state():
    """In minor units of the currency; a row whose amount cannot be read counts only as a row."""
    rows = [
        {"transaction_id": "T1", "account_id": "A1", "at": "2026-03-10", "direction": "credit", "amount": "5"},
        {"transaction_id": "T1", "account_id": "A1", "at": "2026-03-10", "direction": "credit", "amount": "5"},
        {"transaction_id": "T1", "account_id": "A1", "at": "2026-03-10", "direction": "credit", "amount": "6"},
        {
            "transaction_id": "T2",
            "account_id": "A1",
            "at": "2026-03-10",
            "direction": "debit",
            "amount": "7",
            "currency": "THB",
        },
        {"transaction_id": "T3", "account_id": "A1", "at": "2026-03-10", "direction": "debit", "amount": "x"},
    ]
    with read(rows) as data:
        assert data.reconciliation.totals == (
            ControlTotal("LAK", "accepted", 1, 0, 500),
            ControlTotal("LAK", "duplicate", 1, 0, 500),
            ControlTotal("LAK", "quarantined", 1, 0, 600),
            ControlTotal("LAK", "read", 3, 0, 1600),
            ControlTotal("THB", "quarantined", 1, 700, 0),
            ControlTotal("THB", "read", 1, 700, 0),
        )
        assert data.reconciliation.to_dict()["totals"][0]["currency"] == "LAK"
