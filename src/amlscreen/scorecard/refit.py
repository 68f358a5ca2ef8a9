"""From a run and labels to a scorecard, and what it changes."""

from __future__ import annotations

import csv
import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from pathlib import Path
from typing import TYPE_CHECKING, Any, Protocol

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq

from amlscreen._version import __version__
from amlscreen.errors import Place, SettingsError
from amlscreen.scorecard.binning import candidates_of
from amlscreen.scorecard.changes import Change, changes_of
from amlscreen.scorecard.fitting import PENALTIES, Weighed, weigh_sample
from amlscreen.scorecard.labels import Labels, read_labels
from amlscreen.scorecard.model import Band, Fitted, Odds, Scorecard
from amlscreen.scorecard.sample import Sample, sample_of
from amlscreen.scorecard.writing import points_of
from amlscreen.settings import Settings

if TYPE_CHECKING:
    import pandas as pd

__all__ = ["FOLDS", "Covered", "Hidden", "Refit", "Run", "Screened", "fit_scorecard", "labelled", "opened", "said"]

FOLDS = 5
_BANDS = 10
_BOUNDS = ("band_from", "policy")
_ALMOST_ALL = 0.95


class Hidden(Protocol):
    """A possible victim; :class:`amlscreen.alerts.Protected` fits this."""

    @property
    def customer_id(self) -> str: ...


class Screened(Protocol):
    """What is read of a finished run; :class:`amlscreen.result.Result` fits this."""

    @property
    def points_table(self) -> pa.Table: ...
    @property
    def ranked_table(self) -> pa.Table: ...
    @property
    def run(self) -> Mapping[str, Any]: ...
    @property
    def feature_tables(self) -> tuple[pa.Table, pa.Table]: ...
    @property
    def protected_list(self) -> Sequence[Hidden]: ...


@dataclass(frozen=True, slots=True)
class Covered:
    """A possible victim, as ``protected.csv`` names them."""

    customer_id: str


@dataclass(frozen=True)
class Run:
    """A run as its output folder holds it."""

    points_table: pa.Table
    ranked_table: pa.Table
    run: Mapping[str, Any]
    folder: Path | None = None
    protected_list: tuple[Covered, ...] = ()

    @property
    def feature_tables(self) -> tuple[pa.Table, pa.Table]:
        """Every feature of customers and of accounts, where the run kept them."""
        if self.folder is None or not (self.folder / "features.parquet").is_file():
            fix = "Screen with `--keep-features` and fit on that folder."
            raise SettingsError("holds no features.parquet.", place=Place(str(self.folder or "")), fix=fix)
        return pq.read_table(self.folder / "features.parquet"), pq.read_table(self.folder / "account_features.parquet")

    @classmethod
    def read(cls, folder: str | Path) -> Run:
        """The tables of an output folder; :class:`~amlscreen.errors.SettingsError` if it is none."""
        place, found = Path(folder), []
        for name in ("points.parquet", "ranked.parquet", "run.json", "protected.csv"):
            if not (place / name).is_file():
                fix = "Name the folder that `amlscreen screen -o` wrote."
                raise SettingsError(f"holds no {name}.", place=Place(str(folder)), fix=fix)
            found.append(place / name)
        told = json.loads(found[2].read_text(encoding="utf-8"))
        with found[3].open(encoding="utf-8-sig", newline="") as file:
            covered = tuple(Covered(line["customer_id"]) for line in csv.DictReader(file))
        return cls(pq.read_table(found[0]), pq.read_table(found[1]), told, place, covered)


@dataclass(frozen=True)
class Refit:
    """A fitted scorecard and ``change_list``: what it says of every row, beside the points there were."""

    scorecard: Scorecard
    change_list: tuple[Change, ...]

    @property
    def changes(self) -> pd.DataFrame:
        """What changed: kind, name, strength, points before and now, labelled customers with it, positives of them."""
        import dataclasses

        import pandas as pd

        return pd.DataFrame([dataclasses.asdict(one) for one in self.change_list])

    def write(self, path: str | Path) -> Path:
        """Write the scorecard's file; the path."""
        return self.scorecard.write(path)


def fit_scorecard(
    run: str | Path | Screened,
    labels: str | Path | Labels,
    *,
    features: bool = False,
    seed: int = 0,
    penalties: Sequence[float] = PENALTIES,
) -> Refit:
    """Points refitted from labels or dispositions, each a whole number and none below zero.

    ``run`` is an output folder or a result; ``labels`` a CSV file with ``customer_id`` (or ``alert_id``) and ``label``
    or ``disposition``, or the labels of a synthetic bank. ``features``: rows for a few features too, in steps; they
    raise the order and let nothing alert. Screen with it by ``Settings(scorecard=path)``. Raises
    :class:`~amlscreen.errors.SettingsError` if there are too few labels, with how many it needs.
    """
    screened = opened(run)
    given = said(screened, labels)
    sample = labelled(screened, given, seed=seed, every=features)
    candidates = candidates_of(screened.feature_tables[0], sample.design.customers, FOLDS) if features else None
    weighed = weigh_sample(sample, penalties, needed=_needed(screened.run), candidates=candidates)
    points = points_of(weighed.columns, weighed.worth)
    card = Scorecard(
        odds=Odds(at_zero=round(weighed.at_zero, 4), doubled_by=round(weighed.doubled_by, 3)),
        repeat=points.repeat,
        rules=points.rules,
        typologies=points.typologies,
        counter=points.counter,
        features=points.features,
        others=Decimal(str(weighed.size)),
        bands=tuple(_bands(weighed, sample)),
        fitted=_fitted(weighed, sample, given, screened.run, seed),
    )
    return Refit(card, changes_of(sample, weighed, card))


def opened(run: str | Path | Screened) -> Screened:
    """A run, read if it is a folder."""
    return Run.read(run) if isinstance(run, str | Path) else run


def said(run: Screened, labels: str | Path | Labels) -> Labels:
    """Labels, read if they are a file; what is said of an alert is said of its customers."""
    return labels if isinstance(labels, Labels) else read_labels(labels, _customers_of_alerts(run.ranked_table))


def labelled(run: Screened, labels: str | Path | Labels, *, seed: int, every: bool) -> Sample:
    """The labelled customers of a run; a line for each of them, if ``every``.

    Possible victims are left out: whatever is said of them, no score is theirs.
    """
    given = said(run, labels)
    hidden = {("", one.customer_id) for one in run.protected_list}
    given = replace(given, left_out=given.left_out | hidden)
    return sample_of(run.points_table, run.ranked_table, given, folds=FOLDS, seed=seed, every=every)


def _needed(run: Mapping[str, Any]) -> int:
    """The points with which a run's policy lets a customer alert by the score alone."""
    settings = Settings.model_validate(
        {name: run.get("settings", {}).get(name) for name in _BOUNDS if "settings" in run}
    )
    return settings.band_from[settings.policy.band]


def _customers_of_alerts(ranked: pa.Table) -> dict[str, list[tuple[str, str]]]:
    found: dict[str, list[tuple[str, str]]] = {}
    columns = (ranked.column(name).to_pylist() for name in ("alert_id", "institution", "customer_id"))
    for alert, bank, customer in zip(*columns, strict=True):
        if alert:
            found.setdefault(alert, []).extend([(bank, customer)] if customer else [])
    return found


def _bands(weighed: Weighed, sample: Sample) -> Iterable[Band]:
    """Customers by score from points that had not seen them: as many in each band as scores allow."""
    score, yes, no = np.rint(weighed.unseen), sample.yes, sample.no
    some = np.sort(score[score > 0])
    edges = sorted({int(np.quantile(some, at / _BANDS, method="lower")) for at in range(_BANDS)}) if some.size else []
    least = np.array([0, *edges], np.int64) if not edges or edges[0] > 0 else np.array(edges, np.int64)
    band = np.searchsorted(least, score, side="right") - 1
    chance = 1 / (1 + np.exp(-weighed.at_zero - score * np.log(2) / weighed.doubled_by))
    for number, start in enumerate(least.tolist()):
        mine = band == number
        count = yes[mine] + no[mine]
        if count.sum() >= 1:
            predicted = round(float((chance[mine] * count).sum() / count.sum()), 4)
            positive = round(float(yes[mine].sum()))
            yield Band(least=start, customers=round(float(count.sum())), predicted=predicted, positive=positive)


def _fitted(weighed: Weighed, sample: Sample, labels: Labels, run: Mapping[str, Any], seed: int) -> Fitted:
    warnings = []
    if sample.alerted > _ALMOST_ALL:
        warnings.append("Almost every labelled customer stands in an alert: nothing is known of all the others.")
    if sample.unknown:
        warnings.append(f"{sample.unknown} labelled customers are not in the run.")
    if weighed.worth_nothing:
        warnings.append("The points there were say nothing about these labels, so they gave no scale.")
    if weighed.loss[1] >= weighed.loss[0]:
        warnings.append("On customers not seen the fitted points are no better than the points there were.")
    return Fitted(
        program=__version__,
        labels=labels.fingerprint,
        rule_set=str(run.get("rule_set_fingerprint", "")),
        as_of=str(run.get("as_of", "")),
        customers=sample.customers,
        positive=sample.positive,
        groups=sample.groups,
        folds=sample.folds,
        penalty=weighed.penalty,
        seed=seed,
        average_precision_before=round(weighed.precision[0], 4),
        average_precision_after=round(weighed.precision[1], 4),
        log_loss_before=round(weighed.loss[0], 5),
        log_loss_after=round(weighed.loss[1], 5),
        warnings=tuple(warnings),
    )
