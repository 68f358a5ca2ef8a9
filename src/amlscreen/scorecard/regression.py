"""Logistic regression with weights that are never negative, drawn towards where they were before.

scikit-learn has none with bounds (its issue 10746 is open), so the convex loss is given to SciPy's L-BFGS-B, which has
them and is what scikit-learn's ``Ridge(positive=True)`` uses. Without bounds and with nothing to be drawn to it gives
what ``sklearn.linear_model.LogisticRegression`` gives; a test holds the two equal.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy import sparse
from scipy.optimize import minimize
from scipy.special import expit

from amlscreen.errors import EngineError

__all__ = ["Line", "log_loss", "nonnegative", "straight"]

Floats = NDArray[np.float64]
_MOST_STEPS = 2_000


@dataclass(frozen=True, slots=True)
class Line:
    """Log-odds are ``intercept + weights @ columns``."""

    intercept: float
    weights: Floats


def nonnegative(
    table: Any,
    amount: Floats,
    yes: Floats,
    no: Floats,
    *,
    prior: Floats,
    spread: Floats,
    penalty: float,
    start: Line,
) -> Line:
    """The weights, none below zero, that make ``yes`` and ``no`` (how many of each line) likeliest.

    ``amount`` is added to each line's log-odds; ``penalty`` is half of the square of the distance from ``prior`` in
    units of ``spread``. Raises :class:`~amlscreen.errors.EngineError` if no minimum is found.
    """
    # In units of its spread every weight is drawn as strongly as any other, which the search needs fewer steps for.
    scaled = (table @ sparse.diags_array(spread)).tocsr()
    transposed, both, at_prior = scaled.T.tocsr(), yes + no, prior / spread

    def loss(at: Floats) -> tuple[float, Floats]:
        log_odds = at[0] + amount + scaled @ at[1:]
        away = at[1:] - at_prior
        value = both @ np.logaddexp(0, log_odds) - yes @ log_odds + penalty * (away @ away) / 2
        slope = both * expit(log_odds) - yes
        return float(value), np.concatenate(([slope.sum()], transposed @ slope + penalty * away))

    found = minimize(
        loss,
        np.concatenate(([start.intercept], start.weights / spread)),
        jac=True,
        method="L-BFGS-B",
        bounds=[(None, None), *[(0, None)] * prior.size],
        options={"maxiter": _MOST_STEPS, "maxfun": 10 * _MOST_STEPS, "maxcor": 30, "ftol": 1e-10, "gtol": 1e-5},
    )
    if not found.success:
        raise EngineError(f"The points could not be fitted: {found.message}.", fix="Fit with a larger penalty.")
    return Line(float(found.x[0]), np.maximum(found.x[1:], 0.0) * spread)


def straight(score: Floats, yes: Floats, no: Floats) -> Line:
    """The straight line from a score to log-odds (Platt): with no slope below zero."""
    table = np.asarray(score, np.float64)[:, None]
    scale = max(float(np.abs(table).max(initial=0.0)), 1.0)
    start = Line(float(np.log((yes.sum() + 0.5) / (no.sum() + 0.5))), np.zeros(1))
    nothing = np.zeros(1)
    line = nonnegative(
        sparse.csr_array(table / scale), np.zeros(score.size), yes, no,
        prior=nothing, spread=np.ones(1), penalty=1e-6, start=start,
    )  # fmt: skip
    return Line(line.intercept, line.weights / scale)


def log_loss(log_odds: Floats, yes: Floats, no: Floats) -> float:
    """The mean log-loss of a customer, in nats."""
    total = yes @ np.logaddexp(0, -log_odds) + no @ np.logaddexp(0, log_odds)
    return float(total / max(yes.sum() + no.sum(), 1))
