"""The oracle's rows and the measures of them: lists, loops and fractions."""

from __future__ import annotations

import math
from collections import Counter, deque
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from itertools import pairwise
from typing import Any

from amlscreen.rules.grammar import Measure, duration_microseconds
from shapes.oracle_words import MILLION

__all__ = ["Gauge", "Group", "Row", "floored"]

Row = Mapping[str, Any]


class Group:
    """The rows of one subject, or of one part of it, in order of time, and how each stands to each row set."""

    def __init__(self, rows: list[Row], stands: list[dict[str, bool | None]]) -> None:
        order = sorted(range(len(rows)), key=lambda at: (rows[at]["at"], rows[at]["tie"]))
        self.rows = [rows[at] for at in order]
        self.stands = [stands[at] for at in order]

    def of(self, name: str) -> list[int]:
        """The rows that certainly stand in a set."""
        return [at for at, stands in enumerate(self.stands) if stands[name] is True]

    def anywhere(self) -> list[int]:
        """The rows that certainly stand in some set."""
        return [at for at, stands in enumerate(self.stands) if True in stands.values()]


def floored(over: int | None, under: int | None) -> int | None:
    """A ratio in millionths, floored; unknown over nothing, and no larger than 64 bits can say."""
    if over is None or under is None or under <= 0:
        return None
    return min(math.floor(Fraction(over, under) * MILLION), 2**63 - 1)


@dataclass
class Gauge:
    group: Group
    measures: Mapping[str, Measure]

    def measure(self, name: str, seen: Mapping[str, Sequence[int]]) -> int | None:
        measure = self.measures[name]
        verb = measure.verb
        if measure.ratio:
            return floored(*(self.measure(part, seen) for part in measure.ratio))
        if isinstance(measure.of, tuple):
            return self._matched(measure, seen)
        rows = [self.group.rows[at] for at in seen[str(measure.of)]]
        if verb == "share":
            whole = [self.group.rows[at] for at in seen[str(measure.within)]]
            worth = (lambda row: 1) if measure.share == "count" else (lambda row: row["amount"])
            return floored(sum(map(worth, rows)), sum(map(worth, whole)))
        if verb in _OF_ROWS:
            return _OF_ROWS[verb](rows)
        return _of_values(measure, [row.get(str(measure.column)) for row in rows])

    def _matched(self, measure: Measure, seen: Mapping[str, Sequence[int]]) -> int | None:
        assert isinstance(measure.of, tuple)
        inflow, outflow = measure.of
        time = [row["at"] for row in self.group.rows]
        pairs = [
            (time[debit] - time[credit], amount)
            for credit, debit, amount in self._pairs(inflow, outflow)
            if credit in seen[inflow] and debit in seen[outflow]
        ]
        if measure.matched_within is not None:
            span = duration_microseconds(measure.matched_within)
            return sum(amount for wait, amount in pairs if wait <= span)
        total = sum(amount for _, amount in pairs)
        return math.floor(Fraction(sum(wait * amount for wait, amount in pairs), total)) if total else None

    def _pairs(self, inflow: str, outflow: str) -> Iterator[tuple[int, int, int]]:
        """First in, first out, over all rows of the group; a row in both sets is neither."""
        purse: deque[tuple[int, int]] = deque()
        for at, (row, stands) in enumerate(zip(self.group.rows, self.group.stands, strict=True)):
            comes, goes = stands[inflow] is True, stands[outflow] is True
            if comes and not goes:
                purse.append((at, row["amount"]))
            wanted = row["amount"] if goes and not comes else 0
            while wanted and purse:
                source, has = purse.popleft()
                passed = min(has, wanted)
                yield source, at, passed
                wanted -= passed
                if has > passed:
                    purse.appendleft((source, has - passed))


_OF_ROWS: Mapping[str, Callable[[Sequence[Row]], int | None]] = {
    "count": len,
    "days_active": lambda rows: len({row["local_day"] for row in rows}),
    "gap": lambda rows: max((later["at"] - earlier["at"] for earlier, later in pairwise(rows)), default=None),
}


def _of_values(measure: Measure, values: Sequence[Any]) -> int | None:
    known = [value for value in values if value is not None]
    if known and measure.verb == "top_share":
        return floored(sum(count for _, count in Counter(known).most_common(int(measure.k))), len(values))
    if known:
        return _OF_KNOWN[measure.verb](known)
    return 0 if not values and measure.verb in {"sum", "distinct"} else None


def _deviation(known: Sequence[int]) -> int:
    mean = Fraction(sum(known), len(known))
    return math.isqrt(math.floor(sum((value - mean) ** 2 for value in known) / len(known)))


_OF_KNOWN: Mapping[str, Callable[[Sequence[Any]], int]] = {
    "sum": sum,
    "distinct": lambda known: len(set(known)),
    "min": min,
    "max": max,
    "median": lambda known: sorted(known)[(len(known) - 1) // 2],
    "mean": lambda known: math.floor(Fraction(sum(known), len(known))),
    "std": _deviation,
}
