"""Files become a dataset: by mapping or by canonical names, kept or read again."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from amlscreen.errors import DataError
from amlscreen.intake import part
from amlscreen.intake.dataset import Dataset
from amlscreen.settings import Settings
from intake.conforming import LENIENT, accepted, read_texts, reasons

HEAD = "institution,transaction_id,account_id,at,direction,amount"
TABLE = f"{HEAD}\nBANKA,T1,A1,2026-03-10 08:00:00,credit,5\nBANKA,T2,A1,2026-03-11 09:30:00,debit,7.50\n"


def test_a_canonical_export_needs_no_mapping(tmp_path):
    """Files are named after their tables, in any of the formats."""
    files = {
        "transactions.csv": TABLE,
        "accounts.jsonl": '{"institution":"BANKA","account_id":"A1","opened":"2025-01-31"}\n',
    }
    data = read_texts(tmp_path / "in", files)
    assert accepted(data, "transaction_id, amount") == [("T1", 500), ("T2", 750)]
    assert data.tables["accounts"].column("opened").to_pylist() == [20119]
    assert data.institutions == ("BANKA",)
    assert data.files == ("accounts.jsonl", "transactions.csv")


def test_one_file_that_holds_transactions_may_have_any_name(tmp_path):
    """Its header says what it is."""
    path = tmp_path / "march.csv"
    path.write_text(TABLE)
    assert Dataset.read(path).rows_accepted == 2


def test_files_that_say_nothing_known_are_refused(tmp_path):
    """The message says what was found, what is needed, and to write a mapping."""
    with pytest.raises(DataError, match=r"march\.csv: is no canonical table\. Found columns: A, B\. .*write a mapping"):
        read_texts(tmp_path / "in", {"march.csv": "A,B\n1,2\n"})


def test_a_first_line_that_is_a_record_is_not_repeated_in_the_refusal(tmp_path):
    """A file without a header would put a name and an amount into the message."""
    with pytest.raises(DataError, match=r"may be a record .*`header: false`") as caught:
        read_texts(tmp_path / "in", {"march.csv": "2026-03-10,Somebody Example,-7.50\n2026-03-11,x,1\n"})
    assert "Somebody" not in str(caught.value)


def test_an_export_without_a_single_transaction_is_refused(tmp_path):
    """A header alone is what a failed export leaves, and a night without alerts would hide it."""
    with pytest.raises(DataError, match=r"No transaction was accepted: 0 records in transactions\.csv"):
        read_texts(tmp_path / "in", {"transactions.csv": TABLE.splitlines()[0] + "\n"})


def test_a_link_that_leads_nowhere_is_told(tmp_path):
    """A month that was moved away must not vanish from the run."""
    (tmp_path / "in").mkdir()
    (tmp_path / "in" / "accounts.csv").symlink_to(tmp_path / "moved.csv")
    with pytest.raises(DataError, match=r"accounts\.csv: cannot be read"):
        read_texts(tmp_path / "in", {"transactions.csv": TABLE})


def test_without_transactions_there_is_nothing_to_screen(tmp_path):
    """With and without a mapping."""
    accounts = {"accounts.csv": "institution,account_id\nBANKA,A1\n"}
    with pytest.raises(DataError, match=r"holds no transactions\. Found: accounts\.csv"):
        read_texts(tmp_path / "in", accounts)
    mapping = {"files": [{"match": "*txn*", "table": "transactions", "columns": {"account_id": "A"}}]}
    with pytest.raises(DataError, match=r"Looked for: '\*txn\*'"):
        read_texts(tmp_path / "in", accounts, mapping)


def test_files_the_mapping_says_nothing_about_are_told(tmp_path):
    """They are not read, and not silently so."""
    columns = {name: name for name in HEAD.split(",")}
    mapping = {"files": [{"match": "t*.csv", "table": "transactions", "columns": columns}]}
    data = read_texts(tmp_path / "in", {"t.csv": TABLE, "notes.csv": "x\n1\n"}, mapping)
    assert "notes.csv: not read; no entry of the mapping test matches its name." in data.warnings


def test_a_bad_row_is_told_with_its_physical_line(tmp_path):
    """Lines count from the top of the file, also behind a field with line breaks."""
    text = f'{HEAD},narrative\nBANKA,T1,A1,2026-03-10,credit,5,"two\nlines"\n\n'
    text += "BANKA,T2,A1,2026-03-11,debit,x,\nBANKA,T3,A1\n"
    data = read_texts(tmp_path / "in", {"transactions.csv": text})
    rows = data.quarantine.table.select(["line", "record", "reason"]).to_pylist()
    assert rows == [{"line": 5, "record": 2, "reason": "bad_amount"}, {"line": 6, "record": 3, "reason": "ragged"}]
    assert data.reconciliation.rows_read == 3


def test_a_re_exported_file_adds_nothing(tmp_path):
    """The same rows again, also without ids: as often as the file that has them most."""
    anonymous = "institution,account_id,at,direction,amount\n"
    row = "BANKA,A1,2026-03-10,credit,5\n"
    files = {
        "a/transactions.csv": TABLE,
        "b/transactions.csv": TABLE,
        "c/transactions.csv": anonymous + row * 2,
        "d/transactions.csv": anonymous + row * 3,
    }
    for name in files:
        (tmp_path / "in" / name).parent.mkdir(parents=True)
    data = read_texts(tmp_path / "in", files)
    assert data.rows_accepted == 2 + 3
    assert data.reconciliation.rows_duplicate == 2 + 2
    assert [row[0] for row in accepted(data, "file_no")] == [0, 0, 2, 2, 3]


def test_a_file_whose_times_are_all_midnight_holds_days(tmp_path):
    """A clock that always says 00:00:00 is none; one other time shows that it is one."""
    rows = [f"BANKA,T{n},A1,2026-03-{n:02} 00:00:00,credit,5\n" for n in range(1, 13)]
    data = read_texts(tmp_path / "in", {"transactions.csv": f"{HEAD}\n{''.join(rows)}"})
    assert set(accepted(data, "time_precision, hour")) == {("day", None)}
    assert [(each.column, each.code, each.rows) for each in data.noticed] == [("at", "only_midnights", 12)]
    assert "transactions.csv: 12 values of at are all midnight, so only the days are taken as known." in data.warnings
    late = "BANKA,T99,A1,2026-03-13 00:00:01,credit,5\n"
    data = read_texts(tmp_path / "in", {"transactions.csv": f"{HEAD}\n{''.join(rows)}{late}"})
    assert set(accepted(data, "time_precision, hour")) == {("second", 0)}


def test_spelled_provinces_become_codes_and_are_never_guessed(tmp_path):
    """By the jurisdiction's list; a spelling of two provinces is left empty and told; an unlisted one stays."""
    places = ["LA-VT", "savannakhét", "Luang  Prabang", "Vientiane", "TH-10", ""]
    rows = "".join(f"BANKA,T{n},A1,2026-03-10,credit,5,{place}\n" for n, place in enumerate(places))
    data = read_texts(tmp_path / "in", {"transactions.csv": f"{HEAD},province\n{rows}"})
    assert [row[0] for row in accepted(data, "province")] == ["LA-VT", "LA-SV", "LA-LP", None, "TH-10", None]
    assert [(each.column, each.code, each.rows) for each in data.noticed] == [
        ("province", "province_ambiguous", 1),
        ("province", "province_unlisted", 1),
    ]
    told = "transactions.csv: 1 values of province name a province that could be either of two; left empty."
    assert told in data.warnings


def test_the_limit_holds_for_each_file(tmp_path):
    """A small bad file cannot hide behind a large good one, and nothing is left behind."""
    good = HEAD + "\n" + "".join(f"BANKA,T{n},A1,2026-03-10,credit,5\n" for n in range(200))
    bad = HEAD + "\n" + "".join(f"BANKA,U{n},A1,2026-03-10,credit,x\n" for n in range(2))
    temporary = tmp_path / "temporary"
    temporary.mkdir()
    (tmp_path / "in" / "b").mkdir(parents=True)
    with pytest.raises(DataError, match=r"transactions\.csv: 2 of 2 rows \(bad_amount in amount: 2\)") as caught:
        read_texts(
            tmp_path / "in",
            {"transactions.csv": good, "b/transactions.csv": bad},
            settings=Settings(temporary=temporary),
        )
    assert caught.value.exit_code == 2
    assert list(temporary.iterdir()) == []


def test_closing_removes_the_temporary_files(tmp_path):
    """The store goes with the dataset."""
    temporary = tmp_path / "temporary"
    temporary.mkdir()
    with read_texts(tmp_path / "in", {"transactions.csv": TABLE}, settings=Settings(temporary=temporary)):
        assert len(list(temporary.iterdir())) == 1
    assert list(temporary.iterdir()) == []


def test_a_buddhist_export_with_decimal_commas_is_read_through_its_mapping(tmp_path):
    """The whole way from a cp874 file with preamble and total to canonical rows."""
    text = (
        "REPORT\n\nREF;ACC;DAY;AMT;DC\n1;A1;29/02/๒๕๖๗;1.234.567,50;D\n2;A1;01/03/2567;5,00;C\nTotal;;;1.234.572,50;\n"
    )
    mapping = {
        "files": [{
            "match": "*", "table": "transactions",
            "layout": {"encoding": "cp874", "separator": ";", "skip_rows": 2, "footer": ["^Total"]},
            "columns": {
                "transaction_id": "REF", "account_id": "ACC",
                "at": {"from": "DAY", "date": "%d/%m/%Y", "era": "buddhist"},
                "amount": {"from": "AMT", "decimal": ",", "thousands": "."},
                "direction": {"from": "DC", "codes": {"D": "debit", "C": "credit"}},
            },
        }],
    }  # fmt: skip
    data = read_texts(tmp_path / "in", {"t.csv": text.encode("cp874")}, mapping)
    assert [
        (dt.date(1970, 1, 1) + dt.timedelta(days=day), amount) for day, amount in accepted(data, "local_day, amount")
    ] == [
        (dt.date(2024, 2, 29), 123456750),
        (dt.date(2024, 3, 1), 500),
    ]
    assert data.reconciliation.files[0].footer == 1


@pytest.fixture
def parquet(tmp_path):
    """A typed Parquet file in which some rows are bad, doubled, reversed, foreign or missing a part."""
    rows = [
        {
            "institution": "BANKA",
            "transaction_id": f"T{n // 2 if n in (9, 10) else n}",
            "account_id": f"A{n % 3}",
            "at": dt.datetime(2026, 3, 1 + n % 9, n % 24, 5),
            "direction": "debit" if n % 2 else "credit",
            "amount": None if n == 7 else Decimal(n + 1),
            "currency": "USD" if n in (4, 5) else "LAK" if n % 3 else None,
            "channel": "fax" if n == 8 else "atm",
            "reverses": "T0" if n == 3 else None,
            "counterparty_account": f" A{n % 2} ",
            "province": "Savan" if n == 6 else "LA-VT",
            "narrative": f"n{n}",
        }
        for n in range(30)
    ]
    rows.append(rows[20])
    rows.append({**rows[21], "narrative": "other"})
    folder = tmp_path / "in"
    folder.mkdir()
    pq.write_table(pa.Table.from_pylist(rows), folder / "transactions.parquet")
    (folder / "fx_rates.csv").write_text("currency,date,rate\nUSD,2026-03-05,21000.5\n")
    (folder / "accounts.csv").write_text("institution,account_id,customer_id\nBANKA,A0,C1\nBANKA,A1,C1\nBANKA,A2,C2\n")
    return folder


def test_reading_a_large_file_again_gives_what_keeping_it_gives(parquet, monkeypatch):
    """The two ways agree in every accepted row, every row set aside and every total."""
    kept = Dataset.read(parquet, settings=LENIENT)
    monkeypatch.setattr(part, "FEWEST_LAZY", 1)
    again = Dataset.read(parquet, settings=LENIENT)
    assert kept.connection.execute("SELECT count(*) FROM kept_transactions").fetchall() == [(32,)]
    assert again.connection.execute("SELECT count(*) FROM kept_transactions").fetchall() == [(0,)]
    assert accepted(again, "*") == accepted(kept, "*")
    assert len(accepted(again, "*")) == 28
    assert reasons(again) == reasons(kept)
    assert again.reconciliation == kept.reconciliation
    assert (again.provided, again.warnings) == (kept.provided, kept.warnings)
    ids = np.array([row[0] for row in accepted(kept, "row_id", "record DESC")])
    assert again.rows(ids).equals(kept.rows(ids))


def test_a_large_file_without_some_ids_is_kept(parquet, monkeypatch):
    """Ids must be made once, not at every reading."""
    monkeypatch.setattr(part, "FEWEST_LAZY", 1)
    table = pq.read_table(parquet / "transactions.parquet")
    blank = pa.array([None, *table.column("transaction_id").to_pylist()[1:]], pa.string())
    pq.write_table(table.set_column(1, "transaction_id", blank), parquet / "transactions.parquet")
    data = Dataset.read(parquet, settings=LENIENT)
    assert data.connection.execute("SELECT count(*) FROM kept_transactions").fetchall() == [(32,)]


def test_progress_is_told(tmp_path):
    """What is being done, how far, of how much."""
    (tmp_path / "transactions.csv").write_text(TABLE)
    told = []
    Dataset.read(tmp_path, progress=lambda stage, done, total: told.append((stage, done, total)))
    assert told[0] == ("reading transactions.csv", 0, 1)
    assert all(done <= total for _, done, total in told)
