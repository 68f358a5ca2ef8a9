"""Checks on values: one far too common, or typed for want of one."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from amlscreen.intake.facts import Facts
from amlscreen.quality.finding import Check, Seen
from amlscreen.quality.words import count_of, percent, share

__all__ = ["VALUES"]

_FEWEST_ROWS, _FEWEST_FILLED = 20, 50
COMMON: Mapping[str, float] = {
    "transactions.counterparty": 0.2,
    "transactions.counterparty_name": 0.2,
    "transactions.conductor_id": 0.2,
    "transactions.ultimate_party": 0.2,
    "transactions.terminal_id": 0.5,
    "transactions.branch_id": 0.9,
    "transactions.narrative": 0.7,
    "accounts.opened": 0.1,
    "accounts.customer_id": 0.05,
    "holdings.customer_id": 0.05,
    "customers.birth_date": 0.02,
    "customers.phone": 0.01,
    "customers.id_number": 0.005,
    "customers.email": 0.01,
    "customers.name": 0.02,
    "customers.address": 0.05,
    "customers.onboarded": 0.1,
    "customers.id_expiry": 0.1,
    "customers.review_due": 0.2,
    "logins.device_id": 0.2,
    "logins.ip": 0.3,
}
"""The share of filled cells that one value may have, by column; others are not looked at."""

_PLACEHOLDER, _NEW_YEAR = 0.005, 0.02
_FEW_PLACEHOLDERS = 5
_FEWEST_FOR_CONSTANT = 1_000
_VARIES = frozenset(
    "channel branch_id terminal_id province counterparty counterparty_name conductor_id narrative purpose occupation "
    "sector product phone address employer".split()
)


def _common(facts: Facts) -> Iterator[Seen]:
    for one in facts.texts:
        most = COMMON.get(f"{one.table}.{one.column}")
        if most is None or one.distinct <= 1 or one.filled < _FEWEST_FILLED or one.common < _FEWEST_ROWS:
            continue
        if share(one.common, one.filled) > most:
            yield Seen(
                f"One value stands in {count_of(one.common, one.filled, 'filled cells')} that were looked at; its "
                f"shape is {one.common_shape}.",
                f"{one.table}.{one.column}",
                one.common,
                effects=(f"{one.table}.{one.column}",),
            )


def _placeholders(facts: Facts) -> Iterator[Seen]:
    for one in facts.texts:
        most = _NEW_YEAR if one.column == "birth_date" else _PLACEHOLDER
        if one.placeholder >= _FEW_PLACEHOLDERS and share(one.placeholder, one.filled) > most:
            yield Seen(
                f"{count_of(one.placeholder, one.filled, 'filled cells')} that were looked at hold what people type "
                f"for want of a value, most often '{one.placeholders}'.",
                f"{one.table}.{one.column}",
                one.placeholder,
                effects=(f"{one.table}.{one.column}",),
            )


def _constant(facts: Facts) -> Iterator[Seen]:
    for one in facts.texts:
        if one.column in _VARIES and one.distinct == 1 and one.filled >= _FEWEST_FOR_CONSTANT:
            yield Seen(
                f"All {one.filled:,} filled cells that were looked at ({percent(one.filled, one.rows)} of the rows) "
                f"hold one value; its shape is {one.common_shape}.",
                f"{one.table}.{one.column}",
                one.filled,
                effects=(f"{one.table}.{one.column}",),
            )


def _limits() -> str:
    told = ", ".join(f"{name} {percent(round(share_ * 1000), 1000)}" for name, share_ in COMMON.items())
    return (
        f"Of 50 or more filled cells that were looked at, more than a share that no honest column of its kind reaches: "
        f"{told}. Wallet floats and clearing accounts can reach 20 %."
    )


VALUES = (
    Check(
        "common_value",
        "One value far too common",
        "warning",
        "A default stands where a value should be (a date of birth of 1 January, a branch 999, one phone for many), or "
        "one counterparty collects for many and is no person.",
        "State the default under `empty` in the mapping; list collecting accounts under `pooled`.",
        _limits(),
        _common,
    ),
    Check(
        "placeholders",
        "Placeholders instead of values",
        "warning",
        "Words, noughts and dates that people type for want of a value are taken for one: all who share it look alike.",
        "State them under `empty` in the mapping.",
        "Five or more and above 0.5 % of the filled cells looked at. For dates of birth 2 % on 1 January, where chance "
        "gives 0.3 %. Words: '-', 'n/a', 'unknown', 'xxx' and the like in six languages; dates such as 1900-01-01; one "
        "character repeated; phones and papers that end in six noughts.",
        _placeholders,
    ),
    Check(
        "constant_column",
        "A column that always says the same",
        "info",
        "A column that should vary never does, so that nothing can be told by it.",
        "See whether the right column is mapped; leave it out if it tells nothing.",
        "1,000 filled cells or more that were looked at, in a column that varies by nature.",
        _constant,
    ),
)
