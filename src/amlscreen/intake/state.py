"""The state that one night leaves for the next: every row read so far, conformed, and what is told of its files.

A folder: ``state.json`` names all other files that count. Rows of transactions are added as one Parquet file a night
and are never written again; reference tables are written anew each night. ``state.json`` is exchanged last, by a
rename: a night that is killed leaves the state as it was; files that it does not name are removed by the next night.
"""

from __future__ import annotations

import json
import os
import shutil
from collections.abc import Collection
from pathlib import Path
from typing import TYPE_CHECKING, Any

import duckdb

from amlscreen.errors import DataError, Place, SinkError
from amlscreen.intake.duplicates import DUPLICATE, stored_columns
from amlscreen.intake.earlier import Earlier
from amlscreen.intake.parts_told import part_of, told
from amlscreen.intake.sql import identifier, literal
from amlscreen.schema import TABLES

if TYPE_CHECKING:
    from amlscreen.intake.dataset import Dataset
    from amlscreen.intake.part import Part
    from amlscreen.jurisdiction import Jurisdiction

__all__ = ["State"]

_FORM = 1
_INDEX = "state.json"


class State:
    """A state's folder and what it held when it was opened: ``night`` is the number of nights it has seen."""

    def __init__(self, folder: Path) -> None:
        """DataError if the folder holds something else, or a state that cannot be read."""
        self.folder = folder
        self._held = _read(folder)
        self.night: int = self._held["night"]

    def earlier_for(self, country: Jurisdiction) -> Earlier:
        """The rows of the nights so far; DataError if they were conformed for another country."""
        self._held.setdefault("made_for", _made_for(country))
        if self._held["made_for"] != _made_for(country):
            raise DataError(
                "The state was made with another currency, time zone or provinces.",
                place=Place(str(self.folder)),
                fix=_ANEW,
            )
        held = self._held
        return Earlier(
            tuple(part_of(values) for values in held["parts"]),
            tuple(held["warnings"]),
            tuple(self.folder / name for name in held["rows"]),
            {table: self.folder / name for table, name in held["tables"].items()},
        )

    def keep(self, data: Dataset) -> None:
        """Everything the dataset was built from takes the place of the state, at once or not at all."""
        parts, connection = data.parts, data.connection
        of_parts = sum(len(part.warnings) + len(part.noticed) for part in parts)
        night = f"{self.night + 1:05d}"
        try:
            self.folder.mkdir(mode=0o700, parents=True, exist_ok=True)
            rows = list(self._held["rows"])
            if select := _new_rows(parts):
                rows.append(self._written(connection, select, f"rows-{night}.parquet"))
            tables = {
                table: self._written(connection, f"SELECT * FROM kept_{table}", f"{table}-{night}.parquet")
                for table in {part.table for part in parts} - {"transactions"}
            }
            held = {
                **self._held,
                "night": self.night + 1,
                "parts": [told(part, _lines(connection, part), self.night + 1) for part in parts],
                "warnings": list(data.warnings[: len(data.warnings) - of_parts]),
                "rows": rows,
                "tables": tables,
            }
            self._exchange(held)
        except (OSError, duckdb.IOException) as problem:
            why = problem.strerror if isinstance(problem, OSError) else str(problem)
            raise SinkError(
                f"The state cannot be written: {why}. It is as it was.",
                place=Place(str(self.folder)),
                fix="Free space or give it a folder this user may write to, and run the night again.",
            ) from problem

    def _written(self, connection: duckdb.DuckDBPyConnection, select: str, name: str) -> str:
        path = self.folder / name
        connection.execute(f"COPY ({select}) TO {literal(str(path))} (FORMAT parquet, COMPRESSION zstd)")
        _force(path)
        return name

    def _exchange(self, held: dict[str, Any]) -> None:
        beside = self.folder / f"{_INDEX}.new"
        beside.write_text(json.dumps(held, ensure_ascii=False), encoding="utf-8")
        _force(beside)
        beside.replace(self.folder / _INDEX)
        counts = {_INDEX, *held["rows"], *held["tables"].values()}
        for left in self.folder.iterdir():
            if left.name not in counts:
                shutil.rmtree(left) if left.is_dir() else left.unlink()


_ANEW = "Start a new state, in another folder, from all files."


def _read(folder: Path) -> dict[str, Any]:
    place = Place(str(folder))
    new = {"form": _form(), "night": 0, "parts": [], "warnings": [], "rows": [], "tables": {}}
    if not folder.exists() or (folder.is_dir() and not any(folder.iterdir())):
        return new
    if not (folder / _INDEX).exists() and any(not _is_left(path) for path in folder.iterdir()):
        raise DataError("holds files and no state.", place=place, fix="Give a new or an empty folder.")
    try:
        held: dict[str, Any] = json.loads((folder / _INDEX).read_text(encoding="utf-8"))
    except FileNotFoundError:
        return new
    except (OSError, ValueError) as problem:
        raise DataError("The state cannot be read.", place=place, fix=_ANEW) from problem
    if held.get("form") != _form():
        raise DataError("The state was kept in another form, by another version.", place=place, fix=_ANEW)
    for name in (*held["rows"], *held["tables"].values()):
        if not (folder / name).is_file():
            raise DataError(f"The state lacks its file {name}.", place=place, fix=_ANEW)
    return held


def _is_left(path: Path) -> bool:
    """Whether a first night that was killed may have left it."""
    return path.name == f"{_INDEX}.new" or path.match("*-00001.parquet")


def _form() -> dict[str, Any]:
    return {"number": _FORM, "columns": {table: dict(stored_columns(table)) for table in TABLES}}


def _made_for(country: Jurisdiction) -> dict[str, Any]:
    provinces = [province.model_dump(mode="json") for province in country.provinces]
    return {
        "currency": country.currency,
        "minor_digits": country.minor_digits,
        "utc_offset_minutes": country.utc_offset_minutes,
        "provinces": provinces,
    }


def _new_rows(parts: Collection[Part]) -> str:
    """Tonight's rows of transactions."""
    own = [part for part in parts if part.table == "transactions" and not part.earlier]
    kept = ["SELECT * FROM kept_transactions"] if any(not part.lazy for part in own) else []
    lazy = sorted({part.with_file for part in own if part.lazy})
    return " UNION ALL BY NAME ".join([*kept, *(f"SELECT * FROM conformed_{number}" for number in lazy)])


def _lines(connection: duckdb.DuckDBPyConnection, part: Part) -> dict[int, int]:
    found = connection.execute(
        f"SELECT record FROM {identifier(f'aside_{part.table}')} WHERE file_no = {part.file_no} "
        f"AND problem <> {DUPLICATE}"
    ).fetchall()
    return part.raw.line_of([int(record) for (record,) in found]) if found else {}


def _force(path: Path) -> None:
    with path.open("rb+") as file:
        os.fsync(file.fileno())
