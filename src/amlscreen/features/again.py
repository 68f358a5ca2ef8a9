"""What is told of subjects by what their payers and payees are: seen in a second look at each group of payments."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
from numpy.typing import NDArray

from amlscreen.features.aside import in_turn
from amlscreen.features.flow import Flow
from amlscreen.features.near import Scratch, sums

__all__ = ["seen_again"]

Ints = NDArray[np.int64]


def seen_again(flow: Flow) -> Mapping[str, Ints]:
    """By place: the payers that pay nobody else and the payees that nobody else pays (others of this data), the money
    got and paid, and how much of it came from and went to parties that keep nothing.
    """
    return flow.once("seen again", lambda: _seen_again(flow))


def _seen_again(flow: Flow) -> Mapping[str, Ints]:
    size, scratch = flow.places.size, Scratch(flow.parties)
    alone = {"into": flow.near["payees"] == 1, "out": flow.near["payers"] == 1}
    found = {name: np.zeros(size, np.int64) for name in ("feeders", "fed", "got", "got_on", "paid", "paid_on")}
    names = {"into": ("feeders", "got", "got_on"), "out": ("fed", "paid", "paid_on")}

    def look(group: tuple[int, int, int, int]) -> tuple[int, int, dict[str, Ints]]:
        low, high, by, to = group
        sides = {"into": flow.into.of(low, high, to), "out": flow.out.of(low, high, by)}
        high = min(high, size)
        told: dict[str, Ints] = {}
        for side, their in names.items():
            some = sides[side].of_first(high - low)
            ours = some.other < size
            loyal = np.full(some.other.size, -1, np.int32)
            loyal[ours] = np.where(alone[side].take(some.other[ours]), some.other[ours], -1)
            on = np.where(flow.keeps_nothing.take(some.other), some.amount, 0)
            numbers = scratch.distinct(some, code=loyal), sums(some, some.amount), sums(some, on)
            told |= dict(zip(their, numbers, strict=True))
        return low, high, told

    groups = (group for group in flow.each_group() if group[0] < size)
    for low, high, told in in_turn(look, groups, flow.threads):
        for name, values in told.items():
            found[name][low:high] = values
    return found
