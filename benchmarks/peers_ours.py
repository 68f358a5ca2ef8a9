"""The product itself in the comparison: screen a book month after month; a holder's place is the best of its scores."""

from __future__ import annotations

import datetime as dt
import hashlib
import tempfile
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import numpy as np
from benchmarks.peers_book import Book, Floats, Part, Split
from benchmarks.peers_judge import LOWEST
from benchmarks.peers_sets import Files

import amlscreen
from amlscreen.intake.dataset import Dataset
from amlscreen.result import Result
from amlscreen.scorecard.labels import Labels, read_labels
from amlscreen.scorecard.refit import fit_scorecard
from amlscreen.scorecard.sample import LEAST_POSITIVE
from amlscreen.screening import screen
from amlscreen.settings import Settings
from amlscreen.synth import Bank

__all__ = ["ranking", "refitted", "scores", "state_of_the_code"]


SPAN, EVERY = 90, 30
"""Days that a run looks back on, which are those of most features, and days from one run to the next."""


def ranking(part: Part) -> Floats:
    """Our score of every holder with no label seen: the shipped rules and points, screened month after month."""
    return _by_month(part, Settings())


def refitted(split: Split, folder: Path, *, features: bool) -> list[Floats]:
    """Our score of every holder with the points refitted on the part learnt from; its file is left in the folder.

    With ``features``, rows of a few features are fitted beside those of rules.

    SettingsError if the set cannot be fitted on, for instance because it has no customers or too few labels.
    """
    with _data(split.train.book) as data:
        last = _days_of(split.train, data)[-1]
        result = screen(data, settings=_settings(data, last))
        refit = fit_scorecard(result, _labels(split), features=features)
    file = refit.write(folder / f"{split.name.replace(' ', '_')}{'_features' if features else ''}.yml")
    return [_by_month(test, Settings(scorecard=file)) for test in split.tests]


def _labels(split: Split) -> Labels:
    """What is known at the end of the part learnt from, as a bank would have it: who, not in which pattern.

    Whose labelled payments are all older than what the run looks back on is neither right nor wrong, if that leaves
    enough to learn from: nothing of them can be seen.
    """
    part, book = split.train, split.train.book
    if isinstance(book.read, Bank):
        with tempfile.TemporaryDirectory() as folder:
            path = Path(folder) / "labels.csv"
            book.read.labels.to_pandas().to_csv(path, index=False)
            return read_labels(path)
    seen = part.positive & book.labelled(part.rows & (book.at > part.until - SPAN * 86_400), split.least)
    answers = seen if seen.sum() >= LEAST_POSITIVE else part.positive
    positive = {("", book.names[holder]): True for holder in np.flatnonzero(answers).tolist()}
    old = frozenset(("", book.names[holder]) for holder in np.flatnonzero(part.positive & ~answers).tolist())
    return Labels(positive, {}, only_listed=False, left_out=old)


def _data(book: Book) -> Dataset:
    if isinstance(book.read, Files):
        return Dataset.read(book.read.folder, book.read.mapping, "generic", Settings(most_quarantined=0.02))
    return Dataset.from_tables(**book.read.tables)


def _days_of(part: Part, data: Dataset) -> list[int]:
    """The days, in the data's count, on which a team would screen the part: its last, and every month before it."""
    begun = int(part.book.at.min()) // 86_400
    since, until = (data.first_day + day // 86_400 - begun for day in (part.since, part.until))
    return list(range(until, since, -EVERY))[::-1]


def _settings(data: Dataset, day: int, **more: Any) -> Settings:
    """One run: what came later is not seen."""
    end = dt.date(1970, 1, 1) + dt.timedelta(days=day)
    return data.settings.model_copy(update={"as_of": end, "alert_days": SPAN, **more})


def _by_month(part: Part, wanted: Settings) -> Floats:
    """Each holder's best score over the runs of the part; the oddness of those with equal points comes after."""
    best = np.full(len(part.book.names), LOWEST)
    with _data(part.book) as data:
        for day in _days_of(part, data):
            settings = _settings(data, day, scorecard=wanted.scorecard)
            best = np.maximum(best, scores(screen(data, settings=settings), part))
    return best


def scores(result: Result, part: Part) -> Floats:
    """Each holder's points, the best of its own line, its accounts' and alerts it is in, plus oddness (0 to 1)."""
    best: dict[str, float] = {}
    owner: Mapping[str, str] = part.book.owner
    odd: dict[str, float] = {}
    for row in result.ranked_table.select(_COLUMNS).to_pylist():
        if row["customer_id"] or row["subject_kind"] in ("customer", "account"):
            name = row["customer_id"] or owner.get(row["subject_id"], row["subject_id"])
            best[name] = max(row["score"], best.get(name, 0))
            odd[name] = max(row["oddness"] or 0.0, odd.get(name, 0.0))
    for alert in result.alert_list:
        for name in (*alert.customer_ids, *(owner.get(one, one) for one in alert.account_ids)):
            best[name] = max(alert.score, best.get(name, 0))
    return np.array(
        [best[name] + min(odd.get(name, 0.0), 0.999) if name in best else LOWEST for name in part.book.names]
    )


_COLUMNS = ["score", "oddness", "subject_kind", "subject_id", "customer_id"]


def state_of_the_code() -> str:
    """A short name for the package and what it ships as they are, so that no ranking of an older state is used."""
    root = Path(amlscreen.__file__).parent
    found = hashlib.sha256()
    shipped = [root.parents[1] / name for name in ("rules", "typologies", "jurisdictions", "mappings")]
    for folder in (root, *shipped):
        for path in sorted(one for one in folder.rglob("*") if one.suffix in {".py", ".yml", ".yaml", ".csv"}):
            found.update(path.read_bytes())
    return found.hexdigest()[:12]
