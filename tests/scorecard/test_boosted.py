"""A boosted ranker to compare with: same folds, and contributions that add up."""

from __future__ import annotations

import numpy as np
import pytest

from amlscreen.scorecard.boosted import compare_boosted
from amlscreen.scorecard.refit import Run
from scorecard.made import answers, hits_on, people, verdict_on

pytest.importorskip("lightgbm")
COUNT = 600


def test_its_contributions_add_up_and_tell_what_tells() -> None:
    """For each customer to the log-odds, which rank better than chance; HT-L01 weighs most for whom it raised."""
    hits = hits_on(COUNT, 3)
    verdict = verdict_on(hits, people(COUNT))
    boosted = compare_boosted(Run(verdict.points, verdict.ranked, {}), answers(hits, COUNT, 4))
    assert len(boosted.contributions) == COUNT
    assert boosted.average_precision > 0.5
    sums = boosted.contributions.drop(columns=["institution", "customer_id"]).sum(axis=1)
    assert np.isfinite(sums).all()
    highest = boosted.contributions.customer_id[sums.idxmax()]
    told = boosted.of(highest, 3)
    assert list(told.columns) == ["what", "log_odds"] and "HT-L01" in " ".join(told["what"])
