"""Groups of subjects follow from their names alone."""

from __future__ import annotations

import numpy as np
import pyarrow as pa

from amlscreen.ledger.partition import Values
from amlscreen.shapes.gather_groups import group_of


def _grouped(words: list[str], codes: list[int], groups: int) -> list[int]:
    return group_of(Values(np.array(codes, np.int32), None, pa.array(words, pa.string())), groups).tolist()


def test_a_subject_is_in_the_same_group_wherever_it_stands() -> None:
    """Whatever other words there are, and also in a part of a longer list."""
    words = ["", "account:B/1", "phone:+8562012345678", "ກ" * 80]
    one = _grouped(words, [0, 1, 2, 3, 1], 7)
    other = _grouped(["x", *words[::-1]], [4, 3, 2, 1, 3], 7)
    assert one == other
    part = pa.array(["before", *words], pa.string()).slice(1)
    assert group_of(Values(np.arange(4, dtype=np.int32), None, part), 7).tolist() == one[:4]


def test_subjects_are_spread_evenly() -> None:
    """Numbers that follow each other as well: no group has a third more than its share."""
    words = [f"account:BANK/{number:012d}" for number in range(20_000)]
    sizes = np.bincount(_grouped(words, list(range(len(words))), 16), minlength=16)
    assert sizes.max() < 20_000 / 16 * 4 / 3
