"""How much of what a rule needs is known, among the rows that the rule looks at."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from amlscreen.intake.known import Group, known_in_table
from amlscreen.rules.card import Card
from amlscreen.rules.columns import RULE_COLUMNS
from amlscreen.rules.grammar import Condition, Conditions
from amlscreen.rules.needs import needs

__all__ = ["Sight", "empty_sets", "sights"]

_TOLD_APART = ("direction", "channel", "kind")
_ALWAYS = frozenset({"transactions.account_id", "transactions.amount", "transactions.direction", "transactions.at"})


@dataclass(frozen=True, slots=True)
class Sight:
    """A need, and how many of the rows a rule looks at have it. ``of`` names the rows: a row set, or a table."""

    need: str
    known: int
    rows: int
    of: str

    @property
    def share(self) -> float:
        """The known share, 0 to 1; 1 where there is nothing to know."""
        return self.known / self.rows if self.rows else 1.0

    def __str__(self) -> str:
        return f"{self.need.replace('|', ' or ')} is known for {self.share:.0%} of {self.rows:,} {self.of}"


def sights(card: Card, groups: Sequence[Group], tables: Any) -> list[Sight]:
    """One for each need of a bound card, least known first; ``tables`` is the dataset."""
    found = []
    for need in sorted(needs(card) - _ALWAYS):
        if groups and need in groups[0].known:
            found.append(_in_rows(card, need, groups))
        else:
            counts = [known_in_table(tables, part) for part in need.split("|")]
            known, rows = max(counts, key=lambda pair: pair[0] / pair[1] if pair[1] else 0)
            found.append(Sight(need, known, rows, f"rows of {need.partition('.')[0]}"))
    return sorted(found, key=lambda one: (one.share, one.need))


def _in_rows(card: Card, need: str, groups: Sequence[Group]) -> Sight:
    """Among the rows that any row set with such a column takes, as far as direction, channel and kind tell."""
    rows: dict[str, Conditions] = getattr(card.detect, "rows", {})
    users = [name for name in rows if need in _needs_of_set(card, name)] or list(rows)
    taken = [group for group in groups if any(_takes(rows[name], group) for name in users)]
    of = f"rows of {' and '.join(f'`{name}`' for name in users)}" if users else "transactions"
    return Sight(need, sum(one.known[need] for one in taken), sum(one.rows for one in taken), of)


def _needs_of_set(card: Card, name: str) -> set[str]:
    detect: Any = card.detect
    columns = {column for column, one in _all_conditions(detect.rows[name]) if one.model_fields_set != {"null"}}
    columns |= {one.column for one in detect.measures.values() if name in one.row_sets and one.column}
    return {"|".join(sorted(need.split("|"))) for column in columns for need in RULE_COLUMNS[column].needs}


def _all_conditions(conditions: Conditions) -> Iterator[tuple[str, Condition]]:
    yield from conditions.columns.items()
    for alternative in conditions.any_of:
        yield from _all_conditions(alternative)


def empty_sets(card: Card, groups: Sequence[Group]) -> list[str]:
    """Row sets that no transaction of the data can be in, by direction, channel and kind alone."""
    rows: dict[str, Conditions] = getattr(card.detect, "rows", {})
    return [name for name, one in rows.items() if not any(_takes(one, group) for group in groups)]


def _takes(conditions: Conditions, group: Group) -> bool:
    if "kind" not in set(conditions.names()) and (group.kind != "customer" or group.netted):
        return False
    return _may_hold(conditions, group)


def _may_hold(conditions: Conditions, group: Group) -> bool:
    """Whether a row of the group can meet them; columns that groups do not tell apart always can."""
    here = all(_holds(one, getattr(group, name)) for name, one in conditions.columns.items() if name in _TOLD_APART)
    return here and (not conditions.any_of or any(_may_hold(one, group) for one in conditions.any_of))


def _holds(condition: Condition, value: str | None) -> bool:
    if value is None:
        return condition.null is True
    if condition.null is True:
        return False
    if condition.eq is not None and value != condition.eq:
        return False
    return (condition.one_of is None or value in condition.one_of) and value not in (condition.none_of or ())
