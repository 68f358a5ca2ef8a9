"""A CSV file that is ready to be cut: its text in UTF-8, its dialect, and what its bytes say about its lines."""

from __future__ import annotations

from dataclasses import dataclass

from amlscreen.errors import DataError, Place
from amlscreen.intake.readers.dialect import Dialect, find_dialect
from amlscreen.intake.readers.lines import Survey, survey
from amlscreen.intake.readers.task import Task
from amlscreen.intake.readers.text import Text, as_utf8

__all__ = ["CsvText", "open_csv"]

_HEAD = 512 * 2**10
_LONGEST_LINE = 64 * 2**20


@dataclass(frozen=True, slots=True)
class CsvText:
    """A file to cut; its first record begins at byte ``start`` of ``text.path``."""

    task: Task
    text: Text
    dialect: Dialect
    start: int
    seen: Survey


def open_csv(task: Task) -> CsvText:
    """Find out how a CSV file is written; DataError if it is no text, or has a line beyond all measure."""
    text = as_utf8(task.content, task.layout, workspace=task.workspace)
    dialect = find_dialect(_head(text), task.layout, task.place)
    start = text.start + len(dialect.prefix.encode())
    seen = survey(text.path, start, task.layout.quote, dialect.separator)
    if seen.longest > max(_LONGEST_LINE, 4 * task.settings.largest_field):
        raise DataError(
            f"holds a line of {seen.longest} bytes.",
            place=Place(task.source.name, dialect.before + seen.longest_line),
            fix="See whether it is a text file with lines; or raise the setting largest_field.",
        )
    return CsvText(task, text, dialect, start, seen)


def _head(text: Text) -> str:
    """The first lines of a file, whole unless one is longer than anything that could be told from it."""
    with text.path.open("rb") as handle:
        handle.seek(text.start)
        head = handle.read(_HEAD)
        more = bool(handle.read(1))
    cut = head.rfind(b"\n") + 1 if more else len(head)
    return head[: cut or len(head)].decode("utf-8", errors="ignore")
