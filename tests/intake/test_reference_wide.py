"""Customers, accounts and holdings from wide and odd exports."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from pydantic import ValidationError

from amlscreen.errors import DataError
from amlscreen.intake.mapping import Mapping
from amlscreen.yaml_file import parse, plain
from intake.conforming import read_texts, reasons

BOOKED = "institution,transaction_id,account_id,at,direction,amount\nBANKA,T1,A1,2026-03-10,credit,5\n"
ENTRY = {"match": "t.csv", "table": "transactions", "columns": {
    name: name for name in "institution transaction_id account_id at direction amount".split()}}  # fmt: skip


def read(folder, text, *entries, match="w.csv"):
    """A dataset of one wide file beside a small file of transactions."""
    files = [ENTRY, *({"match": match, **entry} for entry in entries)]
    folder.mkdir(exist_ok=True)
    return read_texts(folder / "in", {"t.csv": BOOKED, match: text}, {"files": files})


def held(data):
    """Account, customer and role of each holding."""
    return [(row["account_id"], row["customer_id"], row["role"]) for row in data.tables["holdings"].to_pylist()]


def column(data, table, name):
    """One column of a reference table."""
    return data.tables[table].column(name).to_pylist()


PAIRS = """CIF,NAME,ACC,REL,PHONE
C1,Test One,A1,1,02055555551
C1,Test One,A2,1,02055555551
C2,Test Two,A1,2,02055555552
C2,Test Two,A3,1,02055555552
C1,Test One,A3,3,02055555551
"""
ROLE = {"from": "REL", "codes": {"1": "owner", "2": "joint", "3": "signatory", "4": "proxy", "5": "beneficial_owner"}}


def pairs(folder, text):
    """A file of customer-account pairs read as three tables."""
    return read(
        folder,
        text,
        {"table": "customers", "columns": {"customer_id": "CIF", "name": "NAME", "phone": "PHONE"}},
        {"table": "accounts", "columns": {"account_id": "ACC"}},
        {"table": "holdings", "columns": {"customer_id": "CIF", "account_id": "ACC", "role": ROLE}},
    )


def test_one_row_for_each_pair_fills_three_tables(tmp_path):
    """A customer or account told again in the same words is one; roles come by the bank's codes."""
    data = pairs(tmp_path, PAIRS)
    assert column(data, "customers", "customer_id") == ["C1", "C2"]
    assert column(data, "accounts", "account_id") == ["A1", "A2", "A3"]
    assert held(data) == [
        ("A1", "C1", "owner"), ("A2", "C1", "owner"), ("A1", "C2", "joint"), ("A3", "C2", "owner"),
        ("A3", "C1", "signatory"),
    ]  # fmt: skip
    assert len(data.quarantine) == 0 and data.reconciliation.rows_duplicate == 5


def test_a_customer_told_again_in_other_words_is_a_conflict(tmp_path):
    """The first row stays, the other stands aside and says which columns differ, but never what they hold."""
    data = pairs(tmp_path, PAIRS.replace("C2,Test Two,A3,1,02055555552", "C2,Test Too,A3,1,02055555559"))
    assert reasons(data) == [("conflict", "customer_id")]
    assert data.quarantine.table.column("value").to_pylist() == ["C2: name, phone"]
    assert column(data, "customers", "name") == ["Test One", "Test Two"]


def test_a_name_is_joined_in_the_order_the_mapping_states(tmp_path):
    """Title, given, middle and family name, whatever their order in the file; empty parts leave no gap."""
    text = "CIF,FAMILY,GIVEN,MIDDLE,TITLE,F_LAO,G_LAO\nC1,Test,Somchai,,Mr,ທົດສອບ,ສົມໃຈ\nC2,Test,Noi,K.,,,\n"
    names = {"name": {"from": ["G_LAO", "F_LAO"]}, "name_latin": {"from": ["TITLE", "GIVEN", "MIDDLE", "FAMILY"]}}
    data = read(tmp_path, text, {"table": "customers", "columns": {"customer_id": "CIF", **names}})
    assert column(data, "customers", "name_latin") == ["Mr Somchai Test", "Noi K. Test"]
    assert column(data, "customers", "name") == ["ສົມໃຈ ທົດສອບ", None]


def test_a_name_in_two_scripts_in_one_cell_is_taken_apart(tmp_path):
    """`find` looks for the letters of a script."""
    names = {
        "name": {"from": "N", "find": "[\u0e80-\u0eff][\u0e80-\u0eff ]*"},
        "name_latin": {"from": "N", "find": "[A-Za-z][A-Za-z .]*"},
    }
    data = read(
        tmp_path,
        "CIF,N\nC1,ສົມໃຈ ທົດສອບ (Somchai Test)\n",
        {"table": "customers", "columns": {"customer_id": "CIF", **names}},
    )
    assert column(data, "customers", "name") == ["ສົມໃຈ ທົດສອບ"]
    assert column(data, "customers", "name_latin") == ["Somchai Test"]


JOINT = {"from": "OF", "codes": {"1": "owner"}, "otherwise": "joint"}


def test_joint_holders_in_one_cell_are_several_holdings(tmp_path):
    """Numbers and names are cut in step; one holder is the owner, several are joint."""
    text = (
        "ACC;CIFS;NAMES\nA1;C001,C002;Test One / Test Two\nA2;C003;Test Three\nA3;C001 , C003,;Test One & Test Three\n"
    )
    split = {"columns": {"CIFS": ",", "NAMES": ["/", "&", " and "]}, "count": "OF"}
    data = read(
        tmp_path,
        text,
        {"table": "accounts", "columns": {"account_id": "ACC"}},
        {"table": "holdings", "split": split, "columns": {"account_id": "ACC", "customer_id": "CIFS", "role": JOINT}},
        {"table": "customers", "split": split, "columns": {"customer_id": "CIFS", "name": "NAMES"}},
    )
    assert sorted(held(data)) == [
        ("A1", "C001", "joint"), ("A1", "C002", "joint"), ("A2", "C003", "owner"),
        ("A3", "C001", "joint"), ("A3", "C003", "joint"),
    ]  # fmt: skip
    names = dict(zip(column(data, "customers", "customer_id"), column(data, "customers", "name"), strict=True))
    assert names == {"C001": "Test One", "C002": "Test Two", "C003": "Test Three"}
    assert len(data.quarantine) == 0


def test_holders_known_by_name_only_get_the_accounts_number_and_their_place(tmp_path):
    """Two people of one name on two accounts stay two, and no name becomes an id."""
    split = {"columns": {"HOLDERS": ["/", "&"]}, "number": "NO", "count": "OF"}
    person = {"from": ["ACC", "NO"], "join": "-"}
    data = read(
        tmp_path,
        "ACC,HOLDERS\nA1,Test One / Test Two\nA2,Test One\n",
        {"table": "customers", "split": split, "columns": {"customer_id": person, "name": "HOLDERS"}},
        {"table": "holdings", "split": split, "columns": {"customer_id": person, "account_id": "ACC", "role": JOINT}},
    )
    assert sorted(held(data)) == [("A1", "A1-1", "joint"), ("A1", "A1-2", "joint"), ("A2", "A2-1", "owner")]
    assert sorted(column(data, "customers", "name")) == ["Test One", "Test One", "Test Two"]


def test_cells_that_cannot_be_cut_in_step_stand_aside_whole(tmp_path):
    """Nobody gets the name of somebody else; an empty cell is empty for every part."""
    text = "CIFS;NAMES\nC1,C2;Test One\nC3,C4;\nC5;Test Five/Test Six\n" + ",".join(f"D{n}" for n in range(30)) + ";\n"
    split = {"columns": {"CIFS": ",", "NAMES": "/"}}
    data = read(
        tmp_path, text, {"table": "customers", "split": split, "columns": {"customer_id": "CIFS", "name": "NAMES"}}
    )
    assert reasons(data) == [("bad_split", "CIFS")] * 3
    assert data.quarantine.table.column("line").to_pylist() == [2, 4, 5]
    assert sorted(column(data, "customers", "customer_id")) == ["C3", "C4"]


def test_further_holders_in_columns_of_their_own_are_legs(tmp_path):
    """An empty second holder is no holder."""
    text = "ACC,CIF,HOLDER2_CIF,HOLDER3_CIF\nA1,C1,C2,\nA2,C3,,\nA3,C1,C2,C3\n"
    legs = [
        {"customer_id": "CIF", "role": {"constant": "owner"}},
        {"customer_id": "HOLDER2_CIF", "role": {"constant": "joint"}, "unless": {"HOLDER2_CIF": ""}},
        {"customer_id": "HOLDER3_CIF", "role": {"constant": "joint"}, "unless": {"HOLDER3_CIF": ""}},
    ]
    data = read(tmp_path, text, {"table": "holdings", "columns": {"account_id": "ACC"}, "legs": legs})
    assert sorted(held(data)) == [
        ("A1", "C1", "owner"), ("A1", "C2", "joint"), ("A2", "C3", "owner"),
        ("A3", "C1", "owner"), ("A3", "C2", "joint"), ("A3", "C3", "joint"),
    ]  # fmt: skip
    assert len(data.quarantine) == 0
    assert [each.file for each in data.reconciliation.files][1:] == ["w.csv (leg 1)", "w.csv (leg 2)", "w.csv (leg 3)"]


def test_the_examples_of_the_mapping_page_read_what_it_says(tmp_path):
    """Pairs, further holders in columns, holders in one cell."""
    page = (Path(__file__).parents[2] / "docs" / "mapping.md").read_text(encoding="utf-8")
    section = page.partition("## Customers, accounts and holdings")[2].partition("\n## ")[0]
    pairs, legs, split = (
        plain(parse(block, "mapping.md")) for block in re.findall(r"```yaml\n(.*?)```", section, re.DOTALL)
    )
    text = "CIF,TITLE,GIVEN,FAMILY,MOBILE,ACC,REL\nC1,Mr,Noi,Test,02055555555,A1,1\nC1,Mr,Noi,Test,02055555555,A2,5\n"
    files = {"match": "cif_acct.csv"}
    data = read(tmp_path / "pairs", text, *(each | files for each in pairs["files"]), match="cif_acct.csv")
    assert column(data, "customers", "name") == ["Mr Noi Test"]
    assert held(data) == [("A1", "C1", "owner"), ("A2", "C1", "beneficial_owner")]
    data = read(tmp_path / "legs", "ACC,CIF,HOLDER2_CIF\nA1,C1,C2\nA2,C1,\n", legs)
    assert sorted(held(data)) == [("A1", "C1", "owner"), ("A1", "C2", "joint"), ("A2", "C1", "owner")]
    data = read(tmp_path / "split", "ACC,CIFS,NAMES\nA1,C1;C2,Test One and Test Two\nA2,C1,Test One\n", split)
    assert sorted(held(data)) == [("A1", "C1", "joint"), ("A1", "C2", "joint"), ("A2", "C1", "owner")]


@pytest.mark.parametrize(
    ("table", "split", "said"),
    [
        ("transactions", {"columns": {"ACC": ";"}}, "a booking is one"),
        ("holdings", {"columns": {"ACC": " "}}, "the texts that stand between parts"),
        ("holdings", {"columns": {"ACC": ";"}, "number": "ACC"}, "name new columns"),
        ("holdings", {"columns": {}}, "at least 1"),
    ],
)
def test_a_split_that_makes_no_sense_is_refused_when_the_mapping_is_read(table, split, said):
    """With a sentence that says what is allowed."""
    with pytest.raises(ValidationError, match=said):
        Mapping.model_validate({"id": "m", "title": "M", "files": [{"match": "*", "table": table, "split": split}]})


@pytest.mark.parametrize(
    ("split", "said"),
    [
        ({"columns": {"CIFZ": ";"}}, "no column 'CIFZ'"),
        ({"columns": {"CIF": ";"}, "number": "ACC"}, "has a column 'ACC'"),
    ],
)
def test_a_split_that_does_not_fit_the_file_is_a_data_error(tmp_path, split, said):
    """It names the column and the nearest one."""
    with pytest.raises(DataError, match=said):
        read(
            tmp_path,
            "ACC,CIF\nA1,C1\n",
            {"table": "holdings", "split": split, "columns": {"account_id": "ACC", "customer_id": "CIF"}},
        )
