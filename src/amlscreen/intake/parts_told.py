"""Parts as plain values and back: what a later night must know of the files of an earlier one."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import asdict, replace
from functools import partial
from pathlib import Path
from typing import Any

from pydantic import TypeAdapter

from amlscreen.intake.column_spec import ColumnSpec
from amlscreen.intake.conform import Check
from amlscreen.intake.mapping import FileEntry
from amlscreen.intake.noticed import Noticed
from amlscreen.intake.part import Part
from amlscreen.intake.readers.raw import LineCount, RawFile, RejectedRow, Statement
from amlscreen.intake.source import SourceFile

__all__ = ["part_of", "told", "told_apart"]

_PLAIN = ("file_no", "table", "first_row", "leg", "piece", "only_days", "needs_ids", "excluded", "warnings")
_PLAIN_OF_FILE = ("typed", "records", "sha256", "bytes", "encoding", "separator", "format")


def told(part: Part, lines: Mapping[int, int], night: int) -> dict[str, Any]:
    """Values that JSON knows; ``lines`` are those of the records that stand aside, ``night`` is tonight's number."""
    raw = part.raw
    return {
        **{name: getattr(part, name) for name in _PLAIN},
        "night": part.earlier or night,
        "columns": {name: spec.model_dump(mode="json", by_alias=True) for name, spec in part.columns.items()},
        "noticed": [asdict(each) for each in part.noticed],
        "checks": [asdict(each) for each in part.checks],
        "lines": sorted(lines.items()),
        "file": {
            **{name: getattr(raw, name) for name in _PLAIN_OF_FILE},
            "name": raw.source.name,
            "columns": list(raw.columns),
            "rejected": [asdict(each) for each in raw.rejected],
            "lines": asdict(raw.lines),
            "warnings": list(raw.warnings),
            "statements": TypeAdapter(tuple[Statement, ...]).dump_python(raw.statements, mode="json"),
        },
    }


def part_of(values: Mapping[str, Any]) -> Part:
    """The part of an earlier night."""
    file = values["file"]
    raw = RawFile(
        source=SourceFile(Path(file["name"]), None, file["name"]),
        columns=tuple(file["columns"]),
        relation="",
        rejected=TypeAdapter(tuple[RejectedRow, ...]).validate_python(file["rejected"]),
        lines=LineCount(**file["lines"]),
        warnings=tuple(file["warnings"]),
        find_lines=partial(_lines_of, dict(values["lines"])),
        statements=TypeAdapter(tuple[Statement, ...]).validate_python(file["statements"]),
        **{name: file[name] for name in _PLAIN_OF_FILE},
    )
    return Part(
        raw=raw,
        entry=FileEntry(match=file["name"], table=values["table"]),
        columns={name: ColumnSpec.model_validate(spec) for name, spec in values["columns"].items()},
        relation="",
        earlier=values["night"],
        noticed=[Noticed(**each) for each in values["noticed"]],
        checks=[Check(**each) for each in values["checks"]],
        **{name: values[name] for name in _PLAIN},
    )


def told_apart(parts: Sequence[Part]) -> None:
    """Files of earlier nights that share their name with another night's are told apart by the night."""
    nights: dict[str, set[int]] = {}
    for part in parts:
        nights.setdefault(part.raw.source.name, set()).add(part.earlier)
    for part in parts:
        if part.earlier and len(nights[part.raw.source.name]) > 1:
            source = replace(part.raw.source, name=f"{part.raw.source.name} (night {part.earlier})")
            part.raw = replace(part.raw, source=source)


def _lines_of(lines: Mapping[int, int], records: Any) -> dict[int, int]:
    return {record: lines[record] for record in records if record in lines}
