"""Reading QIF: the bookings of bank, cash, card, investment and other accounts, line by line."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator

from amlscreen.errors import DataError, Place
from amlscreen.intake.readers.entries import EntryWriter, as_entries
from amlscreen.intake.readers.qif_records import Reading
from amlscreen.intake.readers.qif_values import habits_of
from amlscreen.intake.readers.raw import RawFile
from amlscreen.intake.readers.task import Task
from amlscreen.intake.readers.text import Text, as_utf8

__all__ = ["read_qif_file"]


def read_qif_file(task: Task) -> RawFile:
    """Every booking; DataError where the file does not tell whether day or month comes first.

    The balance an account began with and transactions in securities have status INFO. QIF names no currency and no
    bank, and no account where there is no ``!Account`` list.
    """
    text = as_utf8(task.content, task.layout, workspace=task.workspace)
    longest = task.settings.largest_field
    habits = habits_of(_lines(text, task.place, longest), day_first=task.layout.day_first, place=task.place)
    with EntryWriter(task) as writer:
        reading = Reading(writer, habits, text.undecodable, task.place)
        for number, line in _lines(text, task.place, longest):
            reading.take(number, line)
        reading.finish()
    warnings = [*text.warnings, *_noticed(reading.seen)]
    return as_entries(
        task, writer, kind="qif", statements=reading.statements, encoding=text.encoding, warnings=warnings
    )


def _noticed(seen: Counter[str]) -> list[str]:
    told = {
        "no account": "entries belong to no named account; state `account_id: {constant: ...}` in the mapping.",
        "info": "entries are opening balances or transactions in securities; they have status INFO and are left out, "
        "unless the mapping has conditions of its own.",
        "without money": "movements of securities without an amount of money were left out.",
        "listed": "records of lists (categories, securities, memorised payments) are no bookings.",
        "codes": "lines have a code that QIF does not know and were left out.",
    }
    lines = [f"{seen[what]:,} {sentence}" for what, sentence in told.items() if seen[what]]
    return [*lines, "names no currency, so the home currency is taken unless the mapping states one."]


def _lines(text: Text, place: Place, longest: int) -> Iterator[tuple[int, str]]:
    """The lines that hold anything, with their numbers."""
    number = 0
    with text.path.open(encoding="utf-8", newline=None) as handle:
        handle.seek(text.start)
        while line := handle.readline(longest + 1):
            number += 1
            if len(line) > longest:
                raise DataError(f"a line has more than {longest:,} characters.", place=Place(place.file, number))
            if line := line.strip("\ufeff \t\r\n\x1a\x00"):
                yield number, line
