"""What the data must hold for a rule to run at all, read off its grammar."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from itertools import product

from amlscreen.rules.card import Card
from amlscreen.rules.columns import RULE_COLUMNS, TABLE_COLUMNS, RuleColumn
from amlscreen.rules.grammar import Conditions, Match, Sequence, Window

__all__ = ["needs"]

_SUBJECT_COLUMN = {
    "account": "account_id",
    "customer": "customer",
    "conductor": "conductor_id",
    "counterparty": "counterparty",
}


def needs(card: Card) -> frozenset[str]:
    """Each entry is a ``table.column`` that must be known, or several joined by ``|`` of which one must be.

    Columns in an ``any:`` are needed only if no other alternative can be looked at.
    """
    found = {"|".join(sorted(clause.split("|"))) for clause in _found(card)}
    parts = {clause: set(clause.split("|")) for clause in found}
    return frozenset(clause for clause in found if not any(parts[other] < parts[clause] for other in found))


def _found(card: Card) -> Iterator[str]:
    detect = card.detect
    if isinstance(detect, Match):
        yield from _of_conditions(detect.where, TABLE_COLUMNS[detect.table])
        yield f"{detect.table}.{detect.subject}"
        return
    for conditions in detect.rows.values():
        yield from _of_conditions(conditions, RULE_COLUMNS)
    for name in _other_columns(detect):
        yield from RULE_COLUMNS[name].needs
    yield from _either([RULE_COLUMNS[_SUBJECT_COLUMN[kind]].needs for kind in detect.subjects])


def _of_conditions(conditions: Conditions, columns: Mapping[str, RuleColumn]) -> Iterator[str]:
    for name in conditions.columns:
        yield from columns[name].needs
    if conditions.any_of:
        yield from _either([list(_of_conditions(one, columns)) for one in conditions.any_of])


def _either(alternatives: Iterable[Iterable[str]]) -> Iterator[str]:
    """``(a and b) or c`` as the clauses that must all hold: ``a|c``, ``b|c``."""
    for choice in product(*alternatives):
        yield "|".join(sorted({part for clause in choice for part in clause.split("|")}))


def _other_columns(detect: Window | Sequence) -> Iterator[str]:
    yield from detect.by
    yield from (measure.column for measure in detect.measures.values() if measure.column)
    if detect.repeat and detect.repeat.distinct:
        yield detect.repeat.distinct
    if isinstance(detect, Sequence):
        for step in detect.then:
            yield from (*step.same, *step.different, *step.similar)
