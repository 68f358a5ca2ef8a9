"""A slow, obvious reading of shapes ``window`` and ``sequence``, straight from the words of the grammar.

Nothing here is shared with the sweeps: plain dicts, loops over all rows for every question, ``Fraction`` for every
quotient. What the grammar leaves open is decided here once, each with its reason:

- A window is looked at for each instant at which some row stands in some row set; a row that only may stand in one (a
  value is missing) opens no window, and starts or ends no episode.
- A measure of rows of which no value is known is itself unknown, for a missing value is never zero and a missing
  counterparty is neither one payer nor none. Of no rows at all, counts and sums are 0 and the others unknown.
- A row without a known value of a ``by`` column, or of a column that all steps want the ``same``, belongs to no
  subject; the latter split the subject as ``by`` does.
- A row known by its date alone comes after another only on a later day; ``absent`` holds only if no row can possibly
  be there.
- A measure of matched money, in a sequence, sees the pairs whose credit and debit both stand in what the measure sees.
- The peak of an episode is the point with the largest lead measure, among equals the one that sees most rows, and among
  those the first.
- ``repeat`` counts episodes of the whole subject, whatever ``by`` says, at the time and with the values of their last
  row, and lasts from the first row of its first episode to the last row of its last.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from fractions import Fraction
from itertools import pairwise
from typing import Any, NamedTuple

from amlscreen.rules.card import Card
from amlscreen.rules.columns import RULE_COLUMNS
from amlscreen.rules.grammar import Sequence, Step, Window, duration_microseconds
from shapes.oracle_measures import Gauge, Group, Row, floored
from shapes.oracle_words import MILLION, all_meet, both, inside_number, unit_of

__all__ = ["Episode", "oracle_hits"]

DAY = 86_400_000_000


class Episode(NamedTuple):
    """What the oracle finds; with ``repeat``, ``by`` is empty and ``measures`` holds ``times``."""

    subject: str
    by: tuple[Any, ...]
    first_at: int
    last_at: int
    measures: dict[str, int | None]
    limit: str | None


def oracle_hits(card_bound: Card, rows: list[Row], jurisdiction_numbers: Mapping[str, Any]) -> list[Episode]:
    """Every episode of a bound card, in the order of subject, ``by``, limit and time.

    ``rows`` are transactions of one kind of subject, in any order, each a dict with ``subject`` (None: left out),
    ``at`` (microseconds UTC; for a row known by its date alone the local midnight), ``tie`` (what orders rows of one
    instant: the transaction id), ``amount``, ``local_day``, ``kind``, ``netted``, ``time_precision`` and every column
    the card names. Values are those columns have inside: money in minor units, ratios in millionths, flags as bool,
    text as text; a missing key or None is unknown. Under ``for_each: limits``, ``limit_multiple`` is a dict from the
    limit's id to its value for that row.

    ``jurisdiction_numbers``: ``minor_digits``; ``end``, the instant at which the data ends (for ``absent``);
    ``offset``, microseconds that local time is ahead of UTC; ``limits``, ids, where the card runs over them.
    """
    detect = card_bound.detect
    assert isinstance(detect, Window | Sequence)
    if detect.after_hit is not None:
        raise NotImplementedError("after_hit joins two rules; the oracle reads one")
    found = []
    for limit in jurisdiction_numbers["limits"] if detect.for_each else [None]:
        seen = [_at_the_line(row, limit) for row in rows] if limit else rows
        found += _Reading(detect, jurisdiction_numbers, limit).episodes(seen)
    return sorted(found, key=lambda one: (one.subject, str(one.by), str(one.limit), one.first_at, one.last_at))


def _at_the_line(row: Row, limit: str) -> Row:
    return {**row, "limit_multiple": row["limit_multiple"].get(limit)}


@dataclass
class _Point:
    """A window, or an anchor with its steps: row numbers of its group, and what each row set has in it."""

    first: int
    last: int
    seen: dict[str, list[int]]
    measures: dict[str, int | None]


@dataclass
class _Run:
    """An episode before it is told: its points' rows, the row at its end, and its peak's measures."""

    first_at: int
    last_at: int
    last_row: Row
    by: tuple[Any, ...]
    measures: dict[str, int | None]


class _Reading:
    def __init__(self, detect: Any, numbers: Mapping[str, Any], limit: str | None) -> None:
        self.detect, self.numbers, self.limit = detect, numbers, limit
        steps = [] if isinstance(detect, Window) else detect.then
        self.spans = [detect.within] if isinstance(detect, Window) else [step.within for step in steps]
        self.same = [name for name in (steps[0].same if steps else ()) if all(name in step.same for step in steps)]
        verbs = {measure.verb for measure in detect.measures.values()}
        names = {name for conditions in detect.rows.values() for name in conditions.names()}
        names |= {measure.column for measure in detect.measures.values()}
        self.by_the_clock = (
            any(duration_microseconds(span) % DAY for span in self.spans) or "hour" in names or "gap" in verbs
        )
        self.fifo = {
            name for m in detect.measures.values() if m.verb in {"matched_within", "dwell"} for name in m.row_sets
        }

    def episodes(self, rows: list[Row]) -> list[Episode]:
        found = []
        for subject, groups in self._subjects(rows).items():
            runs = [run for by, group in groups for run in self._runs(by, group)]
            told = runs if self.detect.repeat is None else self._recurring(runs)
            found += [Episode(subject, run.by, run.first_at, run.last_at, run.measures, self.limit) for run in told]
        return found

    def _subjects(self, rows: list[Row]) -> dict[str, list[tuple[tuple[Any, ...], Group]]]:
        split = [*self.detect.by, *self.same]
        parts: dict[tuple[str, tuple[Any, ...]], list[Row]] = {}
        for row in rows:
            values = tuple(row.get(name) for name in split)
            if row["subject"] is not None and None not in values:
                parts.setdefault((row["subject"], values), []).append(row)
        subjects: dict[str, list[tuple[tuple[Any, ...], Group]]] = {}
        for (subject, values), those in sorted(parts.items(), key=str):
            group = Group(those, [self._stands(row) for row in those])
            subjects.setdefault(subject, []).append((values[: len(self.detect.by)], group))
        return subjects

    def _stands(self, row: Row) -> dict[str, bool | None]:
        """How a row stands to each row set. Only customers' own rows count unless the set says `kind`."""
        found = {}
        for name, conditions in self.detect.rows.items():
            truth = all_meet(conditions, row.get, self._literal)
            if "kind" not in set(conditions.names()):
                truth = both([truth, row["kind"] == "customer" and not row["netted"]])
            vague = self.by_the_clock and row["time_precision"] != "second"
            found[name] = None if vague and truth else truth
        return found

    def _literal(self, column: str, given: Any) -> Any:
        return inside_number(RULE_COLUMNS[column].kind, given, self.numbers["minor_digits"])

    def _runs(self, by: tuple[Any, ...], group: Group) -> list[_Run]:
        if any(group.rows[at]["time_precision"] != "second" for name in self.fifo for at in group.of(name)):
            return []  # first in first out is not evaluable where the order within a day is unknown
        points = self._windows(group) if isinstance(self.detect, Window) else self._anchored(group)
        runs: list[list[_Point]] = []
        for point in self._that_meet(group, points):
            if runs and point.first <= max(one.last for one in runs[-1]):
                runs[-1].append(point)
            else:
                runs.append([point])
        return [self._run(by, group, run) for run in runs]

    def _that_meet(self, group: Group, points: Iterator[_Point]) -> Iterator[_Point]:
        gauge = Gauge(group, self.detect.measures)
        for point in points:
            point.measures = {name: gauge.measure(name, point.seen) for name in self.detect.measures}
            if all_meet(self.detect.when, point.measures.get, self._measure_literal):
                yield point

    def _measure_literal(self, measure: str, given: Any) -> Any:
        return inside_number(unit_of(self.detect.measures[measure]), given, self.numbers["minor_digits"])

    def _run(self, by: tuple[Any, ...], group: Group, run: list[_Point]) -> _Run:
        lead = next(self.detect.when.names(), next(iter(self.detect.measures), None))
        value = [None if lead is None else point.measures[lead] for point in run]
        rows = [sum(len(each) for each in point.seen.values()) for point in run]
        rank = [(-math.inf if one is None else one, count) for one, count in zip(value, rows, strict=True)]
        peak = run[rank.index(max(rank))]
        first, last = min(point.first for point in run), max(point.last for point in run)
        return _Run(group.rows[first]["at"], group.rows[last]["at"], group.rows[last], by, peak.measures)

    def _recurring(self, runs: list[_Run]) -> list[_Run]:
        """Episodes that recur often enough, put together where the spans they recur in share one."""
        repeat, runs = self.detect.repeat, sorted(runs, key=lambda run: (run.last_at, run.first_at))
        span = duration_microseconds(repeat.within)
        found: list[tuple[int, int, int, int]] = []  # first and last member, how often, and the member at which most
        for now in sorted({run.last_at for run in runs}):
            inside = [at for at, run in enumerate(runs) if now - span < run.last_at <= now]
            met = {runs[at].last_row.get(repeat.distinct) for at in inside} - {None}
            times = len(met) if repeat.distinct else len(inside)
            if times < Fraction(str(repeat.at_least)):
                continue
            if found and inside[0] <= found[-1][1]:
                first, _, most, best = found[-1]
                found[-1] = (first, inside[-1], max(most, times), inside[-1] if times > most else best)
            else:
                found.append((inside[0], inside[-1], times, inside[-1]))
        return [
            _Run(
                min(run.first_at for run in runs[first : last + 1]),
                max(run.last_at for run in runs[first : last + 1]),
                runs[last].last_row,
                (),
                {**runs[best].measures, "times": most},
            )
            for first, last, most, best in found
        ]

    def _windows(self, group: Group) -> Iterator[_Point]:
        span, standing = duration_microseconds(self.detect.within), group.anywhere()
        for now in sorted({group.rows[at]["at"] for at in standing}):
            inside = [at for at in standing if now - span < group.rows[at]["at"] <= now]
            seen = {name: [at for at in group.of(name) if at in inside] for name in self.detect.rows}
            yield _Point(inside[0], inside[-1], seen, {})

    def _anchored(self, group: Group) -> Iterator[_Point]:
        for anchor in self._anchors(group):
            seen: dict[str, set[int]] = {name: set() for name in self.detect.rows}
            seen[self.detect.first].add(anchor)
            base = anchor
            for step in self.detect.then:
                start = base if step.from_ == "previous" else anchor
                there = self._followers(group, step, start)
                if step.is_ == "absent":
                    latest = self._times(group.rows[start])[1]
                    over = latest + duration_microseconds(step.within) <= self.numbers["end"]
                    if there or not over:
                        break
                elif there:
                    seen[step.rows].update(there)
                    base = there[0]
                else:
                    break
            else:
                last = max(at for rows in seen.values() for at in rows)
                yield _Point(anchor, last, {name: sorted(rows) for name, rows in seen.items()}, {})

    def _anchors(self, group: Group) -> list[int]:
        rows = group.of(self.detect.first)
        span = duration_microseconds(self.detect.then[0].within)
        runs: list[list[int]] = [rows[:1]] if rows else []
        for before, now in pairwise(rows):
            if group.rows[now]["at"] - group.rows[before]["at"] <= span:
                runs[-1].append(now)
            else:
                runs.append([now])
        return (
            rows if self.detect.anchor == "each" else [run[0 if self.detect.anchor == "first" else -1] for run in runs]
        )

    def _followers(self, group: Group, step: Step, start: int) -> list[int]:
        """Rows that certainly follow, for `present`; rows that possibly do, for `absent`."""
        accepted = {True} if step.is_ == "present" else {True, None}
        span = duration_microseconds(step.within)
        found = []
        for at, row in enumerate(group.rows):
            truth = both([group.stands[at][step.rows], self._compares(step, group.rows[start], row)])
            inside = row["at"] <= self._times(group.rows[start])[step.is_ == "absent"] + span
            if at != start and truth in accepted and inside and self._follows(group.rows[start], row) in accepted:
                found.append(at)
        return found

    def _follows(self, start: Row, row: Row) -> bool | None:
        (from_, until), (earliest, latest) = self._times(start), self._times(row)
        return True if earliest > until else None if latest > from_ else False

    def _times(self, row: Row) -> tuple[int, int]:
        """The first and last instant at which a row may have been."""
        if row["time_precision"] == "second":
            return row["at"], row["at"]
        midnight = row["at"] - (row["at"] + self.numbers["offset"]) % DAY
        return midnight, midnight + DAY - 1

    def _compares(self, step: Step, start: Row, row: Row) -> bool | None:
        parts: list[bool | None] = []
        for names, wanted in ((step.same, True), (step.different, False)):
            for name in names:
                one, other = start.get(name), row.get(name)
                parts.append(None if one is None or other is None else (one == other) == wanted)
        for name, tolerance in step.similar.items():
            text = str(tolerance)
            most = Fraction(text[:-1]) / 100 if text.endswith("%") else Fraction(text)
            one, other = start.get(name), row.get(name)
            apart = None if one is None or other is None or one <= 0 else floored(abs(other - one), one)
            parts.append(None if apart is None else apart <= math.floor(most * MILLION))
        return both(parts)
