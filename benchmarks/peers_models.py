"""The competitors: plain forests on totals, boosted trees on raw columns, boosted trees on IBM's graph features.

Every one of them gets the book's columns and, where it learns, the labels of the part learnt from; scores of payments
become scores of holders by the highest. Learners choose their rounds and the weight of labelled rows on a fifth of what
they learn from.
"""

from __future__ import annotations

import subprocess
import sys
import tempfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
from benchmarks.peers_book import Book, Floats, Part, Split
from benchmarks.peers_judge import highest

__all__ = ["forest", "graph_features", "learner", "lightgbm", "totals", "xgboost"]

MOST_INNOCENT = 300_000
"""Unlabelled rows that are learnt from; labelled ones are all kept."""
_HELD = 0.2


def totals(part: Part, *, only_judged: bool = False) -> Floats:
    """Simple totals of each holder: counts, sums, means and largest amounts in and out, other parties, days, cash."""
    book = part.book
    rows = part.rows if only_judged else part.history
    made = []
    for side, other in ((0, book.target), (1, book.source)):
        chosen = rows & (book.holders[:, side] >= 0)
        frame = pd.DataFrame(
            {
                "holder": book.holders[chosen, side],
                "amount": book.amount[chosen],
                "cash": book.amount[chosen] * book.cash[chosen],
                "day": book.at[chosen] // 86_400,
                "other": other[chosen],
            }
        )
        frame["other"] = frame["other"].where(frame["other"] >= 0)
        by = frame.groupby("holder")
        each = pd.concat(
            [by["amount"].agg(["size", "sum", "mean", "max"]), by["cash"].sum(), by[["day", "other"]].nunique()], axis=1
        )
        made.append(np.log1p(each.reindex(range(len(book.names)), fill_value=0).to_numpy(float)))
    return np.column_stack(made)


def forest(table: Floats, seed: int) -> Floats:
    """PyOD's isolation forest as it comes, on all holders."""
    from pyod.models.iforest import IForest

    return np.asarray(IForest(random_state=seed).fit(table).decision_scores_)


def learner(split: Split, columns: Callable[[Book, Any], Floats], boost: Callable[..., Floats]) -> list[Floats]:
    """Learn from the payments of one part, score those of each other part, and give every holder its highest.

    ``columns`` gives what is known of some rows of a book; ``boost`` learns from rows, their labels and which are held
    back, and scores others.
    """
    part = split.train
    label = part.book.instance >= 0
    rows = np.flatnonzero(part.rows)
    rng = np.random.default_rng(1)
    innocent = rows[~label[rows]]
    if len(innocent) > MOST_INNOCENT:
        innocent = rng.choice(innocent, MOST_INNOCENT, replace=False)
    rows = np.sort(np.concatenate([rows[label[rows]], innocent]))
    held = _held(split, rows, rng)
    scores = []
    for test in split.tests:
        chosen = np.flatnonzero(test.rows)
        found = boost(columns(part.book, rows), label[rows], held, columns(test.book, chosen))
        scores.append(highest(np.asarray(found, float), test.book.holders[chosen], len(test.book.names)))
    return scores


def _held(split: Split, rows: Any, rng: np.random.Generator) -> Any:
    """Rounds are chosen on the last fifth of the labelled rows in time; of a whole bank, on a fifth of its holders."""
    part = split.train
    if split.tests[0].book is part.book:
        labelled = rows[part.book.instance[rows] >= 0]
        return part.book.at[rows] >= part.book.at[labelled[int(len(labelled) * (1 - _HELD))]]
    drawn = rng.random(len(part.book.names)) < _HELD
    return drawn[part.book.holders[rows].max(axis=1)]


def lightgbm(features: Floats, label: Any, held: Any, judged: Floats) -> Floats:
    """LightGBM with early stopping; three weights of labelled rows are tried on what is held back."""
    import lightgbm as lgb

    rare = max((~label).sum() / max(label.sum(), 1), 1.0)
    fixed = {
        "objective": "binary",
        "metric": "average_precision",
        "learning_rate": 0.05,
        "num_leaves": 31,
        "min_data_in_leaf": 20,
        "bagging_fraction": 0.8,
        "bagging_freq": 1,
        "feature_fraction": 0.8,
        "num_threads": 2,
        "seed": 1,
        "verbose": -1,
    }
    best: tuple[float, Any] = (-1.0, None)
    for weight in (1.0, rare**0.5, rare):
        chosen = fixed | {"scale_pos_weight": weight}
        fit = lgb.Dataset(features[~held], label[~held].astype(int))
        check = lgb.Dataset(features[held], label[held].astype(int), reference=fit)
        model = lgb.train(chosen, fit, 600, [check], callbacks=[lgb.early_stopping(40, verbose=False)])
        score = model.best_score["valid_0"]["average_precision"]
        if score > best[0]:
            best = score, (chosen, model.best_iteration)
    chosen, rounds = best[1]
    return np.asarray(lgb.train(chosen, lgb.Dataset(features, label.astype(int)), rounds).predict(judged))


def _elsewhere(interpreter: Path, what: str, **arrays: Any) -> Any:
    with tempfile.TemporaryDirectory() as folder:
        given, made = Path(folder) / "given.npz", Path(folder) / "made.npy"
        np.savez(given, **arrays)
        script = Path(__file__).with_name("peers_ibm.py")
        subprocess.run([interpreter, script, what, given, made], check=True, stdout=sys.stderr)
        return np.load(made)


def xgboost(interpreter: Path) -> Callable[..., Floats]:
    """XGBoost of the other environment, as :func:`lightgbm`."""

    def boost(features: Floats, label: Any, held: Any, judged: Floats) -> Floats:
        found: Floats = _elsewhere(
            interpreter, "boost", features=features.astype(np.float32), label=label.astype(int), held=held,
            judged=judged.astype(np.float32),
        )  # fmt: skip
        return found

    return boost


def graph_features(book: Book, interpreter: Path) -> Floats:
    """IBM's features of each payment; both bookings of one payment within the set get those of the one edge."""
    source, target = book.source.copy(), book.target.copy()
    unknown = max(source.max(), target.max()) + 1
    # Whoever pays or is paid unknown is somebody of their own: one vertex for all would join strangers.
    for side in (source, target):
        missing = np.flatnonzero(side < 0)
        side[missing] = unknown + np.arange(len(missing))
        unknown += len(missing)
    frame = pd.DataFrame({"source": source, "target": target, "at": book.at, "amount": book.amount})
    key = [*frame.columns, frame.groupby([*frame.columns, book.holders[:, 0] >= 0]).cumcount()]
    edge = frame.groupby(key, sort=False).ngroup().to_numpy()
    first = np.unique(edge, return_index=True)[1]
    made: Floats = _elsewhere(
        interpreter, "graph", source=source[first], target=target[first], at=book.at[first], amount=book.amount[first]
    )
    return made[edge]
