"""An HTML table as a relation: many a bank's ".xls" is one."""

from __future__ import annotations

from html.parser import HTMLParser

from amlscreen.errors import DataError
from amlscreen.intake.readers.raw import RawFile
from amlscreen.intake.readers.rows import read_rows
from amlscreen.intake.readers.task import Task
from amlscreen.intake.readers.text import Text, as_utf8

__all__ = ["read_html_file", "table_rows"]

_BLOCK = 2**20


class _Tables(HTMLParser):
    """Collects the rows of every table; a table inside a cell is one of its own."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.tables: list[list[list[str]]] = []
        self._open: list[list[list[str]]] = []
        self._cell: list[list[str] | None] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag == "table":
            self.tables.append([])
            self._open.append(self.tables[-1])
            self._cell.append(None)
        elif self._open and tag == "tr":
            self._end_cell()
            self._open[-1].append([])
        elif self._open and tag in ("td", "th"):
            self._end_cell()
            if not self._open[-1]:
                self._open[-1].append([])
            self._cell[-1] = []
        elif tag == "br" and self._cell and self._cell[-1] is not None:
            self._cell[-1].append(" ")

    def handle_endtag(self, tag: str) -> None:
        if not self._open:
            return
        if tag in ("td", "th", "tr", "table"):
            self._end_cell()
        if tag == "table":
            self._open.pop()
            self._cell.pop()

    def handle_data(self, data: str) -> None:
        if self._cell and self._cell[-1] is not None:
            self._cell[-1].append(data)

    def _end_cell(self) -> None:
        cell = self._cell[-1]
        if cell is not None:
            self._open[-1][-1].append(" ".join("".join(cell).split()))
            self._cell[-1] = None


def read_html_file(task: Task) -> RawFile:
    """The table with the most cells; DataError if there is none."""
    rows, text = table_rows(task)
    return read_rows(task, rows, kind="html", encoding=text.encoding, warnings=text.warnings)


def table_rows(task: Task) -> tuple[list[list[str]], Text]:
    """The rows of that table, and the text it stands in."""
    text = as_utf8(task.content, task.layout, workspace=task.workspace)
    parser = _Tables()
    with text.path.open(encoding="utf-8", newline="") as handle:
        while block := handle.read(_BLOCK):
            parser.feed(block)
    parser.close()
    tables = sorted(parser.tables, key=lambda table: -sum(len(row) for row in table))
    if not tables or not tables[0]:
        raise DataError("is a web page without a table.", place=task.place, fix="Export it as CSV or XLSX.")
    return tables[0], text
