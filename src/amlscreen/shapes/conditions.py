"""Conditions over columns, three-valued: true, false, or unknown because a value is missing.

Null satisfies nothing but ``null: true``. An unknown row is in no row set, and is counted so that a hit can say how
much of its data was known.
"""

from __future__ import annotations

import functools
from collections.abc import Callable
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

import numpy as np
from numpy.typing import NDArray

from amlscreen.ledger.partition import Values
from amlscreen.rules.columns import ColumnKind
from amlscreen.rules.grammar import Condition, Conditions, duration_microseconds

__all__ = ["Truth", "evaluate", "inside_number", "test_values"]

Mask = NDArray[np.bool_]


@dataclass(frozen=True, slots=True)
class Truth:
    """Rows for which something holds, and rows for which it cannot be told (None: none)."""

    true: Mask
    unknown: Mask | None = None

    def __and__(self, other: Truth) -> Truth:
        true = self.true & other.true
        if self.unknown is None and other.unknown is None:
            return Truth(true)
        maybe = self.maybe & other.maybe
        return Truth(true, maybe & ~true)

    def __or__(self, other: Truth) -> Truth:
        true = self.true | other.true
        if self.unknown is None and other.unknown is None:
            return Truth(true)
        return Truth(true, (self.maybe | other.maybe) & ~true)

    def take(self, rows: NDArray[np.int64]) -> Truth:
        """The same for some rows only."""
        return Truth(self.true.take(rows), None if self.unknown is None else self.unknown.take(rows))

    @property
    def is_possible(self) -> bool:
        """Whether it holds, or may hold, for any row."""
        return bool(self.true.any()) or (self.unknown is not None and bool(self.unknown.any()))

    @property
    def maybe(self) -> Mask:
        """True or unknown."""
        return self.true if self.unknown is None else self.true | self.unknown


def inside_number(kind: ColumnKind | str, literal: Any, minor_digits: int) -> Any:
    """A literal of a card in the unit that columns and measures have inside.

    >>> inside_number("ratio", Decimal("0.7"), 2)
    700000
    >>> inside_number("money", 25, 2)
    2500
    """
    if kind == "text":
        return str(literal)
    if kind == "flag":
        return int(bool(literal))
    if kind == "time":
        return duration_microseconds(str(literal))
    scale = {"ratio": 1_000_000, "multiple": 1_000_000, "money": 10**minor_digits}.get(str(kind), 1)
    scaled = Decimal(str(literal)) * scale
    return int(scaled) if scaled == scaled.to_integral_value() else float(scaled)


def evaluate(
    conditions: Conditions,
    atom: Callable[[str, Condition], Truth],
    among: int | Truth,
    *,
    cost: Callable[[str], bool] | None = None,
) -> Truth:
    """All columns' conditions and, where given, at least one of the alternatives; ``atom`` judges one column's.

    ``among`` is how many rows there are, or which of them are asked about. Columns that ``cost`` more are judged last,
    and none once no row is left.
    """
    truth = among if isinstance(among, Truth) else Truth(np.ones(among, np.bool_))
    for name in sorted(conditions.columns, key=cost) if cost else conditions.columns:
        if cost and not truth.is_possible:
            return truth
        truth = truth & atom(name, conditions.columns[name])
    if conditions.any_of and not (cost and not truth.is_possible):
        parts = [evaluate(one, atom, truth, cost=cost) for one in conditions.any_of]
        either = parts[0]
        for part in parts[1:]:
            either = either | part
        truth = truth & either
    return truth


def test_values(values: Values, condition: Condition, inside: Callable[[Any], Any]) -> Truth:
    """One condition over one column."""
    if condition.null is not None:
        found = ~values.is_known() if condition.null else values.is_known()
        rest = condition.model_fields_set - {"null"}
        if not rest:
            return Truth(found)
        return Truth(found) & test_values(values, condition.model_copy(update={"null": None}), inside)
    tests = ((test, getattr(condition, word)) for word, test in _WORDS.items())
    found, *others = (test(values, given, inside) for test, given in tests if given is not None)
    true = functools.reduce(np.logical_and, others, found)
    if values.known is None:
        return Truth(true)
    return Truth(true & values.known, ~values.known)


def _same(values: Values, given: Any, inside: Callable[[Any], Any]) -> Mask:
    literal = inside(given)
    same: Mask = values.array == (values.code_of(literal) if values.words is not None else literal)
    return same


def _one_of(values: Values, given: Any, inside: Callable[[Any], Any]) -> Mask:
    if values.words is not None:
        return values.among([inside(each) for each in given])
    found = np.zeros(values.array.size, np.bool_)
    for each in given:
        found |= _same(values, each, inside)
    return found


_WORDS: dict[str, Callable[[Values, Any, Callable[[Any], Any]], Mask]] = {
    "eq": _same,
    "one_of": _one_of,
    "none_of": lambda values, given, inside: ~_one_of(values, given, inside),
    "gte": lambda values, given, inside: values.array >= inside(given),
    "gt": lambda values, given, inside: values.array > inside(given),
    "lte": lambda values, given, inside: values.array <= inside(given),
    "lt": lambda values, given, inside: values.array < inside(given),
    "between": lambda values, given, inside: (values.array >= inside(given[0])) & (values.array < inside(given[1])),
}
