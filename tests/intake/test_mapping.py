"""A mapping is checked before it is used; what is wrong is told with line, column and what is allowed."""

from __future__ import annotations

import pytest

from amlscreen.errors import DataError, SettingsError
from amlscreen.intake.mapping import Mapping, load_mapping
from amlscreen.shipped import shipped_files
from intake.conforming import accepted, read_texts

COLUMNS = """\
      transaction_id: REF
      account_id: ACC
      at: {from: DAY, date: "%d/%m/%Y"}
      amount: AMT
      direction: {from: DC, codes: {D: debit, C: credit}}
"""
HEAD = """\
id: test
title: A test
institution: BANKA
files:
  - match: '*txn*.csv'
    table: transactions
    columns:
"""


def written(tmp_path, text):
    """The mapping in that text, read from a file."""
    path = tmp_path / "m.yml"
    path.write_text(text, encoding="utf-8")
    return load_mapping(path)


def test_a_bare_text_is_a_column_of_the_file(tmp_path):
    """The short form and the long form say the same."""
    entry = written(tmp_path, HEAD + COLUMNS).files[0]
    assert entry.columns["account_id"].source == ("ACC",)
    assert entry.columns["at"].date == ("%d/%m/%Y",)


@pytest.mark.parametrize(
    ("line", "message"),
    [
        ("      chanel: CH\n", r"'chanel' is no column of transactions\. Did you mean 'channel'"),
        ("      province: {from: P, decimal: ','}\n", r"`decimal` does not fit province, which holds text"),
        ("      channel: {from: CH, codes: {TLR: teller}}\n", r"'teller' is no value of channel"),
        ("      channel: {from: CH, otherwise: other}\n", r"`otherwise` needs `codes`"),
        ("      channel: {constant: atm, from: CH}\n", r"exactly one of"),
        ("      value_date: {from: VD, date: 'DD/MM/YYYY'}\n", r"'DD/MM/YYYY' is no format"),
        ("      value_date: {from: VD, date: '%d/%q/%Y'}\n", r"'%q' in '%d/%q/%Y' is not known"),
        ("      balance_after: {from: B, sign: negative_is_debit}\n", r"`sign` fits only the amount"),
        ("      branch_id: {form: B}\n", r"'form' is not known here\. .*from"),
    ],
)
def test_what_is_wrong_is_told_with_its_place(tmp_path, line, message):
    """Nothing in a mapping is silently without effect."""
    with pytest.raises(SettingsError, match=message) as caught:
        written(tmp_path, HEAD + COLUMNS + line)
    assert caught.value.place is not None
    assert caught.value.place.line is not None


def test_repeated_keys_are_refused(tmp_path):
    """Two answers to one question are none."""
    with pytest.raises(SettingsError, match="stands twice"):
        written(tmp_path, HEAD + COLUMNS + "      amount: OTHER\n")


def test_an_unknown_name_is_told_with_the_nearest():
    """Shipped mappings are known by name."""
    with pytest.raises(SettingsError, match="Did you mean 'lao_core_v1'"):
        load_mapping("lao_core_v2")


@pytest.mark.parametrize("path", shipped_files("mappings"), ids=lambda path: path.stem)
def test_every_shipped_mapping_is_sound(path):
    """And is known by its own name."""
    assert load_mapping(path.stem).id == path.stem


def test_a_file_takes_the_first_entry_that_matches_with_its_overrides():
    """Names match without capitals, inside archives by the member's name."""
    columns = {"account_id": "A", "at": "D", "amount": "M", "direction": "C"}
    mapping = Mapping.model_validate(
        {
            "id": "test",
            "title": "A test",
            "files": [
                {
                    "match": "*txn*.csv",
                    "table": "transactions",
                    "layout": {"separator": ";", "encoding": "cp874"},
                    "columns": columns,
                    "overrides": [
                        {"match": "*2026-02*", "layout": {"encoding": "utf-8"}, "columns": {"amount": "NEW"}}
                    ],
                },
                {"match": "*", "table": "accounts", "columns": {"account_id": "A"}},
            ],
        }
    )
    (plain,), (changed,) = (mapping.entries_for(name) for name in ("march.zip!TXN_2026-03.CSV", "txn_2026-02.csv"))
    assert (plain.columns["amount"].source, plain.layout.encoding) == (("M",), "cp874")
    assert (changed.columns["amount"].source, changed.layout.encoding, changed.layout.separator) == (
        ("NEW",),
        "utf-8",
        ";",
    )
    assert [entry.table for entry in mapping.entries_for("anything.csv")] == ["accounts"]


def one(text, columns, tmp_path, **more):
    """The accepted transactions of one file with these columns mapped besides account, day and amount."""
    base = {"account_id": "ACC", "at": "DAY", "amount": "AMT"}
    mapping = {"files": [{"match": "*", "table": "transactions", "columns": {**base, **columns}, **more}]}
    return read_texts(tmp_path / "in", {"t.csv": text}, mapping)


def test_a_signed_amount_gives_the_direction(tmp_path):
    """Either sign may be the debit; a zero has no side."""
    text = "ACC,DAY,AMT\nA,2026-03-10,-5\nA,2026-03-10,7\nA,2026-03-10,0.00\n"
    data = one(text, {"amount": {"from": "AMT", "sign": "negative_is_debit"}}, tmp_path)
    assert accepted(data, "direction, amount") == [("debit", 500), ("credit", 700)]
    assert data.quarantine.table.column("reason").to_pylist() == ["no_side"]
    data = one(text, {"amount": {"from": "AMT", "sign": "negative_is_credit"}}, tmp_path)
    assert accepted(data, "direction, amount") == [("credit", 500), ("debit", 700)]


def test_debit_and_credit_columns_give_the_direction(tmp_path):
    """A zero beside an amount is empty; both or neither stand aside; so does a negative one."""
    text = "ACC,DAY,OUT,IN\n" + "".join(f"A,2026-03-10,{out},{into}\n" for out, into in [
        ("5", ""), ("0.00", "7"), ("5", "7"), ("", ""), ("0", "0"), ("-5", ""),
    ])  # fmt: skip
    data = one(text, {"amount": {"debit": "OUT", "credit": "IN"}}, tmp_path)
    assert accepted(data, "direction, amount") == [("debit", 500), ("credit", 700)]
    assert data.quarantine.table.column("reason").to_pylist() == ["both_sides", "no_side", "no_side", "negative_amount"]


def test_debits_may_be_written_with_a_minus(tmp_path):
    """If the mapping says so, the debit column's minus is no second direction."""
    data = one(
        "ACC,DAY,OUT,IN\nA,2026-03-10,-5,\nA,2026-03-10,,7\n",
        {"amount": {"debit": "OUT", "credit": "IN", "sign": "negative_is_debit"}},
        tmp_path,
    )
    assert accepted(data, "direction, amount") == [("debit", 500), ("credit", 700)]


def test_codes_outside_the_list_stand_aside_unless_otherwise_is_stated(tmp_path):
    """Capitals alike; blank is not a code."""
    text = "ACC,DAY,AMT,DC,CH\nA,2026-03-10,1,c,tlr\nA,2026-03-10,2,C,ZZZ\nA,2026-03-10,3,C,\n"
    direction = {"from": "DC", "codes": {"C": "credit"}}
    channel = {"from": "CH", "codes": {"TLR": "cash"}}
    data = one(text, {"direction": direction, "channel": channel}, tmp_path)
    assert accepted(data, "amount, channel") == [(100, "cash"), (300, None)]
    row = data.quarantine.table.to_pylist()[0]
    assert (row["reason"], row["column"], row["value"], row["line"]) == ("unknown_code", "channel", "ZZZ", 3)
    data = one(text, {"direction": direction, "channel": {**channel, "otherwise": "other"}}, tmp_path)
    assert accepted(data, "channel") == [("cash",), ("other",), (None,)]


def test_codes_that_differ_only_in_capitals_are_told_apart(tmp_path):
    """Where a bank means two things by d and D."""
    text = "ACC,DAY,AMT,DC\nA,2026-03-10,1,D\nA,2026-03-10,1,d\n"
    data = one(text, {"direction": {"from": "DC", "codes": {"D": "debit", "d": "credit"}}}, tmp_path)
    assert accepted(data, "direction") == [("debit",), ("credit",)]


def test_constants_joined_texts_and_empty_marks(tmp_path):
    """A constant for every row, one text from two columns, '-' for nothing."""
    text = "ACC,DAY,AMT,N1,N2\nA,2026-03-10,1,pay,-\nA,2026-03-10,2,pay,ment\nA,2026-03-10,3,-,-\n"
    columns = {
        "direction": {"constant": "credit"},
        "narrative": {"from": ["N1", "N2"], "join": ""},
        "channel": {"constant": "qr"},
    }
    data = one(text, columns, tmp_path, empty=["-"])
    assert accepted(data, "narrative, channel") == [("pay", "qr"), ("payment", "qr"), (None, "qr")]


def test_one_record_may_be_two_bookings_and_others_none(tmp_path):
    """Both legs are accounted for, and what the mapping leaves out is counted as excluded."""
    text = "ACC,TO,DAY,AMT,TYPE\nA,B,2026-03-10,5,PAY\nX,A,2026-03-10,9,OPENING\nB,A,2026-03-10,x,PAY\n"
    legs = [
        {"direction": {"constant": "debit"}, "counterparty_account": "TO"},
        {"direction": {"constant": "credit"}, "account_id": "TO", "counterparty_account": "ACC"},
    ]
    data = one(text, {}, tmp_path, legs=legs, only={"TYPE": ["PAY"]})
    assert accepted(data, "account_id, direction, counterparty") == [
        ("A", "debit", "account:BANKA/B"),
        ("B", "credit", "account:BANKA/A"),
    ]
    counts = [(each.records, each.excluded, each.accepted, each.quarantined) for each in data.reconciliation.files]
    assert counts == [(3, 1, 1, 1), (3, 1, 1, 1)]


def test_a_column_the_file_does_not_have_is_told_with_the_nearest(tmp_path):
    """A renamed column is an error, not an empty one."""
    with pytest.raises(
        DataError, match=r"has no column 'CHAN', which the mapping names for channel\. Did you mean 'CHANL'"
    ):
        one("ACC,DAY,AMT,CHANL\nA,2026-03-10,1,X\n", {"direction": {"constant": "credit"}, "channel": "CHAN"}, tmp_path)


def test_unused_columns_are_told_and_ignored_ones_are_not(tmp_path):
    """A column that nobody mapped is a warning, for it may matter."""
    data = one(
        "ACC,DAY,AMT,OPR,NEW\nA,2026-03-10,1,x,y\n", {"direction": {"constant": "credit"}}, tmp_path, ignore=["OPR"]
    )
    assert [warning for warning in data.warnings if "not used" in warning] == ["t.csv: columns not used: NEW."]
