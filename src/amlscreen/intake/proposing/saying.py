"""What may be said of files in comments and messages: never what a cell says of a person or how much money moved."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence

from amlscreen.intake.proposing.proposal import FileProposal
from amlscreen.intake.proposing.words import named
from amlscreen.intake.quarantine import masked
from amlscreen.schema import TABLES

__all__ = ["hides", "unquoted"]

_SHORTEST = 4
_OPEN = frozenset(
    {"currency", "channel", "direction", "kind", "status", "institution", "country", "province", "purpose"}
)


def hides(table: str, column: str) -> bool:
    """Whether values of a canonical column are masked where masking is asked for: all but days, codes and flags."""
    if column in _OPEN:
        return False
    known = {each.name: each for each in TABLES[table].columns} if table in TABLES else {}
    return column not in known or known[column].personal or known[column].type in ("text", "money", "decimal", "whole")


def unquoted(text: str, files: Iterable[FileProposal]) -> str:
    """The text with every cell masked that it quotes from a column which may hold names, numbers or amounts."""
    words = sorted({cell for file in files for cell in _cells(file, text)}, key=len, reverse=True)
    for word in words:
        text = re.sub(rf"(?<!\w){re.escape(word)}(?!\w)", lambda found: masked(found[0]), text)
    return text


def _cells(file: FileProposal, text: str) -> list[str]:
    """Cells that the text holds, of columns that are not plainly harmless."""
    clear = {source for guess in file.guesses if not hides(file.table, guess.column) for source in guess.spec.columns}
    clear |= {name for name in file.sight.header if any(column in _OPEN for column, _ in named(name)[:1])}
    known = {*file.sight.header, *TABLES.get(file.table, TABLES["transactions"]).names, *TABLES}
    found = []
    for column in _hidden(file.sight.header, clear):
        cells = {cell for cell in file.sight.cells(column) if len(cell) >= _SHORTEST and cell in text}
        found += [cell for cell in cells if cell not in known]
    return found


def _hidden(header: Sequence[str], clear: set[str]) -> list[str]:
    return [column for column in header if column not in clear]
