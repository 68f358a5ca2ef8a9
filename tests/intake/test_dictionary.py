"""The data dictionary is made from the schema, and the committed one is the one it makes."""

from __future__ import annotations

from pathlib import Path

from amlscreen.intake.dictionary import data_dictionary
from amlscreen.intake.reasons import REASONS
from amlscreen.schema import TABLES

COMMITTED = Path(__file__).parents[2] / "docs" / "data_dictionary.md"


def test_the_committed_dictionary_is_up_to_date():
    """`make docs` writes it."""
    assert COMMITTED.read_text(encoding="utf-8") == data_dictionary()


def test_every_table_column_and_reason_is_described():
    """With its meaning, its unit and the words it allows."""
    text = data_dictionary()
    for table in TABLES.values():
        assert f"## {table.name}\n" in text
        for column in table.columns:
            assert f"| `{column.name}` | {column.type}" in text
            assert all(f"`{word}`" in text for word in column.allowed)
    assert all(f"| `{reason}` |" in text for reason in REASONS)
