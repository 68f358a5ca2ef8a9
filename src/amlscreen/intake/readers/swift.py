"""SWIFT statements (MT940, MT942, MT950) and payment messages (MT103, MT202) as entries.

Streamed: a file is cut into pieces, pieces into fields, and entries are written some thousand at a time.
"""

from __future__ import annotations

from amlscreen.errors import DataError, Place
from amlscreen.intake.readers.entries import EntryWriter, as_entries
from amlscreen.intake.readers.raw import RawFile
from amlscreen.intake.readers.swift_fields import cut, pieces
from amlscreen.intake.readers.swift_ids import only_unique
from amlscreen.intake.readers.swift_messages import Messages
from amlscreen.intake.readers.swift_quick import quick
from amlscreen.intake.readers.task import Task
from amlscreen.intake.readers.text import as_utf8

__all__ = ["read_swift_file"]


def read_swift_file(task: Task) -> RawFile:
    """Every booking a record. DataError if the file holds only messages that carry no bookings."""
    text = as_utf8(task.content, task.layout, workspace=task.workspace)
    name, largest = task.source.name, task.settings.largest_field
    with EntryWriter(task) as entries:
        messages = Messages(entries, text.undecodable)
        before = ""
        for piece in pieces(text.path, text.start, largest=largest, name=name):
            found = None if messages.in_payment else quick(piece, before)
            if found is not None:
                messages.take_quick(found, closes=piece.closes)
                before = found.after
                continue
            fields = cut(piece, before, payment=messages.in_payment)
            messages.take(fields, closes=piece.closes)
            before = fields.after
        messages.close()
    if not messages.statements and not messages.payments:
        raise _nothing(name, messages)
    late = next((each for each in messages.statements if each.late), None)
    if late is not None:
        raise DataError(
            "gives the currency of a statement only after its entries.",
            place=Place(name, late.line),
            fix="Export it with its opening balance (:60F: or :60M:), or split the file.",
        )
    only_unique(task, entries)
    return as_entries(
        task,
        entries,
        kind="swift_mt",
        statements=messages.told(),
        encoding=text.encoding,
        warnings=(*text.warnings, *messages.warnings()),
    )


def _nothing(name: str, messages: Messages) -> DataError:
    others = ", ".join(f"MT{kind}" for kind in sorted(messages.others) if kind)
    if others:
        return DataError(
            f"holds SWIFT messages that carry no bookings this program reads ({others}).",
            place=Place(name),
            fix="Give statements (MT940, MT942, MT950) or payments (MT103, MT202).",
        )
    return DataError(
        "begins like a SWIFT message but holds no statement and no payment.", place=Place(name), fix="Export it again."
    )
