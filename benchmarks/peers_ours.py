"""The product itself in the comparison: screen a book up to a day, and give every holder its place in the ranking."""

from __future__ import annotations

import datetime as dt
import hashlib
import tempfile
from collections.abc import Mapping
from pathlib import Path

import numpy as np
from benchmarks.peers_book import Floats, Part, Split
from benchmarks.peers_judge import LOWEST
from benchmarks.peers_sets import Files

import amlscreen
from amlscreen.intake.dataset import Dataset
from amlscreen.result import Result
from amlscreen.scorecard.labels import Labels, read_labels
from amlscreen.scorecard.refit import fit_scorecard
from amlscreen.screening import screen
from amlscreen.settings import Settings
from amlscreen.synth import Bank

__all__ = ["places", "ranking", "refitted", "state_of_the_code"]


def ranking(part: Part) -> Floats:
    """Our score of every holder with no label seen: the shipped rules and points, up to the end of the part."""
    with _data(part) as data:
        return places(screen(data, settings=data.settings), part)


def refitted(split: Split, folder: Path, *, features: bool) -> list[Floats]:
    """Our score of every holder with the points refitted on the part learnt from; its file is left in the folder.

    With ``features``, rows of a few features are fitted beside those of rules.

    SettingsError if the set cannot be fitted on, for instance because it has no customers or too few labels.
    """
    with _data(split.train) as data:
        refit = fit_scorecard(screen(data, settings=data.settings), _labels(split), features=features)
    file = refit.write(folder / f"{split.name.replace(' ', '_')}{'_features' if features else ''}.yml")
    scores = []
    for test in split.tests:
        with _data(test) as data:
            settings = data.settings.model_copy(update={"scorecard": file})
            scores.append(places(screen(data, settings=settings), test))
    return scores


def _labels(split: Split) -> Labels:
    """What is known at the end of the part learnt from, as a bank would have it: who, not in which pattern."""
    part, book = split.train, split.train.book
    if isinstance(book.read, Bank):
        with tempfile.TemporaryDirectory() as folder:
            path = Path(folder) / "labels.csv"
            book.read.labels.to_pandas().to_csv(path, index=False)
            return read_labels(path)
    positive = {("", book.names[holder]): True for holder in np.flatnonzero(part.positive).tolist()}
    return Labels(positive, {}, only_listed=False)


def _data(part: Part) -> Dataset:
    """The book up to the end of the part. In files of others any episode of the judged days may alert."""
    book = part.book
    if not isinstance(book.read, Files):
        return Dataset.from_tables(**book.read.tables)
    last, whole = part.until // 86_400, int(book.at.max()) // 86_400
    days = max(last - part.since // 86_400, 1)
    settings = Settings(alert_days=days, most_quarantined=0.02)
    if last < whole:
        begun = int(book.at.min()) // 86_400
        with Dataset.read(book.read.folder, book.read.mapping, "generic", settings) as data:
            # The mappings of sets that count days give these a date.
            end = dt.date(1970, 1, 1) + dt.timedelta(days=data.first_day + last - begun)
        settings = settings.model_copy(update={"as_of": end})
    return Dataset.read(book.read.folder, book.read.mapping, "generic", settings)


def places(result: Result, part: Part) -> Floats:
    """Each holder's place, the first as the largest: the best of its own line, of its accounts', of alerts it is in."""
    book, best = part.book, dict[str, int]()
    owner: Mapping[str, str] = book.owner
    for row in result.ranked_table.select(["rank", "subject_kind", "subject_id", "customer_id"]).to_pylist():
        if row["customer_id"] or row["subject_kind"] in ("customer", "account"):
            _stands(best, row["customer_id"] or owner.get(row["subject_id"], row["subject_id"]), row["rank"])
    for alert in result.alert_list:
        for name in (*alert.customer_ids, *(owner.get(one, one) for one in alert.account_ids)):
            _stands(best, name, alert.rank)
    return np.array([-best[name] if name in best else LOWEST for name in book.names], float)


def _stands(best: dict[str, int], name: str, rank: int) -> None:
    best[name] = min(rank, best.get(name, rank))


def state_of_the_code() -> str:
    """A short name for the package and what it ships as they are, so that no ranking of an older state is used."""
    root = Path(amlscreen.__file__).parent
    found = hashlib.sha256()
    shipped = [root.parents[1] / name for name in ("rules", "typologies", "jurisdictions", "mappings")]
    for folder in (root, *shipped):
        for path in sorted(one for one in folder.rglob("*") if one.suffix in {".py", ".yml", ".yaml", ".csv"}):
            found.update(path.read_bytes())
    return found.hexdigest()[:12]
