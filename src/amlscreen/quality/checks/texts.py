"""Checks on what people wrote: damaged letters, texts cut off, rows of a test."""

from __future__ import annotations

from collections.abc import Iterator

from amlscreen.intake.facts import Facts
from amlscreen.quality.finding import Check, Seen
from amlscreen.quality.words import count_of, share

__all__ = ["TEXTS"]

_SOME_DAMAGED, _MANY_DAMAGED = 0.01, 0.2
_SHORTEST_CUT, _FEWEST_CUT, _CUT = 16, 20, 0.01
_DISTINCT_CUT = 10
_WIDTHS = frozenset(
    {16, 18, 20, 24, 25, 30, 32, 35, 36, 40, 45, 48, 50, 60, 64, 65, 70, 72, 80, 90, 100, 105, 120, 125, 128, 140, 150,
     160, 180, 200, 210, 240, 250, 254, 255, 256, 390, 400, 500, 512, 1000, 1024, 2000, 2048, 4000}
)  # fmt: skip
_MANY_DUMMIES = 0.01


def _damaged(facts: Facts) -> Iterator[Seen]:
    for one in facts.texts:
        if one.damaged:
            part = share(one.damaged, one.filled)
            yield Seen(
                f"{count_of(one.damaged, one.filled, 'texts')} that were looked at hold letters of a wrong encoding.",
                f"{one.table}.{one.column}",
                one.damaged,
                "error" if part > _MANY_DAMAGED else "warning" if part > _SOME_DAMAGED else "info",
                (f"{one.table}.{one.column}",),
            )


def _cut(facts: Facts) -> Iterator[Seen]:
    for one in facts.texts:
        if one.longest < _SHORTEST_CUT or one.longest not in _WIDTHS or one.distinct_at_longest < _DISTINCT_CUT:
            continue
        heaped = one.at_longest >= _FEWEST_CUT and one.at_longest > 2 * one.near_longest
        if heaped and share(one.at_longest, one.filled) > _CUT:
            yield Seen(
                f"{count_of(one.at_longest, one.filled, 'texts')} that were looked at are exactly {one.longest} "
                f"characters long, and none is longer; {one.near_longest:,} are one or two shorter.",
                f"{one.table}.{one.column}",
                one.at_longest,
                effects=(f"{one.table}.{one.column}",),
            )


def _dummies(facts: Facts) -> Iterator[Seen]:
    for one in facts.texts:
        if one.dummy:
            yield Seen(
                f"{count_of(one.dummy, one.filled, 'texts')} that were looked at hold a word such as test or dummy.",
                f"{one.table}.{one.column}",
                one.dummy,
                "warning" if share(one.dummy, one.filled) > _MANY_DUMMIES else "info",
            )


TEXTS = (
    Check(
        "damaged_texts",
        "Letters of a wrong encoding",
        "warning",
        "Names and narratives went through a wrong encoding, so they look like nobody's. Lao and Thai suffer first.",
        "State `encoding` in the mapping if the file is whole; else ask for an export in UTF-8.",
        "Signs of a lost character, of UTF-8 read as Western European, or four question marks in a row. Any is told; "
        "above 1 % of the texts looked at it is a warning, above 20 % an error.",
        _damaged,
    ),
    Check(
        "cut_texts",
        "Texts cut off",
        "warning",
        "Many different texts end at exactly the same length: the export cuts the field. Names that begin alike then "
        "look the same, and what stands at the end is lost.",
        "Ask for the field in its full width.",
        "20 or more texts, above 1 % of those looked at, of ten or more different values, at a width that fields are "
        "cut to (20, 25, 30, 35, 40, ...), and more than twice as many as are one or two characters shorter.",
        _cut,
    ),
    Check(
        "test_rows",
        "Rows of a test",
        "info",
        "A word such as test or dummy stands in a name or narrative: of a test system, or of a trial in the real one.",
        "See one of them; leave them out with `unless` in the mapping.",
        "Any is told; above 1 % of the texts looked at it is a warning. The word can be part of an honest text.",
        _dummies,
        ("days",),
    ),
)
