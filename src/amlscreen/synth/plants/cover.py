"""What hides a plant: ordinary money around it, and rows that tell less than they should."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from amlscreen.synth.outside import OUTSIDE, person
from amlscreen.synth.plants.acts import gets, pays, sums
from amlscreen.synth.plants.instance import Instance, serials
from amlscreen.synth.world import Label

__all__ = ["cover"]

_RELATIVES = 12_000_000


def cover(x: Instance, labels: Sequence[Label]) -> None:
    """Give everybody in a moderate or subtle instance a life beside it, and leave holes in some of its rows."""
    known, shopping, holes = x.pick((0, 0, 0), (4, 8, 10), (12, 20, 25))
    if not known:
        return
    for customer in sorted({label.customer for label in labels if label.customer >= 0}):
        if x.world.people.entity[customer] or x.world.people.guardian[customer] >= 0:
            continue
        who = np.array([customer])
        relatives = person(_RELATIVES + customer * 3 + np.arange(3))
        gets(x, who, x.moments(known, 60), sums(x, known, 200_000, 2_500_000), relatives, purpose="family")
        shops = person(_RELATIVES + 5_000_000 + x.rng.integers(0, 9_000, size=shopping))
        at, amount = x.moments(shopping, 60), sums(x, shopping, 15_000, 400_000, 1_000)
        pays(x, who, at, amount, shops, channel="qr", text="qr", purpose="goods", mcc=5499)
    rows = np.unique(serials(*(np.array(label.rows, np.int64) for label in labels)))
    x.world.book.forget(rows[x.rng.integers(0, 100, size=len(rows)) < holes], "province")
    x.world.book.forget(rows[x.rng.integers(0, 100, size=len(rows)) < holes // 2], "mcc")
    outside = rows[x.world.book.parties(rows) >= OUTSIDE]
    x.world.book.forget(outside[x.rng.integers(0, 100, size=len(outside)) < holes // 5], "party")
