"""A file of ISO 20022 messages as entries: camt.052, 053 and 054, pacs.003, 008, 009 and 010, pain.001 and 008."""

from __future__ import annotations

from collections import Counter

from amlscreen.errors import DataError
from amlscreen.intake.readers.entries import EntryWriter, as_entries
from amlscreen.intake.readers.iso_camt import Statements
from amlscreen.intake.readers.iso_payments import Payments
from amlscreen.intake.readers.iso_references import keep_unique_ids
from amlscreen.intake.readers.iso_rows import Rows
from amlscreen.intake.readers.iso_stream import Part, Stream
from amlscreen.intake.readers.raw import RawFile
from amlscreen.intake.readers.task import Task

__all__ = ["read_iso_file"]

_SAID = {
    "joined": "entries with several transactions are one row each: their details' amounts are missing, or do not come "
    "to the entry's amount",
    "contradicted": "entries have one detail whose amount is not theirs; the entry's amount is taken",
    "undated": "entries have no booking day; the value day is taken, for a payment the day its message was made",
    "counts": "statements or messages say another number of entries than they hold",
    "pages": "statements are continued on a further page, which may be another file",
}
_READABLE = "Read are camt.052, 053, 054, pacs.003, 008, 009, 010, pain.001 and 008."


def read_iso_file(task: Task) -> RawFile:
    """Every entry or payment a record, its line where it begins; DataError for what is no message that is read."""
    with EntryWriter(task) as entries:
        parts = _Parts(entries, task)
        encoding = Stream(task.source.name, parts, longest=task.settings.largest_field).read(
            task.content.path, task.layout.encoding
        )
        parts.rows.finish()
    if not parts.messages:
        raise DataError(f"{parts.what()}.", place=task.place, fix=_READABLE)
    keep_unique_ids(task.connection, entries.path)
    return as_entries(
        task,
        entries,
        kind="iso20022",
        statements=parts.statements.done,
        encoding=encoding,
        warnings=parts.warnings(),
    )


class _Parts:
    """Sends each part to where it is understood."""

    def __init__(self, entries: EntryWriter, task: Task) -> None:
        self.rows = Rows(entries, task.source.name)
        self.statements, self.payments = Statements(self.rows), Payments(self.rows)
        self.messages = 0
        self._others: Counter[str] = Counter()

    def begin(self, part: str, name: str) -> None:
        """A part begins; only a message has something to say by that."""
        if part == "message":
            self.messages += 1
            self.statements.message = self.payments.message = name

    def end(self, part: str, values: Part, around: Part, line: int) -> None:
        """A part has ended."""
        if part == "detail":
            self.statements.detail(values)
        elif part == "entry":
            self.statements.entry(around, values, line)
        elif part == "balance":
            self.statements.balance(values)
        elif part == "statement":
            self.statements.end(values, line)
        elif part == "payment":
            self.payments.payment(around, values, line)
        elif part == "header":
            self.payments.header = values
        elif part == "message":
            self._message_ends()

    def _message_ends(self) -> None:
        if self.payments.message.startswith("camt"):
            self.payments.header = {}
        else:
            self.payments.end()

    def other(self, what: str) -> None:
        """A message that is not read."""
        if len(self._others) < 100:
            self._others[what] += 1

    def what(self) -> str:
        """What the file holds instead of messages that are read."""
        if not self._others:
            return "is XML, but holds no message of ISO 20022"
        return f"holds {', '.join(sorted(self._others))}, which tells of no payments to read"

    def warnings(self) -> list[str]:
        """What was odd, with counts."""
        told = self.statements.told + self.payments.told
        said = [f"{told[what]:,} {words}." for what, words in _SAID.items() if told[what]]
        if self._others:
            said.append(f"messages that tell of no payments are left out: {', '.join(sorted(self._others))}.")
        return said
