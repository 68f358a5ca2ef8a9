"""Every shipped mapping can be loaded and knows the files it is for."""

from __future__ import annotations

import pytest

from amlscreen.intake.mapping import load_mapping
from amlscreen.shipped import shipped_files

NAMES = [file.stem for file in shipped_files("mappings", "*.yml")]


@pytest.mark.parametrize("name", NAMES)
def test_a_shipped_mapping_loads_under_its_own_id(name: str) -> None:
    """The name on the command line, the file and the id are one word."""
    assert load_mapping(name).id == name


def test_a_log_with_both_sides_in_one_record_is_two_bookings() -> None:
    """The same transfer is a debit of one account and a credit of the other."""
    entry = load_mapping("tide").entry_for("transactions.csv.gz")
    assert entry is not None
    sides = [(leg["account_id"].source, leg["direction"].constant) for leg in entry.legs]
    assert sides == [(("src",), "debit"), (("dest",), "credit")]
