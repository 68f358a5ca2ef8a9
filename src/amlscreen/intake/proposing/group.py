"""Several files as entries of one mapping: files of one name and layout share an entry, and say where they differ."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import replace
from typing import Any

from amlscreen.intake.layout import Layout
from amlscreen.intake.mapping import FileEntry, Override
from amlscreen.intake.proposing.draft import Draft

__all__ = ["entries_of", "exactly"]


def entries_of(files: Sequence[Sequence[Draft]]) -> list[FileEntry]:
    """One entry for each table of each family of files; ``files`` are the drafts of one file each."""
    families: dict[tuple[str, tuple[str, ...]], list[Sequence[Draft]]] = {}
    for drafts in files:
        key = _family(drafts[0].sight.name), tuple(draft.table for draft in drafts)
        families.setdefault(key, []).append(drafts)
    made: list[FileEntry] = []
    _share_codes([draft for drafts in files for draft in drafts])
    for members in families.values():
        _learn_from_one_another(members)
    for (family, _), members in families.items():
        apart = [other for other in files if other not in members]
        made += _entries(family, members, apart)
    return made


def _learn_from_one_another(members: Sequence[Sequence[Draft]]) -> None:
    """A column that is empty in one month is what it is in the others."""
    for drafts in zip(*members, strict=True):
        known = {name: guess for draft in drafts for name, guess in draft.guesses.items()}
        for draft in drafts:
            for name, guess in known.items():
                own = draft.guesses.get(name)
                sources = guess.spec.columns
                there = set(sources) <= set(draft.sight.header)
                if own is None and sources and there and not any(any(draft.sight.cells(each)) for each in sources):
                    draft.guesses[name] = guess
                    draft.taken.update(sources)


def _share_codes(drafts: Sequence[Draft]) -> None:
    """Codes that one file shows of a column are codes of that column in every file."""
    told: dict[tuple[str, str, tuple[str, ...]], dict[str, str]] = {}
    coded = [(draft, guess) for draft in drafts for guess in draft.guesses.values() if guess.spec.codes]
    for draft, guess in coded:
        known = told.setdefault((draft.table, guess.column, guess.spec.source), {})
        known.update({code: word for code, word in (guess.spec.codes or {}).items() if code not in known})
    for draft, guess in coded:
        codes = told[draft.table, guess.column, guess.spec.source]
        draft.guesses[guess.column] = replace(guess, spec=guess.spec.model_copy(update={"codes": codes}))


def _entries(family: str, members: list[Sequence[Draft]], apart: Sequence[Sequence[Draft]]) -> Iterator[FileEntry]:
    """The entries of one family; a member that cannot be said as what differs stands before it on its own."""
    base, *others = members
    alone = [drafts for drafts in others if not _sayable(base, drafts)]
    match = (
        family
        if len(members) - len(alone) > 1 or family != exactly(base[0].sight.name)
        else exactly(base[0].sight.name)
    )
    if any(_fits(match, drafts[0].sight.name) for drafts in apart):
        match = exactly(base[0].sight.name)
        alone = others
    for drafts in alone:
        yield from _plain(exactly(drafts[0].sight.name), drafts, ())
    yield from _plain(match, base, [drafts for drafts in others if drafts not in alone])


def _plain(match: str, drafts: Sequence[Draft], others: Sequence[Sequence[Draft]]) -> Iterator[FileEntry]:
    for at, draft in enumerate(drafts):
        overrides = [over for other in others if (over := _override(draft, other[at], with_layout=at == 0))]
        yield FileEntry.model_validate(
            {
                "match": match,
                "table": draft.table,
                "layout": draft.sight.layout if at == 0 else Layout(),
                "columns": draft.columns,
                "unless": draft.unless,
                "legs": draft.legs,
                "empty": draft.empty,
                "overrides": tuple(overrides),
            }
        )


def _override(base: Draft, other: Draft, *, with_layout: bool) -> Override | None:
    """What differs in another file of the family; None if nothing does."""
    layout: dict[str, Any] = {}
    if with_layout:
        mine, theirs = (each.sight.layout.model_dump(exclude_unset=True) for each in (base, other))
        default = Layout().model_dump()
        layout = {
            key: theirs.get(key, default[key])
            for key in {*mine, *theirs}
            if mine.get(key, default[key]) != theirs.get(key, default[key])
        }
    columns = {name: spec for name, spec in other.columns.items() if base.columns.get(name) != spec}
    if not layout and not columns:
        return None
    return Override.model_validate(
        {"match": exactly(other.sight.name), "layout": dict(sorted(layout.items())), "columns": columns}
    )


def _sayable(base: Sequence[Draft], other: Sequence[Draft]) -> bool:
    """Whether an override can say how a file differs: it has every column of the base, and the same conditions."""
    for one, two in zip(base, other, strict=True):
        if (
            not set(one.columns) <= set(two.columns)
            or one.unless != two.unless
            or one.legs != two.legs
            or one.empty != two.empty
        ):
            return False
    return True


def _family(name: str) -> str:
    """The glob for names that differ in their numbers only."""
    base = re.split(r"[/!]", name)[-1]
    return re.sub(r"(?:\d+[-_. ]?)*\d+", "*", re.sub(r"([\[?*])", r"[\1]", base))


def exactly(name: str) -> str:
    """The glob for one name."""
    base = re.split(r"[/!]", name)[-1]
    return re.sub(r"([\[?*])", r"[\1]", base)


def _fits(match: str, name: str) -> bool:
    return FileEntry.model_construct(match=match, table="transactions").concerns(name)
