"""What logs of transfers need of a mapping: rounding that is stated and counted, counted days, bookings that depend."""

from __future__ import annotations

from decimal import ROUND_HALF_EVEN, Decimal
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from amlscreen.errors import DataError, SettingsError
from amlscreen.intake.dataset import Dataset
from amlscreen.intake.mapping import Mapping
from intake.conforming import LENIENT, accepted, instants, minor_units, read_texts, reasons

MARKS = ["$", "CNY/", "CNY"]
DAYS = {"from": "STEP", "days_since": "2023-01-01"}


def log(tmp_path, text: str, columns: dict[str, Any], **more: Any) -> Dataset:
    """One CSV file of transactions whose direction, unless told, is credit."""
    base = {"account_id": "A", "at": "DAY", "amount": "AMT", "direction": {"constant": "credit"}}
    entry = {"match": "*", "table": "transactions", "columns": {**base, **columns}, **more}
    return read_texts(tmp_path / "in", {"t.csv": text}, {"files": [entry]})


@pytest.mark.parametrize(
    ("text", "minor"),
    [("1.005", 100), ("1.015", 102), ("-1.005", -100), ("-1.0050001", -101), ("2.5", 250), ("0.00499999999", 0),
     (".125", 12), ("(3.14159)", -314), ("99.995", 10000), ("7", 700), ("0.015000000000000000000000000001", 2)],
)  # fmt: skip
def test_stated_rounding_is_half_to_even_and_never_twice(text, minor):
    """The digits are compared as they stand, however many there are."""
    assert minor_units([text], round="half_even") == [minor]


@settings(max_examples=10, deadline=None)
@given(st.lists(st.decimals(-(10**9), 10**9, places=6), min_size=20), st.sampled_from([0, 2, 3]))
def test_rounding_agrees_with_decimal(values, digits):
    """The oracle is Python's own."""
    exact = [int(each.scaleb(digits).quantize(Decimal(1), rounding=ROUND_HALF_EVEN)) for each in values]
    assert minor_units([str(each) for each in values], digits=digits, round="half_even") == exact


@settings(max_examples=10, deadline=None)
@given(st.lists(st.floats(-1e9, 1e9, allow_nan=False), min_size=20))
def test_a_double_is_rounded_as_the_text_that_stands_for_it(values):
    """CSV and Parquet of the same numbers give the same amounts."""
    exact = [int(Decimal(repr(each)).scaleb(2).quantize(Decimal(1), rounding=ROUND_HALF_EVEN)) for each in values]
    assert minor_units(values, kind=pa.float64(), round="half_even") == exact


def test_rounding_does_not_make_an_amount_of_what_is_none():
    """Infinity, exponents in text and amounts out of range still stand aside."""
    assert minor_units(["1e-5", "x", "100000000000000"], round="half_even") == ["bad_amount", "bad_amount", "overflow"]
    doubles = [float("inf"), float("nan"), 1e14, -1e300]
    assert minor_units(doubles, kind=pa.float64(), round="half_even") == ["bad_amount"] * 2 + ["overflow"] * 2
    assert minor_units([Decimal("1.00555")], kind=pa.decimal128(20, 5), round="half_even") == [101]


def test_rounded_amounts_are_counted_in_the_warnings(tmp_path):
    """Nothing is rounded in silence, and nothing is said of amounts that did not change."""
    text = "A,DAY,AMT,BAL\nX,2026-03-10,1.005,3.100\nX,2026-03-10,2.50000,4\nX,2026-03-10,3.999,x\n"
    amount, balance = {"from": "AMT", "round": "half_even"}, {"from": "BAL", "round": "half_even"}
    data = log(tmp_path, text, {"amount": amount, "balance_after": balance})
    assert accepted(data, "amount") == [(100,), (250,)]
    assert [each for each in data.warnings if "rounded" in each] == [
        "t.csv: 1 values of amount had more digits than their currency and were rounded half to even, as the mapping "
        "states."
    ]
    assert reasons(data) == [("bad_amount", "balance_after")]


def test_rounding_follows_the_digits_of_each_currency(tmp_path):
    """A yen has none, a dinar three."""
    text = "A,DAY,AMT,CUR\nX,2026-03-10,2.5,JPY\nX,2026-03-10,1.23450,KWD\n"
    rates = "currency,date,rate\nJPY,2026-03-01,100\nKWD,2026-03-01,100\n"
    columns = {"account_id": "A", "at": "DAY", "amount": {"from": "AMT", "round": "half_even"}, "currency": "CUR"}
    entry = {"match": "t*", "table": "transactions", "columns": {**columns, "direction": {"constant": "credit"}}}
    fx = {"match": "fx*", "table": "fx_rates", "columns": {name: name for name in ("currency", "date", "rate")}}
    data = read_texts(tmp_path / "in", {"t.csv": text, "fx_rates.csv": rates}, {"files": [entry, fx]})
    assert accepted(data, "amount_original") == [(2,), (1234,)]


@pytest.mark.parametrize(
    ("text", "minor"),
    [("$1,750.06", 175006), ("-$76.00", -7600), ("+ $1,150.00", 115000), ("($85.00)", -8500), ("$-5", -500),
     ("5.00 $", 500), ("5.00$-", -500), ("(5.00 $)", -500), ("CNY/5.00", 500), ("CNY 7", 700), ("\u2212$5", -500),
     ("8", 800),
     ("1$5", "bad_amount"), ("$$5", "bad_amount"), ("$", "bad_amount"), ("£5", "bad_amount")],
)  # fmt: skip
def test_a_stated_currency_mark_may_stand_beside_an_amount(text, minor):
    """Once, at either end, inside the sign or parenthesis; a mark that is not stated is no amount."""
    assert minor_units([text], symbol=MARKS) == [minor]


def test_marks_and_decimal_commas_and_rounding_go_together():
    """Options do not get in each other's way."""
    assert minor_units(["1.234,565 €", "€ -4,5"], symbol="€", decimal=",", round="half_even") == [123456, -450]


def test_what_an_expression_finds_counts_as_the_cell(tmp_path):
    """A number inside a text, a day with a remark behind it; nothing found is an empty cell."""
    text = "A,DAY,AMT,N\nX,10/03/2026 as of 09/03/2026,5 (of 7),from 0123-4 x\nX,11/03/2026,6,cash\n"
    columns = {
        "at": {"from": "DAY", "find": "^[0-9/]+", "date": "%d/%m/%Y"},
        "amount": {"from": "AMT", "find": "^[0-9.]+"},
        "counterparty_account": {"from": "N", "find": "from ([0-9-]+)"},
    }
    data = log(tmp_path, text, columns)
    assert accepted(data, "local_day, amount, counterparty") == [
        (20522, 500, "account:BANKA/0123-4"),
        (20523, 600, None),
    ]


def test_an_empty_cell_can_have_a_meaning(tmp_path):
    """Card statements mark only one of the two sides."""
    text = "A,DAY,AMT,CR\nX,2026-03-10,5,CR\nX,2026-03-10,6,\n"
    codes = {"CR": "credit", "": "debit"}
    data = log(tmp_path, text, {"direction": {"from": "CR", "codes": codes}})
    assert accepted(data, "direction, amount") == [("credit", 500), ("debit", 600)]


@pytest.mark.parametrize("zone", ["+0700", " +0700", " +07:00", "+07", " +07", "Z", " Z"])
def test_a_zone_may_stand_apart(zone):
    """As ISO 8601 writes it, and with the space many exports put before it."""
    local = "2026-03-10 19:34:56" if "Z" in zone else "2026-03-10 12:34:56"
    assert instants({"T": [f"2026-03-10 12:34:56{zone}"]}) == [(local, True)]


def test_days_are_counted_from_the_stated_first_one():
    """A whole number is a day without a time; a fraction is the time of day."""
    found = instants({"S": ["0", "179", "1.5", "2.0", "-1", "1,5", "x", "9999999"]}, days_since="2023-01-01")
    assert found == [
        ("2023-01-01 00:00:00", False),
        ("2023-06-29 00:00:00", False),
        ("2023-01-02 12:00:00", True),
        ("2023-01-03 00:00:00", False),
        ("2022-12-31 00:00:00", False),
        "bad_date",
        "bad_date",
        "bad_date",
    ]
    assert instants({"S": [200000]}, kind=pa.int32(), days_since="2023-01-01") == ["date_out_of_range"]
    assert instants({"S": [0.1, float("nan")]}, kind=pa.float64(), days_since="2023-01-01") == [
        ("2023-01-01 02:24:00", True),
        "bad_date",
    ]
    assert instants({"S": [31]}, kind=pa.int16(), days_since="2023-01-01") == [("2023-02-01 00:00:00", False)]


def test_counted_days_fill_plain_dates_too(tmp_path):
    """The day an account was opened, for example; what is marked as empty stays empty."""
    text = "A,DAY,AMT,V\nX,2026-03-10,1,31\nX,2026-03-10,2,-\n"
    data = log(tmp_path, text, {"value_date": {"from": "V", "days_since": "1970-01-01"}}, empty=["-"])
    assert accepted(data, "value_date") == [(31,), (None,)]


def test_days_that_are_days_already_are_not_counted(tmp_path):
    """A mapping that does not fit a typed file is refused, not guessed around."""
    (tmp_path / "in").mkdir()
    day = pa.array(["2026-03-10"]).cast(pa.date32())
    pq.write_table(pa.table({"A": ["X"], "STEP": day, "AMT": [1]}), tmp_path / "in" / "t.parquet")
    columns = {"account_id": "A", "at": DAYS, "amount": "AMT", "direction": {"constant": "credit"}}
    mapping = {"id": "t", "title": "t", "institution": "B", "files": [
        {"match": "*", "table": "transactions", "columns": columns}
    ]}  # fmt: skip
    with pytest.raises(DataError, match="holds days already, so `days_since` does not fit at"):
        Dataset.read(tmp_path / "in", Mapping.model_validate(mapping), "laos", LENIENT)


LEGS = [
    {"account_id": "A", "direction": {"constant": "debit"}, "counterparty_account": "B", "unless": {"A": [-1, "CASH"]}},
    {"account_id": "B", "direction": {"constant": "credit"}, "only": {"TYPE": "PAY", "B": {"pattern": "^[0-9]"}}},
]


def test_a_booking_exists_only_where_its_conditions_hold(tmp_path):
    """A source or sink that is no account becomes none; what is left out is counted for each booking."""
    rows = ("1,2,2026-03-10,5,PAY", "-1,2,2026-03-10,6,PAY", "CASH,2,2026-03-10,7,X", "1,CASH,2026-03-10,8,PAY")
    text = "\n".join(("A,B,DAY,AMT,TYPE", *rows))
    data = log(tmp_path, text, {"direction": {"constant": "debit"}}, legs=LEGS)
    assert accepted(data, "account_id, direction, amount") == [
        ("1", "debit", 500),
        ("1", "debit", 800),
        ("2", "credit", 500),
        ("2", "credit", 600),
    ]
    counts = [(each.records, each.excluded, each.accepted) for each in data.reconciliation.files]
    assert counts == [(4, 2, 2), (4, 2, 2)]
    assert not [warning for warning in data.warnings if "not used" in warning]


def test_conditions_compare_numbers_as_they_are_written(tmp_path):
    """A whole number is the same in a Parquet file of whole numbers, of doubles and in a CSV file."""
    for kind in (pa.int32(), pa.float64(), pa.string()):
        folder = tmp_path / str(kind)
        folder.mkdir()
        table = pa.table({"A": pa.array([-1, 7]).cast(kind), "DAY": ["2026-03-10"] * 2, "AMT": [1, 2]})
        pq.write_table(table, folder / "t.parquet")
        columns = {"account_id": "A", "at": "DAY", "amount": "AMT", "direction": {"constant": "credit"}}
        entry = {"match": "*", "table": "transactions", "columns": columns, "unless": {"A": -1}}
        mapping = Mapping.model_validate({"id": "t", "title": "t", "institution": "B", "files": [entry]})
        with Dataset.read(folder, mapping, "laos", LENIENT) as data:
            assert accepted(data, "account_id, amount") == [("7", 200)]


def test_an_empty_cell_can_be_asked_for_and_a_condition_nothing_meets_is_told(tmp_path):
    """A misspelt value would otherwise read as a bank without customers."""
    text = "A,DAY,AMT,T\nX,2026-03-10,5,\nX,2026-03-10,6,y\n"
    assert accepted(log(tmp_path, text, {}, only={"T": [""]}), "amount") == [(500,)]
    with pytest.raises(DataError, match=r"No transaction was accepted: 2 records in t\.csv, of which 2 were left out"):
        log(tmp_path, text, {}, only={"T": ["Y"]})
    legs = [{"direction": {"constant": "debit"}, "only": {"T": "Y"}}, {"direction": {"constant": "credit"}}]
    assert (
        "t.csv (booking 1): `only` and `unless` leave out every record." in log(tmp_path, text, {}, legs=legs).warnings
    )


def test_one_file_may_fill_two_tables(tmp_path):
    """Entries with the same match share the file; it is read once and accounted for once for each table."""
    head = {"match": "t*", "table": "transactions", "columns": {
        "account_id": "A", "at": "DAY", "amount": "AMT", "direction": {"constant": "credit"}
    }}  # fmt: skip
    accounts = {
        "match": "ACC*",
        "table": "accounts",
        "layout": {"separator": ";"},
        "columns": {"account_id": "A", "customer_id": "C"},
    }
    customers = {
        "match": "acc*",
        "table": "customers",
        "columns": {"customer_id": "C", "name": "N"},
        "only": {"C": {"pattern": "."}},
    }
    rest = {"match": "*", "table": "holdings", "columns": {"account_id": "no", "customer_id": "such"}}
    data = read_texts(
        tmp_path / "in",
        {"t.csv": "A,DAY,AMT\nX,2026-03-10,5\n", "acc.csv": "A;C;N;L\nX;1;P1;l\nY;;P2;l\n"},
        {"files": [head, accounts, customers, rest]},
    )
    assert data.tables["accounts"].num_rows == 2
    assert data.tables["customers"].column("name").to_pylist() == ["P1"]
    assert data.tables["holdings"].num_rows == 0
    counted = [(each.file, each.table, each.records, each.excluded) for each in data.reconciliation.files]
    assert counted == [("acc.csv", "accounts", 2, 0), ("acc.csv", "customers", 2, 1), ("t.csv", "transactions", 1, 0)]
    assert [each for each in data.warnings if "not used" in each] == ["acc.csv: columns not used: L."]


def test_ignored_files_are_not_read_and_not_told(tmp_path):
    """By the folder they lie in, too; what no entry matches is told."""
    text = "A,DAY,AMT\nX,2026-03-10,5\n"
    (tmp_path / "in" / "old").mkdir(parents=True)
    columns = {"account_id": "A", "at": "DAY", "amount": "AMT", "direction": {"constant": "credit"}}
    entry = {"match": "t*", "table": "transactions", "columns": columns}
    files = {"t.csv": text, "old/t.csv": "junk", "read.me": "x", "other.txt": "x"}
    data = read_texts(tmp_path / "in", files, {"files": [entry], "ignore": ["OLD/*", "*.me"]})
    assert [each.file for each in data.reconciliation.files] == ["t.csv"]
    assert [each for each in data.warnings if "not read" in each] == [
        "other.txt: not read; no entry of the mapping test matches its name."
    ]


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"columns": {"amount": {"from": "M", "round": "up"}}}, "half_even"),
        ({"columns": {"narrative": {"from": "N", "round": "half_even"}}}, "`round` does not fit narrative"),
        ({"columns": {"at": {**DAYS, "date": "%d"}}}, "`days_since` counts days"),
        ({"columns": {"at": {"from": ["D", "T"], "days_since": "2023-01-01"}}}, "cannot be made from 2 columns"),
        ({"columns": {"amount": {"from": ["M", "N"]}}}, "amount cannot be made from 2 columns"),
        ({"columns": {"amount": {"constant": 5}}}, "`constant` does not fit amount"),
        ({"columns": {"at": {"from": "D", "time": "%H:%M"}}}, "`time` is about a second column"),
        ({"columns": {"amount": {"from": "M", "decimal": ",", "thousands": ","}}}, "cannot be both the decimal"),
        ({"columns": {"narrative": {"constant": "x", "codes": {"a": "b"}}}}, "`codes` says nothing of a `constant`"),
        ({"columns": {"amount": {"from": "M", "symbol": "."}}}, "is no currency mark"),
        ({"columns": {"narrative": {"from": "M", "symbol": "$"}}}, "`symbol` does not fit narrative"),
        ({"columns": {"narrative": {"constant": "M", "find": "a"}}}, "`find` looks into the column"),
        ({"columns": {"narrative": {"from": "M", "find": "(?<=a)"}}}, "can be used here"),
        ({"unless": {"T": {"pattern": "(?=a)"}}}, "cannot be used|can be used here"),
        ({"unless": {"T": {"pattern": "a", "values": ["b"]}}}, "give a list of values, or"),
        ({"unless": {"T": []}}, "give a list of values, or"),
        ({"legs": [{"acount_id": "A"}]}, "'acount_id' is no column of transactions. Did you mean 'account_id'"),
        ({"pooled": {"narrative": ["("]}}, "not a regular expression"),
        ({"overrides": [{"match": "*", "layout": {"separatr": ";"}}]}, "layout of '\\*': separatr"),
    ],
)  # fmt: skip
def test_a_mapping_that_contradicts_itself_is_refused(change, message):
    """Before any file is read, in words that say what to write."""
    entry = {"match": "*", "table": "transactions", "columns": {}, **change}
    with pytest.raises(ValueError, match=message):
        Mapping.model_validate({"id": "t", "title": "t", "files": [entry]})


def test_entries_for_one_file_agree_on_its_layout(tmp_path):
    """Two answers to how a file is laid out are none; nor do two entries fill one table."""
    accounts = {"match": "a*", "table": "accounts", "columns": {"account_id": "A"}}
    customers = {"match": "A*", "table": "customers", "columns": {"customer_id": "C"}, "layout": {"separator": ";"}}
    for files, message in (([accounts, customers], "state the layout in the first"), ([accounts, accounts], "`legs`")):
        with pytest.raises(ValueError, match=message):
            Mapping.model_validate({"id": "t", "title": "t", "files": files})


def test_a_direction_that_is_told_twice_is_refused(tmp_path):
    """A sign and a column could contradict each other row by row."""
    with pytest.raises(DataError, match="tells the direction twice"):
        log(tmp_path, "A,DAY,AMT\nX,2026-03-10,5\n", {"amount": {"from": "AMT", "sign": "negative_is_debit"}})


def test_a_wrong_column_of_a_condition_is_told_with_the_nearest(tmp_path):
    """As for any other column of the file."""
    with pytest.raises(
        DataError, match=r"no column 'TYP', which the mapping names for a condition\. Did you mean 'TYPE'"
    ):
        log(tmp_path, "A,DAY,AMT,TYPE\nX,2026-03-10,5,P\n", {}, unless={"TYP": ["P"]})


def test_settings_errors_name_the_place(tmp_path):
    """The line of the mapping that is wrong, also inside a leg."""
    from amlscreen.intake.mapping import load_mapping

    path = tmp_path / "m.yml"
    path.write_text(
        "id: t\ntitle: t\nfiles:\n  - match: '*'\n    table: transactions\n    legs:\n      - {account_id: {form: A}}\n"
    )
    with pytest.raises(SettingsError, match="'form' is not known here") as caught:
        load_mapping(path)
    assert caught.value.place is not None
    assert caught.value.place.line == 7
