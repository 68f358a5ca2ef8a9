"""IBM's graph features and XGBoost, in an environment of their own: ``python peers_ibm.py graph|boost IN.npz OUT.npy``.

Nothing of the project is imported here: the interpreter is that of ``requirements-peers.lock``. snapml is proprietary
and stays a tool of this comparison.
"""

from __future__ import annotations

import sys
from typing import Any

import numpy as np

DAY = 86_400
SIZES = list(range(2, 31))
# The library's own windows where they reach over days; fan and degree, hours there, get a week, because most of the
# sets know days only.
WINDOWS = {
    "num_threads": 2,
    "time_window": 20 * DAY,
    "vertex_stats": True,
    "vertex_stats_tw": 20 * DAY,
    "vertex_stats_cols": [3, 4],
    "vertex_stats_feats": [0, 1, 2, 3, 4, 8, 9, 10],
    "fan": True,
    "fan_tw": 7 * DAY,
    "fan_bins": SIZES,
    "degree": True,
    "degree_tw": 7 * DAY,
    "degree_bins": SIZES,
    "scatter-gather": True,
    "scatter-gather_tw": 5 * DAY,
    "scatter-gather_bins": SIZES,
    "temp-cycle": True,
    "temp-cycle_tw": 20 * DAY,
    "temp-cycle_bins": SIZES[:9],
    "lc-cycle": True,
    "lc-cycle_tw": 5 * DAY,
    "lc-cycle_len": 6,
    "lc-cycle_bins": SIZES[:5],
}
BATCH = 128
ROUNDS, PATIENCE = 600, 40


def graph(given: Any) -> Any:
    """The features that IBM's preprocessor adds to each edge, edges in order of time, in batches as its authors use."""
    from snapml import GraphFeaturePreprocessor

    named = [given[name] for name in ("source", "target", "at", "amount")]
    edges = np.ascontiguousarray(np.column_stack([np.arange(len(named[0])), *named]), float)
    maker = GraphFeaturePreprocessor()
    maker.set_params(WINDOWS)
    made = [maker.transform(edges[start : start + BATCH])[:, edges.shape[1] :] for start in range(0, len(edges), BATCH)]
    return np.vstack(made).astype(np.float32)


def boost(given: Any) -> Any:
    """Chances for the rows to be judged. Rounds and the weight of labelled rows are chosen on what is held back."""
    import xgboost as xgb

    features, label, held = given["features"], given["label"], given["held"]
    best: tuple[float, Any] = (-1.0, None)
    rare = max((label == 0).sum() / max(label.sum(), 1), 1.0)
    fixed = {"objective": "binary:logistic", "eval_metric": "aucpr", "eta": 0.05, "max_depth": 6, "min_child_weight": 1,
             "subsample": 0.8, "colsample_bytree": 0.8, "tree_method": "hist", "nthread": 2, "seed": 1}  # fmt: skip
    fit, check = (xgb.DMatrix(features[rows], label[rows]) for rows in (~held, held))
    for weight in (1.0, rare**0.5, rare):
        chosen = fixed | {"scale_pos_weight": weight}
        model = xgb.train(
            chosen, fit, ROUNDS, evals=[(check, "held")], early_stopping_rounds=PATIENCE, verbose_eval=False
        )
        if model.best_score > best[0]:
            best = model.best_score, (chosen, model.best_iteration + 1)
    chosen, rounds = best[1]
    model = xgb.train(chosen, xgb.DMatrix(features, label), rounds)
    return model.predict(xgb.DMatrix(given["judged"]))


if __name__ == "__main__":
    what, source, target = sys.argv[1:]
    with np.load(source) as arrays:
        np.save(target, {"graph": graph, "boost": boost}[what](arrays))
