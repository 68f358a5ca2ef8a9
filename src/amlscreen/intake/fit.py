"""Whether a mapping fits the file it meets: every column named is there, every required one is filled."""

from __future__ import annotations

import csv
from collections.abc import Iterable, Mapping
from pathlib import Path

from amlscreen.errors import DataError, Place, did_you_mean
from amlscreen.intake.column_spec import ColumnSpec
from amlscreen.intake.identity import unmapped_required
from amlscreen.intake.mapping import FileEntry, Pooled

__all__ = ["check_fit", "listed_pooled", "unused_columns"]


def check_fit(
    file: str, entry: FileEntry, columns: Mapping[str, ColumnSpec], found: Iterable[str], *, institution: bool
) -> None:
    """DataError if the mapping names a column the file does not have, or leaves a required one unfilled."""
    place, known = Place(file), list(found)
    named = [(name, source) for name, spec in columns.items() for source in spec.columns]
    for name, source in [*named, *(("only", source) for source in entry.only)]:
        if source not in known:
            message = f"has no column '{source}', which the mapping names for {name}."
            raise DataError(message, place=place, fix=did_you_mean(source, known))
    have = set(columns)
    amount = columns.get("amount")
    if amount is not None and (amount.sign or amount.debit):
        have.add("direction")
    missing = unmapped_required(entry.table, have, institution=institution)
    if missing:
        raise DataError(
            f"nothing fills {', '.join(missing)} of {entry.table}. Found columns: {', '.join(known)}.",
            place=place,
            fix="Map a column or state a constant.",
        )


def unused_columns(entry: FileEntry, columns: Mapping[str, ColumnSpec], found: Iterable[str]) -> list[str]:
    """The file's columns that nothing takes and nobody said to ignore."""
    used = {source for spec in columns.values() for source in spec.columns} | set(entry.ignore) | set(entry.only)
    for leg in entry.legs:
        used |= {source for spec in leg.values() for source in spec.columns}
    return [name for name in found if name not in used]


def listed_pooled(pooled: Pooled, folder: Path | None) -> dict[str, list[str]]:
    """The exact values of the pooled list, by column; DataError if it cannot be read or names another column."""
    if pooled.file is None:
        return {}
    path = (folder or Path()) / pooled.file
    try:
        with path.open(encoding="utf-8-sig", newline="") as lines:
            rows = list(csv.DictReader(lines))
    except (OSError, UnicodeDecodeError, csv.Error) as problem:
        raise DataError(f"cannot be read: {problem}.", place=Place(str(path)), fix="Save it as UTF-8 CSV.") from problem
    allowed = [name for name in Pooled.model_fields if name != "file"]
    listed: dict[str, list[str]] = {}
    for row in rows:
        for name, value in row.items():
            if name not in allowed:
                fix = did_you_mean(str(name), allowed)
                raise DataError(f"'{name}' is no column of a pooled list.", place=Place(str(path), 1), fix=fix)
            if value and value.strip():
                listed.setdefault(name, []).append(value)
    return listed
