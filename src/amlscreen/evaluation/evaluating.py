"""The straight line: a run and labels in, an evaluation out."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal

import numpy as np
import pyarrow as pa

from amlscreen.errors import DataError, Place, SettingsError
from amlscreen.evaluation.ablation import Scores, ablation
from amlscreen.evaluation.capacity import capacity_curve
from amlscreen.evaluation.figures import Standings, figures_of, precision_of_points
from amlscreen.evaluation.given import Run, given_run
from amlscreen.evaluation.known import INNOCENT, TARGET, Known, join, split_at
from amlscreen.evaluation.leakage import checks
from amlscreen.evaluation.made import Budget, Evaluation, Part
from amlscreen.evaluation.places import Lines, Places
from amlscreen.evaluation.recall import recall_by, victims_of
from amlscreen.evaluation.segments import columns_about, fairness, false_alerts
from amlscreen.labels import Labels, labels_from_rows, read_labels

if TYPE_CHECKING:
    import pandas as pd

    from amlscreen.intake.dataset import Dataset
    from amlscreen.result import Result

__all__ = ["BUDGETS", "evaluate"]

BUDGETS = (0.0025, 0.005, 0.01, 0.02)
"""Shares of all customers that could be reviewed."""

Given = str | Path | Labels | pa.Table


def evaluate(
    run: Result | str | Path,
    labels: Given | pd.DataFrame,
    *,
    data: Dataset | None = None,
    segments: Sequence[Given | pd.DataFrame] = (),
    split: dt.date | str | None = None,
    unlisted: Literal["innocent", "unknown"] | None = None,
    budgets: Sequence[float] = BUDGETS,
    resamples: int = 1000,
    seed: int = 0,
) -> Evaluation:
    """How well a run's ranking puts the right customers on top, measured against labels.

    ``run`` is a result or the folder of one. ``labels`` is a file or a table: a synthetic bank's ``labels.csv``,
    ``customer_id, label`` or ``alert_id, disposition``. ``data`` (what was screened) adds segments, fairness and checks
    that need the customers' table; a result brings it along. ``segments`` are further tables by ``customer_id``. With
    ``split`` only what began on that day or later counts, and what began earlier is told beside it. ``budgets`` are
    shares of all customers. Equal input, seed and resamples give equal figures. Raises
    :class:`~amlscreen.errors.DataError` where run or labels cannot be used.
    """
    _check(budgets, resamples)
    given = given_run(run)
    if data is not None:
        given = replace(given, customers=data.tables["customers"])
    said = _labels(labels, unlisted)
    lines = Lines.of(given)
    places = lines.places()
    everything = join(given, places, said)
    parts = _parts(everything, None if split is None else _day(split))
    known = parts[0][1]
    about, traits = columns_about(places, given.customers, [_table(one) for one in segments], given.as_of)
    standings = _standings(places, known)
    scores = Scores(given, lines)
    last = standings.slots(budgets[-1])
    return Evaluation(
        source=given.source,
        labels=said.source,
        form=said.form,
        as_of=given.as_of,
        split=None if split is None else _day(split),
        customers=len(places.order),
        alerts=given.alerts.num_rows,
        alerted=int(places.alerted.sum()),
        parts=tuple(_part(name, places, one, budgets, resamples, seed) for name, one in parts),
        recall=tuple(recall_by(given, places, known, standings, budgets)),
        victims=victims_of(given, places, known),
        capacity=tuple(capacity_curve(places, known, standings, budgets)),
        segments=tuple(false_alerts(places, known, about, last)),
        fairness=tuple(fairness(places, known, traits)),
        checks=tuple(checks(given, places, known, said, None if split is None else _day(split))),
        ablation=tuple(ablation(scores, lines, known, budgets[-1], seed)),
        notes=tuple(_notes(given, scores, known, resamples, seed)),
    )


def _check(budgets: Sequence[float], resamples: int) -> None:
    if not budgets or list(budgets) != sorted(set(budgets)) or not 0 < budgets[0] <= budgets[-1] <= 1:
        raise SettingsError("budgets are shares of all customers, above 0 and at most 1, in rising order.")
    if resamples < 0:
        raise SettingsError("resamples cannot be below 0.", fix="Give 0 for figures without intervals.")


def _parts(known: Known, split: dt.date | None) -> list[tuple[str, Known]]:
    """All of it; or with a split what is held out, then what was known before."""
    if split is None:
        return [("all", known)]
    before, after = split_at(known, split)
    if not after.targets:
        raise DataError(f"holds no target that began on {split} or later.", place=Place("labels"), fix="Split earlier.")
    return [(f"from {split} on", after), (f"before {split}", before)]


def _standings(places: Places, known: Known) -> Standings:
    return Standings.of(known.state, known.unit, places.order)


def _part(name: str, places: Places, known: Known, budgets: Sequence[float], resamples: int, seed: int) -> Part:
    standings = _standings(places, known)
    precision, pairs = figures_of(standings, budgets, resamples=resamples, seed=seed)
    kept = known.state >= 0
    found = [int(np.searchsorted(standings.places, standings.slots(budget))) for budget in budgets]
    return Part(
        name=name,
        targets=known.targets,
        innocents=known.innocents,
        instances=len(np.unique(known.unit[known.state == TARGET])),
        left_out=known.left_out,
        chance=known.targets / max(known.targets + known.innocents, 1),
        average_precision=precision,
        precision_of_points=precision_of_points(places.score[kept], known.state[kept] == TARGET),
        alerted_targets=int((places.alerted & (known.state == TARGET)).sum()),
        alerted_innocents=int((places.alerted & (known.state == INNOCENT)).sum()),
        budgets=tuple(
            Budget(budget, standings.slots(budget), right, int(standings.known_within[standings.slots(budget)]), *pair)
            for budget, right, pair in zip(budgets, found, pairs, strict=True)
        ),
    )


def _notes(run: Run, scores: Scores, known: Known, resamples: int, seed: int) -> list[str]:
    notes = [
        "A customer stands where the best of its own line and of the alerts it is under review in stands.",
        f"Intervals: 95 %, {resamples:,} draws with seed {seed}; whole instances drawn, as they are found together.",
    ]
    if not scores.exact:
        notes.append("The rows of some scores do not add up to the ranking; what is without some rules is approximate.")
    if known.innocents == 0:
        notes.append("The labels name no innocent customer: precision and false alerts cannot be told.")
    return notes


def _labels(given: Any, unlisted: Literal["innocent", "unknown"] | None) -> Labels:
    if isinstance(given, Labels):
        return given if unlisted is None else replace(given, unlisted=unlisted)
    if isinstance(given, str | Path):
        return read_labels(given, unlisted=unlisted)
    return labels_from_rows(_table(given).to_pylist(), unlisted=unlisted)


def _table(given: Any) -> pa.Table:
    """A table from a file, an Arrow table or a pandas frame."""
    if isinstance(given, pa.Table):
        return given
    if isinstance(given, str | Path):
        return _read(Path(given))
    return pa.Table.from_pandas(given, preserve_index=False)


def _read(path: Path) -> pa.Table:
    import pyarrow.csv as pacsv
    import pyarrow.parquet as pq

    try:
        if path.suffix == ".parquet":
            return pq.read_table(path)
        texts = pacsv.ConvertOptions(column_types={"customer_id": pa.string(), "institution": pa.string()})
        return pacsv.read_csv(path, convert_options=texts)
    except (OSError, pa.ArrowInvalid) as problem:
        raise DataError("cannot be read as CSV or Parquet.", place=Place(str(path))) from problem


def _day(split: dt.date | str) -> dt.date:
    if isinstance(split, dt.date):
        return split
    try:
        return dt.date.fromisoformat(split)
    except ValueError as problem:
        raise SettingsError(f"split '{split}' is not a day.", fix="Write it as 2026-03-31.") from problem
