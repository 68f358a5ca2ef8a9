"""The way from files to a proposed mapping."""

from __future__ import annotations

import tempfile
from collections.abc import Sequence
from pathlib import Path

from amlscreen.errors import DataError
from amlscreen.intake.mapping import FileEntry, Mapping
from amlscreen.intake.proposing.account import add_institution
from amlscreen.intake.proposing.bookings import draft_bookings
from amlscreen.intake.proposing.draft import Draft
from amlscreen.intake.proposing.group import entries_of, exactly
from amlscreen.intake.proposing.profile import in_table, profiled
from amlscreen.intake.proposing.proposal import Choice, Doubt, FileProposal, Patch, Proposal, Sight
from amlscreen.intake.proposing.sight import look_at
from amlscreen.intake.proposing.tables import draft_tables
from amlscreen.intake.proposing.words import is_name
from amlscreen.intake.source import SourceFile, find_sources
from amlscreen.jurisdiction import Jurisdiction
from amlscreen.settings import Settings

__all__ = ["propose"]

_BANK = "BANK"


def propose(paths: str | Path | Sequence[str | Path], settings: Settings, jurisdiction: Jurisdiction) -> Proposal:
    """Look at files, folders or archives and propose one mapping for them; DataError if none of them can be used.

    Only the first some thousand rows of a file and its end are looked at.
    """
    sources = find_sources(paths)
    looked: list[tuple[Sight, list[Draft], str | None]] = []
    refused: list[str] = []
    with tempfile.TemporaryDirectory(prefix="amlscreen_look_", dir=settings.temporary) as folder:
        for source in sources:
            try:
                looked.append(_look(source, settings, jurisdiction, Path(folder)))
            except DataError as problem:
                refused.append(str(problem))
    entries = _entries(looked)
    if not entries:
        raise _nothing(sources, refused)
    institution, doubts = _institution([bank for _, _, bank in looked if bank], settings)
    mapping = Mapping(id="proposed", title="Proposed from the files", institution=institution, files=tuple(entries))
    files = tuple(
        FileProposal(draft.sight, draft.table, tuple(draft.guesses.values()), draft.unused, tuple(draft.doubts))
        for _, drafts, _ in looked
        for draft in drafts
    )
    without = tuple(FileProposal(sight, "", (), sight.header, ()) for sight, drafts, _ in looked if not drafts)
    doubts += [doubt for file in files for doubt in file.doubts]
    return Proposal(mapping, (*files, *without), tuple(_once(doubts)), tuple(refused))


def _look(
    source: SourceFile, settings: Settings, jurisdiction: Jurisdiction, workspace: Path
) -> tuple[Sight, list[Draft], str | None]:
    sight = look_at(source, _is_named, settings=settings, workspace=workspace)
    if not sight.needs_mapping:
        return sight, [], None
    profiles = profiled(sight.header, sight.rows)
    bookings = draft_bookings(sight, in_table(profiles, "transactions"), jurisdiction.currency)
    tables = draft_tables(sight, profiles)
    if bookings is not None and (not tables or bookings.weight >= tables[0].weight):
        return sight, [bookings], add_institution(in_table(profiles, "transactions"))
    if not tables:
        raise DataError(_what_is_missing(sight), fix="See whether it is the right file.")
    return sight, tables, None


def _is_named(text: str) -> bool:
    return is_name(text)


def _what_is_missing(sight: Sight) -> str:
    shown = ", ".join(sight.header[:12]) + (", ..." if len(sight.header) > 12 else "")
    return f"{sight.name}: no column of days and amounts was found, and no reference table either. Columns: {shown}."


def _entries(looked: Sequence[tuple[Sight, list[Draft], str | None]]) -> list[FileEntry]:
    made = entries_of([drafts for _, drafts, _ in looked if drafts])
    plain = [sight for sight, _, _ in looked if not sight.needs_mapping]
    return [*made, *(FileEntry(match=exactly(sight.name), table="transactions") for sight in plain)]


def _institution(banks: Sequence[str], settings: Settings) -> tuple[str, list[Doubt]]:
    """The bank as the settings or the files give it; else a name to be replaced."""
    if settings.institution:
        return settings.institution, []
    if len(set(banks)) == 1:
        return banks[0], []
    named_so = list(dict.fromkeys(banks)) or [_BANK]
    choices = tuple(Choice(name, Patch(institution=name)) for name in named_so)
    asked = "Which bank do the files come from? State its BIC or short name as `institution`."
    return named_so[0], [Doubt("", "institution", asked, choices, 0)]


def _once(doubts: Sequence[Doubt]) -> list[Doubt]:
    """Doubts without those that another file of the same entry has already."""
    return list({(doubt.file, doubt.about, doubt.question): doubt for doubt in doubts}.values())


def _nothing(sources: Sequence[SourceFile], refused: Sequence[str]) -> DataError:
    if len(refused) == 1:
        return DataError(refused[0])
    shown = "; ".join(refused[:5]) + ("; ..." if len(refused) > 5 else "")
    return DataError(f"none of the {len(sources)} files can be used: {shown}")
