"""Screening night by night gives what one run over all files gives."""

from __future__ import annotations

import os
import shutil
from pathlib import Path
from random import Random

import pytest

from amlscreen.cli import main

SEEDS = range(int(os.environ.get("NIGHTS_SEEDS", "1")))


def screen(*arguments: object) -> None:
    with pytest.raises(SystemExit) as left:
        main(["screen", *map(str, arguments), "--quiet"])
    assert not left.value.code


@pytest.mark.parametrize("seed", SEEDS)
def test_two_nights_are_as_one_run(tiny_bank: Path, tmp_path: Path, seed: int) -> None:
    """Every file of the outputs is the same to the byte; times, and what is told of input files, aside."""
    dice = Random(seed)
    head, *rows = (tiny_bank / "transactions.csv").read_text().splitlines()
    cut = sorted(rows, key=lambda row: row.split(",")[3])[int(len(rows) * dice.uniform(0.5, 0.95))].split(",")[3]
    late = [row.split(",")[3] >= cut or dice.random() < 0.02 for row in rows]
    shutil.copytree(tiny_bank, tmp_path / "night1")
    (tmp_path / "night1" / "transactions.csv").unlink()
    for night in (1, 2):
        (tmp_path / f"night{night}").mkdir(exist_ok=True)
        own = [row for row, is_late in zip(rows, late, strict=True) if is_late == (night == 2)]
        (tmp_path / f"night{night}" / f"transactions.{night}.csv").write_text("\n".join([head, *own, ""]))
    shutil.move(tmp_path / "night1" / "recalls.csv", tmp_path / "night2")
    shutil.copytree(tmp_path / "night1", tmp_path / "all")
    shutil.copytree(tmp_path / "night2", tmp_path / "all", dirs_exist_ok=True)
    screen(tmp_path / "all", "-o", tmp_path / "once")
    for night in (1, 2):
        screen(tmp_path / f"night{night}", "-o", tmp_path / "out", "--state", tmp_path / "state")
    files = sorted(os.listdir(tmp_path / "once"))
    assert files == sorted(os.listdir(tmp_path / "out"))
    differ = [
        name for name in files if (tmp_path / "once" / name).read_bytes() != (tmp_path / "out" / name).read_bytes()
    ]
    assert differ == ["run.json"]
