"""A mapping says how one bank's export becomes the canonical tables. It is a YAML file, checked before it is used."""

from __future__ import annotations

import fnmatch
from collections.abc import Mapping as MappingOf
from pathlib import Path
from typing import Any, Literal

from pydantic import BaseModel, ConfigDict, Field, ValidationError, model_validator

from amlscreen.errors import SettingsError, did_you_mean
from amlscreen.intake.column_spec import ColumnSpec
from amlscreen.intake.conditions import Conditions, Patterns
from amlscreen.intake.layout import Layout
from amlscreen.intake.splitting import Split
from amlscreen.schema import TABLES

__all__ = ["FileEntry", "Leg", "Mapping", "Override", "Pooled", "load_mapping"]

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
    "listed",
]
_POOLED_BY = ("counterparty", "counterparty_account", "counterparty_name", "counterparty_phone", "narrative")


class _Strict(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class Pooled(_Strict):
    """Counterparties that stand for many people: regular expressions by column, and a CSV list of exact values."""

    counterparty: Patterns = ()
    counterparty_account: Patterns = ()
    counterparty_name: Patterns = ()
    counterparty_phone: Patterns = ()
    narrative: Patterns = ()
    file: str | None = Field(None, description="A CSV file beside the mapping; its header names the columns above.")

    @property
    def patterns(self) -> dict[str, tuple[str, ...]]:
        """The regular expressions by column, where there are any."""
        return {name: getattr(self, name) for name in _POOLED_BY if getattr(self, name)}


class Leg(_Strict):
    """One row of a record that holds several: the columns that differ, and when the row exists at all.

    The columns stand beside the conditions: ``{account_id: src, direction: {constant: debit}, unless: {src: [CASH]}}``.
    """

    columns: dict[str, ColumnSpec] = {}
    only: Conditions = Field({}, description="The row exists only if these file columns hold one of these values.")
    unless: Conditions = Field({}, description="The row does not exist if a file column holds one of these values.")

    @model_validator(mode="before")
    @classmethod
    def _columns_stand_beside_the_conditions(cls, value: Any) -> Any:
        if not isinstance(value, dict) or isinstance(value.get("columns"), dict):
            return value
        apart = {name: value[name] for name in ("only", "unless") if name in value}
        return {**apart, "columns": {name: each for name, each in value.items() if name not in apart}}


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
    legs: tuple[Leg, ...] = Field(
        (),
        description="For records that are several rows: one leg for each booking, or for each column with a holder.",
    )
    split: Split | None = Field(
        None, description="For cells that hold several things, such as joint holders: a row for each part."
    )
    only: Conditions = Field(
        {},
        description="Records count only if these file columns hold one of these values, or {pattern: an expression}; "
        "others are excluded, counted.",
    )
    unless: Conditions = Field({}, description="Records do not count if a file column holds one of these values.")
    empty: tuple[str, ...] = Field((), description="Texts that mean nothing was recorded, for example '-' or 'NULL'.")
    pooled: Pooled = Pooled()
    ignore: tuple[str, ...] = Field((), description="File columns that are known and not wanted.")
    overrides: tuple[Override, ...] = ()

    @model_validator(mode="after")
    def _columns_are_canonical(self) -> FileEntry:
        if self.split and self.table == "transactions":
            raise ValueError("`split` makes rows of the parts of a cell; a booking is one, so transactions have none")
        legs = [leg.columns for leg in self.legs]
        for columns in (self.columns, *legs, *(override.columns for override in self.overrides)):
            _check_columns(self.table, columns)
        for override in self.overrides:
            try:
                self._laid_out(override)
            except ValidationError as problem:
                first = problem.errors()[0]
                said = first["msg"].removeprefix("Value error, ")
                raise ValueError(f"layout of '{override.match}': {'.'.join(map(str, first['loc']))}: {said}") from None
        return self

    def concerns(self, name: str) -> bool:
        """Whether this entry is about a file of that name."""
        return _matches(name, self.match)

    def for_file(self, name: str) -> FileEntry:
        """The entry with the overrides for that file worked in."""
        entry = self
        for override in self.overrides:
            if _matches(name, override.match):
                columns = {**entry.columns, **override.columns}
                entry = entry.model_copy(update={"layout": entry._laid_out(override), "columns": columns})
        return entry

    def _laid_out(self, override: Override) -> Layout:
        return Layout.model_validate({**self.layout.model_dump(exclude_unset=True), **override.layout})


class Mapping(_Strict):
    """How one bank's export becomes the canonical tables. ``load_mapping`` reads one by name or path."""

    id: str = Field(pattern=r"^[a-z0-9_]+$")
    title: str
    notes: str | None = None
    institution: str | None = Field(None, description="The bank, for files that do not name it.")
    zone_offset: str | None = Field(None, pattern=r"^[+-]\d{2}:\d{2}$", description="Default: the jurisdiction's.")
    files: tuple[FileEntry, ...] = Field(
        min_length=1,
        description="In order: a file takes the first entry whose `match` fits, and all with that same `match`.",
    )
    ignore: tuple[str, ...] = Field((), description="Globs of files that are known and not wanted.")
    folder: Path | None = Field(None, exclude=True, description="Where lists named here lie; set on loading.")

    @model_validator(mode="after")
    def _entries_that_match_alike_agree(self) -> Mapping:
        first: dict[str, FileEntry] = {}
        seen: set[tuple[str, str]] = set()
        for entry in self.files:
            match = entry.match.casefold()
            if (match, entry.table) in seen:
                raise ValueError(f"two entries match '{entry.match}' and fill {entry.table}; write one, with `legs`")
            seen.add((match, entry.table))
            before = first.setdefault(match, entry)
            other = entry.layout not in (Layout(), before.layout) or any(each.layout for each in entry.overrides)
            if before is not entry and other:
                raise ValueError(f"two entries match '{entry.match}'; state the layout in the first, it holds for both")
        return self

    def ignores(self, name: str) -> bool:
        """Whether a file of that name is known and not wanted."""
        return any(_matches(name, pattern) for pattern in self.ignore)

    def entries_for(self, name: str) -> tuple[FileEntry, ...]:
        """The first entry that is about a file of that name and those with the same ``match``, overrides worked in."""
        first = next((entry for entry in self.files if entry.concerns(name)), None)
        alike = [entry for entry in self.files if first and entry.match.casefold() == first.match.casefold()]
        return tuple(entry.for_file(name) for entry in alike)


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
        if len(spec.source) > spec.most_sources(column.type):
            raise ValueError(f"{name} cannot be made from {len(spec.source)} columns")
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
