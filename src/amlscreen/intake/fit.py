"""Whether a mapping fits the file it meets: every column named is there, every required one is filled."""

from __future__ import annotations

import csv
from collections.abc import Mapping, Sequence
from pathlib import Path

from amlscreen.errors import DataError, Place, did_you_mean
from amlscreen.intake.identity import unmapped_required
from amlscreen.intake.mapping import Pooled
from amlscreen.intake.part import Part
from amlscreen.intake.readers.raw import RawFile

__all__ = ["check_fit", "listed_pooled", "unused_columns"]

_NO_BANK = "Say which bank it comes from: --institution CODE, or `institution` in the settings or the mapping."


def check_fit(part: Part, types: Mapping[str, str], *, institution: bool) -> None:
    """DataError if the mapping names a column the file lacks or cannot use, or leaves a required one unfilled."""
    place, table, columns = Place(part.raw.source.name), part.table, part.columns
    named = [(name, source) for name, spec in columns.items() for source in spec.columns]
    for name, source in [*named, *(("a condition", source) for source in part.conditions)]:
        if source not in types:
            message = f"has no column '{source}', which the mapping names for {name}."
            raise DataError(message, place=place, fix=did_you_mean(source, types))
    for name, spec in columns.items():
        kind = types[spec.source[0]] if spec.days_since or spec.find else ""
        if spec.find and kind != "VARCHAR":
            message = f"column '{spec.source[0]}' holds {kind}, so `find` does not fit {name}."
            raise DataError(message, place=place, fix="It looks into texts only; leave it out.")
        if kind == "DATE" or kind.startswith("TIMESTAMP"):
            message = f"column '{spec.source[0]}' holds days already, so `days_since` does not fit {name}."
            raise DataError(message, place=place, fix="Leave it out.")
    amount = columns.get("amount")
    tells_side = amount is not None and bool(amount.sign or amount.debit)
    if tells_side and "direction" in columns and table == "transactions":
        message = "the mapping tells the direction twice: by the amount and by the column direction."
        raise DataError(message, place=place, fix="Leave out `direction`, or `sign` where another column tells it.")
    missing = unmapped_required(table, {*columns, *(["direction"] if tells_side else [])}, institution=institution)
    if missing:
        raise DataError(
            f"nothing fills {', '.join(missing)} of {table}. Found columns: {', '.join(types)}.",
            place=place,
            fix=_NO_BANK if missing == ["institution"] else "Map a column or state a constant.",
        )


def unused_columns(parts: Sequence[Part]) -> list[str]:
    """For each file the columns that nothing takes and nobody said to ignore, as warnings."""
    used: dict[int, set[str]] = {}
    files: dict[int, RawFile] = {}
    for part in parts:
        files[id(part.raw)] = part.raw
        taken = {source for spec in part.columns.values() for source in spec.columns}
        split = part.entry.split.columns if part.entry.split else ()
        used.setdefault(id(part.raw), set()).update(taken, part.conditions, part.entry.ignore, split)
    left = {no: [name for name in raw.columns if name not in used[no]] for no, raw in files.items()}
    return [f"{files[no].source.name}: columns not used: {', '.join(names)}." for no, names in left.items() if names]


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
