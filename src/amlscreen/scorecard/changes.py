"""What a fitted scorecard changes: every number beside the one there was, with how much stood behind it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from decimal import Decimal

import numpy as np

from amlscreen.scorecard.design import Column
from amlscreen.scorecard.fitting import Weighed
from amlscreen.scorecard.model import Scorecard
from amlscreen.scorecard.sample import Sample

__all__ = ["Change", "changes_of"]

_ORDER = ("rule", "again", "repeat", "typology", "counter", "feature")


@dataclass(frozen=True, slots=True)
class Change:
    """One number: points before and now; ``customers`` labelled who have the row, ``positive`` of them.

    ``kind`` is rule, again (what a rule is worth where its rows have been counted already), repeat, typology, counter
    or feature; ``strength`` is the card's ``times`` of a rule. ``kept``: too few showed it, so it is as it was but for
    the size of all points.
    """

    kind: str
    name: str
    strength: float | None
    before: int
    now: int
    customers: int
    positive: int
    kept: bool


def changes_of(sample: Sample, weighed: Weighed, card: Scorecard) -> tuple[Change, ...]:
    """Every number of the scorecard, largest change first within each kind."""
    found = list(_told(sample, weighed, card))
    found.sort(key=lambda one: (_ORDER.index(one.kind), -abs(one.now - one.before), one.name, one.strength or 0))
    return tuple(found)


def _told(sample: Sample, weighed: Weighed, card: Scorecard) -> Iterator[Change]:
    every, yes = _counts(sample)
    own: dict[str, float] = {}
    again: dict[str, tuple[int, int]] = {}
    for column, kept, many, positive in zip(sample.design.columns, weighed.kept, every, yes, strict=False):
        if column.kind == "again":
            again[column.name] = many, positive
            continue
        own[column.name] = own.get(column.name, 0.0) * (column.kind == "level") + column.own
        before = round(own[column.name])
        strength = column.level / 1000 if column.level else None
        kind = "rule" if column.kind == "level" else column.kind
        yield Change(kind, column.name, strength, before, _now(card, column), many, positive, kept)
        if column.kind == "rule":
            seen = again[column.name][0] - many, again[column.name][1] - positive
            yield Change("again", column.name, None, 0, card.rules[column.name].again, *seen, kept)
    for name, feature in card.features.items():
        for cut in feature.cuts:
            text = f"{name} {cut.at} {feature.side.replace('_', ' ')}"
            yield Change("feature", text, None, 0, cut.points, *weighed.beyond[name, cut.at], kept=False)


def _now(card: Scorecard, column: Column) -> int:
    if column.kind in {"rule", "level"}:
        return card.rules[column.name].at(Decimal(column.level) / 1000)
    if column.kind == "repeat":
        return card.repeat or 0
    named: Mapping[str, int] = card.typologies if column.kind == "typology" else card.counter
    return named[column.name]


def _counts(sample: Sample) -> tuple[list[int], list[int]]:
    """Labelled customers who have each column, and positives of them."""
    has = sum(abs(part) for part in sample.design.parts)
    has.data = np.minimum(has.data, 1.0)
    every, yes = has.T @ (sample.yes + sample.no), has.T @ sample.yes
    return np.rint(every).astype(int).tolist(), np.rint(yes).astype(int).tolist()
