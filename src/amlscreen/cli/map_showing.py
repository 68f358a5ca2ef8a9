"""What ``amlscreen map`` shows: how each file is laid out, which columns it found, raw rows beside canonical ones."""

from __future__ import annotations

import shutil
import sys
from collections.abc import Collection
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import click

from amlscreen.cli.printing import print_table
from amlscreen.intake.proposing.preview import FilePreview, preview
from amlscreen.intake.proposing.proposal import Doubt, FileProposal, Proposal
from amlscreen.intake.proposing.saying import unquoted
from amlscreen.intake.proposing.side_by_side import asides, lines, proposed_for
from amlscreen.jurisdiction import Jurisdiction
from amlscreen.settings import Settings

__all__ = ["Shown", "show", "show_again", "tell_unsure"]

_ASIDE = 5
_LONGEST = 40
_PIPE_WIDTH = 200
_BESIDE, _PER_ROW = 65, 28  # characters for the names and reasons, and for each row
_LAID_OUT = ("file", "table", "format", "encoding", "separator", "header", "rows", "read", "aside", "left_out")
_NUMBERS = frozenset({"header", "rows", "read", "aside", "left_out", "line", "sum"})


@dataclass(frozen=True, slots=True)
class Shown:
    """What is being looked at, and how much of it is shown."""

    files: tuple[Path, ...]
    jurisdiction: Jurisdiction
    settings: Settings
    rows: int
    values: bool

    @classmethod
    def of(
        cls, files: tuple[Path, ...], jurisdiction: Jurisdiction, settings: Settings, *, rows: int | None, values: bool
    ) -> Shown:
        """As many rows as asked for, else as many as fit the terminal, up to three."""
        wide = (shutil.get_terminal_size((_PIPE_WIDTH, 24)).columns if sys.stdout.isatty() else _PIPE_WIDTH) - _BESIDE
        return cls(files, jurisdiction, settings, max(1, min(3, wide // _PER_ROW)) if rows is None else rows, values)

    def preview(self, proposal: Proposal, only: Collection[str] | None = None) -> tuple[FilePreview, ...]:
        """The files read through the proposal's mapping."""
        return preview(
            self.files, proposal.mapping, self.jurisdiction, self.settings, rows=self.rows, aside=_ASIDE, only=only
        )


def show(proposal: Proposal, shown: Shown) -> None:
    """Everything that was found, file by file."""
    seen = shown.preview(proposal)
    print_table(_LAID_OUT, [_laid_out(each, proposal) for each in seen], title="Files", right=_NUMBERS)
    for each in seen:
        _show_file(each, proposal, shown)
    for sentence in proposal.refused:
        click.echo(f"not used: {unquoted(sentence, proposal.files)}", err=True)


def show_again(proposal: Proposal, shown: Shown, doubt: Doubt) -> None:
    """What an answer changes: the file's rows once more."""
    for each in shown.preview(proposal, {doubt.file} if doubt.file else None):
        if not doubt.file or each.table == doubt.table:
            _show_file(each, proposal, shown)


def tell_unsure(proposal: Proposal, out: Path) -> None:
    """The doubts, on stderr, each with the answer that was taken."""
    if not proposal.doubts:
        return
    count = len(proposal.doubts)
    things = "one thing is" if count == 1 else f"{count} things are"
    click.echo(f"{things} unsure, marked UNSURE in {out}:", err=True)
    for doubt in proposal.doubts:
        taken = f" Taken: {doubt.choices[doubt.chosen].label}." if doubt.choices else ""
        where = f"{doubt.file}: " if doubt.file else ""
        click.echo(f"  - {where}{unquoted(f'{doubt.about}: {doubt.question}{taken}', proposal.files)}", err=True)


def _laid_out(seen: FilePreview, proposal: Proposal) -> dict[str, Any]:
    sight = next((f.sight for f in proposal.files if f.sight.name == seen.file.partition(" (booking ")[0]), None)
    told = sight is not None and sight.needs_mapping
    header = sight.line_of_header if sight and told and sight.layout.header else None
    rows = f"{seen.records:,}" if seen.whole else f"first {seen.records:,}"
    return {
        "file": seen.file,
        "table": seen.table,
        "format": sight.format if sight else None,
        "encoding": sight.encoding if sight else None,
        "separator": {"\t": "tab"}.get(sight.separator or "", sight.separator) if sight else None,
        "header": f"line {header}" if header else "none" if told else None,
        "rows": rows,
        "read": f"{seen.accepted:,}",
        "aside": f"{seen.quarantined:,}",
        "left_out": f"{seen.excluded:,}",
    }


def _show_file(seen: FilePreview, proposal: Proposal, shown: Shown) -> None:
    proposed = proposed_for(seen, proposal.files)
    if seen.refused:
        click.echo(f"{seen.file} cannot be read so: {seen.refused}", err=True)
        return
    _show_columns(seen, proposed, shown)
    apart = [
        {"line": each.line, "column": each.column, "cell": _cut(each.raw), "reason": f"{each.reason}: {each.meaning}"}
        for each in asides(seen, proposed, values=shown.values)
    ]
    if apart:
        print_table(tuple(apart[0]), apart, title=f"{seen.file}: rows that would stand aside", right=_NUMBERS)
    sums = [
        {"currency": currency, "direction": side, "rows": f"{rows:,}", "sum": total}
        for currency, side, rows, total in seen.totals
    ]
    if sums and shown.values:
        of = "control totals" if seen.whole else "control totals of the rows looked at"
        print_table(tuple(sums[0]), sums, title=f"{seen.file}: {of}", right=_NUMBERS)
    for warning in seen.warnings:
        click.echo(warning if warning.startswith(seen.file) else f"{seen.file}: {warning}", err=True)


def _show_columns(seen: FilePreview, proposed: FileProposal | None, shown: Shown) -> None:
    rows = [pair for pair in seen.pairs if pair.reason is None]
    heads = [f"line {pair.line}" for pair in rows]
    table = [
        {
            "column": each.column or "(nothing)",
            "made_from": each.made_from,
            **dict(zip(heads, map(_cell, each.cells), strict=False)),
            "why": unquoted(("" if each.sure else "likely: ") + each.reason, [proposed] if proposed else []),
        }
        for each in lines(seen, proposed, values=shown.values)
    ]
    if table:
        title = f"{seen.file} as {seen.table}: raw → canonical"
        print_table(("column", "made_from", *heads, "why"), table, title=title)


def _cell(pair: tuple[str, str]) -> str:
    raw, made = map(_cut, pair)
    return raw if raw == made or not made else f"{raw} → {made}" if raw else made


def _cut(text: str) -> str:
    flat = " ".join(text.split())
    return flat if len(flat) <= _LONGEST else f"{flat[: _LONGEST - 1]}…"
