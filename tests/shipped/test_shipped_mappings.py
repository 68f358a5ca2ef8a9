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
