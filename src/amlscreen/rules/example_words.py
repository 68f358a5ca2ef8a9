"""What an example of a card may say: columns of its tables, short names for ids, and what to expect."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from functools import cache
from typing import Any

from amlscreen.errors import did_you_mean
from amlscreen.rules.card import Card, Crowd, Example
from amlscreen.rules.mistake import Mistake
from amlscreen.schema import TABLES

__all__ = ["EXAMPLE_TABLES", "EXPECTED", "SHORT_NAMES", "mistakes_in_examples"]

EXAMPLE_TABLES = (
    "transactions",
    "accounts",
    "customers",
    "holdings",
    "recalls",
    "observations",
    "reports",
    "cases",
    "fx_rates",
    "listed",
    "logins",
)
SHORT_NAMES: Mapping[str, str] = {"account": "account_id", "customer": "customer_id", "conductor": "conductor_id"}
EXPECTED = ("hit", "episodes", "first_day", "last_day", "limit", "partial", "victims")


def mistakes_in_examples(card: Card) -> Iterator[Mistake]:
    """Columns that the tables do not have, and expectations of what the card does not measure."""
    for position, example in enumerate(card.examples):
        steps = ("examples", position)
        for name in example.defaults:
            yield from _column(name, "transactions", (*steps, "defaults", name))
        for table in EXAMPLE_TABLES:
            for row_number, row in enumerate(getattr(example, table)):
                for name in row:
                    yield from _column(name, table, (*steps, table, row_number, name))
        for crowd_number, crowd in enumerate(example.crowd):
            yield from _in_crowd(crowd, (*steps, "crowd", crowd_number))
        yield from _expectation(card, example, (*steps, "expect"))


def _in_crowd(crowd: Crowd, steps: tuple[int | str, ...]) -> Iterator[Mistake]:
    for word, table, row in (("like", "customers", crowd.like), ("account", "accounts", crowd.account)):
        for name in row:
            yield from _column(name, table, (*steps, word, name))
    for number, row in enumerate(crowd.transactions):
        for name in row:
            yield from _column(name, "transactions", (*steps, "transactions", number, name))
        amount = row.get("amount")
        if isinstance(amount, list) and not (len(amount) == 2 and all(isinstance(one, int) for one in amount)):
            here = (*steps, "transactions", number, "amount")
            yield Mistake(here, "an amount of a crowd is a whole number, or two of them, [lowest, highest].")


def _column(name: str, table: str, steps: tuple[int | str, ...]) -> Iterator[Mistake]:
    allowed = _allowed(table)
    if name not in allowed:
        yield Mistake(steps, f"table {table} has no column '{name}'.", did_you_mean(name, allowed))


@cache
def _allowed(table: str) -> frozenset[str]:
    """What may head a column of this table."""
    names = TABLES[table].names
    short = {short for short, long in SHORT_NAMES.items() if long in names}
    return frozenset({*names, *short, *({"customer"} if table == "transactions" else ())})


def _expectation(card: Card, example: Example, steps: tuple[int | str, ...]) -> Iterator[Mistake]:
    expected: Any = example.expect
    if expected == "clear":
        return
    if example.known_miss is not None:
        yield Mistake(steps, "a known miss expects `clear`; it names a pattern the card does not see.")
    if "hit" not in expected:
        yield Mistake(steps, "an expectation says `clear`, or names the subject under `hit`.")
    for name in expected:
        if name not in EXPECTED and name not in card.measure_names:
            allowed = (*EXPECTED, *card.measure_names)
            yield Mistake((*steps, name), f"'{name}' is not measured by this card.", did_you_mean(name, allowed))
