"""Why a row is odd: the part of each feature in it, by asking the detector itself.

For each feature the detector is asked twice: how much less odd the row would be with the peers' median in its place,
and how much odder than the peers' median a row would be that differs from it in this feature only. The mean of the two
is what Shapley's value gives where features act by themselves or in pairs; it asks the detector what it sees, whatever
the detector, and throws no dice. Parts are those of the features that make the row odder, and add up to about one.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from amlscreen.detectors.contract import Detector, Floats, Table
from amlscreen.detectors.preparation import Preparation
from amlscreen.ledger.columns import MILLION

__all__ = ["Because", "because", "parts_of"]

Ints = NDArray[np.int64]
_ROWS_AT_ONCE = 50_000


@dataclass(frozen=True, slots=True)
class Because:
    """One feature of one subject: its value and the peers' median in inside units, and its part in the oddness.

    ``part`` is in millionths of all that makes the subject odder than its peers' median.
    """

    feature: str
    value: int
    usual: int
    direction: Literal["above", "below"]
    part: int


def because(detector: Detector, prepared: Preparation, rows: Ints, most: int) -> list[tuple[Because, ...]]:
    """The features with the largest parts for each of some rows, at most so many, the largest first.

    What is not known of a subject, and what equals the peers' median, has no part. Equal parts follow the order of the
    features. A row that no feature makes odder has none.
    """
    together = max(_ROWS_AT_ONCE // (2 * max(len(prepared.columns), 1)), 1)
    found: list[tuple[Because, ...]] = []
    for at in range(0, rows.size, together):
        some = rows[at : at + together]
        parts = parts_of(detector, Table(prepared.rows(some), prepared.names))
        found += _told(prepared, some, parts, most)
    return found


def parts_of(detector: Detector, table: Table) -> Ints:
    """The part of each column in the oddness of each row, in millionths; zero is what is usual."""
    mine = table.rows
    usual = np.zeros_like(mine)
    width = mine.shape[1]
    asked = [mine, usual]
    for at in range(width):
        without, alone = mine.copy(), usual.copy()
        without[:, at], alone[:, at] = 0.0, mine[:, at]
        asked += [without, alone]
    scores = detector.oddness(Table(np.concatenate(asked), table.names)).reshape(2 + 2 * width, -1)
    falls, rises = scores[0] - scores[2::2], scores[3::2] - scores[1]
    part: Floats = np.maximum((falls + rises) / 2, 0.0).T
    part[mine == 0.0] = 0.0
    whole = part.sum(axis=1, keepdims=True)
    share: Floats = np.divide(part, whole, out=np.zeros_like(part), where=whole > 0)
    return np.round(MILLION * share).astype(np.int64)


def _told(prepared: Preparation, rows: Ints, parts: Ints, most: int) -> list[tuple[Because, ...]]:
    group = prepared.group[rows]
    values = np.stack([column.values.array[prepared.numbers[rows]] for column in prepared.columns], axis=1)
    usual = np.stack([column.usual[group] for column in prepared.columns], axis=1)
    order, names = np.argsort(-parts, axis=1, kind="stable")[:, :most], prepared.names
    told = [np.take_along_axis(each, order, axis=1).tolist() for each in (values, usual, parts)]
    return [
        tuple(
            Because(names[at], value, middle, "above" if value > middle else "below", part)
            for at, value, middle, part in zip(*row, strict=True)
            if part > 0
        )
        for row in zip(order.tolist(), *told, strict=True)
    ]
