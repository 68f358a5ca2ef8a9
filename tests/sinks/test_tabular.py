"""CSV for people, Parquet and JSON lines for programs."""

from __future__ import annotations

import csv
import json
import stat
from decimal import Decimal

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from hypothesis import given
from hypothesis import strategies as st

from amlscreen.sinks.cells import safe_column, safe_text
from amlscreen.sinks.tables import ALERT_COLUMNS, alerts_table, kyc_table, protected_table, rules_table
from amlscreen.sinks.tabular import alerts_for_csv, write_csv, write_json_lines, write_parquet
from amlscreen.sinks.wording import Money

LAK = Money("LAK", 2, 0)


def read_csv(path):
    """The file as a spreadsheet program reads it: a list of rows."""
    assert path.read_bytes().startswith(b"\xef\xbb\xbf")
    with path.open(encoding="utf-8-sig", newline="") as file:
        return list(csv.reader(file, strict=True))


@pytest.mark.parametrize(
    "text", ["=1+1", "+856", "-1", "@SUM(A1)", "\t=1", "\r=1", " =1", "＝1", "A-1;=2", "note\n=cmd", "a\r\n+b"]
)
def test_what_could_run_as_a_formula_gets_an_apostrophe(text):
    """A formula may hide at the start, after the other list separator, and after a line break."""
    assert "'" in safe_text(text)
    assert safe_text(safe_text(text)) == safe_text(text)


@pytest.mark.parametrize("text", ["A-1", "5 - 3 = 2", "name@example", "", "ລາວ", "account:BANKA/0001"])
def test_ordinary_text_is_left_alone(text):
    """Only what could start a formula is touched."""
    assert safe_text(text) == text


@given(st.lists(st.text(alphabet="=+-@;\t\r\n aA＝\u00a0") | st.none()))
def test_arrow_and_python_agree_on_formula_cells(texts):
    """The workbook's and the CSV's notion of a dangerous cell is one and the same."""
    column = safe_column(pa.chunked_array([pa.array(texts, pa.string())]))
    assert column.to_pylist() == [None if text is None else safe_text(text) for text in texts]


def test_alerts_csv_has_the_fixed_columns_and_joined_lists(run, tmp_path):
    """People and macros rely on the order of the columns."""
    write_csv(alerts_for_csv(alerts_table(run.alert_list, LAK)), tmp_path / "alerts.csv")
    header, first, *_ = read_csv(tmp_path / "alerts.csv")
    assert tuple(header) == ALERT_COLUMNS
    row = dict(zip(header, first, strict=True))
    assert row["typologies"] == "funnel_account;recalled_fraud"
    assert row["amount"] == "26999000.00"
    points = [int(part.rsplit(" ", 1)[1]) for part in row["contributions"].split(";")]
    assert sum(points) == int(row["score"])


def test_csv_lines_end_in_crlf_and_quotes_are_doubled(tmp_path):
    """RFC 4180, whatever stands in a cell."""
    table = pa.table({"text": ['say "no", twice', "two\nlines", None, "ລາວ"], "n": [1, -2, None, 4]})
    write_csv(table, tmp_path / "t.csv")
    assert read_csv(tmp_path / "t.csv")[1:] == [['say "no", twice', "1"], ["two\nlines", "-2"], ["", ""], ["ລາວ", "4"]]
    assert (tmp_path / "t.csv").read_bytes().endswith(b"\r\n")


def test_negative_numbers_stay_numbers(tmp_path):
    """Only text can be a formula; a number with an apostrophe could not be summed."""
    write_csv(pa.table({"amount": pa.array([Decimal("-5.00")], pa.decimal128(38, 2))}), tmp_path / "t.csv")
    assert read_csv(tmp_path / "t.csv")[1] == ["-5.00"]


def test_a_fraction_of_a_second_is_kept_where_there_is_one(tmp_path):
    """Times are shortened to seconds only where nothing is lost."""
    table = pa.table({"at": pa.array([1_000_000, 1_500_000], pa.timestamp("us"))})
    write_csv(table, tmp_path / "t.csv")
    assert read_csv(tmp_path / "t.csv")[2] == ["1970-01-01 00:00:01.500000"]
    write_csv(table.slice(0, 1), tmp_path / "u.csv")
    assert read_csv(tmp_path / "u.csv")[1] == ["1970-01-01 00:00:01"]


def test_long_tables_are_written_whole(tmp_path, monkeypatch):
    """Tables are written in pieces; no row is lost or repeated at the seams."""
    monkeypatch.setattr("amlscreen.sinks.tabular._ROWS_AT_ONCE", 3)
    write_csv(pa.table({"n": list(range(10))}), tmp_path / "t.csv")
    assert [row[0] for row in read_csv(tmp_path / "t.csv")[1:]] == [str(n) for n in range(10)]


def test_an_empty_table_still_has_its_header(tmp_path):
    """A night without findings is a file with a header, not a missing or empty file."""
    write_csv(protected_table([]), tmp_path / "protected.csv")
    write_csv(kyc_table([]), tmp_path / "kyc.csv")
    write_csv(alerts_for_csv(alerts_table([], LAK)), tmp_path / "alerts.csv")
    assert read_csv(tmp_path / "protected.csv") == [["alert_id", "customer_id", "role", "urgency", "reason"]]
    assert len(read_csv(tmp_path / "kyc.csv")) == 1
    assert len(read_csv(tmp_path / "alerts.csv")) == 1


def test_protected_people_are_readable_by_their_owner_only(run, tmp_path):
    """The file with possible victims is closed to other users of the machine from its first byte."""
    write_csv(protected_table(run.protected_list), tmp_path / "protected.csv", owner_only=True)
    assert stat.S_IMODE((tmp_path / "protected.csv").stat().st_mode) == 0o600


def test_the_most_urgent_protected_person_comes_first(run):
    """The higher the urgency, the sooner."""
    people = [run.protected_list[0]]
    people = [type(people[0])("AL-1", f"C{n}", "possible_victim", n, "why") for n in (2, 1, 3)]
    assert protected_table(people).column("urgency").to_pylist() == [3, 2, 1]


def test_json_lines_and_parquet_carry_what_csv_cannot(run, tmp_path):
    """Contributions stay structured, and amounts stay exact."""
    write_json_lines(run.alert_list, LAK, tmp_path / "alerts.jsonl")
    write_parquet(alerts_table(run.alert_list, LAK), tmp_path / "alerts.parquet")
    lines = [json.loads(line) for line in (tmp_path / "alerts.jsonl").read_text(encoding="utf-8").splitlines()]
    rows = pq.read_table(tmp_path / "alerts.parquet").to_pylist()
    for line, row, alert in zip(lines, rows, run.alert_list, strict=True):
        assert sum(part["points"] for part in line["contributions"]) == row["score"] == alert.score
        assert Decimal(line["amount"]) == row["amount"] == Decimal(alert.amount).scaleb(-2)
        assert line["next_steps"] == row["next_steps"] == list(alert.next_steps)
        assert row["revision"] == alert.revision


def test_a_rule_that_did_not_run_says_why(run):
    """Not evaluable and failed are never the same as no hits."""
    rows = {row["rule_id"]: row for row in rules_table(run.outcomes, run.cards, "en").to_pylist()}
    assert rows["HT-L01"]["outcome"] == "not_evaluable"
    assert "purpose" in rows["HT-L01"]["reason"]
    assert rows["HT-K05"]["outcome"] == "failed"
    assert "seconds" not in rows["HT-A01"]
