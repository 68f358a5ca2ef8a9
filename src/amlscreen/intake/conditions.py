"""Which records of a file count: what `only` and `unless` of a mapping say of a column, and the SQL that holds it."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Annotated, Any

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, field_validator, model_validator

from amlscreen.intake.conform import as_text
from amlscreen.intake.sql import identifier, literal, literals

__all__ = ["Conditions", "Held", "Pattern", "Patterns", "wanted"]


def _compiled(pattern: str) -> str:
    """The pattern, if the store can search with it: its expressions know no looking ahead or back."""
    import duckdb

    try:
        re.compile(pattern)
        duckdb.connect(":memory:").execute("SELECT regexp_matches('', ?)", [pattern])
    except (re.error, duckdb.Error) as problem:
        said = str(problem).partition("\n")[0].partition(": ")[2] or str(problem)
        raise ValueError(
            f"'{pattern}' is not a regular expression that can be used here: {said.strip()}; "
            "looking ahead or back and back references are not known"
        ) from problem
    return pattern


Pattern = Annotated[str, BeforeValidator(lambda value: value if not isinstance(value, str) else _compiled(value))]
Patterns = tuple[Pattern, ...]


class Held(BaseModel):
    """What a column holds: one of some values, or a text that a regular expression finds something in."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    values: tuple[str, ...] = Field((), description="Exact values; '' means the cell is empty.")
    pattern: Pattern | None = Field(None, description="A regular expression searched for in the text.")

    @model_validator(mode="before")
    @classmethod
    def _a_value_or_a_list_is_fine(cls, value: Any) -> Any:
        return value if isinstance(value, dict | Held) else {"values": value}

    @field_validator("values", mode="before")
    @classmethod
    def _plain_words(cls, value: Any) -> Any:
        given = list(value) if isinstance(value, list | tuple) else [value]
        return tuple(str(each).lower() if isinstance(each, bool) else each for each in map(_number_as_written, given))

    @model_validator(mode="after")
    def _says_something(self) -> Held:
        if bool(self.values) == (self.pattern is not None):
            raise ValueError("give a list of values, or {pattern: a regular expression}")
        return self

    def sql(self, column: str, kind: str) -> str:
        """SQL that is true where the column holds this, false elsewhere."""
        text = f"coalesce(trim({as_text(identifier(column), kind)}), '')"
        if self.pattern is not None:
            return f"regexp_matches({text}, {literal(self.pattern)})"
        return f"{text} IN ({literals(self.values)})"


Conditions = dict[str, Held]


def wanted(only: Mapping[str, Held], unless: Mapping[str, Held], types: Mapping[str, str]) -> str | None:
    """SQL for the records that count: every ``only`` holds and no ``unless`` does; None if all count."""
    tests = [held.sql(column, types[column]) for column, held in only.items()]
    tests += [f"NOT {held.sql(column, types[column])}" for column, held in unless.items()]
    return " AND ".join(f"({test})" for test in tests) or None


def _number_as_written(value: Any) -> Any:
    return str(value) if isinstance(value, int) and not isinstance(value, bool) else value
