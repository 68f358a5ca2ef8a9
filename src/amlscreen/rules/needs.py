"""What the data must hold for a rule to run at all, read off its grammar.

A rule needs what decides: the columns of its conditions, and those of the measures that ``when`` asks for. A measure
that is only shown, or only raises the points, may stay unknown.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from itertools import product

from amlscreen.rules.card import Card
from amlscreen.rules.columns import RULE_COLUMNS, TABLE_COLUMNS, RuleColumn
from amlscreen.rules.feature_columns import feature_columns, few_needs
from amlscreen.rules.grammar import (
    Anomaly,
    Baseline,
    Cluster,
    Conditions,
    Match,
    Path,
    ReadsRows,
    Scenario,
    Sequence,
    Window,
)
from amlscreen.rules.grammar_cluster import Link

__all__ = ["link_needs", "needs"]

_SUBJECT_COLUMN = {
    "account": "account_id",
    "customer": "customer",
    "conductor": "conductor_id",
    "counterparty": "counterparty",
    "terminal": "terminal_id",
}
_PEER_COLUMNS = {
    "occupation": "customers.occupation",
    "sector": "customers.sector",
    "province": "customers.province",
    "age_band": "customers.birth_date",
    "product": "accounts.product",
}
"""What each column of ``peers: by`` is made from. One of them is enough: an empty one is dropped."""


def needs(card: Card) -> frozenset[str]:
    """Each entry is a ``table.column`` that must be known, or several joined by ``|`` of which one must be.

    What an alternative of ``any:`` needs, is needed only if no other alternative can be looked at. Alternatives that
    say of one column "this, or not known" do not need it.
    """
    found = {"|".join(sorted(clause.split("|"))) for clause in _found(card)}
    parts = {clause: set(clause.split("|")) for clause in found}
    return frozenset(clause for clause in found if not any(parts[other] < parts[clause] for other in found))


def _found(card: Card) -> Iterator[str]:
    detect = card.detect
    if isinstance(detect, Match):
        yield from _of_conditions(detect.where, TABLE_COLUMNS[detect.table])
        yield f"{detect.table}.{detect.subject}"
        if detect.within is not None:
            yield f"{detect.table}.{detect.dated_by}"
        if detect.distinct is not None:
            yield from TABLE_COLUMNS[detect.table][detect.distinct].needs
        return
    if isinstance(detect, Scenario):
        yield from detect.signature.needs
        return
    if isinstance(detect, Cluster):
        yield from _of_cluster(detect)
        return
    if isinstance(detect, Path):
        yield from _of_path(detect)
        return
    if isinstance(detect, Baseline):
        yield from _of_baseline(detect)
        return
    if isinstance(detect, Anomaly):
        yield from few_needs(detect.looked_at)
        yield from _of_conditions(detect.among, feature_columns())
        return
    for row_set in _row_sets_always_read(detect):
        yield from _of_conditions(detect.rows[row_set], RULE_COLUMNS)
    yield from _of_when(detect.when, lambda name: _of_measure(name, detect))
    for name in _columns_always_read(detect):
        yield from RULE_COLUMNS[name].needs
    yield from _either([RULE_COLUMNS[_SUBJECT_COLUMN[kind]].needs for kind in detect.subjects])


def _of_baseline(detect: Baseline) -> Iterator[str]:
    yield from _of_when(detect.when, lambda name: _of_measure(name, detect))
    yield from _of_measure(detect.compare, detect)
    if detect.declared:
        yield "customers.income" if detect.declared == "income" else "accounts.declared_turnover"
    if detect.peers:
        yield from _either([[_PEER_COLUMNS[name]] for name in detect.peers.by])


def _of_path(detect: Path) -> Iterator[str]:
    for conditions in detect.rows.values():
        yield from _of_conditions(conditions, RULE_COLUMNS)
    yield "transactions.counterparty"
    if detect.form == "reach":
        yield "cases.subject_id|reports.subject_id"


def _of_cluster(detect: Cluster) -> Iterator[str]:
    """At least one of the links must be there to look at."""
    customers = TABLE_COLUMNS["customers"]
    yield from _of_conditions(detect.members, customers)
    yield from _either([link_needs(link) for link in detect.links])
    yield from _of_when(detect.when, lambda name: _of_members(detect, name, customers))


def _of_members(detect: Cluster, name: str, customers: Mapping[str, RuleColumn]) -> Iterator[str]:
    """What a measure of a cluster's members needs."""
    measure = detect.measures.get(name)
    if measure is None:
        return
    if column := measure.distinct or measure.median or measure.consecutive:
        yield from customers[column].needs
    for conditions in filter(None, (measure.count, measure.share)):
        yield from _of_conditions(conditions, customers)


def link_needs(link: Link) -> list[str]:
    """What one link of a cluster needs: the columns it compares, those of its conditions, and its date."""
    columns = TABLE_COLUMNS[link.table]
    found = [need for name in link.same for need in columns[name].needs]
    found += _of_conditions(link.where, columns)
    if link.within is not None:
        found += columns[link.dated_by].needs
    return list(dict.fromkeys(found))


def _of_conditions(conditions: Conditions, columns: Mapping[str, RuleColumn]) -> Iterator[str]:
    for name in conditions.columns:
        yield from columns[name].needs
    if conditions.any_of and not any(_tolerates(one, conditions.any_of) for one in conditions.any_of):
        yield from _either([list(_of_conditions(one, columns)) for one in conditions.any_of])


def _tolerates(alternative: Conditions, all_of_them: Iterable[Conditions]) -> bool:
    """Whether it says only that a column is not known, while another alternative says what that column may be."""
    if len(alternative.columns) != 1 or alternative.any_of:
        return False
    name, condition = next(iter(alternative.columns.items()))
    return condition.null is True and any(name in one.columns for one in all_of_them if one is not alternative)


def _of_when(when: Conditions, of_measure: Callable[[str], Iterable[str]]) -> Iterator[str]:
    for name in when.columns:
        yield from of_measure(name)
    if when.any_of:
        yield from _either([list(_of_when(one, of_measure)) for one in when.any_of])


def _of_measure(name: str, detect: ReadsRows) -> Iterator[str]:
    if name in detect.made:
        return
    measure = detect.measures[name]
    for part in measure.ratio or ():
        yield from _of_measure(part, detect)
    if measure.column is not None:
        yield from RULE_COLUMNS[measure.column].needs
    for row_set in measure.row_sets:
        yield from _of_conditions(detect.rows[row_set], RULE_COLUMNS)


def _either(alternatives: Iterable[Iterable[str]]) -> Iterator[str]:
    """``(a and b) or c`` as the clauses that must all hold: ``a|c``, ``b|c``."""
    for choice in product(*alternatives):
        yield "|".join(sorted({part for clause in choice for part in clause.split("|")}))


def _row_sets_always_read(detect: Window | Sequence) -> Iterator[str]:
    if isinstance(detect, Sequence):
        yield from (detect.first, *(step.rows for step in detect.then))
    elif not tuple(detect.when.names()):
        yield from detect.rows


def _columns_always_read(detect: Window | Sequence) -> Iterator[str]:
    yield from detect.by
    if detect.repeat and detect.repeat.distinct:
        yield detect.repeat.distinct
    if isinstance(detect, Sequence):
        for step in detect.then:
            yield from (*step.same, *step.different, *step.similar)
