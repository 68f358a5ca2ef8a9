"""The key of the other side."""

from __future__ import annotations

import pytest

from amlscreen.intake.counterparty import name_key
from amlscreen.intake.dataset import Dataset
from amlscreen.intake.phones import phone_key
from intake.conforming import LENIENT, accepted, read_texts

ROW = {"transaction_id": "T1", "account_id": "A1", "at": "2026-03-10", "direction": "credit", "amount": 100}


def party(**columns):
    """The key and kind of the one counterparty."""
    data = Dataset.from_tables(settings=LENIENT, transactions=[{**ROW, **columns}])
    return accepted(data, "counterparty, counterparty_kind")[0]


@pytest.mark.parametrize(
    ("columns", "key"),
    [
        ({"counterparty_account": "0101"}, ("account:BANK/0101", "account")),
        ({"counterparty_account": "0101", "counterparty_institution": "BANKB"}, ("account:BANKB/0101", "account")),
        ({"counterparty_account": "0101", "counterparty_phone": "020 5555 5555"}, ("account:BANK/0101", "account")),
        ({"counterparty_phone": "020 5555 5555", "counterparty_name": "Test"}, ("phone:+8562055555555", "phone")),
        ({"counterparty_phone": "+856 20 5555 5555"}, ("phone:+8562055555555", "phone")),
        ({"counterparty_phone": "wallet-12"}, ("phone:12", "phone")),
        ({"counterparty_name": " Mr. TEST   Payer "}, ("name:test payer", "name")),
        ({"counterparty_name": "Test", "counterparty_institution": "BANKB"}, ("name:test", "name")),
        ({"counterparty": "wallet:77"}, ("wallet:77", "wallet")),
        ({"counterparty": "P1"}, ("P1", "name")),
        ({"counterparty": "P1", "counterparty_account": "0101"}, ("P1", "name")),
        ({"counterparty_account": "0101", "counterparty_kind": "pooled"}, ("pooled:BANK/0101", "pooled")),
        ({"counterparty_institution": "BANKB"}, (None, None)),
        ({"counterparty_name": "..."}, (None, None)),
        ({}, (None, None)),
    ],
)
def test_the_key_is_the_best_that_is_known(columns, key):
    """Account before phone before name; a key the file gives stays as it is; nothing known is nothing."""
    assert party(**columns) == key


def test_pooled_counterparties_are_recognised_by_pattern_and_by_list(tmp_path):
    """A wallet float or biller is never a person."""
    listed = tmp_path / "lists"
    listed.mkdir()
    (listed / "pooled.csv").write_text("counterparty_account,counterparty_name\n9000,\n,Test Biller\n")
    files = {"t.csv": "id,acc,day,dc,amt,cp,name\n" + "".join(
        f"T{n},A1,2026-03-10,C,1,{account},{name}\n"
        for n, (account, name) in enumerate(
            [("1", "WALLET FLOAT 7"), ("9000", "x"), ("2", "test biller"), ("3", "Payer")]
        )
    )}  # fmt: skip
    mapping = {
        "folder": listed,
        "files": [{
            "match": "*", "table": "transactions",
            "columns": {"transaction_id": "id", "account_id": "acc", "at": "day", "amount": "amt",
                "counterparty_account": "cp", "counterparty_name": "name",
                "direction": {"from": "dc", "codes": {"C": "credit"}}},
            "pooled": {"counterparty_name": ["^WALLET FLOAT"], "file": "pooled.csv"},
        }],
    }  # fmt: skip
    data = read_texts(tmp_path / "in", files, mapping)
    assert accepted(data, "counterparty, counterparty_kind") == [
        ("pooled:BANKA/1", "pooled"),
        ("pooled:BANKA/9000", "pooled"),
        ("pooled:BANKA/2", "pooled"),
        ("account:BANKA/3", "account"),
    ]


@pytest.mark.parametrize("name", ["Mr Test Payer", "TEST PAYER", "test\u00a0payer", "Ｔｅｓｔ payer", " Test  Payer. "])
def test_one_name_in_several_spellings_has_one_key(name):
    """Titles, capitals, wide letters and spaces do not make another person."""
    assert name_key(name) == "test payer"


@pytest.mark.parametrize("name", ["ທ້າວ ທົດສອບ", "ທ້າວທົດສອບ", "ທົດສອບ"])
def test_lao_titles_are_dropped(name):
    """With or without a space behind them."""
    assert name_key(name) == "ທົດສອບ"


def test_a_name_that_is_only_a_title_stays():
    """Nothing is made of nothing."""
    assert name_key("Mr") == "mr"
    assert name_key("  ") is None


@pytest.mark.parametrize("phone", ["02055555555", "+85620 5555-5555", "020 ໕໕໕໕ ໕໕໕໕", "856 20 55555555"])
def test_one_phone_in_several_spellings_has_one_key(phone):
    """E.164 by the country's numbering plan."""
    assert phone_key(phone, "LA") == "+8562055555555"
