"""A run's rows as a table of numbers: one line for each customer, one column for each number a scorecard holds.

A score is ``after + shielded + max(0, open - counter)``, each a sum of columns times points: counter-evidence is not
weighed against what is shielded from it and takes away no more than there is. Points that are not refitted are kept
apart as fixed amounts. Rows of families that were capped count whole.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray
from scipy import sparse

__all__ = ["PARTS", "Column", "Design", "Key", "design_of"]

Floats = NDArray[np.float64]
Whole = NDArray[np.int64]
Key = tuple[str, str]

PARTS = ("after", "shielded", "open", "counter")
AFTER, SHIELDED, OPEN, COUNTER = range(4)


@dataclass(frozen=True, slots=True)
class Column:
    """One number of a scorecard: ``kind`` again (a rule's in any case), rule (unless its rows were counted for another
    rule), level (the same, from a strength on), repeat, typology, counter or feature; ``own`` is what it is worth
    without a scorecard, ``seen`` how many lines have it; a feature counts on one ``side`` of ``level``.
    """

    kind: str
    name: str
    level: int = 0
    own: float = 0.0
    seen: int = 0
    side: str = ""


@dataclass(frozen=True)
class Design:
    """``parts[p]`` holds the part p of every line's score by column; ``fixed[p]`` what is not refitted.

    ``customers`` are the lines: (institution, customer_id).
    """

    customers: tuple[Key, ...]
    columns: tuple[Column, ...]
    parts: tuple[sparse.csr_array, ...]
    fixed: Floats = field(repr=False)

    def score(self, worth: Floats) -> Floats:
        """The score of each line for what each column is worth."""
        after, shielded, unshielded, counter = (
            part @ worth + fixed for part, fixed in zip(self.parts, self.fixed, strict=True)
        )
        return np.asarray(after + shielded + np.maximum(0, unshielded - counter))

    def plain(self, worth: Floats) -> tuple[sparse.csr_array, Floats]:
        """The score as columns and a fixed amount, for the lines above the floor as ``worth`` has them."""
        above = (self.parts[OPEN] - self.parts[COUNTER]) @ worth + self.fixed[OPEN] - self.fixed[COUNTER] > 0
        keep = sparse.diags_array(above.astype(np.float64))
        table = self.parts[AFTER] + self.parts[SHIELDED] + keep @ (self.parts[OPEN] - self.parts[COUNTER])
        amount = self.fixed[AFTER] + self.fixed[SHIELDED] + above * (self.fixed[OPEN] - self.fixed[COUNTER])
        return table.tocsr(), amount

    def beside(self, columns: Sequence[Column], table: sparse.csr_array) -> Design:
        """With further columns, whose rows stand after all others and are weighed against nothing."""
        none = sparse.csr_array(table.shape)
        parts = (sparse.hstack([part, none if at else table]).tocsr() for at, part in enumerate(self.parts))
        return replace(self, columns=(*self.columns, *columns), parts=tuple(parts))

    def fixing(self, kept: Sequence[bool], own: Floats) -> Design:
        """Some columns made fixed amounts, at what they are worth without a scorecard."""
        keep = np.asarray(kept, np.bool_)
        still, gone = np.flatnonzero(~keep), np.flatnonzero(keep)
        fixed = self.fixed + np.stack([part[:, gone] @ own[gone] for part in self.parts])
        return replace(
            self,
            columns=tuple(self.columns[at] for at in still.tolist()),
            parts=tuple(part[:, still] for part in self.parts),
            fixed=fixed,
        )


def design_of(points: pa.Table, customers: Mapping[Key, int] | None = None, *, every: bool = False) -> Design:
    """The rows of ``points.parquet`` on customers, as a table; of the given ones only, if any are given.

    ``every``: a line for each of the given customers, else only for those who have a row. The order of the lines is
    that of (institution, customer_id), that of the columns by kind and name.
    """
    mine = points.filter(pc.is_valid(points.column("customer_id")))
    keys = list(zip(*(mine.column(name).to_pylist() for name in ("institution", "customer_id")), strict=True))
    chosen = np.array([customers is None or key in customers for key in keys], np.bool_)
    keys = [key for key, one in zip(keys, chosen.tolist(), strict=True) if one]
    lines = tuple(sorted(customers if every and customers else set(keys)))
    place = {key: at for at, key in enumerate(lines)}
    rows = _Rows.of(mine.filter(pa.array(chosen)), np.array([place[key] for key in keys], np.int64))
    return _filled(lines, rows.entries())


Entry = tuple[str, str, int, float, int, Whole, Floats]
"""kind, name, level, own worth, part; then lines and amounts."""


@dataclass(frozen=True)
class _Rows:
    """The columns of the points table that matter here, as arrays."""

    line: Whole
    kind: NDArray[Any]
    rule: NDArray[Any]
    reason: NDArray[Any]
    other: NDArray[Any]
    own: Whole
    times: Whole
    count: Whole
    shielded: NDArray[np.bool_]

    @classmethod
    def of(cls, table: pa.Table, line: Whole) -> _Rows:
        def texts(name: str) -> NDArray[Any]:
            values: list[Any] = table.column(name).to_pylist()
            return np.array(values, dtype=np.object_)

        def whole(name: str) -> Whole:
            filled: Any = pc.fill_null(table.column(name), pa.scalar(0, pa.int64()))
            return np.asarray(filled, np.int64)

        shielded = np.asarray(table.column("shielded"), np.bool_)
        return cls(
            line,
            texts("kind"),
            texts("rule_id"),
            texts("reason"),
            texts("other"),
            whole("own_points"),
            whole("times"),
            whole("count"),
            shielded,
        )

    def entries(self) -> list[Entry]:
        """Everything the rows hold, as columns to be."""
        return [*self._rules(), *self._repeats(), *self._named("typology", self.other, AFTER),
                *self._named("counter", self.reason, COUNTER)]  # fmt: skip

    def _rules(self) -> list[Entry]:
        again = set(zip(*self._pairs(self.kind == "overlap"), strict=True))
        found: list[Entry] = []
        is_rule = self.kind == "rule"
        for rule in sorted(set(self.rule[is_rule])):
            at = np.flatnonzero(is_rule & (self.rule == rule))
            lines, times = self.line[at], self.times[at]
            free = np.array([(line, rule) not in again for line in lines.tolist()], np.bool_)
            part = SHIELDED if self.shielded[at[0]] else OPEN
            levels = sorted(set(times.tolist()))
            worth = [float(np.median(self.own[at[times == level]])) for level in levels]
            # Without a scorecard all is taken back where the rows have been counted; so nothing counts in any case.
            found.append(("again", rule, levels[0], 0.0, part, lines, np.ones(at.size)))
            found.append(("rule", rule, levels[0], worth[0], part, lines[free], np.ones(int(free.sum()))))
            for before, after, level in zip(worth, worth[1:], levels[1:], strict=False):
                reached = free & (times >= level)
                found.append(("level", rule, level, after - before, part, lines[reached], np.ones(int(reached.sum()))))
        return found

    def _pairs(self, mask: NDArray[np.bool_]) -> tuple[list[int], list[str]]:
        return self.line[mask].tolist(), self.rule[mask].tolist()

    def _repeats(self) -> list[Entry]:
        found: list[Entry] = []
        for part, shielded in ((OPEN, False), (SHIELDED, True)):
            at = np.flatnonzero((self.kind == "repeat") & (self.shielded == shielded) & (self.count > 0))
            if at.size:
                each = float(np.median(self.own[at] / self.count[at]))
                found.append(("repeat", "", 0, each, part, self.line[at], self.count[at].astype(np.float64)))
        return found

    def _named(self, kind: str, names: NDArray[Any], part: int) -> list[Entry]:
        found: list[Entry] = []
        is_kind = self.kind == kind
        for name in sorted(set(names[is_kind])):
            at = np.flatnonzero(is_kind & (names == name))
            worth = float(np.median(np.abs(self.own[at])))
            found.append((kind, name, 0, worth, part, self.line[at], np.ones(at.size)))
        return found


def _filled(lines: tuple[Key, ...], entries: Sequence[Entry]) -> Design:
    """The entries as sparse tables; those of one kind, name and level are one column."""
    names = list(dict.fromkeys(entry[:3] for entry in entries))
    number = {name: at for at, name in enumerate(names)}
    seen = np.zeros(len(names), np.int64)
    own = np.zeros(len(names))
    parts = []
    for part in range(len(PARTS)):
        mine = [entry for entry in entries if entry[4] == part]
        column = np.concatenate([np.full(entry[5].size, number[entry[:3]]) for entry in mine] or [np.empty(0, int)])
        line = np.concatenate([entry[5] for entry in mine] or [np.empty(0, int)])
        value = np.concatenate([entry[6] for entry in mine] or [np.empty(0)])
        parts.append(sparse.csr_array((value, (line, column)), shape=(len(lines), len(names))))
        for entry in mine:
            seen[number[entry[:3]]] += np.unique(entry[5]).size
            own[number[entry[:3]]] = entry[3]
    columns = tuple(Column(*name, own=own[at], seen=int(seen[at])) for at, name in enumerate(names))
    return Design(lines, columns, tuple(parts), np.zeros((len(PARTS), len(lines))))
