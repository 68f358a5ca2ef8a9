"""Cells a spreadsheet cannot mistake for a formula.

A cell that starts with ``= + - @``, a tab or a carriage return is run as a formula by spreadsheets, and so is one that starts
after a ``;`` or a line break where the reader's list separator is not the comma (as in Lao or German settings). Such text
gets an apostrophe in front. Numbers are left alone: they are numbers, not text.
"""

from __future__ import annotations

import re

import pyarrow as pa
import pyarrow.compute as pc

__all__ = ["safe_column", "safe_table", "safe_text"]

# RE2 (Arrow) and re read this alike. Full-width signs count: Excel in East Asian settings folds them.
_STARTS = r"(^|[;\r\n])([ \x{00a0}]*[=+\-@\t\r\x{ff1d}\x{ff0b}\x{ff0d}\x{ff20}])"
_STARTS_PYTHON = re.compile(re.sub(r"\\x\{([0-9a-f]{4})\}", r"\\u\1", _STARTS))


def safe_text(text: str) -> str:
    """The text, with an apostrophe before whatever could start a formula.

    >>> safe_text("=1+1"), safe_text("A-1;-2"), safe_text("A-1")
    ("'=1+1", "A-1;'-2", 'A-1')
    """
    return _STARTS_PYTHON.sub(r"\1'\2", text)


def safe_column(column: pa.ChunkedArray) -> pa.ChunkedArray:
    """The column, formula-safe if it is text; dictionaries are cleaned once per distinct value, then laid out."""
    if pa.types.is_dictionary(column.type):
        column = column.cast(column.type.value_type)
    if pa.types.is_string(column.type) or pa.types.is_large_string(column.type):
        return pc.replace_substring_regex(column, pattern=_STARTS, replacement=r"\1'\2")
    return column


def safe_table(table: pa.Table) -> pa.Table:
    """The table with every text column formula-safe."""
    return pa.table([safe_column(column) for column in table.columns], names=table.column_names)
