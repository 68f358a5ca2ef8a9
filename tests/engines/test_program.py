"""A program is a pure function that may run anywhere: pickled, it gives the same."""

from __future__ import annotations

import pickle
from pathlib import Path

import pytest

from amlscreen.budget import budget_of, bytes_of
from amlscreen.engines.local import prepare, whole_customers
from amlscreen.engines.program import Worked, program_of
from amlscreen.errors import SettingsError
from amlscreen.features.asked import EVERY_RUN
from amlscreen.finding import find
from amlscreen.intake.dataset import Dataset
from amlscreen.rules.ruleset import RuleSet
from amlscreen.settings import Settings
from amlscreen.shapes.plan import plans_of

SAMPLE = Path(__file__).resolve().parents[2] / "sample_data" / "canonical"


def test_a_pickled_program_gives_the_same() -> None:
    """What partitions give after a journey through bytes, there and back, is what they give at home."""
    rules = RuleSet.load().select(status=("stable", "test"))
    with Dataset.read(SAMPLE) as data:
        swept = [card for card in rules if card.detect.shape not in {"match", "cluster", "anomaly"}]
        plans = [plan for card in swept for plan in plans_of(card, data.jurisdiction)]
        last_day = data.last_complete_day
        reference = prepare(data, plans, last_day, EVERY_RUN)
        program = program_of(data, plans, reference, EVERY_RUN, alert_from=last_day - 29)
        settings = Settings(partition_rows=2_000)
        away = pickle.loads(pickle.dumps(program))
        for rows in whole_customers(data, program, settings):
            here: Worked = program.work(rows)
            there: Worked = pickle.loads(pickle.dumps(away.work(rows)))
            assert there.rows == here.rows > 0
            assert there.swept.gathered.keys() == here.swept.gathered.keys()
            assert [_told(hit) for hit in there.swept.hits.items()] == [_told(hit) for hit in here.swept.hits.items()]


def _told(found: tuple[int, list[object]]) -> str:
    return f"{found[0]} {found[1]!r}"


@pytest.mark.parametrize("rows", [700, 10_000_000])
def test_hits_do_not_depend_on_the_size_of_partitions(rows: int) -> None:
    """The same hits in the same order, however rows are cut."""
    with Dataset.read(SAMPLE) as data:
        found = [find(data, RuleSet.load(), settings=Settings(partition_rows=size)) for size in (2_000, rows)]
    assert [repr(hit) for hit in found[0].hits] == [repr(hit) for hit in found[1].hits]


def test_memory_is_for_the_whole_run() -> None:
    """The store gets a part of it, never all."""
    budget = budget_of("4GB")
    assert budget.total == bytes_of("4 gb") == 4_000_000_000 and 0 < budget.store < budget.total
    assert budget_of(None).total > 0


@pytest.mark.parametrize("memory", ["lots", "4 XB", "-1GB", "1MB"])
def test_memory_that_means_nothing_is_refused(memory: str) -> None:
    """The text is shown, and how to write it."""
    with pytest.raises(SettingsError, match="memory"):
        budget_of(memory)
