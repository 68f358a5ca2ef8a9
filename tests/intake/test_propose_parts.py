"""The parts that looking at a file is made of, each on a handful of cells."""

from __future__ import annotations

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from amlscreen.intake.proposing.atoms import spelled
from amlscreen.intake.proposing.balance import borne_out
from amlscreen.intake.proposing.dates import clock_formats, days_of
from amlscreen.intake.proposing.grid import best_cut
from amlscreen.intake.proposing.money import money_of
from amlscreen.intake.proposing.profile import is_iban


@pytest.mark.parametrize(
    ("cells", "formats", "era"),
    [
        (["18.09.2017", "20.09.2017"], ("%d.%m.%Y",), "common"),
        (["12/15/2018", "12/01/2018"], ("%m/%d/%Y",), "common"),
        (["2019.04.19.", "2019.04.17."], ("%Y.%m.%d.",), "common"),
        (["27 Feb 2018", "01 Mar 2018"], ("%d %b %Y",), "common"),
        (["20240101", "20240131"], ("%Y%m%d",), "common"),
        (["29/02/2567", "01/03/2567"], ("%d/%m/%Y",), "buddhist"),
        (["໒໙/໐໒/໒໕໖໗"], ("%d/%m/%Y",), "buddhist"),
        (["2569-02-28", "2569-03-01"], (), "buddhist"),
        (["2024年1月5日"], ("%Y年%m月%d日",), "common"),
        (["31/01/2026 10:01 AM"], ("%d/%m/%Y %I:%M %p",), "common"),
        (["2018-02-25 12:34:56 +0000"], (), "common"),
        (["12-Dec-2019", "Pending"], ("%d-%b-%Y",), "common"),
    ],
)
def test_days_are_told_over_the_whole_column(cells: list[str], formats: tuple[str, ...], era: str) -> None:
    """One format that reads every day; words beside them say nothing against it."""
    found = days_of(cells)
    assert found is not None
    assert (found.formats, found.era) == (formats, era)


def test_the_order_of_rows_tells_day_and_month_apart() -> None:
    """01/02, 02/02, 05/02 are days of one month, not of February, March and May."""
    close = days_of(["01/02/2026", "02/02/2026", "05/02/2026"])
    assert close is not None
    assert (close.formats, bool(close.settled)) == (("%d/%m/%Y",), True)
    ordered = days_of(["01/11/2026", "02/03/2026", "02/10/2026"])
    assert ordered is not None
    assert (ordered.formats, bool(ordered.settled)) == (("%m/%d/%Y",), True)


def test_a_day_with_a_remark_behind_it_is_cut_out() -> None:
    """Some exports add what a booking stands for."""
    found = days_of(["04/17/2023 as of 04/15/2023", "04/20/2023"])
    assert found is not None
    assert found.find == "^[0-9/.-]+"


@pytest.mark.parametrize(
    "cells", [["45.10", "46.20"], ["hello", "world"], ["1111/11/11"], ["99/99/2026"], ["123456789"]]
)
def test_what_is_no_day_is_none(cells: list[str]) -> None:
    """Amounts, words, days that never were."""
    assert days_of(cells) is None


def test_clock_times_are_told() -> None:
    """The usual spellings need no format."""
    assert clock_formats(["10:20:30", "03:04:05"]) == ()
    assert clock_formats(["10:20 AM"]) == ("%I:%M %p",)
    assert clock_formats(["123456", "132324"]) == ("%H%M%S",)


@pytest.mark.parametrize(
    ("text", "body", "negative"),
    [
        ("-$7,971.39", "7,971.39", True),
        ("- $220.00", "220.00", True),
        ("(£5.00)", "5.00", True),
        ("1 234,56-", "1 234,56", True),
        ("CNY13.50", "13.50", False),
        ("5.00元", "5.00", False),
        ("11'373.94", "11'373.94", False),
        ("໑.໐໐໐,໕໐", "1.000,50", False),
        ("Kč 12", "12", False),
    ],
)
def test_amounts_are_known_in_many_spellings(text: str, body: str, negative: bool) -> None:
    """Marks, signs and digits of many countries."""
    found = spelled(text)
    assert found is not None
    assert (found.body, found.negative) == (body, negative)


@pytest.mark.parametrize("text", ["Total", "5%", "1-2", "12 apples", "", "--5", "(5", "2026-01-01"])
def test_what_is_no_amount_is_none(text: str) -> None:
    """Words, shares, days and halves of parentheses."""
    assert spelled(text) is None


def test_the_decimal_mark_is_told_by_the_column() -> None:
    """One amount that reads in one way only settles the others; numbers with noughts in front are no amounts."""
    comma = money_of(["1.250", "3.000,50"])
    dot = money_of(["1,250", "3,000.50"])
    open_to_both = money_of(["1.250", "3.000"])
    assert comma is not None and dot is not None and open_to_both is not None
    assert (comma.decimal, dot.decimal, open_to_both.decimal) == (",", ".", None)
    assert open_to_both.values == (Decimal(1250), Decimal(3000))
    assert money_of(["00012345", "00012346"]) is None


@given(st.lists(st.integers(-(10**6), 10**6).filter(bool), min_size=4, max_size=12), st.booleans(), st.booleans())
def test_a_running_balance_bears_its_amounts_out(cents: list[int], newest_first: bool, inverted: bool) -> None:
    """In both orders and with signs turned; that is what tells direction where names do not."""
    amounts = [Decimal(each) / 100 for each in cents]
    balances = [sum(amounts[: at + 1], Decimal(0)) for at in range(len(amounts))]
    shown = [-each for each in amounts] if inverted else amounts
    rows = list(zip(shown, balances, strict=True))[:: -1 if newest_first else 1]
    found = borne_out([amount for amount, _ in rows], [balance for _, balance in rows], [""] * len(rows))
    assert found is not None
    assert found.share == 1.0


def test_the_separator_is_the_one_that_makes_a_table() -> None:
    """Decimal commas and commas in texts do not make a comma the separator."""
    text = "A;B;C\n01.02.2026;one, two, three;-1,50\n02.02.2026;four, five;2,50\n"
    assert best_cut(text).separator == ";"
    assert best_cut("sep=|\nA|B\n1|2\n").separator == "|"


def test_ibans_have_a_check_number() -> None:
    """A digit turned is no IBAN."""
    assert is_iban("GB82 WEST 1234 5698 7654 32")
    assert not is_iban("GB82 WEST 1234 5698 7654 23")
