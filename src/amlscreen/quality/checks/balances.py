"""Checks on balances and numbers: what the bank's own figures say about what is missing."""

from __future__ import annotations

from collections.abc import Iterator

from amlscreen.intake.facts import Facts
from amlscreen.quality.finding import Check, Seen
from amlscreen.quality.words import count_of, listed, share

__all__ = ["BALANCES"]

_SOME_BROKEN, _MANY_BROKEN = 0.001, 0.05
_FEWEST_PAIRS = 20
_REUSED = 0.001


def _statements(facts: Facts) -> Iterator[Seen]:
    for one in facts.statements:
        if one.wrong_lines:
            yield Seen(
                f"{count_of(len(one.wrong_lines), one.statements, 'statements')} do not add up: opening balance and "
                f"entries do not come to the closing balance. They begin on lines "
                f"{listed([str(line) for line in one.wrong_lines])}.",
                one.file,
                len(one.wrong_lines),
            )


def _balances(facts: Facts) -> Iterator[Seen]:
    for one in facts.balances or ():
        broken = share(one.broken, one.pairs)
        if one.pairs >= _FEWEST_PAIRS and broken > _SOME_BROKEN:
            yield Seen(
                f"{count_of(one.broken, one.pairs, 'neighbouring bookings')} of {one.accounts:,} accounts do not lead "
                f"from one balance to the next; {one.broken_accounts:,} accounts are concerned.",
                one.file,
                one.broken,
                "error" if broken > _MANY_BROKEN else "warning",
            )


def _reused(facts: Facts) -> Iterator[Seen]:
    looked, reused = facts.reused_ids or (0, 0)
    if reused >= 2 and share(reused, looked) > _REUSED:
        yield Seen(
            f"{count_of(reused, looked, 'transaction ids')} that were looked at stand on days more than a week apart.",
            "transactions.transaction_id",
            reused,
        )


BALANCES = (
    Check(
        "statement_balances",
        "Statements that do not add up",
        "error",
        "The bank's own opening and closing balance say that entries are missing, doubled or read with the wrong sign.",
        "Ask for the statement again; see in quarantine.csv whether entries of it stand aside.",
        "Any: opening balance and booked entries must come to the closing balance exactly.",
        _statements,
        ("amounts", "days"),
    ),
    Check(
        "balances",
        "Balances that do not add up",
        "error",
        "The balance after a booking is not the one before it and the amount. Bookings are missing, signs are read "
        "wrongly, or amounts are not in the account's currency.",
        "Look at one such account beside the core system: is the sign right, is a kind of booking left out?",
        "More than 0.1 % of neighbouring bookings of an account, in whichever order of the file fits best (forwards, "
        "backwards, by time), is a warning: rows set aside break a few. More than 5 % is an error. Up to about 300,000 "
        "bookings are tried, of whole accounts.",
        _balances,
        ("amounts", "both directions"),
        is_thorough=True,
    ),
    Check(
        "reused_ids",
        "Numbers used again",
        "warning",
        "A transaction's number stands on days that are far apart: numbers start again, so that two transactions can "
        "be taken for one.",
        "Map transaction_id from the number together with the day or the branch.",
        "More than 0.1 % of the numbers looked at (up to about 300,000), more than a week apart: a reversal names the "
        "first number in `reverses`, it does not take it.",
        _reused,
        is_thorough=True,
    ),
)
