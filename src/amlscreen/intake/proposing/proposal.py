"""What looking at unknown files gives: what each looks like, what its columns seem to mean, and what stays unsure.

A :class:`Proposal` always holds a mapping that can be used as it is: every doubt is settled by its likeliest choice
until somebody answers it.
"""

from __future__ import annotations

from collections.abc import Mapping as MappingOf
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import Any, Literal

from amlscreen.intake.column_spec import ColumnSpec
from amlscreen.intake.conditions import Held
from amlscreen.intake.layout import Format, Layout
from amlscreen.intake.mapping import Mapping, TableName

__all__ = ["Choice", "Doubt", "FileProposal", "Guess", "Patch", "Proposal", "Sight"]

FileFormat = Format | Literal["html"]


@dataclass(frozen=True, slots=True)
class Sight:
    """What one file looks like before anything is said of its meaning.

    ``layout`` states what reading it needs, and only that. ``header`` are the column names as reading gives them, made
    up ones where the file has none; ``rows`` the first three thousand records, as text, each as long as the header;
    ``footer`` the first filled cells of rows that are no records; ``line_of_header`` the physical line (row of a sheet)
    of the header, from 1, or of the first record where there is no header; ``preamble`` the rows above it; ``whole``
    whether every record was looked at. Statement formats, which need no mapping, have neither header nor rows.
    """

    name: str
    format: FileFormat
    encoding: str | None
    separator: str | None
    layout: Layout
    header: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    footer: tuple[str, ...]
    line_of_header: int
    preamble: tuple[tuple[str, ...], ...] = ()
    whole: bool = True

    @property
    def needs_mapping(self) -> bool:
        """Whether its columns must be told; a statement or payment format says itself what it holds."""
        return self.format not in ("swift_mt", "iso20022", "ofx", "qif")

    def cells(self, column: str) -> tuple[str, ...]:
        """The cells of one column in the records looked at, trimmed; KeyError if there is no such column."""
        if column not in self.header:
            raise KeyError(column)
        at = self.header.index(column)
        return tuple(row[at].strip() for row in self.rows)


@dataclass(frozen=True, slots=True)
class Guess:
    """What one canonical column is made from. ``reason`` is a clause such as "its name, and every cell is a date"."""

    column: str
    spec: ColumnSpec
    sure: bool
    reason: str


@dataclass(frozen=True, slots=True)
class Patch:
    """What a choice changes in a file's entry.

    ``layout`` replaces single settings of the layout; ``columns`` single columns, where None takes the column out;
    ``unless`` single conditions, likewise; ``table`` says the file fills another table, or none at all
    (""); ``institution`` is the mapping's.
    """

    layout: MappingOf[str, Any] = field(default_factory=lambda: MappingProxyType({}))
    columns: MappingOf[str, ColumnSpec | None] = field(default_factory=lambda: MappingProxyType({}))
    unless: MappingOf[str, Held | None] = field(default_factory=lambda: MappingProxyType({}))
    table: TableName | Literal[""] | None = None
    institution: str | None = None


@dataclass(frozen=True, slots=True)
class Choice:
    """One answer to a doubt: how to say it, and what it changes."""

    label: str
    change: Patch = Patch()


@dataclass(frozen=True, slots=True)
class Doubt:
    """What cannot be known from the file. ``about`` is a canonical column, ``layout``, ``records`` or ``table``.

    ``chosen`` is the choice that the mapping follows now. ``table`` tells which entry of the file is meant.
    """

    file: str
    about: str
    question: str
    choices: tuple[Choice, ...]
    chosen: int
    table: str = "transactions"


@dataclass(frozen=True, slots=True)
class FileProposal:
    """One file, one table it fills: ``guesses`` by canonical column, the file's columns nothing uses, and the doubts.

    A file that fills two tables has two of these. ``table`` is "" for a file that seems to hold nothing of use.
    """

    sight: Sight
    table: TableName | Literal[""]
    guesses: tuple[Guess, ...]
    unused: tuple[str, ...]
    doubts: tuple[Doubt, ...]


@dataclass(frozen=True, slots=True)
class Proposal:
    """The proposed mapping, file by file why, every doubt, and the files that could not be looked at.

    ``refused`` holds the clear sentence for each file that is no table. ``mapping`` holds under any answers.
    """

    mapping: Mapping
    files: tuple[FileProposal, ...]
    doubts: tuple[Doubt, ...]
    refused: tuple[str, ...] = ()

    def answered(self, doubt_index: int, choice_index: int) -> Proposal:
        """The proposal with one doubt settled as that choice says; IndexError if there is no such doubt or choice."""
        from amlscreen.intake.proposing.answers import answered

        return answered(self, doubt_index, choice_index)
