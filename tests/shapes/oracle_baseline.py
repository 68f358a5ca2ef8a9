"""A slow, obvious reading of shape ``baseline``: dicts, loops over all rows for every question, ``Fraction``, sorting.

What the grammar leaves open is decided here once, each with its reason:

- A subject is looked at if a row of it stands, or may stand, in a row set within the spans that are read: what has no
  row at all can be somebody's peer, and no hit.
- Of the card's own measures an unknown one meets nothing. Of those the shape makes an unknown one leaves the question
  open, and a subject for which enough spans are open or met, but not enough are met, is not evaluable. A span in which
  the compared value is unknown, or is zero where the card does not ask for little, is not open: it would be no hit.
- The peak is the span farthest from the usual, among equals the latest; a compared value that is unknown is nearest.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from functools import partial
from typing import Any

from amlscreen.rules.columns import RULE_COLUMNS
from amlscreen.rules.grammar import Baseline, Conditions, duration_microseconds
from shapes.oracle_measures import Gauge, Group, Row
from shapes.oracle_words import MILLION, _meets, all_meet, both, either, inside_number, unit_of

__all__ = ["BaselineHit", "Facts", "read"]

DAY = 86_400_000_000
_ZERO = {"count", "sum", "distinct", "days_active", "matched_within"}
_BANDS = [(0, 17), (18, 25), (26, 35), (36, 50), (51, 65)]
_MADE_UNITS = {"times": "ratio", "deviations": "ratio", "percentile": "ratio", "spans_known": "whole", "peers": "whole"}


@dataclass(frozen=True)
class Facts:
    """What the bank knows besides rows: the last and the first day, and by subject its traits, first day, declared."""

    last_day: int
    first_day: int
    traits: Mapping[str, Mapping[str, Any]]
    since: Mapping[str, int]
    declared: Mapping[str, int | None]


@dataclass(frozen=True)
class BaselineHit:
    subject: str
    first_at: int
    last_at: int
    measures: dict[str, Any]
    deciding: list[str]


@dataclass
class _Span:
    back: int
    seen: dict[str, list[int]]
    own: dict[str, int | None]
    made: dict[str, Any]
    truth: bool | None = None


def read(detect: Baseline, rows: Sequence[Row], facts: Facts) -> tuple[list[BaselineHit], int]:
    """The hits in order of the subject, and how many subjects could not be told."""
    return _Reading(detect, rows, facts).told()


class _Reading:
    def __init__(self, detect: Baseline, rows: Sequence[Row], facts: Facts) -> None:
        self.detect, self.facts = detect, facts
        self.days = duration_microseconds(detect.within) // DAY
        self.least, self.of = (detect.spans.at_least, detect.spans.of) if detect.spans else (1, 1)
        self.count = self.of + (detect.history.spans if detect.history else 0)
        self.rows: dict[str, list[Row]] = {}
        for row in rows:
            self.rows.setdefault(row["subject"], []).append(row)
        self.groups = {name: self._group(those) for name, those in self.rows.items()}
        self.blind = {name for name, group in self.groups.items() if self._is_blind(group)}
        self.crowd = self._crowd() if detect.peers else {}

    def told(self) -> tuple[list[BaselineHit], int]:
        hits, open_ = [], len(self.blind)
        for name in sorted(self.groups):
            if name in self.blind or not any(
                value is not False for at in self.groups[name].stands for value in at.values()
            ):
                continue
            spans = [self._judged(name, self._span(name, back)) for back in range(self.of)]
            met = [span for span in spans if span.truth]
            if len(met) >= self.least:
                hits.append(self._hit(name, met))
            elif (
                len([span for span in spans if span.truth or (span.truth is None and self._could(span))]) >= self.least
            ):
                open_ += 1
        return hits, open_

    def _could(self, span: _Span) -> bool:
        value = span.own[self.detect.compare]
        return value is not None and (value != 0 or self._asks_for_little())

    def _asks_for_little(self) -> bool:
        return any(_asks_for_little(one, self.detect) for one in (self.detect.when, *self.detect.when.any_of))

    def _group(self, rows: list[Row]) -> Group:
        recent = [row for row in rows if row["local_day"] > self.facts.last_day - self.count * self.days]
        return Group(recent, [self._stands(row) for row in recent])

    def _stands(self, row: Row) -> dict[str, bool | None]:
        literal = lambda column, given: inside_number(RULE_COLUMNS[column].kind, given, 2)  # noqa: E731
        countable = row["kind"] == "customer" and not row["netted"]
        return {
            name: both([all_meet(conditions, row.get, literal), "kind" in set(conditions.names()) or countable])
            for name, conditions in self.detect.rows.items()
        }

    def _is_blind(self, group: Group) -> bool:
        sets = {
            name for m in self.detect.measures.values() if m.verb in {"matched_within", "dwell"} for name in m.row_sets
        }
        return any(group.rows[at]["time_precision"] != "second" for name in sets for at in group.of(name))

    def _start(self, back: int) -> int:
        return self.facts.last_day - (back + 1) * self.days + 1

    def _span(self, name: str, back: int) -> _Span:
        group, start = self.groups[name], self._start(back)
        seen = {
            one: [at for at in group.of(one) if start <= group.rows[at]["local_day"] < start + self.days]
            for one in self.detect.rows
        }
        gauge = Gauge(group, self.detect.measures)
        return _Span(back, seen, {one: gauge.measure(one, seen) for one in self.detect.measures}, {})

    def _judged(self, name: str, span: _Span) -> _Span:
        span.made, usual = self._made(name, span)
        span.truth = self._when(self.detect.when, {**span.own, **span.made})
        value = span.own[self.detect.compare]
        self.far = getattr(self, "far", {})
        self.far[name, span.back] = -1 if value is None else abs(value - usual)
        return span

    def _when(self, when: Conditions, values: Mapping[str, Any]) -> bool | None:
        parts: list[bool | None] = []
        for name, condition in when.columns.items():
            truth = _meets(condition, values[name], partial(self._literal, name))
            parts.append(False if truth is None and name in self.detect.measures else truth)
        if when.any_of:
            parts.append(either([self._when(one, values) for one in when.any_of]))
        return both(parts)

    def _literal(self, name: str, given: Any) -> Any:
        kind = _MADE_UNITS.get(name) or unit_of(self.detect.measures[self.detect.compare if name == "usual" else name])
        return inside_number(kind, given, 2)

    def _made(self, name: str, span: _Span) -> tuple[dict[str, Any], Fraction]:
        values, known, also = self._usual(name)
        usual = _median(values) if values else Fraction(0)
        made: dict[str, Any] = {"usual": math.floor(usual) if known else None, "times": None}
        value = span.own[self.detect.compare]
        if self._is_cut_short(name, span):
            value = None
        if known and value is not None and usual > 0:
            made["times"] = math.floor(value / usual * MILLION)
        if not self.detect.declared:
            made["deviations"] = _deviations(value, values) if known and value is not None else None
        if self.detect.history:
            made["spans_known"] = len(values)
        if self.detect.peers:
            below = sum(one < value for one in values) if value is not None and known else 0
            made["peers"] = len(values) if known else None
            made["percentile"] = below * MILLION // len(values) if known and value is not None else None
            made["peer_group"] = also
        return made, usual

    def _is_cut_short(self, name: str, span: _Span) -> bool:
        return self._asks_for_little() and max(self.facts.since[name], self.facts.first_day) > self._start(span.back)

    def _usual(self, name: str) -> tuple[list[Fraction], bool, str | None]:
        """The values whose median is usual, whether they are enough, and what they are called."""
        if self.detect.declared:
            monthly = self.facts.declared[name]
            return ([Fraction(monthly * self.days, 30)], True, None) if monthly else ([], False, None)
        if self.detect.history:
            before = [
                self._span(name, back).own[self.detect.compare]
                for back in range(self.of, self.count)
                if max(self.facts.since[name], self.facts.first_day) <= self._start(back)
            ]
            values = [Fraction(one) for one in before if one is not None]
            return values, len(values) >= max(self.detect.history.at_least, 1), None
        group, said = self._peers(name)
        return [Fraction(self.crowd[one]) for one in group], bool(group), said

    def _crowd(self) -> dict[str, int]:
        found = {}
        for name, rows in self.rows.items():
            active = any(
                row["kind"] == "customer" and not row["netted"] and row["local_day"] >= self._start(0) for row in rows
            )
            value = self._span(name, 0).own[self.detect.compare]
            if active and value is not None and name not in self.blind:
                found[name] = value
        return found

    def _peers(self, name: str) -> tuple[list[str], str | None]:
        assert self.detect.peers
        mine = self._traits(name)
        by = [column for column in self.detect.peers.by if mine[column] is not None]
        while True:
            alike = [
                one for one in self.crowd if all(self._traits(one)[column] == mine[column] for column in ("kind", *by))
            ]
            if len(alike) >= max(self.detect.peers.at_least, 1):
                return alike, _said(mine, by)
            if not by:
                return [], None
            by.pop()

    def _traits(self, name: str) -> dict[str, Any]:
        traits = self.facts.traits[name]
        age = traits["age"]
        band = None if age is None else next((f"{a}-{b}" for a, b in _BANDS if a <= age <= b), "66 and over")
        return {**traits, "age_band": band}

    def _hit(self, name: str, met: list[_Span]) -> BaselineHit:
        group = self.groups[name]
        peak = max(met, key=lambda span: (self.far[name, span.back], -span.back))
        rows = sorted({at for span in met for seen in span.seen.values() for at in seen})
        measures = {**peak.own, **peak.made}
        if self.detect.spans:
            measures["spans_met"] = len(met)
        if rows:
            first, last = group.rows[rows[0]]["at"], group.rows[rows[-1]]["at"]
        else:
            offset = 7 * 3_600_000_000
            first = min(self._start(span.back) for span in met) * DAY - offset
            last = max(self._start(span.back) + self.days for span in met) * DAY - offset - 1
        return BaselineHit(name, first, last, measures, [group.rows[at]["transaction_id"] for at in rows])


def _median(values: Sequence[Fraction]) -> Fraction:
    ordered = sorted(values)
    return (ordered[(len(ordered) - 1) // 2] + ordered[len(ordered) // 2]) / 2


def _deviations(value: int, values: Sequence[Fraction]) -> int | None:
    middle = _median(values)
    apart = [abs(one - middle) for one in values]
    spread = Fraction("1.4826") * _median(apart) or Fraction("1.2533") * sum(apart) / len(apart)
    return math.floor((value - middle) / spread * MILLION) if spread else None


def _asks_for_little(when: Conditions, detect: Baseline) -> bool:
    said = [one for name, one in when.columns.items() if name not in detect.measures]
    return any(one.model_fields_set - {"gte", "gt", "null"} for one in said)


def _said(traits: Mapping[str, Any], by: Sequence[str]) -> str:
    people = {"person": "persons", "entity": "firms", None: "customers of unknown kind"}[traits["kind"]]
    parts = [f"{'age' if name == 'age_band' else name} {traits[name]}" for name in by]
    if not by:
        return f"all {people}"
    return ", ".join(parts if {"occupation", "sector"} & set(by) else [people, *parts])
