"""A sheet of a workbook (XLSX, XLSM, XLSB, XLS, ODS) as a relation, every cell as text that says its value exactly."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import zipfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from amlscreen.errors import DataError, Place, did_you_mean
from amlscreen.intake.readers.raw import RawFile
from amlscreen.intake.readers.rows import read_rows
from amlscreen.intake.readers.task import Task

__all__ = ["read_excel_file", "sheet_rows"]

_OLE = b"\xd0\xcf\x11\xe0"
_ENCRYPTED = "EncryptedPackage".encode("utf-16-le")
_MOST_SHRUNK = 250
_SMALL = 100 * 2**20
_MOST_MEMORY = 4 * 2**30  # a full sheet of a million rows and thirty columns takes half of it
_LONGEST = 1800  # seconds


def read_excel_file(task: Task) -> RawFile:
    """One sheet of a workbook: the one the layout names, else the first visible one that holds anything."""
    rows, warnings = sheet_rows(task)
    return read_rows(task, rows, kind="excel", encoding=None, warnings=warnings)


def sheet_rows(task: Task) -> tuple[Iterator[list[str]], list[str]]:
    """The rows of that sheet as text, the blank ones too, and what was noticed about them."""
    _refuse_what_is_no_workbook(task)
    out = task.workspace / "rows.jsonl"
    answer = _opened_elsewhere(task, out)
    if "problem" in answer:
        raise _said(task, answer)
    return _rows(out), answer["warnings"]


def _rows(path: Path) -> Iterator[list[str]]:
    with path.open(encoding="utf-8") as lines:
        yield from map(json.loads, lines)


def _opened_elsewhere(task: Task, out: Path) -> dict[str, Any]:
    """What the program ``sheet.py`` answers; that it dies says that the workbook cannot be opened."""
    request = {
        "path": str(task.content.path),
        "sheet": task.layout.sheet,
        "largest_field": task.settings.largest_field,
        "memory": _MOST_MEMORY,
        "out": str(out),
    }
    program = [sys.executable, "-P", str(Path(__file__).with_name("sheet.py"))]
    paths = os.pathsep.join(path for path in sys.path if path)
    try:
        done = subprocess.run(
            program,
            input=json.dumps(request).encode(),
            capture_output=True,
            timeout=_LONGEST,
            env={**os.environ, "PYTHONPATH": paths},
            check=False,
        )
    except subprocess.TimeoutExpired:
        return {"problem": "died"}
    answer: dict[str, Any] = json.loads(done.stdout) if done.returncode == 0 else {"problem": "died"}
    return answer


def _said(task: Task, answer: dict[str, Any]) -> DataError:
    """The problem of a workbook as a sentence."""
    problem, place, wanted = answer["problem"], task.place, task.layout.sheet
    if problem == "password":
        return _protected(place)
    if problem == "no_sheet" and isinstance(wanted, int):
        return DataError(f"has {len(answer['names'])} sheets; sheet {wanted} is none of them.", place=place)
    if problem == "no_sheet":
        return DataError(f"has no sheet '{wanted}'.", place=place, fix=did_you_mean(str(wanted), answer["names"]))
    if problem == "nothing":
        said = "holds no sheet with anything in it."
        return DataError(said, place=place, fix="Check it, or name a sheet: `layout: {sheet: ...}`.")
    if problem == "large_field":
        said = f"holds a cell of more than {task.settings.largest_field} characters."
        return DataError(said, place=Place(place.file, answer["line"]), fix="Raise the setting largest_field.")
    if problem == "damaged":
        said = f"is no workbook that can be read, or it is damaged: {answer['said']}."
        return DataError(said, place=place, fix="Save it again as XLSX.")
    return DataError(
        "is damaged, or spans too many rows and columns to be opened.",
        place=place,
        fix="Delete what stands far below and to the right of the table, and save it again.",
    )


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
