"""The program that opens a workbook: it runs in a process of its own, with a bound on its memory.

A damaged workbook, or one cell far below and to the right of the table, makes the library that reads workbooks ask for
more memory than any machine has, which ends the process. So it is not ours. This file imports nothing of the package;
it takes a request as JSON, writes the rows of one sheet as JSON lines, and answers in JSON.
"""

from __future__ import annotations

import datetime as dt
import json
import sys
from collections.abc import Iterator, Sequence
from decimal import Decimal
from typing import Any

import python_calamine

__all__ = ["Problem", "main"]

_MOST_DIGITS = 15  # beyond these Excel itself has rounded
Cell = int | float | str | bool | dt.time | dt.date | dt.datetime | dt.timedelta


class Problem(Exception):
    """What is wrong: a word the caller knows, and what it needs to say it."""

    def __init__(self, word: str, **details: Any) -> None:
        super().__init__(word)
        self.answer = {"problem": word, **details}


def main(request: dict[str, Any]) -> dict[str, Any]:
    """Write the rows of a sheet to ``request["out"]``; what is answered holds warnings, or a problem."""
    _bound_memory(request["memory"])
    try:
        with python_calamine.CalamineWorkbook.from_path(request["path"]) as book:
            sheet, warnings = _sheet(request["sheet"], book)
            with open(request["out"], "w", encoding="utf-8") as out:
                for cells in _as_text(sheet, request["largest_field"], warnings):
                    out.write(json.dumps(cells, ensure_ascii=False) + "\n")
    except Problem as problem:
        return problem.answer
    except python_calamine.PasswordError:
        return {"problem": "password"}
    except python_calamine.CalamineError as problem:
        return {"problem": "damaged", "said": str(problem)}
    return {"warnings": warnings}


def _bound_memory(size: int) -> None:
    try:
        import resource
    except ImportError:  # Windows has no such bound
        return
    resource.setrlimit(resource.RLIMIT_AS, (size, size))


def _sheet(
    wanted: str | int | None, book: python_calamine.CalamineWorkbook
) -> tuple[python_calamine.CalamineSheet, list[str]]:
    names = book.sheet_names
    if isinstance(wanted, int):
        if not 1 <= wanted <= len(names):
            raise Problem("no_sheet", names=names)
        return book.get_sheet_by_index(wanted - 1), []
    if wanted is not None:
        if wanted not in names:
            raise Problem("no_sheet", names=names)
        return book.get_sheet_by_name(wanted), []
    visible, work = python_calamine.SheetVisibleEnum.Visible, python_calamine.SheetTypeEnum.WorkSheet
    shown = [meta.name for meta in book.sheets_metadata if meta.visible == visible and meta.typ == work]
    sheets = [sheet for sheet in map(book.get_sheet_by_name, shown) if sheet.start is not None]
    if not sheets:
        raise Problem("nothing")
    others = ", ".join(f"'{sheet.name}'" for sheet in sheets[1:])
    said = f"sheet '{sheets[0].name}' is read; {others} as well hold data: name one with `sheet`."
    return sheets[0], [said] if others else []


def _as_text(sheet: python_calamine.CalamineSheet, largest: int, warnings: list[str]) -> Iterator[Sequence[str]]:
    """The rows of a sheet as text; in a column that holds clock times, midnight is said too."""
    if sheet.start is None:
        raise Problem("nothing")
    timed = {at for row in sheet.iter_rows() for at, cell in enumerate(row) if isinstance(cell, dt.datetime)}
    rounded: set[int] = set()
    for number, row in enumerate(sheet.iter_rows(), start=1):
        cells = [_text(cell, with_time=at in timed) for at, cell in enumerate(row)]
        if max(map(len, cells), default=0) > largest:
            raise Problem("large_field", line=number)
        for at, cell in enumerate(row):
            if isinstance(cell, float) and abs(cell) >= 10**_MOST_DIGITS and at not in rounded:
                rounded.add(at)
                warnings.append(
                    f"column {at + 1} holds a number of more than {_MOST_DIGITS} digits on row {number}: Excel has "
                    "rounded it. Export identifiers as text."
                )
        yield cells


def _text(cell: Cell, *, with_time: bool) -> str:
    """A cell as text: dates as ISO 8601, numbers without exponent or a trailing ``.0``."""
    if isinstance(cell, str):
        return cell
    if isinstance(cell, bool):
        return "true" if cell else "false"
    if isinstance(cell, int):
        return str(cell)
    if isinstance(cell, float):
        return _number(cell)
    if isinstance(cell, dt.datetime):
        return cell.isoformat(sep=" ")
    if isinstance(cell, dt.timedelta):
        seconds = cell // dt.timedelta(seconds=1)
        return f"{seconds // 3600:02}:{seconds // 60 % 60:02}:{seconds % 60:02}"
    text = cell.isoformat()
    return f"{text} 00:00:00" if with_time and isinstance(cell, dt.date) else text


def _number(value: float) -> str:
    if value.is_integer() and abs(value) < 10**_MOST_DIGITS:
        return str(int(value))
    return format(Decimal(repr(value)), "f")


if __name__ == "__main__":
    sys.stdout.write(json.dumps(main(json.loads(sys.stdin.read()))))
