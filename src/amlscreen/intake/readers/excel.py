"""A sheet of a workbook (XLSX, XLSM, XLSB, XLS, ODS) as a relation, every cell as text that says its value exactly."""

from __future__ import annotations

import datetime as dt
import zipfile
from collections.abc import Iterator, Sequence
from decimal import Decimal
from pathlib import Path

import python_calamine

from amlscreen.errors import DataError, Place, did_you_mean
from amlscreen.intake.readers.raw import RawFile
from amlscreen.intake.readers.rows import read_rows
from amlscreen.intake.readers.task import Task
from amlscreen.settings import Settings

__all__ = ["read_excel_file"]

_OLE = b"\xd0\xcf\x11\xe0"
_ENCRYPTED = "EncryptedPackage".encode("utf-16-le")
_MOST_SHRUNK = 250
_SMALL = 100 * 2**20
_MOST_DIGITS = 15  # beyond these Excel itself has rounded
Cell = int | float | str | bool | dt.time | dt.date | dt.datetime | dt.timedelta


def read_excel_file(task: Task) -> RawFile:
    """One sheet of a workbook: the one the layout names, else the first visible one that holds anything."""
    _refuse_what_is_no_workbook(task)
    try:
        with python_calamine.CalamineWorkbook.from_path(str(task.content.path)) as book:
            sheet, warnings = _sheet(task, book)
            rows = _as_text(sheet, task.source.name, task.settings, warnings)
            return read_rows(task, rows, kind="excel", encoding=None, warnings=warnings)
    except python_calamine.PasswordError as problem:
        raise _protected(task.place) from problem
    except python_calamine.CalamineError as problem:
        raise DataError(
            f"is no workbook that can be read, or it is damaged: {problem}.",
            place=task.place,
            fix="Save it again as XLSX.",
        ) from problem
    except BaseException as problem:
        # The Rust library's panics derive from BaseException and can be imported from nowhere.
        if type(problem).__name__ != "PanicException":
            raise
        raise DataError("is a damaged workbook.", place=task.place, fix="Save it again as XLSX.") from problem


def _protected(place: Place) -> DataError:
    return DataError("is protected by a password.", place=place, fix="Open it in Excel and save it without one.")


def _refuse_what_is_no_workbook(task: Task) -> None:
    """DataError for protected workbooks, for archives under a wrong name and for zip bombs."""
    path = task.content.path
    if task.content.head.startswith(_OLE):
        if _ENCRYPTED in task.content.head or _ENCRYPTED in _tail(path):
            raise _protected(task.place)
        return
    try:
        with zipfile.ZipFile(path) as archive:
            entries = archive.infolist()
    except (zipfile.BadZipFile, OSError, ValueError, NotImplementedError) as problem:
        raise DataError("is cut short or damaged.", place=task.place, fix="Copy or export it again.") from problem
    if any(entry.flag_bits & 1 for entry in entries):
        raise _protected(task.place)
    unpacked = sum(entry.file_size for entry in entries)
    if unpacked > task.settings.largest_file or unpacked > max(_SMALL, task.content.bytes * _MOST_SHRUNK):
        raise DataError("unpacks to far more than its size, as a zip bomb does.", place=task.place)
    names = [entry.filename for entry in entries]
    if not any(name.startswith("xl/") or name == "content.xml" for name in names):
        raise DataError(
            "is a zip archive, not a workbook.", place=task.place, fix="Rename it to .zip, or give the files inside."
        )


def _tail(path: Path) -> bytes:
    """The end of a compound file, where its directory often stands."""
    with path.open("rb") as handle:
        handle.seek(max(0, path.stat().st_size - 2**20))
        return handle.read()


def _sheet(task: Task, book: python_calamine.CalamineWorkbook) -> tuple[python_calamine.CalamineSheet, list[str]]:
    wanted = task.layout.sheet
    names = book.sheet_names
    if isinstance(wanted, int):
        if not 1 <= wanted <= len(names):
            raise DataError(f"has {len(names)} sheets; sheet {wanted} is none of them.", place=task.place)
        return book.get_sheet_by_index(wanted - 1), []
    if wanted is not None:
        if wanted not in names:
            raise DataError(f"has no sheet '{wanted}'.", place=task.place, fix=did_you_mean(wanted, names))
        return book.get_sheet_by_name(wanted), []
    visible = {meta.name for meta in book.sheets_metadata if meta.visible == python_calamine.SheetVisibleEnum.Visible}
    work = {meta.name for meta in book.sheets_metadata if meta.typ == python_calamine.SheetTypeEnum.WorkSheet}
    sheets = [book.get_sheet_by_name(name) for name in names if name in visible and name in work]
    sheets = [sheet for sheet in sheets if sheet.start is not None]
    if not sheets:
        raise DataError(
            "holds no sheet with anything in it.", place=task.place, fix="Name one: `layout: {sheet: ...}`."
        )
    others = ", ".join(f"'{sheet.name}'" for sheet in sheets[1:])
    said = f"sheet '{sheets[0].name}' is read; {others} as well hold data: name one with `sheet`."
    return sheets[0], [said] if others else []


def _as_text(
    sheet: python_calamine.CalamineSheet, name: str, settings: Settings, warnings: list[str]
) -> Iterator[Sequence[str]]:
    """The rows of a sheet as text; in a column that holds clock times, midnight is said too."""
    if sheet.start is None:
        raise DataError(f"sheet '{sheet.name}' holds nothing.", place=Place(name))
    timed = {at for row in sheet.iter_rows() for at, cell in enumerate(row) if isinstance(cell, dt.datetime)}
    rounded: set[int] = set()
    for number, row in enumerate(sheet.iter_rows(), start=1):
        cells = [_text(cell, with_time=at in timed) for at, cell in enumerate(row)]
        if max(map(len, cells), default=0) > settings.largest_field:
            raise DataError(
                f"holds a cell of more than {settings.largest_field} characters.", place=Place(name, number)
            )
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
