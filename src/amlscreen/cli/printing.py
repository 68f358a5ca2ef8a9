"""Tables on stdout: ruled for people on a terminal, tab-separated for the next program in a pipe."""

from __future__ import annotations

import shutil
import sys
import textwrap
from collections.abc import Collection, Iterable, Mapping, Sequence
from typing import Any

import click

__all__ = ["print_paragraph", "print_table"]

_PIPE_WIDTH = 100
_WIDEST = 120


def print_table(
    columns: Sequence[str], rows: Iterable[Mapping[str, Any]], *, title: str = "", right: Collection[str] = ()
) -> None:
    """The named columns of the rows; a missing value is an empty cell."""
    cells = [["" if row[name] is None else str(row[name]) for name in columns] for row in rows]
    if not sys.stdout.isatty():
        if title:
            click.echo(f"# {title}")
        for line in (list(columns), *cells):
            click.echo("\t".join(" ".join(cell.split()) for cell in line))
        return
    from rich import box
    from rich.console import Console
    from rich.table import Table
    from rich.text import Text

    table = Table(box=box.SIMPLE_HEAD, pad_edge=False, title=title or None, title_justify="left")
    for name in columns:
        table.add_column(name, justify="right" if name in right else "left")
    for line in cells:
        table.add_row(*map(Text, line))
    Console().print(table)


def print_paragraph(text: str, *, indent: str = "", hanging: int = 0) -> None:
    """A paragraph that fits the terminal, each line indented, those after the first by ``hanging`` more."""
    width = min(shutil.get_terminal_size((_PIPE_WIDTH, 24)).columns, _WIDEST)
    click.echo(
        textwrap.fill(
            text,
            width,
            initial_indent=indent,
            subsequent_indent=indent + " " * hanging,
            break_long_words=False,
            replace_whitespace=False,
        )
    )
