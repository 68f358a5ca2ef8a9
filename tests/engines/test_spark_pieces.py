"""How rows and answers are cut for a cluster: plain functions, looked at without one."""

from __future__ import annotations

import numpy as np
import pyarrow as pa
import pytest

from amlscreen.engines.spark import sweeping
from amlscreen.engines.spark.placing import borders_of
from amlscreen.engines.spark.sweeping import taken_together


@pytest.mark.parametrize("seed", range(40))
def test_every_customer_has_one_bucket_and_no_bucket_is_asked_for_in_vain(seed: int) -> None:
    """Ranges are contiguous, as many as asked for or fewer, and end with the last customer."""
    chance = np.random.default_rng(seed)
    rows, buckets = chance.integers(0, 1000, chance.integers(1, 60)), int(chance.integers(1, 12))
    borders = borders_of(rows, buckets)
    assert borders[-1] == len(rows) - 1 and borders.size <= buckets and (np.diff(borders) > 0).all()


def test_a_hub_does_not_make_others_wait() -> None:
    """Nine tenths of all rows are one customer's: the others are spread over the buckets that are left."""
    rows = np.full(100, 10, np.int64)
    rows[50] = 9_000
    buckets = np.searchsorted(borders_of(rows, 10), np.arange(100))
    beside = int((rows[buckets == buckets[50]]).sum()) - 9_000
    assert beside <= 1_000


@pytest.mark.parametrize("seed", range(40))
def test_answers_are_fetched_once_each_and_in_order(seed: int) -> None:
    """Groups cover all buckets, and only a bucket that is large by itself makes a large group."""
    chance = np.random.default_rng(seed)
    megabytes = chance.integers(1, 300, chance.integers(1, 30)).tolist()
    sizes = pa.table(
        {"bucket": pa.array(range(len(megabytes)), pa.int32()), "bytes": [each * 2**20 for each in megabytes]}
    )
    groups = taken_together(sizes)
    assert [bucket for first, last in groups for bucket in range(first, last + 1)] == list(range(len(megabytes)))
    most = sweeping._AT_A_TIME // 2**20
    assert all(first == last or sum(megabytes[first : last + 1]) <= most for first, last in groups)
