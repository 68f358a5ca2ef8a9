"""A cluster gives what this machine gives, byte for byte."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from amlscreen.engines.spark import Spark
from amlscreen.intake.dataset import Dataset
from amlscreen.screening import screen
from amlscreen.sinks.write import OUTPUTS

ROOT = Path(__file__).resolve().parents[2]
WITH_TIMES = {"run.json"}


def test_the_sample_bank_gives_the_same_bytes(session: Any, tmp_path: Path) -> None:
    """Every output, of five buckets on two executors."""
    with Dataset.read(ROOT / "sample_data" / "canonical") as data:
        screen(data).write(tmp_path / "here")
        screen(data, engine=Spark(session, buckets=5)).write(tmp_path / "there")
    other = [
        name for name in OUTPUTS if (tmp_path / "here" / name).read_bytes() != (tmp_path / "there" / name).read_bytes()
    ]
    assert set(other) <= WITH_TIMES
