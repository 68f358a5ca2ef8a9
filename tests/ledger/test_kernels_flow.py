"""The kernels that follow money give what their slow twins give.

``runs_apart`` and ``spokes_at`` are held to slow readings of the whole shape in ``tests/shapes``.
"""

from __future__ import annotations

from random import Random

import numpy as np
import pytest
from numpy.typing import NDArray

from amlscreen.ledger import kernels
from amlscreen.ledger.kernels_flow import MOST_LOOKED_AT
from ledger import oracles_flow as slow

TRIALS = range(300)
ROOM = 10**9


def longs(values: object) -> NDArray[np.int64]:
    return np.array(values, np.int64)


@pytest.mark.parametrize("near", [0, 50])
def test_legs_are_paired_the_earliest_first(near: int) -> None:
    """Each credit takes the earliest debit of its pair that fits, and none is taken twice."""
    rng = Random(near)
    for _ in TRIALS:
        legs = sorted(
            (rng.randrange(3), rng.random() < 0.5, rng.randrange(8), rng.choice([100, 99, 98, 50]))
            for _ in range(rng.randrange(1, 12))
        )
        pair, credit, time, amount = (longs(each) for each in zip(*legs, strict=True))
        taken = np.zeros(pair.size, np.bool_)
        if near:
            offsets = longs([0, *(np.flatnonzero(np.diff(pair)) + 1), pair.size])
            order = np.arange(pair.size, dtype=np.int64)
            kernels.pair_legs(offsets, order, time, amount, credit.astype(np.bool_), 2, near, taken)
        else:
            lists = [np.full(16, -1, np.int64), np.full(16, -1, np.int64), np.empty(pair.size, np.int64)]
            both = np.ones(pair.size, np.bool_)
            kernels.pair_equal_legs(pair, time, amount, credit.astype(np.bool_), both, 2, *lists, taken)
        assert set(np.flatnonzero(taken).tolist()) == slow.legs_paired(legs, 2, near)


def drawn(rng: Random) -> tuple[list[slow.Payment], list[tuple[int, int]], set[int]]:
    """Payments by payer and time, the amounts in which each goes on, and the parties walked through."""
    paid = []
    for _ in range(rng.randrange(1, 16)):
        payer, receiver = rng.sample(range(5), 2)
        early = rng.randrange(10)
        paid.append((payer, receiver, early, early + rng.choice([0, 0, 3]), rng.choice([100, 95, 80])))
    paid.sort(key=lambda one: (one[0], one[2]))
    return paid, [(one[4] * 85 // 100, one[4]) for one in paid], set(rng.sample(range(5), 4))


def flow(
    paid: list[slow.Payment], bounds: list[tuple[int, int]], walked: set[int]
) -> tuple[NDArray[np.int64], list[NDArray[np.int64]], NDArray[np.bool_]]:
    """Offsets by payer, the columns that kernels read, and the parties walked through."""
    columns = [longs(each) for each in (*zip(*paid, strict=True), *zip(*bounds, strict=True))]
    offsets = np.searchsorted(columns[0], np.arange(6)).astype(np.int64)
    return offsets, columns, np.array([one in walked for one in range(5)], np.bool_)


def test_run_lengths_are_the_longest_there_are() -> None:
    """Up to the most that is asked for, through parties that are walked through."""
    rng = Random("lengths")
    for _ in TRIALS:
        paid, bounds, walked = drawn(rng)
        offsets, (_, *columns), may = flow(paid, bounds, walked)
        length, told = np.zeros(len(paid), np.int32), np.zeros(2, np.int64)
        order = np.argsort(columns[1], kind="stable").astype(np.int64)
        done = kernels.run_lengths(offsets, order, *columns, may, 4, 4, ROOM, length, told)
        assert done == len(paid)
        assert length.tolist() == slow.run_lengths(paid, bounds, walked, 4, 4)


def test_a_payment_that_too_many_follow_is_told() -> None:
    """Not all of them are looked at; that is counted."""
    many = MOST_LOOKED_AT + 5
    paid = [(0, 1, 0, 0, 100), *((1, 2, 1 + at, 1 + at, 1) for at in range(many))]
    offsets, (_, *columns), may = flow(paid, [(85, 100)] * len(paid), {0, 1, 2})
    length, told = np.zeros(len(paid), np.int32), np.zeros(2, np.int64)
    order = np.arange(len(paid), dtype=np.int64)
    kernels.run_lengths(offsets, order, *columns, may, ROOM, 4, ROOM, length, told)
    assert told.tolist() == [MOST_LOOKED_AT, 1] and length[0] == 1


def test_relays_are_all_pairs_that_go_on() -> None:
    """In the order of the first, to a third party."""
    rng = Random("relays")
    for _ in TRIALS:
        paid, bounds, walked = drawn(rng)
        offsets, columns, may = flow(paid, bounds, walked)
        first, second, told = np.empty(99, np.int64), np.empty(99, np.int64), np.zeros(2, np.int64)
        size = kernels.relays(offsets, *columns, may, 4, ROOM, first, second, told)
        found = list(zip(first[:size].tolist(), second[:size].tolist(), strict=True))
        assert sorted(found) == slow.relays(paid, bounds, walked, 4)


def test_of_pairs_none_is_kept_whose_payment_stood_in_one() -> None:
    """Group by group; another group may use it again."""
    rng = Random("once")
    for _ in TRIALS:
        sizes = [rng.randrange(6) for _ in range(3)]
        offsets = [0, *np.cumsum(sizes).tolist()]
        first, second = ([rng.randrange(low, low + 5) for _ in range(offsets[-1])] for low in (0, 5))
        keep = np.empty(offsets[-1], np.bool_)
        kernels.once_each(longs(offsets), longs(first), longs(second), np.full(10, -1, np.int64), keep)
        assert keep.tolist() == slow.once_each(offsets, first, second)


def test_what_came_is_handed_on_first_in_first_out() -> None:
    """Only what surely came before, is not too old, and did not come from the one who is paid."""
    rng = Random("handed")
    for _ in TRIALS:
        came, went = [], []
        for _ in range(rng.randrange(8)):
            early = rng.randrange(12)
            came.append((rng.randrange(3), early, early + rng.choice([0, 0, 2]), rng.randrange(1, 9)))
        came.sort(key=lambda one: one[2])
        went = sorted((rng.randrange(14), rng.randrange(1, 9)) for _ in range(rng.randrange(1, 8)))
        other, early, late, amount = (longs(each) for each in (zip(*came, strict=True) if came else [[]] * 4))
        instant, wanted = (longs(each) for each in zip(*went, strict=True))
        out = [np.empty(99, np.int64) for _ in range(3)]
        size = kernels.handed_on(
            longs([0]), longs([1]), longs([0, len(came)]), other, early, late, amount,
            longs([0, len(went)]), instant, wanted, 5, *out,
        )  # fmt: skip
        found = list(zip(*(each[:size].tolist() for each in out), strict=True))
        assert found == slow.handed_on(came, went, 1, 5)
