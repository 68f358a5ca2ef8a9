"""Tables in memory become a dataset: accepted rows, rows set aside, and what only all rows together can tell."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal

import numpy as np
import pyarrow as pa
import pytest

from amlscreen.errors import DataError
from amlscreen.intake.dataset import Dataset
from amlscreen.settings import Settings
from intake.conforming import LENIENT, accepted, reasons

ROW = {"transaction_id": "T1", "account_id": "A1", "at": "2026-03-10", "direction": "credit", "amount": 100}


def dataset(*rows, **tables):
    """A dataset whose transactions differ from ROW only in what is given."""
    return Dataset.from_tables(settings=LENIENT, transactions=[{**ROW, **row} for row in rows], **tables)


def test_values_stand_in_the_units_used_inside():
    """Minor units, microseconds UTC, local day and hour, home currency by default."""
    data = dataset({"at": "2026-03-10 06:30:00", "amount": "1,234.50"})
    columns = (
        "institution, amount, amount_original, currency, local_day, hour, time_precision, kind, netted, is_recalled"
    )
    day = (dt.date(2026, 3, 10) - dt.date(1970, 1, 1)).days
    assert accepted(data, columns) == [("BANK", 123450, 123450, "LAK", day, 6, "second", "customer", False, False)]
    utc = dt.datetime(2026, 3, 9, 23, 30, tzinfo=dt.UTC)
    assert accepted(data, '"at"') == [(int(utc.timestamp() * 1e6),)]


def test_a_day_without_a_clock_has_no_hour():
    """A date stands at the start of its local day and says that no more is known."""
    data = dataset({"at": dt.date(2026, 3, 10)}, {"transaction_id": "T2", "at": dt.datetime(2026, 3, 10)})
    assert accepted(data, "time_precision, hour") == [("day", None), ("second", 0)]


def test_python_values_may_be_given_as_they_are():
    """Whole numbers, floats, Decimals, dates and datetimes mean what they say."""
    data = dataset(
        {"amount": Decimal("5.05")}, {"transaction_id": "T2", "amount": 5.05}, {"transaction_id": "T3", "amount": 5}
    )
    assert accepted(data, "amount") == [(505,), (505,), (500,)]


def test_arrow_tables_and_lists_give_the_same():
    """The typed path and the text path agree."""
    rows = [{**ROW, "transaction_id": f"T{n}", "amount": Decimal(n), "at": dt.datetime(2026, 3, n, 12)} for n in (1, 2)]
    typed = Dataset.from_tables(transactions=pa.Table.from_pylist(rows))
    columns = 'transaction_id, amount, "at", hour, local_day, direction'
    assert accepted(typed, columns) == accepted(Dataset.from_tables(transactions=rows), columns)


def test_an_unknown_column_is_told_with_the_nearest_known():
    """A typing error in memory is no silent loss of a column."""
    with pytest.raises(DataError, match="Did you mean 'channel'"):
        dataset({"chanel": "atm"})


def test_a_missing_required_column_is_told():
    """The message says which, and what was found."""
    with pytest.raises(DataError, match=r"nothing fills account_id of transactions\. Found columns: .*amount"):
        Dataset.from_tables(transactions=[{"at": "2026-03-10", "direction": "debit", "amount": 1}])


def test_the_same_row_again_is_a_duplicate_and_another_content_a_conflict():
    """Identity is institution, id, account and direction: the first row stays."""
    data = dataset({}, {}, {"amount": 200}, {"direction": "debit"}, {"account_id": "A2"})
    assert accepted(data, "account_id, direction, amount") == [
        ("A1", "credit", 10000),
        ("A1", "debit", 10000),
        ("A2", "credit", 10000),
    ]
    assert reasons(data) == [("conflict", "transaction_id")]
    assert data.reconciliation.rows_duplicate == 1


def test_rows_without_ids_are_kept_as_often_as_they_stand_in_their_file():
    """Two equal withdrawals in one file are two; their made ids differ only in the occurrence."""
    data = dataset(*[{"transaction_id": None}] * 2, {"transaction_id": None, "amount": 7})
    ids = [row[0] for row in accepted(data, "transaction_id")]
    assert len(set(ids)) == 3
    assert [name[0] + name[-2:] for name in ids] == ["X-1", "X-2", "X-1"]
    assert ids[0][:-1] == ids[1][:-1]


def test_a_made_id_depends_only_on_the_row():
    """The same row in another order or company gets the same id."""
    alone = accepted(dataset({"transaction_id": None}), "transaction_id")
    behind = accepted(dataset({"transaction_id": None, "amount": 9}, {"transaction_id": None}), "transaction_id")
    assert behind[1:] == alone


def test_a_reversal_and_what_it_takes_back_are_netted():
    """Same account, same money, other direction; a second reversal of the same booking finds nothing left."""
    back = {"direction": "debit", "reverses": "T1", "kind": "reversal"}
    data = dataset({}, {**back, "transaction_id": "R1"}, {**back, "transaction_id": "R2"}, {"transaction_id": "T2"})
    assert accepted(data, "transaction_id, netted") == [("T1", True), ("R1", True), ("R2", False), ("T2", False)]


def test_a_reversal_of_another_amount_or_account_nets_nothing():
    """A partial refund leaves both rows standing."""
    back = {"direction": "debit", "reverses": "T1"}
    data = dataset(
        {}, {**back, "transaction_id": "R1", "amount": 40}, {**back, "transaction_id": "R2", "account_id": "A2"}
    )
    assert [row[0] for row in accepted(data, "netted")] == [False, False, False]


def test_a_reversal_may_share_the_id_of_what_it_takes_back():
    """Some banks book the reversal under the same number in the other direction."""
    data = dataset({}, {"direction": "debit", "reverses": "T1"})
    assert [row[0] for row in accepted(data, "netted")] == [True, True]


def test_a_transfer_between_two_accounts_of_one_owner_is_an_own_transfer():
    """Owners come from holdings, else from the accounts table; a mapped kind is left alone."""
    accounts = [
        {"account_id": "A1", "customer_id": "C1"},
        {"account_id": "A2", "customer_id": "C1"},
        {"account_id": "A3"},
    ]
    holdings = [{"account_id": "A3", "customer_id": "C2"}]
    rows = [{"transaction_id": f"T{n}", "counterparty_account": f"A{n}"} for n in (1, 2, 3)]
    data = dataset(*rows, accounts=accounts, holdings=holdings)
    assert [row[0] for row in accepted(data, "kind")] == ["customer", "own_transfer", "customer"]
    mapped = dataset(*[{**row, "kind": "customer"} for row in rows], accounts=accounts, holdings=holdings)
    assert [row[0] for row in accepted(mapped, "kind")] == ["customer"] * 3


def test_a_signatory_is_no_owner():
    """Paying into the firm's account one may sign for is no transfer to oneself."""
    holdings = [
        {"account_id": "A1", "customer_id": "C1"},
        {"account_id": "A2", "customer_id": "C1", "role": "signatory"},
        {"account_id": "A2", "customer_id": "C9", "role": "owner"},
    ]
    data = dataset({"counterparty_account": "A2"}, holdings=holdings)
    assert accepted(data, "kind") == [("customer",)]


def test_a_recalled_payment_is_marked():
    """By account and transaction; a recall without a transaction marks none."""
    recalls = [
        {"recall_id": "R1", "account_id": "A1", "transaction_id": "T1", "at": "2026-03-12"},
        {"recall_id": "R2", "account_id": "A1", "at": "2026-03-12"},
    ]
    data = dataset({}, {"transaction_id": "T2"}, recalls=recalls)
    assert accepted(data, "is_recalled") == [(True,), (False,)]


def test_foreign_money_is_converted_at_the_rate_in_force():
    """The latest rate at or before the local day, half to even; the original stays beside it."""
    rates = [
        {"currency": "USD", "date": "2026-03-01", "rate": "21000.5"},
        {"currency": "USD", "date": "2026-03-10", "rate": "22000"},
        {"currency": "USD", "date": "2026-03-11", "rate": "23000"},
    ]
    days = [
        {"transaction_id": f"T{day}", "at": f"2026-03-{day:02}", "amount": "1.01", "currency": "usd"}
        for day in (1, 9, 10)
    ]
    data = dataset(*days, fx_rates=rates)
    assert accepted(data, "amount, amount_original, currency") == [
        (2121050, 101, "USD"),
        (2121050, 101, "USD"),
        (2222000, 101, "USD"),
    ]


def test_halves_are_rounded_to_even():
    """0.125 of a minor unit's worth either way goes to the even neighbour."""
    rates = [{"currency": "USD", "date": "2026-03-01", "rate": "0.5"}]
    rows = [{"transaction_id": f"T{n}", "amount": f"0.0{n}", "currency": "USD"} for n in (1, 3, 5)]
    assert [row[0] for row in accepted(dataset(*rows, fx_rates=rates), "amount")] == [0, 2, 2]


def test_a_missing_or_stale_rate_sets_the_row_aside():
    """No rate is guessed, and one older than 31 days is none."""
    rates = [{"currency": "USD", "date": "2026-02-07", "rate": "21000"}]
    days = [{"transaction_id": day, "at": day, "currency": "USD"} for day in ("2026-02-06", "2026-03-10", "2026-03-11")]
    data = dataset(*days, {"currency": "THB"}, {"currency": "XXQ", "transaction_id": "T9"}, fx_rates=rates)
    assert [row[0] for row in accepted(data, "transaction_id")] == ["2026-03-10"]
    assert reasons(data) == [("fx_missing", "currency")] * 3 + [("unknown_currency", "currency")]


def test_amounts_have_the_digits_of_their_currency():
    """Yen have none, dinars three, kip two."""
    rates = [{"currency": code, "date": "2026-03-01", "rate": 1} for code in ("JPY", "KWD")]
    rows = [("JPY", "5"), ("JPY", "5.5"), ("KWD", "5.125"), ("LAK", "5.12"), ("LAK", "5.125")]
    data = dataset(
        *[{"transaction_id": f"T{n}", "currency": c, "amount": a} for n, (c, a) in enumerate(rows)], fx_rates=rates
    )
    assert accepted(data, "currency, amount_original, amount") == [
        ("JPY", 5, 500),
        ("KWD", 5125, 512),
        ("LAK", 512, 512),
    ]
    assert reasons(data) == [("too_precise", "amount")] * 2


def test_bad_rows_stand_aside_with_reason_column_and_value():
    """Each reason says where it stands."""
    bad = [
        ({"amount": "-5"}, ("negative_amount", "amount")),
        ({"amount": None}, ("missing_required", "amount")),
        ({"amount": "five"}, ("bad_amount", "amount")),
        ({"at": "2026-02-30"}, ("bad_date", "at")),
        ({"at": "2569-01-01"}, ("date_out_of_range", "at")),
        ({"account_id": " "}, ("missing_required", "account_id")),
        ({"direction": "in"}, ("unknown_code", "direction")),
        ({"channel": "fax"}, ("unknown_code", "channel")),
        ({"value_date": "soon"}, ("bad_date", "value_date")),
        ({"balance_after": "lots"}, ("bad_amount", "balance_after")),
    ]
    data = dataset(*[{"transaction_id": f"T{n}", **row} for n, (row, _) in enumerate(bad)])
    assert reasons(data) == [reason for _, reason in bad]
    assert data.rows_accepted == 0
    row = data.quarantine.table.to_pylist()[4]
    assert (row["file"], row["line"], row["record"], row["value"]) == ("transactions (in memory)", 5, 5, "2569-01-01")


def test_the_summary_masks_what_it_shows():
    """Examples show the shape of a value, not the value."""
    summary = dataset({"amount": "ABC 123"}, {"transaction_id": "T2"}).quarantine.summary()
    assert summary.to_dict("records") == [
        {
            "reason": "bad_amount",
            "column": "amount",
            "rows": 1,
            "share": 0.5,
            "first_example": "transactions (in memory):1 aaa 999",
        }
    ]


def test_too_many_bad_rows_refuse_the_data():
    """Exit code 2, with reasons and counts, and no amounts or names."""
    rows = [{**ROW, "transaction_id": f"T{n}", "amount": "secret" if n < 3 else 1} for n in range(10)]
    with pytest.raises(DataError, match=r"3 of 10 rows \(bad_amount in amount: 3\)") as caught:
        Dataset.from_tables(settings=Settings(most_quarantined=0.2), transactions=rows)
    assert caught.value.exit_code == 2
    assert "secret" not in str(caught.value)


def test_rows_come_in_the_order_asked_for():
    """Also twice, and none for an id that does not exist."""
    data = dataset(*[{"transaction_id": f"T{n}"} for n in range(5)])
    assert data.rows(np.array([4, 0, 4])).column("transaction_id").to_pylist() == ["T4", "T0", "T4"]
    assert data.rows(np.array([], np.int64)).num_rows == 0
    with pytest.raises(DataError, match="1 of the rows"):
        data.rows(np.array([0, 99]))


def test_what_is_provided_is_what_holds_a_value():
    """Empty columns and absent tables are not provided."""
    data = dataset({"province": None, "channel": "atm"}, accounts=[{"account_id": "A1"}], customers=[])
    assert {"transactions", "transactions.channel", "transactions.amount", "accounts.account_id"} <= data.provided
    assert not {"transactions.province", "customers", "accounts.opened", "transactions.hour"} & data.provided


def test_reference_tables_have_every_column_in_order():
    """Types are those used inside; what was not given is empty; row_id counts from 0."""
    data = dataset(
        {}, accounts=[{"account_id": "A1", "opened": "2025-01-31", "declared_turnover": "1500", "is_merchant": "Y"}]
    )
    table = data.tables["accounts"]
    assert table.column_names[:2] == ["institution", "account_id"]
    assert table.schema.field("opened").type == pa.int32()
    row = table.to_pylist()[0]
    assert (row["opened"], row["declared_turnover"], row["is_merchant"], row["closed"], row["row_id"]) == (
        20119,
        150000,
        True,
        None,
        0,
    )
    assert data.tables["recalls"].num_rows == 0
    assert set(data.tables["recalls"].column_names) > {"recall_id", "at"}


def test_the_first_and_last_day_are_those_of_accepted_rows():
    """A row set aside is not the last day."""
    data = dataset(
        {"at": "2026-03-01"},
        {"transaction_id": "T2", "at": "2026-03-05"},
        {"transaction_id": "T3", "at": "2199-01-01", "amount": "x"},
    )
    assert (data.first_day, data.last_complete_day) == (20513, 20517)


def test_closing_twice_is_harmless():
    """With or without a with statement."""
    with dataset({}) as data:
        assert data.rows_accepted == 1
    data.close()
