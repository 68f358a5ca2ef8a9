"""Who is learned from: the labelled customers of a run, their rows, their answers, and who belongs to whom."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray
from scipy import sparse
from scipy.sparse.csgraph import connected_components

from amlscreen.errors import SettingsError
from amlscreen.scorecard.design import Design, Key, design_of
from amlscreen.scorecard.labels import Labels

__all__ = ["LEAST_GROUPS", "LEAST_NEGATIVE", "LEAST_POSITIVE", "Sample", "sample_of"]

LEAST_POSITIVE, LEAST_NEGATIVE, LEAST_GROUPS = 50, 50, 10
"""Below these nothing is fitted: a fold would hold too few positives to tell a better weight from luck."""

Floats = NDArray[np.float64]
Whole = NDArray[np.int64]


@dataclass(frozen=True)
class Sample:
    """Lines of ``design`` with how many customers of each answer they stand for, and the fold of each.

    Customers without any row are all alike: they stand as one line for each fold, at the end, of ``quiet`` in all.
    """

    design: Design
    yes: Floats
    no: Floats
    fold: Whole
    folds: int
    groups: int
    quiet: int
    alerted: float
    unknown: int

    @property
    def positive(self) -> int:
        """Labelled customers who are a yes."""
        return round(float(self.yes.sum()))

    @property
    def customers(self) -> int:
        """All labelled customers."""
        return round(float(self.yes.sum() + self.no.sum()))


def sample_of(
    points: pa.Table, ranked: pa.Table, labels: Labels, *, folds: int, seed: int, every: bool = False
) -> Sample:
    """The labelled customers of a run; :class:`~amlscreen.errors.SettingsError` if there are too few.

    ``every``: a line for each of them, else only for those who have a row.
    """
    mine = ranked.filter(pc.is_valid(ranked.column("customer_id")))
    names = ("institution", "customer_id", "alert_id")
    everyone = {
        (bank, one): alert for bank, one, alert in zip(*(mine.column(n).to_pylist() for n in names), strict=True)
    }
    answers = _answers(labels, everyone)
    unknown = sum(not _found(key, everyone) for key in labels.positive)
    groups = _groups(labels, {key: everyone[key] for key in answers})
    _enough(answers, groups)
    design = design_of(points, dict.fromkeys(answers, 0), every=every)
    with_rows = set(design.customers)
    said = np.array([answers[key] for key in design.customers], np.float64)
    quiet = [yes for key, yes in answers.items() if key not in with_rows]
    fold = _folds(said, np.array([groups[key] for key in design.customers], np.int64), folds, seed)
    none = sparse.csr_array((folds, len(design.columns)))
    whole = Design(
        design.customers,
        design.columns,
        tuple(sparse.vstack([part, none]).tocsr() for part in design.parts),
        np.hstack([design.fixed, np.zeros((design.fixed.shape[0], folds))]),
    )
    shared = np.full(folds, sum(quiet) / folds), np.full(folds, (len(quiet) - sum(quiet)) / folds)
    return Sample(
        whole,
        np.concatenate([said, shared[0]]),
        np.concatenate([1 - said, shared[1]]),
        np.concatenate([fold, np.arange(folds)]),
        folds,
        len(set(groups.values())),
        len(quiet),
        sum(bool(everyone[key]) for key in answers) / len(answers),
        unknown,
    )


def _answers(labels: Labels, everyone: Mapping[Key, str | None]) -> dict[Key, bool]:
    """Each labelled customer of the run; a label without an institution holds for every bank's customer of that id."""

    def said(key: Key) -> bool | None:
        for known in (key, ("", key[1])):
            if known in labels.left_out:
                return None
            if known in labels.positive:
                return labels.positive[known]
        return None if labels.only_listed else False

    found = {key: said(key) for key in sorted(everyone)}
    return {key: yes for key, yes in found.items() if yes is not None}


def _found(key: Key, everyone: Mapping[Key, object]) -> bool:
    return key in everyone if key[0] else any(key[1] == one for _, one in everyone)


def _groups(labels: Labels, alerts: Mapping[Key, str | None]) -> dict[Key, int]:
    """A number for each customer: the same for those who share a group of the labels or an alert, at any remove."""
    place = {key: at for at, key in enumerate(alerts)}
    tie: dict[tuple[str, str], int] = {}
    pairs = []
    for key, at in place.items():
        group = labels.group.get(key) or labels.group.get(("", key[1]))
        for what, name in (("group", group), ("alert", alerts[key])):
            if name:
                pairs.append((at, len(place) + tie.setdefault((what, name), len(tie))))
    size = len(place) + len(tie)
    ends = np.array(pairs, np.int64).reshape(-1, 2)
    graph = sparse.coo_array((np.ones(len(pairs)), (ends[:, 0], ends[:, 1])), shape=(size, size))
    _, number = connected_components(graph, directed=False)
    return {key: int(number[at]) for key, at in place.items()}


def _enough(answers: Mapping[Key, bool], groups: Mapping[Key, int]) -> None:
    yes = [key for key, positive in answers.items() if positive]
    apart, no = len({groups[key] for key in yes}), len(answers) - len(yes)
    if len(yes) >= LEAST_POSITIVE and no >= LEAST_NEGATIVE and apart >= LEAST_GROUPS:
        return
    raise SettingsError(
        f"Too few labels to fit a scorecard: {len(yes)} customers are a yes, in {apart} groups that have nothing to do "
        f"with one another, and {no} a no. It needs at least {LEAST_POSITIVE} yes in {LEAST_GROUPS} such groups and "
        f"{LEAST_NEGATIVE} no.",
        fix="Label more, or keep the cards' own points.",
    )


def _folds(said: Floats, groups: Whole, folds: int, seed: int) -> Whole:
    """A fold for each line; groups are never cut, and each fold has its share of positives."""
    from sklearn.model_selection import StratifiedGroupKFold

    fold = np.zeros(said.size, np.int64)
    cut = StratifiedGroupKFold(n_splits=folds, shuffle=True, random_state=seed)
    for number, (_, held) in enumerate(cut.split(np.zeros((said.size, 1)), said, groups)):
        fold[held] = number
    return fold
