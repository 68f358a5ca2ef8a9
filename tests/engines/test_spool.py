"""What waits for other partitions may lie in a file meanwhile; nothing that is found depends on it."""

from __future__ import annotations

from pathlib import Path

import pytest

from amlscreen.engines import local, spool
from amlscreen.finding import find
from amlscreen.intake.dataset import Dataset
from amlscreen.rules.ruleset import RuleSet
from amlscreen.settings import Settings
from amlscreen.synth import make_bank


def test_hits_are_the_same_from_a_file_as_from_memory(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """However small the pieces that are put aside, and however few of the subjects are looked at a time."""
    make_bank(customers=120, days=120, seed=3).write(tmp_path / "bank", form="canonical")
    settings = Settings(threads=2, partition_rows=2_000)
    rules = RuleSet.load().select(status=("stable", "test"))
    found = []
    in_memory, cut_later, cut_before = (10**9, 10**9, 10**9), (10**9, 10**9, 40), (1, 15, 500)
    for fewest, cut, at_once in (in_memory, cut_later, cut_before):
        monkeypatch.setattr(spool, "FEWEST_ROWS", fewest)
        monkeypatch.setattr(spool, "FEWEST_CUT", cut)
        monkeypatch.setattr(local, "rows_at_once", lambda _, most=at_once: most)
        with Dataset.read(tmp_path / "bank" / "canonical", settings=settings) as data:
            found.append([repr(hit) for hit in find(data, rules, settings=settings).hits])
    assert all(one == found[0] for one in found[1:])
    across = {"counterparty", "conductor", "terminal"}
    assert any(f"kind='{kind}'" in one for one in found[0] for kind in across)


def test_the_file_is_gone_with_the_run(tmp_path: Path) -> None:
    """It has no name that others could open, and leaves nothing behind."""
    with spool.spool_in(tmp_path) as made:
        assert made is not None
    assert list(tmp_path.iterdir()) == []
