"""Shape ``match``: rows of a reference table for which conditions hold, as of the run's day."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np
from numpy.typing import NDArray

from amlscreen.hits import Hit, SubjectRef
from amlscreen.ledger.partition import Values
from amlscreen.rules.card import Card
from amlscreen.rules.columns import TABLE_COLUMNS
from amlscreen.rules.grammar import Condition, Match
from amlscreen.shapes.conditions import Truth, evaluate, inside_number, test_values
from amlscreen.shapes.match_table import MatchTable

__all__ = ["MatchTable", "counted", "match_hits", "matching", "shown_value"]

Ints = NDArray[np.int64]
_DAY = 86_400_000_000


def matching(detect: Match, table: MatchTable) -> NDArray[np.bool_]:
    """The rows for which the conditions hold and that are recent enough."""
    kinds = TABLE_COLUMNS[detect.table]
    digits = table.jurisdiction.minor_digits

    def atom(name: str, condition: Condition) -> Truth:
        return test_values(table.column(name), condition, lambda value: inside_number(kinds[name].kind, value, digits))

    rows = evaluate(detect.where, atom, table.size).true
    if detect.within is not None:
        assert detect.dated_by is not None
        rows = rows & table.recent(detect.dated_by, detect.within)
    return rows


def counted(values: Values | None, rows: Sequence[int]) -> int:
    """What ``at_least`` is held against: the rows, or with ``distinct`` the different known ones of its values."""
    if values is None:
        return len(rows)
    among = values.take(np.asarray(rows, np.int64))
    return int(np.unique(among.array[among.is_known()]).size)


def match_hits(card: Card, table: MatchTable) -> list[Hit]:
    """One hit for each subject with rows enough that match."""
    detect = card.detect
    assert isinstance(detect, Match)
    subject = table.column(detect.subject)
    rows = np.flatnonzero(matching(detect, table) & subject.is_known())
    shown = {name: table.column(column) for name, column in detect.measures.items()}
    victims = table.column(card.possible_victims) if card.possible_victims else None
    distinct = table.column(detect.distinct) if detect.distinct else None
    institution = table.column("institution")
    groups: dict[tuple[str, str], list[int]] = {}
    for row, bank, name in zip(rows.tolist(), _words(institution, rows), _words(subject, rows), strict=True):
        groups.setdefault((bank, name), []).append(row)
    hits = []
    for key, members in sorted(groups.items()):
        times = counted(distinct, members)
        if times >= int(detect.at_least):
            hits.append(_hit(card, detect, key, members, times, shown, victims, table))
    return hits


def _hit(  # noqa: PLR0917 - all a hit is made of
    card: Card,
    detect: Match,
    key: tuple[str, str],
    members: list[int],
    times: int,
    shown: Mapping[str, Values],
    victims: Values | None,
    table: MatchTable,
) -> Hit:
    first = members[0]
    measures: dict[str, int | str | None] = {name: shown_value(values, first) for name, values in shown.items()}
    if {"at_least", "distinct"} & detect.model_fields_set:
        measures["times"] = times
    is_customer = detect.subject_kind == "customer"
    moment = table.as_of * _DAY - table.jurisdiction.utc_offset_minutes * 60_000_000
    return Hit(
        rule_id=card.id,
        subject=SubjectRef(key[0], detect.subject_kind, key[1]),
        customer_ids=(key[1],) if is_customer else (),
        account_ids=() if is_customer else (key[1],),
        episode=1,
        first_at=moment,
        last_at=moment,
        first_day=table.as_of,
        last_day=table.as_of,
        measures=measures,
        known=1,
        total=1,
        victims=tuple(sorted({str(word) for row in members if (word := victims.told(row)) is not None}))
        if victims
        else (),
    )


def shown_value(values: Values, row: int) -> int | str | None:
    """A row's word or inside number; None where it is not known."""
    return values.told(row)


def _words(values: Values, rows: Ints) -> list[str]:
    """The words of rows that have one."""
    return [str(word) for word in values.vocabulary.take(values.array.take(rows)).to_pylist()]
