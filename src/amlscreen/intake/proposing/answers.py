"""Working an answer into a proposal: the entry of the mapping changes, and what is told of the file with it."""

from __future__ import annotations

from collections.abc import Mapping as MappingOf
from dataclasses import replace
from typing import Any

from amlscreen.intake.column_spec import ColumnSpec
from amlscreen.intake.layout import Layout
from amlscreen.intake.mapping import FileEntry, Mapping, Override
from amlscreen.intake.proposing.proposal import Doubt, FileProposal, Guess, Patch, Proposal

__all__ = ["answered"]


def answered(proposal: Proposal, doubt_index: int, choice_index: int) -> Proposal:
    """The proposal with one doubt settled; IndexError if there is no such doubt or choice."""
    doubt = proposal.doubts[doubt_index]
    patch = doubt.choices[choice_index].change
    settled = replace(doubt, chosen=choice_index)
    mapping = _changed(proposal.mapping, doubt, patch)
    files = tuple(_file(file, doubt, settled, patch) for file in proposal.files)
    doubts = tuple(
        settled if at == doubt_index % len(proposal.doubts) else each for at, each in enumerate(proposal.doubts)
    )
    return replace(proposal, mapping=mapping, files=files, doubts=doubts)


def _changed(mapping: Mapping, doubt: Doubt, patch: Patch) -> Mapping:
    if patch.institution is not None:
        mapping = mapping.model_copy(update={"institution": patch.institution})
    first = next((entry for entry in mapping.files if doubt.file and entry.concerns(doubt.file)), None)
    if first is None:
        return mapping
    files: list[FileEntry] = []
    for entry in mapping.files:
        if entry.match != first.match or entry.table != doubt.table:
            files.append(entry)
        elif patch.table != "":
            files.append(_entry(entry, doubt.file, patch))
    ignored = (
        (*mapping.ignore, first.match) if patch.table == "" and len(files) < len(mapping.files) else mapping.ignore
    )
    if not files:
        return mapping
    return mapping.model_copy(update={"files": tuple(files), "ignore": ignored})


def _entry(entry: FileEntry, file: str, patch: Patch) -> FileEntry:
    """The entry with the patch: in what it says of that file alone, if it says something, else for all its files."""
    own = next((each for each in entry.overrides if _concerns(each, file)), None)
    told = entry.model_dump(by_alias=True, exclude_unset=True)
    if own is not None and not patch.unless and None not in patch.columns.values():
        changed = Override(match=own.match, layout={**own.layout, **patch.layout}, columns=_with(own.columns, patch))
        overrides = tuple(changed if each is own else each for each in entry.overrides)
        return entry.model_copy(update={"overrides": overrides})
    unless = {**entry.unless, **patch.unless}
    layout = {**entry.layout.model_dump(exclude_unset=True), **patch.layout}
    return entry.model_copy(
        update={
            "columns": _with(entry.columns, patch),
            "unless": {name: held for name, held in unless.items() if held is not None},
            "layout": Layout.model_validate(layout) if patch.layout else entry.layout,
            "table": patch.table or told["table"],
        }
    )


def _concerns(override: Override, file: str) -> bool:
    return FileEntry.model_construct(match=override.match, table="transactions").concerns(file)


def _with(columns: MappingOf[str, ColumnSpec], patch: Patch) -> dict[str, ColumnSpec]:
    merged: dict[str, Any] = {**columns, **patch.columns}
    return {name: spec for name, spec in merged.items() if spec is not None}


def _file(file: FileProposal, doubt: Doubt, settled: Doubt, patch: Patch) -> FileProposal:
    """What is told of the file: the guess is now somebody's word."""
    if file.sight.name != doubt.file or file.table != doubt.table:
        return file
    guesses = {guess.column: guess for guess in file.guesses}
    for name, spec in patch.columns.items():
        guesses.pop(name, None)
        if spec is not None:
            guesses[name] = Guess(name, spec, sure=True, reason="as answered")
    doubts = tuple(settled if each == doubt else each for each in file.doubts)
    table = file.table if patch.table is None else patch.table
    return replace(file, guesses=tuple(guesses.values()), doubts=doubts, table=table)
