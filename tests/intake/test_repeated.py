"""Repeated hashes are found whether they are held in memory or in pieces on disk."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from amlscreen.intake import repeated as module
from amlscreen.intake.repeated import repeated


@pytest.mark.parametrize("at_once", [1, 100, 10**6])
def test_what_occurs_more_than_once_is_found(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, at_once: int) -> None:
    """However the hashes are cut into batches and pieces; the borders of pieces are hashes like any other."""
    monkeypatch.setattr(module, "HASHES_AT_ONCE", at_once)
    draw = np.random.default_rng(5)
    borders = np.array([0, 2**58, 2**58 - 1, 2**63, 2**64 - 1], np.uint64)
    singles = draw.integers(0, 2**64, 3000, np.uint64)
    hashes = np.concatenate([singles, singles[::7], borders, borders])
    draw.shuffle(hashes)
    values, counts = np.unique(hashes, return_counts=True)
    found = repeated(np.split(hashes, [10, 500, 501, 3000]), tmp_path)
    assert found.tolist() == values[counts > 1].tolist()
    assert list(tmp_path.iterdir()) == []


def test_no_hash_repeats_itself(tmp_path: Path) -> None:
    """Nothing is found among none."""
    assert repeated([], tmp_path).size == 0
