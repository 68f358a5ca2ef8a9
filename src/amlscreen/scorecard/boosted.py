"""A gradient-boosted ranker beside the scorecard: how much a model that nobody can read aloud would gain.

It is for comparison only: no run can be given one. It sees the same rows of a score, and features where they are asked
for, and is judged on the same folds. Its contributions are those of TreeSHAP as LightGBM computes them: for each
customer they add up to the log-odds. It needs the extra ``boosted``.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray

from amlscreen.errors import DetectorError
from amlscreen.feature_catalogue import catalogue
from amlscreen.scorecard.binning import may_score, places_of
from amlscreen.scorecard.design import Design
from amlscreen.scorecard.fitting import average_precision
from amlscreen.scorecard.labels import Labels
from amlscreen.scorecard.refit import FOLDS, Screened, labelled, opened
from amlscreen.scorecard.regression import log_loss, straight

if TYPE_CHECKING:
    import pandas as pd

__all__ = ["Boosted", "compare_boosted"]

Floats = NDArray[np.float64]

TREES = 200
_SETTINGS = {
    "objective": "binary",
    "learning_rate": 0.05,
    "num_leaves": 15,
    "min_data_in_leaf": 20,
    "lambda_l2": 1.0,
    "deterministic": True,
    "force_row_wise": True,
    "num_threads": 1,
    "verbosity": -1,
}
_EXPECTED = "(expected)"


@dataclass(frozen=True)
class Boosted:
    """How the boosted ranker did on customers it had not seen, and ``contributions`` of each to its log-odds.

    ``contributions`` has institution, customer_id, one column for each thing it looks at, and ``(expected)``: the same
    for everybody of one fold. A row's numbers add up to the customer's log-odds.
    """

    average_precision: float
    log_loss: float
    contributions: pd.DataFrame

    def of(self, customer_id: str, most: int = 10) -> pd.DataFrame:
        """What weighed most for one customer, largest first: columns ``what`` and ``log_odds``."""
        mine = self.contributions[self.contributions.customer_id == customer_id]
        told = mine.drop(columns=["institution", "customer_id"]).T
        told.columns = ["log_odds"] * len(mine)
        told = told.rename_axis("what").reset_index()
        return told.reindex(told["log_odds"].abs().sort_values(ascending=False, kind="stable").index).head(most)


def compare_boosted(
    run: str | Path | Screened, labels: str | Path | Labels, *, features: bool = False, seed: int = 0
) -> Boosted:
    """A boosted ranker fitted and judged on the folds of :func:`~amlscreen.scorecard.refit.fit_scorecard`.

    Raises :class:`~amlscreen.errors.DetectorError` without LightGBM.
    """
    try:
        import lightgbm
    except ImportError as problem:
        fix = "Install it with `pip install 'amlscreen[boosted]'`."
        raise DetectorError("The boosted ranker needs LightGBM.", fix=fix) from problem
    import pandas as pd

    screened = opened(run)
    sample = labelled(screened, labels, seed=seed, every=True)
    names, table = _table(sample.design, screened.feature_tables[0] if features else None)
    lines = len(sample.design.customers)
    yes, fold = sample.yes[:lines], sample.fold[:lines]
    given: dict[str, Any] = _SETTINGS | {"seed": seed}
    told = np.zeros((lines, len(names) + 1))
    for number in range(FOLDS):
        mine = fold == number
        data = lightgbm.Dataset(table[~mine], yes[~mine], params=given)
        model = lightgbm.train(given, data, num_boost_round=TREES)
        told[mine] = model.predict(table[mine], pred_contrib=True)
    log_odds, no = told.sum(axis=1), 1 - yes
    line = straight(log_odds - log_odds.min(), yes, no)
    fitted = line.intercept + line.weights[0] * (log_odds - log_odds.min())
    frame = pd.DataFrame(told, columns=[*names, _EXPECTED])
    for at, name in enumerate(("institution", "customer_id")):
        frame.insert(at, name, [key[at] for key in sample.design.customers])
    return Boosted(average_precision(log_odds, yes, no), log_loss(fitted, yes, no), frame)


def _table(design: Design, features: pa.Table | None) -> tuple[list[str], Floats]:
    """Rows of scores and features as numbers; unknown features are missing, which trees can split on."""
    names = [f"{one.kind} {one.name} {one.level or ''}".strip() for one in design.columns]
    lines = len(design.customers)
    parts = [np.asarray(sum(part[:lines] for part in design.parts).toarray(), np.float64)]
    if features is not None:
        place, known = places_of(features, design.customers), catalogue()
        chosen = [name for name in features.column_names if name in known and may_score(known[name])]
        for name in chosen:
            column = features.column(name).combine_chunks()
            values = np.asarray(pc.fill_null(column, pa.scalar(0, column.type)), np.float64)
            values[~np.asarray(column.is_valid())] = np.nan
            parts.append(values[place][:, None])
        names += chosen
    return names, np.hstack(parts)
