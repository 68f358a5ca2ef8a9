"""Which file is which table: by the mapping's entries, or by the canonical names where there is no mapping."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path

from amlscreen.errors import DataError, Place
from amlscreen.intake.identity import entry_of_statements, holds_transactions, identity_entry, no_table, table_named
from amlscreen.intake.layout import Layout
from amlscreen.intake.mapping import FileEntry, Mapping
from amlscreen.intake.part import Part, parts_of
from amlscreen.intake.readers import read_raw
from amlscreen.intake.readers.entries import FORMATS
from amlscreen.intake.readers.raw import RawFile
from amlscreen.intake.source import SourceFile
from amlscreen.intake.splitting import pieces_of
from amlscreen.intake.sql import literal
from amlscreen.intake.store import Store
from amlscreen.settings import Settings

__all__ = ["Opened", "meant", "open_files"]

_STATEMENTS = "^(camt|MT9|OFX|QIF)"


@dataclass(slots=True)
class Opened:
    """Every part to conform, what was noticed on the way, and where the mapping's own files lie.

    Transactions before the local day ``since`` are left out.
    """

    parts: list[Part] = field(default_factory=list)
    warnings: list[str] = field(default_factory=list)
    folder: Path | None = None
    institution: str | None = None
    since: int | None = None


def open_files(
    store: Store,
    sources: Sequence[SourceFile],
    mapping: Mapping | None,
    settings: Settings,
    progress: Callable[[str, int, int | None], None],
    earlier: Sequence[Part] = (),
) -> Opened:
    """Open every file; DataError if nothing is concerned or a file is no table. ``earlier`` parts come first."""
    opened = Opened(list(earlier), institution=settings.institution)
    if mapping:
        opened.folder, opened.institution = mapping.folder, mapping.institution or settings.institution
    workspace = (store.folder or Path()) / "unpacked"
    workspace.mkdir(exist_ok=True)
    for done, source in enumerate(sources):
        progress(f"reading {source.name}", done, len(sources))
        if mapping and mapping.ignores(source.name):
            continue
        entries = mapping.entries_for(source.name) if mapping else ()
        if mapping and not entries:
            opened.warnings.append(f"{source.name}: not read; no entry of the mapping {mapping.id} matches its name.")
            continue
        layout = entries[0].layout if entries else Layout()
        raw = read_raw(store.connection, source, layout, settings=settings, workspace=workspace)
        raw = of_the_bank(raw, opened.institution)
        opened.warnings += [f"{source.name}: {warning}" for warning in raw.warnings]
        for entry in meant(raw, entries, len(sources)):
            opened.parts += parts_of(raw, entry, opened.parts, pieces_of(store.connection, raw, entry.split))
    if not any(part.table == "transactions" for part in opened.parts):
        raise _no_transactions(sources, mapping)
    return opened


def of_the_bank(raw: RawFile, institution: str | None) -> RawFile:
    """Statements that name no bank, in a file in which others do, are of the bank that is stated.

    Payments between banks are left as they are: an account whose bank is not named may be kept by the other one.
    """
    if institution is None or raw.format not in FORMATS or not {"institution", "message"} <= set(raw.columns):
        return raw
    stated = f"CASE WHEN regexp_matches(message, {literal(_STATEMENTS)}) THEN {literal(institution)} END"
    relation = f"SELECT * REPLACE (coalesce(institution, {stated}) AS institution) FROM ({raw.relation})"
    return replace(raw, relation=relation)


def meant(raw: RawFile, entries: Sequence[FileEntry], files: int) -> Sequence[FileEntry]:
    """The entries of the mapping, to which a statement's own meaning is added; what the names say if there are none."""
    if raw.format in FORMATS:
        plain = entry_of_statements(raw.columns)
        return [
            entry_of_statements(raw.columns, each) if each.table == "transactions" else each for each in entries
        ] or [plain]
    return entries or (_canonical(raw, files),)


def _canonical(raw: RawFile, files: int) -> FileEntry:
    table = table_named(raw.source.name)
    if table is None and files == 1 and holds_transactions(raw.columns):
        table = "transactions"
    if table is None:
        raise no_table(raw.source.name, raw.columns)
    return identity_entry(table, raw.columns)


def _no_transactions(sources: Sequence[SourceFile], mapping: Mapping | None) -> DataError:
    seen = ", ".join(source.name for source in sources[:10]) + (", ..." if len(sources) > 10 else "")
    place = Place(str(sources[0].path.parent)) if sources else None
    if mapping is None:
        return DataError(
            f"holds no transactions. Found: {seen}.",
            place=place,
            fix="Name the file transactions.csv, or let `amlscreen map FILE` propose a mapping.",
        )
    globs = ", ".join(f"'{entry.match}'" for entry in mapping.files if entry.table == "transactions")
    return DataError(
        f"holds no file that the mapping {mapping.id} takes as transactions. Found: {seen}. Looked for: {globs}.",
        place=place,
        fix="Correct `match` in the mapping or the source.",
    )
