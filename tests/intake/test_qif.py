"""QIF is read as its file writes it, and refused where the file does not tell how that is."""

from __future__ import annotations

from decimal import Decimal

import pytest

from amlscreen.errors import DataError
from amlscreen.intake.column_spec import ColumnSpec
from amlscreen.intake.dataset import Dataset
from amlscreen.intake.mapping import FileEntry, Mapping
from amlscreen.settings import Settings
from intake.reading import Read, read_bytes

ACCOUNT = "!Account\nNCurrent\nTBank\n^\n"


def qif(text: str, **layout: object) -> Read:
    """The file, read."""
    return read_bytes(text.encode(), "a.qif", **layout)


def entries(read: Read) -> list[dict[str, object]]:
    """The entries by column."""
    return [dict(zip(read.raw.columns, row, strict=True)) for row in read.cells]


def test_a_booking_has_the_account_that_stands_before_it():
    """``!Account`` names it."""
    read = qif(f"{ACCOUNT}!Type:Bank\nD13/02/2026\nT-1,234.50\nPAny Shop\nMBread\nN17\n^\n!Account\nNCard\n^\n"
               "!Type:CCard\nD14/02/2026\nT-2.00\n^\n")  # fmt: skip
    first, second = entries(read)
    assert (first["account_id"], first["at"], first["direction"], first["amount"]) == (
        "Current",
        "2026-02-13",
        "debit",
        "1234.50",
    )
    assert (first["counterparty_name"], first["narrative"], first["entry_reference"]) == ("Any Shop", "Bread", "17")
    assert second["account_id"] == "Card"
    assert [each.booked for each in read.raw.statements] == [Decimal("-1234.50"), Decimal("-2.00")]


@pytest.mark.parametrize(
    ("date", "day"),
    [
        ("1/ 2'96", "1996-01-02"),
        ("6/ 1'01", "2001-06-01"),
        ("02.01.2006", "2006-02-01"),
        ("2006-02-01", "2006-02-01"),
        ("2/1/06", "2006-02-01"),
        ("1/ 2/69", "1969-01-02"),
    ],
)
def test_dates_are_read_in_every_style(date, day):
    """Here the month stands first, as another date of the file tells."""
    read = qif(f"{ACCOUNT}!Type:Bank\nD{date}\nT1\n^\nD12/31/2005\nT1\n^\n")
    assert entries(read)[0]["at"] == day


def test_the_whole_file_decides_on_day_and_month():
    """One day above 12 is enough, wherever it stands."""
    read = qif(f"{ACCOUNT}!Type:Bank\nD01/02/2026\nT1\n^\nD31/01/2026\nT1\n^\n")
    assert [each["at"] for each in entries(read)] == ["2026-02-01", "2026-01-31"]


@pytest.mark.parametrize("dates", [("01/02/2026", "03/04/2026"), ("13/02/2026", "02/13/2026")])
def test_what_the_file_does_not_tell_is_asked_for(dates):
    """Day or month first: both are wrong half the time, so nothing is guessed."""
    text = f"{ACCOUNT}!Type:Bank\n" + "".join(f"D{date}\nT1\n^\n" for date in dates)
    with pytest.raises(DataError, match="day_first"):
        qif(text)
    assert entries(qif(text, day_first=True))[0]["at"] == ("2026-02-01" if "01" in dates[0] else "2026-02-13")
    assert qif(f"{ACCOUNT}!Type:Bank\nD02/02/2026\nT1\n^\n").raw.records == 1


def test_splits_add_no_rows_but_must_add_up():
    """One booking is one row; parts that come to something else mean that something is missing."""
    read = qif(f"{ACCOUNT}!Type:Bank\nD13/02/2026\nT-10.00\nSFood\n$-6.00\nEone\nSRent\n$-4.00\n^\n"
               "D13/02/2026\nT-10.00\nSFood\n$-6.00\n^\n")  # fmt: skip
    assert [each["amount"] for each in entries(read)] == ["10.00"]
    assert [reason for _, _, reason in read.rejects] == ["bad_entry"]


def test_an_opening_balance_names_the_account_and_is_no_booking():
    """As the format lays down for files without a list of accounts."""
    read = qif(
        "!Type:Bank\nD13/02/2026\nT100.00\nPOpening Balance\nL[Savings]\n^\nD14/02/2026\nT-1.00\nL[Current]\n^\n"
    )
    opening, booking = entries(read)
    assert (opening["status"], booking["status"]) == ("INFO", "BOOK")
    assert (booking["account_id"], booking["kind"], booking["counterparty_account"]) == (
        "Savings",
        "own_transfer",
        "Current",
    )
    assert (read.raw.statements[0].opening, read.raw.statements[0].booked) == (Decimal("100.00"), Decimal("-1.00"))


def test_an_investment_account_books_the_money_that_comes_and_goes():
    """Trades in securities are told but left out."""
    head = "!Account\nNBroker\nTInvst\n^\n!Type:Invst\n"
    read = qif(
        f"{head}D13/02/2026\nNXOut\nT50.00\n^\nD13/02/2026\nNBuy\nYAny\nT10.00\n^\nD13/02/2026\nNShrsIn\nQ5\n^\n"
    )
    assert [(each["status"], each["direction"]) for each in entries(read)] == [("BOOK", "debit"), ("INFO", "credit")]
    assert any("without an amount" in warning for warning in read.raw.warnings)


@pytest.mark.parametrize(
    ("record", "reason"),
    [
        ("D13/02/2026\n", "missing_required"),
        ("T1.00\n", "missing_required"),
        ("D31/02/2026\nT1.00\n", "bad_date"),
        ("D13/02/2026\nTone\n", "bad_amount"),
        ("D13/02/2026\nT1.00\nU2.00\n", "bad_entry"),
        ("D13/02/2026\nT1.00\nD14/02/2026\nT2.00\n", "bad_entry"),
    ],
)
def test_a_record_that_is_not_as_it_must_be_is_set_aside(record, reason):
    """With a reason, and the others stay."""
    read = qif(f"{ACCOUNT}!Type:Bank\nD13/02/2026\nT-1.25\n^\n{record}^\n")
    assert [each for _, _, each in read.rejects] == [reason]
    assert read.raw.records == 2


def test_a_record_without_its_end_was_cut_short():
    """Its amount may lack digits."""
    read = qif(f"{ACCOUNT}!Type:Bank\nD13/02/2026\nT-1.25\n^\nD13/02/2026\nT-10")
    assert read.rejects == [(2, 9, "bad_entry")]


def test_lists_of_categories_are_no_bookings():
    """They are counted and told."""
    read = qif(f"!Type:Cat\nNFood\nE\n^\n{ACCOUNT}!Type:Bank\nD13/02/2026\nT-1.25\n^\n")
    assert read.raw.records == 1
    assert any("are no bookings" in warning for warning in read.raw.warnings)


def test_the_account_can_be_stated_for_a_file_that_names_none(tmp_path):
    """A mapping needs to say no more than that."""
    (tmp_path / "a.qif").write_text("!Type:Bank\nD13/02/2026\nT-1.25\n^\n", encoding="ascii")
    with pytest.raises(DataError, match="nothing fills account_id"):
        Dataset.read(tmp_path / "a.qif", None, "generic", Settings(institution="BANK"))
    entry = FileEntry(match="*.qif", table="transactions", columns={"account_id": ColumnSpec(constant="A-1")})
    mapping = Mapping(id="one", title="One", institution="BANK", files=(entry,))
    with Dataset.read(tmp_path / "a.qif", mapping, "generic") as data:
        assert data.rows_accepted == 1
