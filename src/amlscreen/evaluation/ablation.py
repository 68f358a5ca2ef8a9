"""What the ranking would be without some of the rules: their rows are taken out of every score, and what depends on
them is worked out again.

Family caps, the floor under counter-evidence and the row for the typology are made anew. Of the rules whose points were
taken back because a rule now gone had seen the same rows, the strongest has them again; the others are taken for the
same fact still. What cannot be told from the rows stays as it is: which groups there would be, whether an alert would
still meet a clause of the policy, and who is protected. So this says how much the order rests on the points of a kind
of rule, not what a bank without these rules would do.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np
from numpy.typing import NDArray

from amlscreen.alerting.stories import best_fits, typology_row
from amlscreen.evaluation.figures import Figure, Standings, average_precision, unit_weights
from amlscreen.evaluation.given import RuleFacts, Run
from amlscreen.evaluation.known import Known
from amlscreen.evaluation.places import Lines, Places
from amlscreen.rules.typology import load_typologies

__all__ = ["Scores", "Without", "ablation"]

_APART = "\x1f"
_RESAMPLES = 200


@dataclass(frozen=True, slots=True)
class Without:
    """The ranking without some rules: average precision, the change, and recall at one budget.

    The interval of ``change`` is over resampled instances, the innocents as they are.
    """

    without: str
    rules: int
    average_precision: float
    change: Figure
    recall: float


class Scores:
    """The rows of every score of a run, by line of the ranking, to be added up anew.

    ``exact`` says whether they add up to the scores of the ranking, as they must.
    """

    def __init__(self, run: Run, lines: Lines) -> None:
        self.run = run
        self.lines = lines
        self.line = _line_of_row(run)
        self.points = np.asarray(run.points["points"]).astype(np.int64)
        self.own_points = np.asarray(run.points["own_points"]).astype(np.int64)
        self.shielded = np.asarray(run.points["shielded"]).astype(np.bool_)
        self.kind = _text(run.points["kind"])
        self._told_apart = ~np.isin(self.kind, ("cap", "counter", "typology"))
        self.rules, self.rule = _coded(run.points["rule_id"])
        self.families, self.family = _coded(run.points["family"])
        self.other = _coded(run.points["other"], self.rules)[1]
        self.exact = bool((self.without(()) == lines.score).all())

    def without(self, rules: Collection[str]) -> NDArray[np.int64]:
        """The score of each line without these rules."""
        gone = np.array([*(rule in rules for rule in self.rules), False])  # -1, no rule, is the last
        kept = ~gone[self.rule]
        kept[self._given_back(kept & (self.kind == "overlap") & gone[self.other])] = False
        of_rules = kept & self._told_apart
        caps = self._caps(of_rules)
        touched = of_rules & ~self.shielded
        open_to_it = self._added(touched) + caps
        weighed = self._added(touched, self.own_points) + caps > 0
        counters = np.where(weighed, np.minimum(-self._added(self.kind == "counter"), open_to_it), 0)
        score = self._added(of_rules) + caps - counters + self._typologies(frozenset(rules))
        return np.asarray(score, np.int64)

    def _given_back(self, freed: NDArray[np.bool_]) -> NDArray[np.int64]:
        """Of overlap rows whose other rule is gone, the one with most points for each line and such rule."""
        rows = np.flatnonzero(freed)
        order = rows[np.lexsort((self.points[rows], self.other[rows], self.line[rows]))]
        line, other = self.line[order], self.other[order]
        first = np.ones(len(order), np.bool_)
        first[1:] = (line[1:] != line[:-1]) | (other[1:] != other[:-1])
        return order[first]

    def confidence(self, rules: Collection[str]) -> NDArray[np.float64]:
        """The confidence of each line: of one whose rules are all gone, that of a customer without a hit."""
        gone = np.array([*(rule in rules for rule in self.rules), False])
        told = (self.rule >= 0) & ~gone[self.rule]
        silent = self.lines.silent.copy()
        silent[self.line[self.rule >= 0]] = True
        silent[self.line[told]] = False
        without_hit = self.lines.confidence[self.lines.silent]
        return np.where(silent & ~self.lines.silent, without_hit.max(initial=0.0), self.lines.confidence)

    def _added(self, rows: NDArray[np.bool_], points: NDArray[np.int64] | None = None) -> NDArray[np.int64]:
        total = np.zeros(len(self.lines.score), np.int64)
        np.add.at(total, self.line[rows], (self.points if points is None else points)[rows])
        return total

    def _caps(self, rows: NDArray[np.bool_]) -> NDArray[np.int64]:
        caps = np.zeros(len(self.lines.score), np.int64)
        if self.run.family_cap is not None:
            for family in range(len(self.families)):
                caps -= np.maximum(self._added(rows & (self.family == family)) - self.run.family_cap, 0)
        return caps

    @cached_property
    def _told(self) -> dict[int, tuple[frozenset[str], int]]:
        """By line with a row for a typology, the rules it was told by, and its points."""
        told = np.flatnonzero(self.kind == "typology")
        of_line: dict[int, set[str]] = {line: set() for line in self.line[told].tolist()}
        seen = np.flatnonzero((self.kind == "rule") & np.isin(self.line, list(of_line)))
        for line, rule in zip(self.line[seen].tolist(), self.rule[seen].tolist(), strict=True):
            of_line[line].add(self.rules[rule])
        return {
            line: (frozenset(of_line[line]), points)
            for line, points in zip(self.line[told].tolist(), self.points[told].tolist(), strict=True)
        }

    def _typologies(self, gone: frozenset[str]) -> NDArray[np.int64]:
        """Points for the best-fitting typology: as told where no rule of the line is gone, else found anew."""
        points = np.zeros(len(self.lines.score), np.int64)
        stories = load_typologies() if gone and self._told else ()
        for line, (rules, told) in self._told.items():
            if rules.isdisjoint(gone):
                points[line] = told
            else:
                row = typology_row(best_fits(rules - gone, self.run.ran - gone, stories))
                points[line] = min(told, row.points) if row else 0
        return points


def ablation(scores: Scores, lines: Lines, known: Known, budget: float, seed: int) -> list[Without]:
    """The ranking without each family, without rules on ties between customers, and without each rule by itself."""
    base = _standings(lines.places(), known)
    if not len(base.places):
        return []
    weight = unit_weights(base.unit, _RESAMPLES, seed)
    was = _drawn(base, weight, base)
    made = []
    for name, rules in _what(scores):
        score = scores.without(rules)
        same = bool((score == lines.score).all())
        other = base if same else _standings(lines.places(score, scores.confidence(rules)), known)
        value = average_precision(other.known) or 0.0
        low, high = (0.0, 0.0) if same else np.percentile(_drawn(other, weight, base) - was, (2.5, 97.5)).tolist()
        change = Figure(value - (average_precision(base.known) or 0.0), low, high)
        found = int(np.searchsorted(other.places, other.slots(budget)))
        made.append(Without(name, len(rules), value, change, found / len(other.places)))
    return made


def _what(scores: Scores) -> Iterator[tuple[str, list[str]]]:
    """What is left out in turn: kinds of rules first, then rule by rule."""
    facts = scores.run.rules

    def those(holds: Callable[[RuleFacts], bool]) -> list[str]:
        return [rule for rule in scores.rules if rule in facts and holds(facts[rule])]

    families = sorted({facts[rule].family for rule in scores.rules if rule in facts} | {"anomaly"})
    for family in families:
        yield f"family {family}", [rule for rule in scores.rules if rule in facts and facts[rule].family == family]
    yield "ties between customers", those(lambda one: one.graph)
    yield "anything but anomaly", those(lambda one: one.family != "anomaly")
    for rule in scores.rules:
        yield rule, [rule]


def _standings(places: Places, known: Known) -> Standings:
    return Standings.of(known.state, known.unit, places.order)


def _drawn(standings: Standings, weight: NDArray[np.int64], base: Standings) -> NDArray[np.float64]:
    """Average precision over draws of instances, the innocents as they are.

    Weights come in the order of ``base``; a target is known again by its customer.
    """
    back = np.argsort(base.targets, kind="stable")[np.argsort(np.argsort(standings.targets))]
    mine = weight[:, back]
    until = np.cumsum(mine, axis=1)
    reached = until + (standings.known - np.arange(len(standings.places)))
    made: NDArray[np.float64] = (mine * until / np.maximum(reached, 1)).sum(axis=1) / np.maximum(until[:, -1], 1)
    return made


def _text(column: Any) -> NDArray[np.str_]:
    return np.array([one or "" for one in column.to_pylist()], np.str_)


def _coded(column: Any, known: Sequence[str] | None = None) -> tuple[list[str], NDArray[np.int64]]:
    """The different texts in order, and the number of each row's; -1 for an empty one, or one not among ``known``."""
    texts = column.to_pylist()
    names = sorted({text for text in texts if text}) if known is None else list(known)
    number = {name: place for place, name in enumerate(names)}
    return names, np.array([number.get(text, -1) for text in texts], np.int64)


def _line_of_row(run: Run) -> NDArray[np.int64]:
    """The line of the ranking each row belongs to.

    A group that a rule found and a group of linked customers can have the same lead. Rows of one score stand together,
    so such lines are told apart by what the rows add up to.
    """
    ranked = run.ranked.sort_by("rank")
    names = ("institution", "subject_kind", "subject_id")
    lines: dict[tuple[Any, ...], list[int]] = {}
    for number, (*key, score) in enumerate(zip(*(ranked[name].to_pylist() for name in (*names, "score")), strict=True)):
        lines.setdefault((*key, score), []).append(number)
        lines.setdefault(tuple(key), []).append(number)
    keys = list(zip(*(run.points[name].to_pylist() for name in names), strict=True))
    points = run.points["points"].to_pylist()
    starts = [0, *(number for number in range(1, len(keys)) if keys[number] != keys[number - 1])] if keys else []
    of_row = np.empty(len(keys), np.int64)
    for start, end in zip(starts, [*starts[1:], len(keys)], strict=True):
        same = lines.get((*keys[start], sum(points[start:end]))) or lines[keys[start]]
        of_row[start:end] = same.pop(0) if len(same) > 1 else same[0]
    return of_row
