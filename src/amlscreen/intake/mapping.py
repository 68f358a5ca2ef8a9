"""A mapping says how one bank's export becomes the canonical tables. It is a YAML file, checked before it is used."""

from __future__ import annotations

import fnmatch
import re
from collections.abc import Mapping as MappingOf
from pathlib import Path
from typing import Any, Literal

from pydantic import BaseModel, ConfigDict, Field, field_validator, model_validator

from amlscreen.errors import SettingsError, did_you_mean
from amlscreen.intake.column_spec import ColumnSpec
from amlscreen.intake.layout import Layout
from amlscreen.schema import TABLES

__all__ = ["FileEntry", "Mapping", "Override", "Pooled", "load_mapping"]

TableName = Literal[
    "transactions",
    "accounts",
    "customers",
    "holdings",
    "fx_rates",
    "logins",
    "observations",
    "recalls",
    "reports",
    "cases",
]
_POOLED_BY = ("counterparty", "counterparty_account", "counterparty_name", "counterparty_phone", "narrative")


class _Strict(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class Pooled(_Strict):
    """Counterparties that stand for many people: regular expressions by column, and a CSV list of exact values."""

    counterparty: tuple[str, ...] = ()
    counterparty_account: tuple[str, ...] = ()
    counterparty_name: tuple[str, ...] = ()
    counterparty_phone: tuple[str, ...] = ()
    narrative: tuple[str, ...] = ()
    file: str | None = Field(None, description="A CSV file beside the mapping; its header names the columns above.")

    @field_validator(*_POOLED_BY)
    @classmethod
    def _patterns_compile(cls, value: tuple[str, ...]) -> tuple[str, ...]:
        for pattern in value:
            try:
                re.compile(pattern)
            except re.error as problem:
                raise ValueError(f"'{pattern}' is not a regular expression: {problem}") from problem
        return value

    @property
    def patterns(self) -> dict[str, tuple[str, ...]]:
        """The regular expressions by column, where there are any."""
        return {name: getattr(self, name) for name in _POOLED_BY if getattr(self, name)}


class Override(_Strict):
    """What differs for some of an entry's files: one month in another layout, encoding or column order."""

    match: str
    layout: dict[str, Any] = Field({}, description="Replaces single settings of the entry's layout.")
    columns: dict[str, ColumnSpec] = Field({}, description="Replaces single columns of the entry.")


class FileEntry(_Strict):
    """One kind of file: what its name looks like, which table it fills and how."""

    match: str = Field(description="A glob on the file's name, capitals alike; inside a zip on the member's name too.")
    table: TableName
    layout: Layout = Layout()
    columns: dict[str, ColumnSpec] = {}
    legs: tuple[dict[str, ColumnSpec], ...] = Field(
        (), description="For files with one record for both sides: the columns that differ, once for each booking."
    )
    only: dict[str, tuple[str, ...]] = Field(
        {},
        description="Records count only if these file columns hold one of these values; others are excluded, counted.",
    )
    empty: tuple[str, ...] = Field((), description="Texts that mean nothing was recorded, for example '-' or 'NULL'.")
    pooled: Pooled = Pooled()
    ignore: tuple[str, ...] = Field((), description="File columns that are known and not wanted.")
    overrides: tuple[Override, ...] = ()

    @model_validator(mode="after")
    def _columns_are_canonical(self) -> FileEntry:
        for columns in (self.columns, *self.legs, *(override.columns for override in self.overrides)):
            _check_columns(self.table, columns)
        return self

    def concerns(self, name: str) -> bool:
        """Whether this entry is about a file of that name."""
        return _matches(name, self.match)

    def for_file(self, name: str) -> FileEntry:
        """The entry with the overrides for that file worked in."""
        entry = self
        for override in self.overrides:
            if _matches(name, override.match):
                layout = Layout.model_validate({**entry.layout.model_dump(exclude_unset=True), **override.layout})
                entry = entry.model_copy(
                    update={"layout": layout, "columns": {**entry.columns, **override.columns}, "overrides": ()}
                )
        return entry


class Mapping(_Strict):
    """How one bank's export becomes the canonical tables. ``load_mapping`` reads one by name or path."""

    id: str = Field(pattern=r"^[a-z0-9_]+$")
    title: str
    notes: str | None = None
    institution: str | None = Field(None, description="The bank, for files that do not name it.")
    zone_offset: str | None = Field(None, pattern=r"^[+-]\d{2}:\d{2}$", description="Default: the jurisdiction's.")
    files: tuple[FileEntry, ...] = Field(min_length=1)
    folder: Path | None = Field(None, exclude=True, description="Where lists named here lie; set on loading.")

    def entry_for(self, name: str) -> FileEntry | None:
        """The first entry that is about a file of that name, its overrides worked in."""
        for entry in self.files:
            if entry.concerns(name):
                return entry.for_file(name)
        return None


def load_mapping(name: str | Path | Mapping) -> Mapping:
    """A mapping by shipped name, by path of a YAML file, or as it is."""
    from amlscreen.shipped import shipped_files
    from amlscreen.yaml_file import read_model

    if isinstance(name, Mapping):
        return name
    path = Path(name)
    if path.suffix not in {".yml", ".yaml"}:
        shipped = {file.stem: file for file in shipped_files("mappings", "*.yml")}
        if str(name) not in shipped:
            raise SettingsError(f"There is no mapping '{name}'.", fix=did_you_mean(str(name), shipped))
        path = shipped[str(name)]
    return read_model(Mapping, path).model_copy(update={"folder": path.parent})


def _matches(name: str, pattern: str) -> bool:
    names = {name.casefold(), name.casefold().rpartition("!")[2]}
    names |= {each.rpartition("/")[2] for each in names}
    return any(fnmatch.fnmatchcase(each, pattern.casefold()) for each in names)


def _check_columns(table: str, columns: MappingOf[str, ColumnSpec]) -> None:
    for name, spec in columns.items():
        if name not in TABLES[table].names:
            raise ValueError(f"'{name}' is no column of {table}. {did_you_mean(name, TABLES[table].names)}")
        column = TABLES[table].column(name)
        option = spec.misplaced(column.type)
        if option:
            raise ValueError(f"`{option}` does not fit {name}, which holds {column.type}")
        if option is None and (spec.sign or spec.debit) and name != "amount":
            raise ValueError(f"`{'sign' if spec.sign else 'debit'}` fits only the amount of transactions, not {name}")
        wrong = [word for word in (spec.codes or {}).values() if column.allowed and word not in column.allowed]
        wrong += [
            word for word in (spec.otherwise, spec.constant) if word and column.allowed and word not in column.allowed
        ]
        if wrong:
            raise ValueError(f"'{wrong[0]}' is no value of {name}. {did_you_mean(wrong[0], column.allowed)}")
