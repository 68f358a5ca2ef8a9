"""Dates of birth: impossible ones stand aside, and no day is made up."""

from __future__ import annotations

import pytest
from pydantic import ValidationError

from amlscreen.intake.column_spec import ColumnSpec
from intake.conforming import read_texts, reasons
from intake.test_reference_wide import BOOKED, ENTRY, column


def born(folder, texts, kinds=(), **options):
    """Customers with these dates of birth, beside a booking of 2026-03-10."""
    rows = "".join(
        f"C{n},{text},{kind}\n"
        for n, (text, kind) in enumerate(zip(texts, kinds or ("person",) * len(texts), strict=True), start=1)
    )
    columns = {"customer_id": "CIF", "birth_date": {"from": "DOB", **options}, "customer_kind": "KIND"}
    customers = {"match": "c.csv", "table": "customers", "columns": columns}
    return read_texts(folder, {"t.csv": BOOKED, "c.csv": f"CIF,DOB,KIND\n{rows}"}, {"files": [ENTRY, customers]})


def days(data):
    """Dates of birth as ISO text."""
    found = data.connection.execute(
        "SELECT CAST(DATE '1970-01-01' + birth_date AS VARCHAR) FROM customers ORDER BY row_id"
    )
    return [row[0] for row in found.fetchall()]


def noticed(data):
    """Column, code and rows of everything noticed."""
    return [(each.column, each.code, each.rows) for each in data.noticed]


def test_a_birth_that_cannot_be_stands_aside(tmp_path):
    """Not after the data's last day, nobody over 120, no year of another era; an old firm may be, no birth is fine."""
    texts = ["2026-03-10", "2026-03-11", "1906-03-10", "1906-03-09", "2540-01-01", "1899-12-31", "", "1901-01-01"]
    data = born(tmp_path, texts, kinds=("person",) * 7 + ("entity",))
    assert days(data) == ["2026-03-10", "1906-03-10", None, "1901-01-01"]
    assert sorted(reasons(data)) == [
        ("date_out_of_range", "birth_date"), ("date_out_of_range", "birth_date"),
        ("impossible_birth", "birth_date"), ("impossible_birth", "birth_date"),
    ]  # fmt: skip


def test_the_mapping_can_keep_the_customer_and_leave_the_date_empty(tmp_path):
    """Counted, whatever is wrong with it."""
    data = born(tmp_path, ["2027-01-01", "1985", "31/02/1985", "2540-01-01", "1985-02-01"], unreadable="empty")
    assert days(data) == [None, None, None, None, "1985-02-01"]
    assert len(data.quarantine) == 0
    assert sum(rows for _, code, rows in noticed(data) if code == "left_empty") == 4


def test_a_later_row_of_the_customer_stays_if_the_first_has_an_impossible_birth(tmp_path):
    """What stands aside contradicts nobody."""
    columns = {"customer_id": "CIF", "birth_date": "DOB"}
    files = [ENTRY, {"match": "c.csv", "table": "customers", "columns": columns}]
    data = read_texts(
        tmp_path / "in", {"t.csv": BOOKED, "c.csv": "CIF,DOB\nC1,2090-01-01\nC1,1990-01-01\n"}, {"files": files}
    )
    assert days(data) == ["1990-01-01"]
    assert reasons(data) == [("impossible_birth", "birth_date")]


FORMS = ["%d/%m/%Y", "00/%m/%Y", "00/00/%Y", "%m/%Y", "%Y"]
TEXTS = ["05/02/1984", "00/02/1984", "00/00/1984", "02/1984", "1984"]


@pytest.mark.parametrize(
    ("which", "expected"),
    [
        ("first_day", ["1984-02-05", "1984-02-01", "1984-01-01", "1984-02-01", "1984-01-01"]),
        ("last_day", ["1984-02-05", "1984-02-29", "1984-12-31", "1984-02-29", "1984-12-31"]),
    ],
)
def test_a_date_without_a_day_is_the_first_or_last_that_it_can_be_as_stated(tmp_path, which, expected):
    """And such dates are counted."""
    data = born(tmp_path, TEXTS, date=FORMS, incomplete=which)
    assert days(data) == expected
    assert noticed(data) == [("birth_date", "day_unknown", 4)]


def test_a_year_without_a_day_stands_aside_where_nothing_is_stated(tmp_path):
    """No day is made up; Buddhist years are taken off first."""
    assert reasons(born(tmp_path / "a", ["1984", "1984-02"])) == [("bad_date", "birth_date")] * 2
    data = born(tmp_path / "b", ["2527", "12/2527"], date=["%Y", "%m/%Y"], incomplete="last_day", era="buddhist")
    assert days(data) == ["1984-12-31", "1984-12-31"]


@pytest.mark.parametrize(
    ("options", "said"),
    [
        ({"date": ["%m/%Y"]}, "lacks the day"),
        ({"date": ["%d/%m/%Y"], "incomplete": "last_day"}, "formats without a day"),
        ({"incomplete": "middle"}, "first_day"),
        ({"unreadable": "zero"}, "empty"),
    ],
)
def test_what_a_mapping_says_of_dates_is_checked_when_it_is_read(options, said):
    """A format without a day needs a word on which day counts."""
    with pytest.raises(ValidationError, match=said):
        ColumnSpec.model_validate({"from": "DOB", **options})


def test_the_value_of_a_birth_never_stands_in_what_is_noticed(tmp_path):
    """Only counts do."""
    data = born(tmp_path, ["1984"], date=["%Y"], incomplete="first_day")
    assert not any("1984" in warning for warning in data.warnings)
    assert column(data, "customers", "customer_id") == ["C1"]
