"""A proposed mapping as YAML that people can read: beside each column why it was taken, and what is unsure about it.

The text loads as exactly the mapping that was proposed. Comments name columns and formats, never what a row says of a
person: a cell of a column that could hold names, numbers or amounts is masked where a comment would quote it.
"""

from __future__ import annotations

import textwrap
from collections.abc import Iterable, Sequence
from collections.abc import Mapping as MappingOf
from pathlib import Path
from typing import Any

from amlscreen.intake.column_spec import ColumnSpec
from amlscreen.intake.conditions import Held
from amlscreen.intake.layout import Layout
from amlscreen.intake.mapping import FileEntry, Leg, Override, Pooled
from amlscreen.intake.proposing.plain_yaml import flow, scalar
from amlscreen.intake.proposing.proposal import Doubt, FileProposal, Guess, Proposal
from amlscreen.intake.proposing.saying import unquoted
from amlscreen.schema import TABLES

__all__ = ["mapping_text", "write_mapping"]

_WIDTH = 118
_HEAD = """\
# A proposal by `amlscreen map`: how {files} become{s} the canonical tables. Look through it once{unsure}.
# Then: amlscreen check FILES --mapping THIS-FILE   (shows what is read, and every row that is not)
# docs/mapping.md explains each option, docs/data_dictionary.md lists every column a mapping can fill.
"""


def write_mapping(proposal: Proposal, path: Path) -> None:
    """Write the proposal's mapping, whole or not at all; an existing file is replaced. OSError if it cannot be."""
    beside = path.with_name(f".{path.name}.part")
    try:
        beside.write_text(mapping_text(proposal), encoding="utf-8", newline="\n")
        beside.replace(path)
    finally:
        beside.unlink(missing_ok=True)


def mapping_text(proposal: Proposal) -> str:
    """The proposal's mapping as commented YAML."""
    mapping = proposal.mapping
    names = list(dict.fromkeys(each.sight.name for each in proposal.files))
    unsure = "; what is unsure is marked UNSURE" if proposal.doubts else ""
    files = f"{len(names)} files" if len(names) != 1 else "one file"
    lines = _HEAD.format(files=files, s="" if len(names) != 1 else "s", unsure=unsure).splitlines()
    lines += [*_comments(f"Not read: {unquoted(each, proposal.files)}" for each in proposal.refused), ""]
    lines += [f"id: {scalar(mapping.id)}", f"title: {scalar(mapping.title)}"]
    stated = {name: getattr(mapping, name) for name in ("notes", "institution", "zone_offset")}
    lines += [f"{name}: {scalar(value)}" for name, value in stated.items() if value is not None]
    if mapping.institution is None:
        lines.append("# institution: MYBANK    # your bank's code; needed where no column of the files gives it")
    lines += _notes([each for each in proposal.doubts if each.about == "institution"], proposal.files)
    if mapping.ignore:
        lines.append(f"ignore: {flow(mapping.ignore)}")
    lines += ["", "files:"]
    for entry in mapping.files:
        lines += [*_entry(entry, _about(entry, proposal)), ""]
    return "\n".join(lines).rstrip() + "\n"


def _about(entry: FileEntry, proposal: Proposal) -> list[FileProposal]:
    """What was thought of the files that this entry takes."""
    own = [each for each in proposal.files if each.table == entry.table or not each.sight.needs_mapping]
    return [each for each in own if entry in _taking(each, proposal)]


def _taking(file: FileProposal, proposal: Proposal) -> list[FileEntry]:
    first = next((entry for entry in proposal.mapping.files if entry.concerns(file.sight.name)), None)
    return [each for each in proposal.mapping.files if first and each.match.casefold() == first.match.casefold()]


def _entry(entry: FileEntry, files: Sequence[FileProposal]) -> list[str]:
    lines = [f"  - match: {scalar(entry.match)}"]
    lines += _comments((_seen(each) for each in files), indent="    ")
    table = [f"table: {entry.table}", *_unsure(files, ("table",))]
    lines += [f"    {line}" for line in table]
    layout = _given(entry.layout)
    notes = _unsure(files, ("layout",))
    if layout or notes:
        lines += [f"    {line}" for line in (f"layout: {flow(layout)}", *notes)]
    if entry.empty:
        lines.append(f"    empty: {flow(entry.empty)}    # these texts mean that nothing was recorded")
    if entry.columns:
        lines += ["    columns:", *_columns(entry.table, entry.columns, files, "      ")]
    lines += [line for leg in entry.legs[:1] for line in ("    legs:",)]
    lines += [f"      - {flow(_leg(leg))}" for leg in entry.legs]
    lines += [f"    {line}" for line in _unsure(files, ("records",))]
    for name, conditions in (("only", entry.only), ("unless", entry.unless)):
        if conditions:
            held = {column: _held(condition) for column, condition in conditions.items()}
            lines.append(f"    {name}: {flow(held)}")
    if entry.pooled != Pooled():
        lines.append(f"    pooled: {flow(_given(entry.pooled))}")
    lines += _unused(entry, files)
    if entry.overrides:
        lines.append("    overrides:")
        lines += [line for each in entry.overrides for line in _override(entry, each, files)]
    return lines


def _override(entry: FileEntry, override: Override, files: Sequence[FileProposal]) -> list[str]:
    only = entry.model_copy(update={"match": override.match})
    own = [each for each in files if only.concerns(each.sight.name)]
    lines = [f"      - match: {scalar(override.match)}", *_comments(map(_seen, own), indent="        ")]
    if override.layout:
        lines.append(f"        layout: {flow(override.layout)}")
    if override.columns:
        lines += ["        columns:", *_columns(entry.table, override.columns, own, "          ")]
    return lines


def _columns(table: str, columns: MappingOf[str, ColumnSpec], files: Sequence[FileProposal], indent: str) -> list[str]:
    """One line for each column, with its reason behind it or, where that is long, above it."""
    lines: list[str] = []
    for name in sorted(columns, key=TABLES[table].names.index):
        line = f"{indent}{name}: {_spec(columns[name])}"
        guess = next((each for file in files for each in file.guesses if each.column == name), None)
        unsure = _unsure(files, (name,))
        reason = f"    # {_reason(guess, files)}" if guess and guess.reason else ""
        if len(line) + len(reason) <= _WIDTH:
            lines.append(line + reason)
        else:
            lines += [*_comments([_reason(guess, files)] if guess else [], indent=indent), line]
        lines += [f"{indent}{note}" for note in unsure]
    return lines


def _reason(guess: Guess, files: Sequence[FileProposal]) -> str:
    sure = "" if guess.sure else "likely: "
    return _printable(sure + unquoted(guess.reason, files))


def _unsure(files: Sequence[FileProposal], about: Sequence[str]) -> list[str]:
    return _notes([doubt for file in files for doubt in file.doubts if doubt.about in about], files)


def _notes(doubts: Sequence[Doubt], files: Sequence[FileProposal]) -> list[str]:
    """Doubts, each once, as comments that show the other choices."""
    notes = []
    for doubt in {(doubt.question, doubt.chosen): doubt for doubt in doubts}.values():
        others = [choice.label for at, choice in enumerate(doubt.choices) if at != doubt.chosen]
        taken = f" Taken: {doubt.choices[doubt.chosen].label}" if doubt.choices else ""
        rest = f"; other choices: {' | '.join(others)}" if others else ""
        text = f"UNSURE: {doubt.question}{taken}{rest}"
        notes += _comments([unquoted(text, files)])
    return notes


def _unused(entry: FileEntry, files: Sequence[FileProposal]) -> list[str]:
    unused = [
        name for name in dict.fromkeys(name for each in files for name in each.unused) if name not in entry.ignore
    ]
    lines = [f"    ignore: {flow(entry.ignore)}    # columns that are known and not wanted"] if entry.ignore else []
    if unused:
        lines += _comments(
            [f"Columns that nothing takes: {', '.join(unused)}. `ignore: [...]` ends the warning."], indent="    "
        )
    return lines


def _seen(file: FileProposal) -> str:
    sight = file.sight
    parts = [sight.format, sight.encoding, f"separator {scalar(sight.separator)}" if sight.separator else None]
    where = f"header in line {sight.line_of_header}" if sight.layout.header else "no header"
    told = [part for part in parts if part]
    if not sight.needs_mapping:
        return f"{sight.name}: {', '.join(told)}; the format says itself what it holds"
    return f"{sight.name}: {', '.join([*told, where])}"


def _comments(texts: Iterable[str], indent: str = "") -> list[str]:
    """Comment lines; whatever a text holds, it stays a comment."""
    return [
        f"{indent}# {line}"
        for text in texts
        for line in textwrap.wrap(
            _printable(text), _WIDTH - len(indent) - 2, break_long_words=False, break_on_hyphens=False
        )
    ]


def _printable(text: str) -> str:
    return "".join(each if each.isprintable() else " " for each in " ".join(text.split()))


def _spec(spec: ColumnSpec) -> str:
    given = spec.model_dump(mode="json", by_alias=True, exclude_unset=True)
    order = sorted(given, key=lambda name: name not in ("from", "constant", "debit", "credit"))
    told = {name: given[name] for name in order if given[name] is not None and given[name] != []}
    for name in ("from", "date", "time", "symbol"):
        if isinstance(told.get(name), list) and len(told[name]) == 1:
            told[name] = told[name][0]
    return flow(told["from"]) if set(told) == {"from"} and isinstance(told["from"], str) else flow(told)


def _leg(leg: Leg) -> dict[str, Any]:
    columns = {
        name: spec.model_dump(mode="json", by_alias=True, exclude_unset=True) for name, spec in leg.columns.items()
    }
    conditions = {"only": leg.only, "unless": leg.unless}
    held = {name: {key: _held(each) for key, each in value.items()} for name, value in conditions.items() if value}
    return {"columns": columns, **held}


def _held(held: Held) -> Any:
    return {"pattern": held.pattern} if held.pattern is not None else list(held.values)


def _given(model: Layout | Pooled) -> dict[str, Any]:
    """What is stated and differs from nothing; the quote stays, for null says that there is none."""
    given = model.model_dump(mode="json", exclude_unset=True)
    return {name: value for name, value in given.items() if value is not None or name == "quote"}
