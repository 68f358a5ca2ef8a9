"""Who is found: by typology, strength, channel, role and story, and whether it happened in the alerting span."""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np

from amlscreen.evaluation.figures import Figure, Standings, wilson
from amlscreen.evaluation.given import Run
from amlscreen.evaluation.known import TARGET, Known
from amlscreen.evaluation.places import Places
from amlscreen.labels import Label

__all__ = ["BY", "Recall", "Victims", "recall_by", "victims_of"]

BY = ("typology", "intensity", "channel", "role", "story")


@dataclass(frozen=True, slots=True)
class Recall:
    """Targets that share a value: how many, how many under alert, and how many within each budget.

    ``instances`` counts planted instances, ``instances_alerted`` those with at least one customer under alert.
    """

    by: str
    value: str
    targets: int
    alerted: Figure
    within: tuple[float, ...]
    instances: int
    instances_alerted: int


@dataclass(frozen=True, slots=True)
class Victims:
    """Possible victims: they should be listed as protected, and be under review in no alert."""

    planted: int
    protected: int
    under_review: int
    targets_protected: int
    innocents_protected: int


def recall_by(run: Run, places: Places, known: Known, standings: Standings, budgets: Sequence[float]) -> list[Recall]:
    """One line for each value of each label column that the file fills, after one for all targets."""
    slots = [standings.slots(budget) for budget in budgets]
    groups: dict[tuple[str, str], set[tuple[int, str]]] = defaultdict(set)
    for number, row in known.rows:
        if known.state[number] == TARGET and not row.possible_victim and row.is_target:
            for by, value in _values(row, run):
                groups[by, value].add((number, row.instance or f"customer {number}"))
    order = ("all", *BY, "when")
    made = []
    for (by, value), members in sorted(groups.items(), key=lambda item: (order.index(item[0][0]), item[0][1])):
        who = np.array(sorted({number for number, _ in members}), np.int64)
        under = places.alerted[who]
        within = tuple(float((places.place[who] < slot).mean()) for slot in slots)
        found = {instance for number, instance in members if places.alerted[number]}
        instances = len({instance for _, instance in members})
        made.append(Recall(by, value, len(who), wilson(int(under.sum()), len(who)), within, instances, len(found)))
    return made


def _values(row: Label, run: Run) -> Iterator[tuple[str, str]]:
    yield "all", "all"
    for by in BY:
        if value := getattr(row, by):
            yield by, value
    if row.last_day is not None:
        start = run.as_of - dt.timedelta(days=run.alert_days)
        yield "when", f"after {start}, in the alerting span" if row.last_day > start else f"over by {start}"


def victims_of(run: Run, places: Places, known: Known) -> Victims:
    """What became of possible victims; ids in the list of the protected are taken for whichever bank has them."""
    protected = np.fromiter((one in run.protected for one in places.ids), np.bool_, len(places.ids))
    only = known.victim & (known.state != TARGET)
    return Victims(
        planted=int(only.sum()),
        protected=int((only & protected).sum()),
        under_review=int((only & places.alerted).sum()),
        targets_protected=int(((known.state == TARGET) & protected).sum()),
        innocents_protected=int(((known.state == 0) & protected).sum()),
    )
