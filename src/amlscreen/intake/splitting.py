"""Cells that hold several things, such as the joint holders of an account: one row for each part of the cell."""

from __future__ import annotations

import re
from typing import Any

import duckdb
from pydantic import BaseModel, ConfigDict, Field, field_validator, model_validator

from amlscreen.errors import DataError, Place, did_you_mean
from amlscreen.intake.conform import as_text
from amlscreen.intake.readers.raw import RawFile
from amlscreen.intake.sql import identifier, literal

__all__ = ["BAD", "MOST_PARTS", "Split", "pieces_of"]

MOST_PARTS = 20
BAD = "__split_bad"


class Split(BaseModel):
    """File columns whose cells hold several parts; the record becomes one row for each part, at most twenty.

    Several columns are cut in step: the first name belongs to the first number. A record whose cells have different
    numbers of parts stands aside whole; an empty cell is empty for every part.
    """

    model_config = ConfigDict(extra="forbid", frozen=True)

    columns: dict[str, tuple[str, ...]] = Field(
        min_length=1, description="The file's columns, each with the texts that stand between parts, for example ';'."
    )
    number: str | None = Field(None, description="Name of a further column that counts the parts of a cell from 1.")
    count: str | None = Field(None, description="Name of a further column that says how many parts there are.")

    @field_validator("columns", mode="before")
    @classmethod
    def _one_is_a_list_of_one(cls, value: Any) -> Any:
        if not isinstance(value, dict):
            return value
        return {name: (marks,) if isinstance(marks, str) else marks for name, marks in value.items()}

    @model_validator(mode="after")
    def _marks_can_be_found(self) -> Split:
        for name, marks in self.columns.items():
            if not marks or not all(mark.strip() for mark in marks):
                raise ValueError(f"`split` of {name} needs the texts that stand between parts, such as ';' or ' and '")
        made = [name for name in (self.number, self.count) if name is not None]
        if len({*made, *self.columns}) != len(made) + len(self.columns):
            raise ValueError("`number` and `count` of `split` name new columns, each another one")
        return self

    @property
    def made(self) -> tuple[str, ...]:
        """The columns that are no columns of the file."""
        return tuple(name for name in (self.number, self.count) if name is not None)


def pieces_of(connection: duckdb.DuckDBPyConnection, raw: RawFile, split: Split | None) -> list[str]:
    """The relations of the first, second, ... parts of cells; none without a split. DataError if it does not fit."""
    if split is None:
        return []
    return [_piece(connection, raw, split, part) for part in range(1, _most_parts(connection, raw, split) + 1)]


def _most_parts(connection: duckdb.DuckDBPyConnection, raw: RawFile, split: Split) -> int:
    place = Place(raw.source.name)
    for name in split.columns:
        if name not in raw.columns:
            raise DataError(
                f"has no column '{name}', which the mapping splits.", place=place, fix=did_you_mean(name, raw.columns)
            )
    taken = [name for name in split.made if name in raw.columns]
    if taken:
        raise DataError(
            f"has a column '{taken[0]}', a name that `split` gives.", place=place, fix="Choose another name there."
        )
    found = connection.execute(
        f"SELECT max(__parts) FROM ({_counted(connection, raw, split)}) WHERE NOT {identifier(BAD)}"
    ).fetchall()
    return max(int(found[0][0] or 1), 1)


def _piece(connection: duckdb.DuckDBPyConnection, raw: RawFile, split: Split, part: int) -> str:
    """The records that have a part of that number, with the cells reduced to it; ``BAD`` marks those that have none.

    Records that cannot be cut stand among those of part 1, whole.
    """
    bad = identifier(BAD)
    cells = [
        f"CASE WHEN {bad} THEN {name} ELSE nullif(__cells[{no}][{part}], '') END AS {name}"
        for no, name in enumerate(map(identifier, split.columns), start=1)
    ]
    made = [f"'{part}' AS {identifier(split.number)}"] if split.number else []
    made += [f"CAST(__parts AS VARCHAR) AS {identifier(split.count)}"] if split.count else []
    where = f" WHERE __parts >= {part} AND NOT {bad}" if part > 1 else ""
    return (
        f"SELECT * EXCLUDE (__cells, __parts) REPLACE ({', '.join(cells)}){''.join(', ' + each for each in made)} "
        f"FROM ({_counted(connection, raw, split)}){where}"
    )


def _counted(connection: duckdb.DuckDBPyConnection, raw: RawFile, split: Split) -> str:
    """The records with the parts of each cell, how many there are, and whether they cannot be cut."""
    described = connection.execute(f"DESCRIBE SELECT * FROM ({raw.relation})").fetchall()
    types = {str(row[0]): str(row[1]) for row in described}
    one = len(split.columns) == 1
    texts = [
        (f"coalesce({as_text(identifier(name), types[name])}, '')", marks) for name, marks in split.columns.items()
    ]
    cells = ", ".join(_cut(text, marks, keep_blanks=not one) for text, marks in texts)
    as_texts = ", ".join(
        f"{as_text(identifier(name), types[name])} AS {identifier(name)}"
        for name in split.columns
        if types[name] != "VARCHAR"
    )
    replaced = f" REPLACE ({as_texts})" if as_texts else ""
    counted = f"SELECT *{replaced}, [{cells}] AS __cells FROM ({raw.relation})"
    lengths = "[len(x) for x in __cells]"
    filled = "[len(x) for x in __cells if len(x) > 0]"
    uneven = f"len(list_distinct({filled})) > 1 OR coalesce(list_max({lengths}), 0) > {MOST_PARTS}"
    return (
        f"SELECT *, greatest(coalesce(list_max({lengths}), 1), 1) AS __parts, ({uneven}) AS {identifier(BAD)} "
        f"FROM ({counted})"
    )


def _cut(text: str, marks: tuple[str, ...], *, keep_blanks: bool) -> str:
    """SQL for the parts of a text, trimmed. Blank parts count only where they keep several columns in step."""
    between = "|".join(re.escape(mark) for mark in sorted(marks, key=len, reverse=True))
    if keep_blanks:
        text = f"regexp_replace({text}, {literal(f'(?i)(?:{between}|[[:space:]])+$')}, '')"
    parts = f"string_split_regex({text}, {literal(f'(?i)(?:{between})')})"
    if keep_blanks:
        return f"CASE WHEN {text} = '' THEN [] ELSE [trim(x) for x in {parts}] END"
    return f"[trim(x) for x in {parts} if trim(x) <> '']"
