"""Signs that the labels can be guessed without looking at what customers do, so that figures would flatter.

A figure of how well one column by itself tells targets from innocents is the share of pairs it puts in order
(the area under the ROC curve, 0.5 by chance), turned so that it is never below 0.5. Categories are ordered by the
share of targets of the same value in the other half of the customers, so that a column of unique values gains nothing.
"""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal

import numpy as np
import pyarrow as pa
import pyarrow.compute
from numpy.typing import NDArray

from amlscreen.errors import AmlScreenError, SettingsError
from amlscreen.evaluation.given import Run
from amlscreen.evaluation.known import INNOCENT, TARGET, Known
from amlscreen.evaluation.places import Places
from amlscreen.labels import Labels
from amlscreen.scorecard.labels import read_labels as read_fitted_labels
from amlscreen.scorecard.model import Scorecard

__all__ = ["Check", "checks", "separation", "separation_by_value"]

pc: Any = pyarrow.compute  # the stubs' overloads know too few of the functions used here

Outcome = Literal["clear", "look", "leak", "not_checked"]

SEPARATES, NOTABLE = 0.95, 0.85
_IDS_NOTABLE = 0.6
_SURE = 4.0  # standard errors
_FEWEST = 10
_SHORTEST_WORD = 5
_MOST_NAMED = 5
_NOT_ABOUT = frozenset({"institution", "customer_id", "account_id"})


@dataclass(frozen=True, slots=True)
class Check:
    """One check: ``leak`` makes the figures worthless until it is explained, ``look`` wants a person's eye."""

    check: str
    outcome: Outcome
    finding: str


@dataclass(frozen=True, slots=True)
class _Sides:
    """The customers on either side, and their number."""

    of: NDArray[np.int8]
    targets: int
    innocents: int

    @property
    def error(self) -> float:
        """The standard error of a separation that is chance. Source: Mann and Whitney (1947)."""
        return float(((self.targets + self.innocents + 1) / (12 * self.targets * self.innocents)) ** 0.5)


def checks(run: Run, places: Places, known: Known, labels: Labels, split: dt.date | None = None) -> list[Check]:
    """Every check, in a fixed order; what could not be looked at says why."""
    sides = _Sides(known.state, known.targets, known.innocents)
    if min(sides.targets, sides.innocents) < _FEWEST:
        few = f"Needs {_FEWEST} targets and {_FEWEST} innocents; there are {sides.targets} and {sides.innocents}."
        made = [Check(name, "not_checked", few) for name in ("single columns", "ids", "order in the data")]
    else:
        made = [_single_columns(run, places, sides), _ids(places, sides), _order(run, places, sides)]
    return [*made, _words(run, labels, known), _scorecard(run, labels, split), _columns_of_labels(labels)]


def separation(values: NDArray[Any], state: NDArray[np.int8]) -> float:
    """The share of pairs of a target and an innocent that the values put in order, ties as half; never below 0.5."""
    kept = state >= 0
    order = np.unique(values[kept], return_inverse=True, return_counts=True)
    ends = np.cumsum(order[2])
    rank = (ends - (order[2] - 1) / 2)[order[1]]
    target = state[kept] == TARGET
    many, others = int(target.sum()), int((~target).sum())
    share = (rank[target].sum() - many * (many + 1) / 2) / (many * others)
    return float(max(share, 1 - share))


def separation_by_value(codes: NDArray[np.int64], state: NDArray[np.int8]) -> float:
    """As :func:`separation`, for categories: each customer by the share of targets of its value in the other half."""
    kept = state >= 0
    code = np.unique(codes[kept], return_inverse=True)[1]
    target = state[kept] == TARGET
    half = np.random.default_rng(0).random(len(code)) < 0.5
    found = []
    for mine in (half, ~half):
        size = np.bincount(code[~mine], minlength=code.max() + 1)
        share = np.bincount(code[~mine & target], minlength=len(size)) / np.maximum(size, 1)
        share[size == 0] = target.mean()
        if target[mine].any() and not target[mine].all():
            found.append(separation(share[code[mine]], target[mine].astype(np.int8)))
    return float(np.mean(found)) if found else 0.5


def _single_columns(run: Run, places: Places, sides: _Sides) -> Check:
    activity = run.ranked.select(["institution", "customer_id", "transactions"])
    tables = {"features": run.features, "customers": run.customers, "kyc_health": run.files, "ranked": activity}
    found: list[tuple[float, str]] = []
    for name, table in tables.items():
        if table is not None and table.num_rows:
            found += [(figure, f"{name}.{column}") for column, figure in _by_column(table, places, sides)]
    found.sort(reverse=True)
    best = ", ".join(f"{column} {figure:.2f}" for figure, column in found[:_MOST_NAMED])
    lacking = [name for name in ("features", "customers") if tables[name] is None]
    unseen = f" Not looked at: {', '.join(lacking)} (not at hand)." if lacking else ""
    outcome: Outcome = "leak" if found[0][0] >= SEPARATES else "look" if found[0][0] >= NOTABLE else "clear"
    said = {
        "leak": f"Column {found[0][1]} alone separates targets from innocents.",
        "look": f"Column {found[0][1]} alone goes far towards separating targets from innocents.",
        "clear": f"None of {len(found)} columns separates targets from innocents by itself.",
    }[outcome]
    return Check("single columns", outcome, f"{said} Strongest: {best} (0.5 is chance, {SEPARATES} a leak).{unseen}")


def _by_column(table: pa.Table, places: Places, sides: _Sides) -> Iterator[tuple[str, float]]:
    """Every column of a table about customers, and how well it separates them."""
    table = table.filter(pc.is_valid(table["customer_id"]))
    number = places.numbers_in(table)
    there = number >= 0
    state = np.where(there, sides.of[number], -1).astype(np.int8)
    if not ((state == TARGET).any() and (state == INNOCENT).any()):
        return
    for column in table.column_names:
        if column in _NOT_ABOUT:
            continue
        values = table[column].combine_chunks()
        yield column, _by_values(values, state)


def _by_values(values: Any, state: NDArray[np.int8]) -> float:
    """How well a column's values separate; a missing one is a category, or stands below or above all numbers."""
    kind = values.type
    filled = np.asarray(values.is_valid())
    if pa.types.is_date32(kind):
        values = values.cast(pa.int32())
    elif not (pa.types.is_integer(kind) or pa.types.is_floating(kind)):
        if not (_is_text(kind) or pa.types.is_boolean(kind)):
            return separation(filled.astype(np.int8), state)
        coded = values.cast(pa.string()).dictionary_encode()
        return separation_by_value(np.asarray(pc.fill_null(coded.indices, -1)).astype(np.int64), state)
    number = np.asarray(pc.fill_null(values, 0)).astype(np.float64)
    return max(separation(np.where(filled, number, end), state) for end in (-np.inf, np.inf))


def _ids(places: Places, sides: _Sides) -> Check:
    """Numbers given out in order of planting, a prefix of their own, another length."""
    ids = places.ids
    place = np.empty(len(ids), np.float64)
    place[sorted(range(len(ids)), key=lambda one: (len(ids[one]), ids[one]))] = np.arange(len(ids))
    starts = np.unique([re.sub(r"\d.*", "", one) for one in ids], return_inverse=True)[1]
    found = {
        "the order of ids": separation(place, sides.of),
        "their length": separation(np.array([len(one) for one in ids]), sides.of),
        "their letters": separation_by_value(starts.astype(np.int64), sides.of),
    }
    return _notable("ids", found, sides)


def _order(run: Run, places: Places, sides: _Sides) -> Check:
    if run.customers is None or not run.customers.num_rows:
        return Check("order in the data", "not_checked", "Needs the customers' table: give the data beside the run.")
    number = places.numbers_in(run.customers)
    state = np.where(number >= 0, sides.of[number], -1).astype(np.int8)
    if min((state == TARGET).sum(), (state == INNOCENT).sum()) < _FEWEST:
        return Check("order in the data", "not_checked", "Too few of the labelled stand in the customers' table.")
    return _notable("order in the data", {"the place in the table": separation(np.arange(len(state)), state)}, sides)


def _notable(name: str, found: Mapping[str, float], sides: _Sides) -> Check:
    """Ids and order should say nothing: whatever is beyond chance by four standard errors and notable is told."""
    what, figure = max(found.items(), key=lambda item: item[1])
    beyond = figure - 0.5 > _SURE * sides.error and figure >= _IDS_NOTABLE
    outcome: Outcome = "leak" if beyond and figure >= SEPARATES else "look" if beyond else "clear"
    said = "; ".join(f"{one} {value:.2f}" for one, value in found.items())
    verdict = f"{what.capitalize()} tells targets from innocents" if beyond else "Says nothing about who is a target"
    return Check(name, outcome, f"{verdict} ({said}; 0.5 is chance).")


def _words(run: Run, labels: Labels, known: Known) -> Check:
    """Names that only the labels use, in texts: a typology, an instance or a story that a narrative spells out."""
    name = "labels in texts"
    given = {word for _, row in known.rows for word in (row.instance, row.typology, row.intensity, row.story)}
    words = {form.lower() for word in given for form in (word, word.replace("_", " ")) if len(form) >= _SHORTEST_WORD}
    texts = pc.unique(pa.chunked_array([*_texts(run.evidence, ("narrative",)), *_texts(run.customers)], pa.string()))
    if not words or not len(texts):
        return Check(name, "not_checked", "The run kept no texts." if words else "The labels hold no names.")
    pattern = rf"\b(?:{'|'.join(re.escape(word) for word in sorted(words))})\b"
    told = texts.filter(pc.match_substring_regex(texts, pattern, ignore_case=True)).to_pylist()
    where = f"{len(texts):,} different texts of evidence{'' if run.customers is None else ' and customers'}"
    if not told:
        return Check(name, "clear", f"None of {len(words):,} names of the labels stands in {where}.")
    found = sorted({one.group(0) for text in told for one in re.finditer(pattern, text.lower())})
    return Check(
        name, "look", f"Names of the labels stand in {len(told):,} of {where}: {', '.join(found[:_MOST_NAMED])}."
    )


def _texts(table: pa.Table | None, names: Iterable[str] = ()) -> list[Any]:
    """The texts of the named columns, or of all that hold texts."""
    if table is None:
        return []
    chosen = list(names) or [one.name for one in table.schema if _is_text(one.type) and one.name not in _NOT_ABOUT]
    return [chunk for name in chosen for chunk in table[name].cast(pa.string()).chunks]


def _is_text(kind: pa.DataType) -> bool:
    return pa.types.is_string(kind) or pa.types.is_large_string(kind) or pa.types.is_dictionary(kind)


def _scorecard(run: Run, labels: Labels, split: dt.date | None) -> Check:
    """Points that were fitted on these labels would praise themselves."""
    name = "points fitted on labels"
    if run.scorecard is None:
        return Check(name, "clear", "The default points were used; they saw no labels.")
    used = f"The run used {Path(run.scorecard).name}"
    try:
        fitted = Scorecard.read(run.scorecard).fitted
    except SettingsError:
        return Check(name, "look", f"{used}, which is not at hand. Figures are honest only for labels it never saw.")
    if fitted is None:
        return Check(name, "look", f"{used}, which does not say what it was fitted on.")
    on = f"{used}, fitted on {fitted.customers:,} customers as of {fitted.as_of}"
    if split is not None and str(split) > fitted.as_of:
        return Check(name, "clear", f"{on}; only what began from {split} on counts.")
    if Path(labels.source).is_file() and _fingerprint(labels.source) == fitted.labels:
        return Check(name, "leak", f"{on}: on these very labels. Use other labels, or --split with a later day.")
    return Check(name, "look", f"{on}, on other labels. Make sure that none of these customers was among them.")


def _fingerprint(path: str) -> str:
    """Of the labels as the scorecard reads them; of those it cannot read, none."""
    try:
        return read_fitted_labels(path).fingerprint
    except AmlScreenError:
        return ""


def _columns_of_labels(labels: Labels) -> Check:
    if not labels.not_read:
        return Check("columns of the labels", "clear", "Every column of the label file has a known meaning.")
    return Check("columns of the labels", "clear", f"Not read: {', '.join(labels.not_read)}.")
