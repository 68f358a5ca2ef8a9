"""The names of a file's columns: as they stand in its header, made usable and distinct."""

from __future__ import annotations

from collections.abc import Sequence

__all__ = ["column_names"]

_RESERVED = frozenset({"__record", "__line", "__lines", "file_row_number"})


def column_names(cells: Sequence[str | None]) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """Distinct names and what had to be changed about them.

    White space at the ends goes and inside becomes one space. An empty cell becomes ``column_3``; a name that stands
    before (whatever its case, as DuckDB does not tell cases apart) gets ``__2``.
    """
    names: list[str] = []
    taken: set[str] = set(_RESERVED)
    warnings: list[str] = []
    for number, cell in enumerate(cells, start=1):
        given = " ".join((cell or "").replace("\ufeff", "").split())
        name = given or f"column_{number}"
        count = 1
        while name.casefold() in taken:
            count += 1
            name = f"{given or f'column_{number}'}__{count}"
        taken.add(name.casefold())
        names.append(name)
        if not given:
            warnings.append(f"column {number} has no name; it is called '{name}'.")
        elif name != given:
            warnings.append(f"column {number} is called '{given}' like one before it; it is called '{name}'.")
    return tuple(names), tuple(warnings)
