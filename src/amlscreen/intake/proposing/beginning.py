"""The beginning of a large file of lines, as a file of its own; and of any file's records."""

from __future__ import annotations

import dataclasses
from pathlib import Path

from amlscreen.intake.readers.kind import kind_of
from amlscreen.intake.readers.raw import RawFile
from amlscreen.intake.source import SourceFile

__all__ = ["beginning", "first_records"]

_MOST_BYTES = 4 * 2**20
_LINE_ENDS = (b"\xff\xfe", b"\n\x00"), (b"\xfe\xff", b"\x00\n")


def beginning(file: SourceFile, folder: Path) -> SourceFile | None:
    """A copy of the whole lines within the first 4 MiB, under the same name; None if the file had better be read whole.

    Only plain CSV and JSON lines are cut: what is packed, typed or a statement is read whole.
    """
    if file.member is not None or file.path.stat().st_size <= _MOST_BYTES:
        return None
    with file.path.open("rb") as opened:
        head = opened.read(_MOST_BYTES)
    if head[:2] == b"\x1f\x8b" or kind_of(file.name, head) not in {"csv", "jsonl"}:
        return None
    end = next((mark for start, mark in _LINE_ENDS if head.startswith(start)), b"\n")
    at = head.rfind(end)
    while at > 0 and len(end) == 2 and at % 2:
        at = head.rfind(end, 0, at + 1)
    if at <= 0:
        return None
    copy = folder / f"beginning_{file.path.name}"
    copy.write_bytes(head[: at + len(end)])
    return SourceFile(copy, None, file.name)


def first_records(raw: RawFile, most: int) -> RawFile:
    """The file as if it ended after so many records."""
    if raw.records <= most:
        return raw
    rejected = tuple(row for row in raw.rejected if row.record <= most)
    relation = f'SELECT * FROM ({raw.relation}) WHERE "__record" <= {most}'
    return dataclasses.replace(raw, records=most, rejected=rejected, relation=relation)
