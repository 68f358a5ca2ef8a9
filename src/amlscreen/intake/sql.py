"""SQL text made safely: identifiers and literals are quoted here and nowhere else."""

from __future__ import annotations

from collections.abc import Iterable

__all__ = ["identifier", "literal", "literals"]


def identifier(name: str) -> str:
    """A column or table name, quoted.

    >>> identifier('the "day"')
    '"the ""day""\"'
    """
    return '"' + name.replace('"', '""') + '"'


def literal(value: str | int | None) -> str:
    """A text or whole number as an SQL literal; ``NULL`` for None.

    >>> literal("it's")
    "'it''s'"
    """
    if value is None:
        return "NULL"
    return str(value) if isinstance(value, int) else "'" + value.replace("'", "''") + "'"


def literals(values: Iterable[str]) -> str:
    """Texts as a list for ``IN (...)``."""
    return ", ".join(literal(value) for value in values)
