"""Whether the line that is taken for the header can be one."""

from __future__ import annotations

import re
from collections.abc import Sequence

from amlscreen.errors import DataError, Place
from amlscreen.intake.readers.raw import BLANK

__all__ = ["filled", "holds_values", "refuse_a_header_elsewhere", "warn_of_a_record"]

_VALUE = re.compile(r"[+-]?[\d.,'\u00a0 ]*\d|\d{1,4}[-/.]\d{1,2}[-/.]\d{2,4}( \d\d:\d\d(:\d\d)?)?")


def filled(cells: Sequence[str]) -> int:
    """How many cells hold anything."""
    return sum(bool(cell.strip(BLANK)) for cell in cells)


def refuse_a_header_elsewhere(counts: Sequence[int], lines: Sequence[int], place: Place) -> None:
    """DataError if the header fills at most half the cells that most rows fill: it stands further down.

    ``counts`` are the filled cells of the header and of the rows below it, ``lines`` where each stands.
    """
    usual = sorted(counts)[len(counts) * 3 // 4]
    if counts[0] * 2 > usual:
        return
    at = next(at for at, count in enumerate(counts) if count * 5 >= usual * 4)
    raise DataError(
        f"the header on line {lines[0]} names {counts[0]} columns, but from line {lines[at]} on most fill {usual}.",
        place=Place(place.file, lines[at]),
        fix=f"If the header stands there, state `layout: {{skip_rows: {lines[at] - 1}}}` in the mapping.",
    )


def holds_values(cells: Sequence[str]) -> bool:
    """Whether some cell is a number or a date, as in a record."""
    return any(_VALUE.fullmatch(cell.strip(BLANK)) for cell in cells)


def warn_of_a_record(cells: Sequence[str], line: int) -> list[str]:
    """A warning if the header holds numbers or dates, as a record does."""
    if not holds_values(cells):
        return []
    return [f"the header on line {line} holds a number or a date; if it is a record, state `header: false`."]
