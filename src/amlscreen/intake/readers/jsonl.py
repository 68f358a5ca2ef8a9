"""JSON lines as a relation: one object per line, every value as the text that stands in the file."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

from amlscreen.errors import DataError, Place
from amlscreen.intake.readers.names import column_names
from amlscreen.intake.readers.raw import BLANK, RawFile, RejectedRow, shown
from amlscreen.intake.readers.settled import as_raw_file, settle
from amlscreen.intake.readers.staged import Rejected, Staged, StageWriter, staged_places
from amlscreen.intake.readers.task import Task
from amlscreen.intake.readers.text import Text, as_utf8

__all__ = ["read_jsonl_file"]

_MOST_REJECTED = 200_000
_MOST_COLUMNS = 5000


class _BadLine(Exception):
    """A line that is no record; its argument is the reason."""


class _Number(str):
    """A number as it stands in the file."""

    __slots__ = ()


def _once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) != len(pairs):
        raise _BadLine("repeated_key")
    return found


_DECODER = json.JSONDecoder(parse_float=_Number, parse_int=_Number, parse_constant=_Number, object_pairs_hook=_once)


@dataclass(slots=True)
class _Count:
    lines: int = 0
    blank: int = 0
    place: int = 0
    rejected: list[Rejected] = field(default_factory=list)


def read_jsonl_file(task: Task) -> RawFile:
    """Every object a record; its columns are the keys in the order they first occur. A nested value stays JSON."""
    text = as_utf8(task.content, task.layout, workspace=task.workspace)
    keys: dict[str, int] = {}
    for _, record in _records(task, text, _Count()):
        for key in record:
            keys.setdefault(key, len(keys))
        if len(keys) > _MOST_COLUMNS:
            raise DataError(f"has more than {_MOST_COLUMNS} different keys.", place=task.place)
    if not keys:
        raise DataError("holds no JSON object.", place=task.place, fix="Write one JSON object per line.")
    names, warnings = column_names(tuple(keys))
    count = _Count()
    with StageWriter(task.target, names) as stage:
        for line, record in _records(task, text, count):
            stage.add(count.place, line, 1, [record.get(key) for key in keys])
        rows = stage.total
    staged = Staged(task.target, names, rows, tuple(count.rejected), (), staged_places(task.target))
    return as_raw_file(
        task,
        settle(task, staged),
        names,
        total=count.lines,
        header=0,
        blank=count.blank,
        kind="jsonl",
        encoding=text.encoding,
        warnings=(*text.warnings, *warnings),
    )


def _records(task: Task, text: Text, count: _Count) -> Iterator[tuple[int, dict[str, str | None]]]:
    """Each line that is an object, with its number; the others are counted as blank or rejected."""
    longest = 64 * task.settings.largest_field
    with text.path.open(encoding="utf-8", newline="\n") as handle:
        handle.seek(text.start)
        while line := handle.readline(longest):
            count.lines += 1
            if len(line) >= longest:
                raise DataError("holds a line beyond all measure.", place=Place(task.source.name, count.lines))
            if not line.strip(BLANK + "\r\n"):
                count.blank += 1
                continue
            count.place += 1
            try:
                if count.lines in text.undecodable:
                    raise _BadLine("bad_encoding")
                yield count.lines, _record(line, task, count.lines)
            except _BadLine as problem:
                row = RejectedRow(count.place, count.lines, str(problem), None, shown(line))
                count.rejected.append(Rejected(row, 1, ""))
            if len(count.rejected) > _MOST_REJECTED:
                raise DataError(
                    f"more than {_MOST_REJECTED} lines are no JSON objects.",
                    place=Place(task.source.name, count.rejected[0].row.line),
                )


def _record(line: str, task: Task, number: int) -> dict[str, str | None]:
    try:
        record = _DECODER.decode(line)
        if not isinstance(record, dict):
            raise _BadLine("not_an_object")
        cells = {key: _as_text(value) for key, value in record.items()}
        if "\\u" in line:
            "".join(cell for pair in cells.items() for cell in pair if cell).encode()  # a lone surrogate is no text
    except UnicodeError:
        raise _BadLine("bad_encoding") from None
    except (ValueError, RecursionError):
        raise _BadLine("bad_json") from None
    largest = task.settings.largest_field
    if len(line) > largest and any(len(cell or "") > largest for cell in cells.values()):
        raise DataError(
            f"holds a value of more than {largest} characters.",
            place=Place(task.source.name, number),
            fix="Raise the setting largest_field if that is right.",
        )
    return cells


def _as_text(value: Any) -> str | None:
    if value is None or isinstance(value, str):
        return value
    return _as_json(value)


def _as_json(value: Any) -> str:
    """A value as JSON again, its numbers as they stood in the file."""
    if isinstance(value, _Number):
        return str(value)
    if isinstance(value, dict):
        return (
            "{"
            + ", ".join(f"{json.dumps(key, ensure_ascii=False)}: {_as_json(item)}" for key, item in value.items())
            + "}"
        )
    if isinstance(value, list):
        return "[" + ", ".join(map(_as_json, value)) + "]"
    return json.dumps(value, ensure_ascii=False)
