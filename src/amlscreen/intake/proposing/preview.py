"""What a mapping makes of files: canonical rows next to the raw ones, by really reading them.

The beginning of a large file is enough to see whether a mapping fits, so no more of it is read; then the counts are of
that beginning, and ``whole`` says so. Nothing here is settled across files: duplicates and exchange rates come later.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

from amlscreen.errors import DataError
from amlscreen.intake.build import country_of, prepare
from amlscreen.intake.layout import Layout
from amlscreen.intake.load import load_parts, make_staging
from amlscreen.intake.mapping import Mapping
from amlscreen.intake.open_files import Opened, meant
from amlscreen.intake.part import Part, parts_of
from amlscreen.intake.proposing.beginning import beginning, first_records
from amlscreen.intake.proposing.pairs import Pair, counted, good, pairs, totals
from amlscreen.intake.readers import read_raw
from amlscreen.intake.source import SourceFile, find_sources
from amlscreen.intake.splitting import pieces_of
from amlscreen.intake.store import Store, count_rows, open_store
from amlscreen.jurisdiction import Jurisdiction
from amlscreen.settings import Settings

if TYPE_CHECKING:
    from amlscreen.intake.conform import Country

__all__ = ["FilePreview", "Pair", "preview"]

_MOST_RECORDS = 20_000
_RATES = "{:,} rows need an exchange rate (table fx_rates) before they count."
_INSTITUTION = "BANK"  # only so that a preview can be made before anybody has said which bank it is


@dataclass(frozen=True, slots=True)
class FilePreview:
    """One file read as one table.

    ``records == accepted + quarantined + excluded`` for what was looked at; ``whole`` tells whether that is the whole
    file. ``pairs`` are the first rows and then the first that would stand aside. ``totals`` are accepted rows and whole
    units by currency and direction. ``refused`` is the sentence if the file cannot be read so; all else is then empty.
    """

    file: str
    table: str
    header: tuple[str, ...] = ()
    columns: tuple[str, ...] = ()
    pairs: tuple[Pair, ...] = ()
    records: int = 0
    accepted: int = 0
    quarantined: int = 0
    excluded: int = 0
    reasons: tuple[tuple[str, int], ...] = ()
    totals: tuple[tuple[str, str, int, str], ...] = ()
    whole: bool = True
    warnings: tuple[str, ...] = field(default=())
    refused: str | None = None


def preview(
    source: str | Path | Sequence[str | Path],
    mapping: Mapping,
    jurisdiction: Jurisdiction,
    settings: Settings | None = None,
    *,
    rows: int = 5,
    aside: int = 5,
    only: Collection[str] | None = None,
) -> tuple[FilePreview, ...]:
    """What the mapping makes of the files: for each file and table the first rows and the first that stand aside.

    ``only`` names the files to look at; by default it is all of them.
    """
    chosen, country = settings or Settings(), country_of(jurisdiction, mapping)
    found: list[FilePreview] = []
    with _store(chosen, country) as store:
        for file in find_sources(source):
            wanted = (only is None or file.name in only) and not mapping.ignores(file.name)
            if wanted and mapping.entries_for(file.name):
                found += _file(store, file, mapping, country, chosen, (rows, aside))
    return tuple(found)


@contextmanager
def _store(settings: Settings, country: Country) -> Iterator[Store]:
    store = open_store(settings, in_memory=False)
    try:
        prepare(store, country)
        yield store
    finally:
        store.close()


def _file(
    store: Store, file: SourceFile, mapping: Mapping, country: Country, settings: Settings, most: tuple[int, int]
) -> list[FilePreview]:
    entries = mapping.entries_for(file.name)
    workspace = (store.folder or Path()) / "unpacked"
    workspace.mkdir(exist_ok=True)
    table = entries[0].table if entries else "transactions"
    try:
        cut = beginning(file, workspace)
        source = cut or file
        layout = entries[0].layout if entries else Layout()
        read = read_raw(store.connection, source, layout, settings=settings, workspace=workspace)
        raw = first_records(read, _MOST_RECORDS)
        wanted = [(each, pieces_of(store.connection, raw, each.split)) for each in meant(raw, entries, 1)]
    except DataError as problem:
        return [FilePreview(file.name, table, refused=str(problem))]
    opened = Opened(institution=mapping.institution or settings.institution or _INSTITUTION, folder=mapping.folder)
    for entry, pieces in wanted:
        opened.parts += parts_of(raw, entry, opened.parts, pieces)
    rated = any(entry.table == "fx_rates" for entry in mapping.files)
    whole = cut is None and raw is read
    return [_part(store, part, country, opened, most, whole=whole, rated=rated) for part in opened.parts]


def _part(
    store: Store, part: Part, country: Country, opened: Opened, most: tuple[int, int], *, whole: bool, rated: bool
) -> FilePreview:
    connection = store.connection
    connection.execute(f"DROP TABLE IF EXISTS kept_{part.table}")
    make_staging(connection, part.table)
    try:
        load_parts(connection, [part], country, opened)
    except DataError as problem:
        return FilePreview(part.name, part.table, part.raw.columns, refused=str(problem))
    counts: Counter[str] = counted(connection, part)
    aside = sum(counts.values())
    shown = pairs(connection, part, country, rows=most[0], aside=most[1])
    rateless = count_rows(connection, f"kept_{part.table} WHERE problem > 0 AND {good(part)}")
    rates = [_RATES.format(rateless)] if rateless and not rated else []
    return FilePreview(
        part.name,
        part.table,
        part.raw.columns,
        tuple(dict.fromkeys(name for pair in shown for name in pair.canonical)),
        shown,
        records=part.raw.records,
        accepted=part.raw.records - part.excluded - aside,
        quarantined=aside,
        excluded=part.excluded,
        reasons=tuple(counts.most_common()),
        totals=totals(connection, part, country),
        whole=whole,
        warnings=(*part.raw.warnings, *part.warnings, *map(str, part.noticed), *rates),
    )
