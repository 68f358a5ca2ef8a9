"""Checks on amounts: read a hundred times too large, cut to whole units, one far beyond all others."""

from __future__ import annotations

from collections.abc import Iterator

from amlscreen.intake.facts import Facts, MoneyFacts
from amlscreen.quality.finding import Check, Seen
from amlscreen.quality.words import count_of, share

__all__ = ["MONEY"]

_FEWEST = 500
_MUCH, _LITTLE = 50.0, 0.0005
_FRACTIONS = 0.2
_FAR_OUT = 10_000.0
_SOME_ZERO, _MANY_ZERO = 0.01, 0.2


def _known(facts: Facts) -> Iterator[MoneyFacts]:
    return (one for one in facts.money if one.rows >= _FEWEST)


def _scaled(facts: Facts) -> Iterator[Seen]:
    for one in _known(facts):
        said = ""
        if one.shown_digits and one.hundreds == one.rows:
            said = f"every one of {one.rows:,} amounts is a multiple of a hundred whole units"
        elif one.shown_digits < one.digits and share(one.rows - one.whole, one.rows) > _FRACTIONS:
            said = (
                f"{count_of(one.rows - one.whole, one.rows, 'amounts')} have a fraction, which people do not use in "
                "this currency"
            )
        elif one.middle_to_wage is not None and one.middle_to_wage > _MUCH:
            said = f"the middle amount is {one.middle_to_wage:,.0f} monthly minimum wages"
        elif one.middle_to_wage is not None and 0 < one.middle_to_wage < _LITTLE:
            said = f"the middle amount is a {1 / one.middle_to_wage:,.0f}th of a monthly minimum wage"
        if said:
            yield Seen(f"{one.currency}: {said}.", "transactions.amount", one.rows)


def _whole(facts: Facts) -> Iterator[Seen]:
    for one in _known(facts):
        if one.shown_digits and one.digits and one.whole == one.rows and one.hundreds < one.rows:
            yield Seen(f"{one.currency}: none of {one.rows:,} amounts has a fraction.", "transactions.amount", one.rows)


def _outliers(facts: Facts) -> Iterator[Seen]:
    for one in _known(facts):
        if one.largest_to_high > _FAR_OUT:
            yield Seen(
                f"{one.currency}: the largest amount is more than {_FAR_OUT:,.0f} times the one that 99.9 % of the "
                "amounts stay below.",
                "transactions.amount",
            )


def _zero(facts: Facts) -> Iterator[Seen]:
    for one in _known(facts):
        if share(one.zero, one.rows) > _SOME_ZERO:
            grave = share(one.zero, one.rows) > _MANY_ZERO
            yield Seen(
                f"{one.currency}: {count_of(one.zero, one.rows, 'amounts')} are zero.",
                "transactions.amount",
                one.zero,
                "warning" if grave else "info",
            )


MONEY = (
    Check(
        "scaled_amounts",
        "Amounts a hundred times too large or too small",
        "warning",
        "Amounts seem to be in minor units (cents) while the mapping takes them for whole ones, or the reverse: a dot "
        "or comma is read as grouping.",
        "Compare one amount with the core system; state `decimal` or `minor_units` in the mapping.",
        "All multiples of a hundred units; fractions on more than 20 % in a currency written without; a middle amount "
        "above 50 monthly minimum wages or under a two-thousandth. 500 amounts or more of a currency. Firms' own books "
        "can be above: then it is no mistake.",
        _scaled,
        ("amounts",),
    ),
    Check(
        "whole_amounts",
        "Amounts without fractions",
        "info",
        "A currency with cents has none: they were cut off or rounded in the export.",
        "Ask for amounts as they were booked.",
        "All of 500 or more amounts of a currency that people write with fractions.",
        _whole,
        ("amounts",),
    ),
    Check(
        "amount_outliers",
        "An amount far beyond all others",
        "warning",
        "A slip of the keyboard, a total row or an account number in the wrong column.",
        "Look at the largest amounts of that currency in the export, first of all for footers and totals.",
        "More than 10,000 times the amount that 99.9 % of 500 or more amounts of the currency stay below: the largest "
        "firm of a bank stays within a few thousand times.",
        _outliers,
        ("amounts",),
    ),
    Check(
        "zero_amounts",
        "Amounts of zero",
        "info",
        "Notices, refused payments or fees that were waived are no movements of money, but count as transactions.",
        "Leave them out with `unless` in the mapping, if they are no bookings.",
        "More than 1 % of 500 or more amounts of a currency is told, more than 20 % is a warning.",
        _zero,
        ("days",),
    ),
)
