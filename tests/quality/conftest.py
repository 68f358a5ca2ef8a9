"""Facts of a clean bank, counted once."""

from __future__ import annotations

import pytest

from amlscreen.intake.dataset import Dataset
from amlscreen.intake.facts import Facts, facts_of
from amlscreen.quality import Reach
from amlscreen.rules.ruleset import RuleSet
from quality.given import tables, transactions


@pytest.fixture(scope="session")
def clean() -> Facts:
    """What is counted of the clean bank."""
    with Dataset.from_tables(transactions=transactions(), **tables()) as data:
        return facts_of(data)


@pytest.fixture(scope="session")
def rules() -> RuleSet:
    """The shipped rules that run, read once."""
    return RuleSet.load().select(status=("stable", "test"))


@pytest.fixture(scope="session")
def reach(clean: Facts, rules: RuleSet) -> Reach:
    """The shipped rules on the clean bank."""
    return Reach(rules, clean.jurisdiction, clean.provided)
