"""Cells a spreadsheet cannot mistake for a formula.

A cell that starts with ``= + - @``, a tab or a carriage return is run as a formula by spreadsheets, and so is one that
starts after a ``;`` or a line break where the reader's list separator is not the comma (as in Lao or German settings).
Such text gets an apostrophe in front. Numbers are left alone: they are numbers, not text.
"""

from __future__ import annotations

import re
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc

__all__ = ["safe_column", "safe_table", "safe_text"]

Column = Any  # an Arrow column: the stubs' overloads know too few of the functions used here

# RE2 (Arrow) and re read these alike. Full-width signs count: Excel in East Asian settings folds them.
_SIGN = r"[=+\-@\t\x{ff1d}\x{ff0b}\x{ff0d}\x{ff20}]"
_AFTER_BREAK = r"([;\r\n])([ \x{00a0}]*" + _SIGN + ")"
_AT_START = r"^([ \x{00a0}]*(?:" + _SIGN + r"|\r))"


def _for_python(pattern: str) -> re.Pattern[str]:
    return re.compile(re.sub(r"\\x\{([0-9a-f]{4})\}", r"\\u\1", pattern))


_PYTHON_AFTER_BREAK, _PYTHON_AT_START = _for_python(_AFTER_BREAK), _for_python(_AT_START)


def safe_text(text: str) -> str:
    """The text, with an apostrophe before whatever could start a formula.

    >>> safe_text("=1+1"), safe_text("A-1;-2"), safe_text("A-1")
    ("'=1+1", "A-1;'-2", 'A-1')
    """
    return _PYTHON_AT_START.sub(r"'\1", _PYTHON_AFTER_BREAK.sub(r"\1'\2", text))


def safe_column(column: Column) -> Column:
    """The column, formula-safe if it is text."""
    if pa.types.is_dictionary(column.type):
        column = column.cast(column.type.value_type)
    if not pa.types.is_string(column.type) and not pa.types.is_large_string(column.type):
        return column
    if not pc.any(pc.match_substring_regex(column, f"{_AFTER_BREAK}|{_AT_START}")).as_py():
        return column  # the usual case, and far cheaper than replacing nothing
    column = pc.replace_substring_regex(column, pattern=_AFTER_BREAK, replacement=r"\1'\2")
    return pc.replace_substring_regex(column, pattern=_AT_START, replacement=r"'\1")


def safe_table(table: pa.Table) -> pa.Table:
    """The table with every text column formula-safe."""
    return pa.table([safe_column(column) for column in table.columns], names=table.column_names)
