"""Subjects that lie in many partitions, a group of them at a time: of a large bank not all their rows fit into memory.

A subject's group follows from its name alone, so that every partition puts its rows into the same one. Hits come in
the order in which all the rows together would give them: that in which rows first name a subject.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from functools import partial
from itertools import pairwise
from typing import Any

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from amlscreen.hits import Hit
from amlscreen.ledger.partition import Values
from amlscreen.ledger.reference import positions
from amlscreen.shapes.gather import compact, join
from amlscreen.shapes.selection import SUBJECT_COLUMNS, Selection

__all__ = ["Joined", "Sliced", "group_of", "in_groups", "slices"]

Ints = NDArray[np.int64]
_NUMBER = "number of the subject"
"""The column that says how manieth subject a row's is among those that the partition's rows name."""
_FACTORS = np.cumprod(np.full(64, 0x9E3779B97F4A7C15, np.uint64))
_GROUPS_AT_MOST = 256


@dataclass(frozen=True, slots=True)
class Sliced:
    """What one partition picked, cut by groups of subjects; ``read`` brings one group's rows back."""

    sizes: tuple[int, ...]
    read: Callable[[int], Selection]


@dataclass(frozen=True, slots=True)
class Joined:
    """The rows of one group of subjects from all partitions; ``rank`` orders the subjects, by their codes."""

    rows: Selection
    rank: Ints

    def ranked(self, hits: Sequence[Hit]) -> list[tuple[int, Hit]]:
        """Hits with the rank of whom they are about."""
        words = pa.array([_word(hit) for hit in hits], pa.string())
        codes = positions(words, _subject(self.rows).vocabulary.cast(pa.string()))
        return list(zip(self.rank[codes].tolist(), hits, strict=True))


def _word(hit: Hit) -> str:
    """The subject as rows name it: an account of this data stands in them by its key."""
    subject = hit.subject
    return f"account:{subject.institution}/{subject.id}" if subject.kind == "account" else subject.id


def slices(selection: Selection, groups: int) -> list[Selection]:
    """The detached selection cut into so many groups of subjects, each with the words its own rows carry."""
    numbered = _numbered(selection)
    group = group_of(_subject(selection), groups)
    order = np.argsort(group, kind="stable")
    edges = np.searchsorted(group[order], np.arange(groups + 1)).tolist()
    columns = {name: numbered.column(name) for name in numbered.names}
    cut = []
    for low, high in pairwise(edges):
        rows = order[low:high]
        own = {name: compact(values.take(rows)) for name, values in columns.items()}
        sets = {name: truth.take(rows) for name, truth in selection.sets.items()}
        cut.append(replace(numbered, size=rows.size, source=own.__getitem__, sets=sets))
    return cut


def in_groups(pieces: Sequence[Selection | Sliced], most: int) -> Iterator[Joined]:
    """What the partitions picked, joined group by group, so many groups at a time that ``most`` rows are not exceeded.

    A single group can have more: a subject is looked at whole.
    """
    total = sum(sum(piece.sizes) if isinstance(piece, Sliced) else piece.size for piece in pieces)
    cut = [len(piece.sizes) for piece in pieces if isinstance(piece, Sliced)]
    groups = cut[0] if cut else min(-(-total // max(most, 1)), _GROUPS_AT_MOST)
    sizes = np.zeros(groups, np.int64)
    for piece in pieces:
        sizes += piece.sizes if isinstance(piece, Sliced) else _sizes(piece, groups)
    first = 0
    while first < groups:
        last = max(first + 1, int(np.searchsorted(np.cumsum(sizes[first:]), most, side="right")) + first)
        if sizes[first:last].any():
            yield _joined(pieces, range(first, last), groups)
        first = last


def _joined(pieces: Sequence[Selection | Sliced], wanted: range, groups: int) -> Joined:
    parts: list[Selection] = []
    of_piece: list[int] = []
    for number, piece in enumerate(pieces):
        if isinstance(piece, Sliced):
            found = [piece.read(group) for group in wanted if piece.sizes[group]]
        else:
            group = group_of(_subject(piece), groups)
            rows = np.flatnonzero((group >= wanted.start) & (group < wanted.stop))
            found = [replace(_numbered(piece).narrowed(rows), wide=piece.wide)]
        parts += found
        of_piece += [number] * len(found)
    whole = join(parts)
    numbers = np.repeat(np.array(of_piece, np.int64), [part.size for part in parts]) << 32
    numbers |= whole.column(_NUMBER).array
    subject = _subject(whole)
    rank = np.zeros(len(subject.vocabulary), np.int64)
    rank[subject.array[::-1]] = numbers[::-1]  # of several rows the one written last stays, which is the first
    return Joined(whole, rank)


def _sizes(piece: Selection, groups: int) -> Ints:
    return np.bincount(group_of(_subject(piece), groups), minlength=groups)


def _subject(selection: Selection) -> Values:
    return selection.column(SUBJECT_COLUMNS[selection.plan.subject])


def _numbered(selection: Selection) -> Selection:
    names = (*selection.names, _NUMBER)
    return replace(selection, names=names, source=partial(_column, selection))


def _column(selection: Selection, name: str) -> Values:
    return Values(_subject(selection).array) if name == _NUMBER else selection.source(name)


def group_of(subject: Values, groups: int) -> Ints:
    """The group of each row's subject."""
    mixed = _mixed(subject.vocabulary.cast(pa.string()))
    group: Ints = ((mixed >> np.uint64(32)) % np.uint64(groups)).astype(np.int64)
    found: Ints = group[subject.array]
    return found


def _mixed(words: pa.Array[Any]) -> NDArray[np.uint64]:
    """A number for each word, the same wherever it stands: its bytes times fixed factors by their place, added up."""
    parts: Any = words.buffers()
    offsets = np.frombuffer(parts[1], np.int32, len(words) + 1, words.offset * 4).astype(np.int64)
    text = np.frombuffer(parts[2] or b"", np.uint8)[offsets[0] : offsets[-1]].astype(np.uint64)
    offsets = offsets - offsets[0]
    place = np.arange(text.size) - np.repeat(offsets[:-1], np.diff(offsets))
    sums = np.concatenate([np.zeros(1, np.uint64), np.cumsum((text + np.uint64(1)) * _FACTORS[place % _FACTORS.size])])
    mixed: NDArray[np.uint64] = sums[offsets[1:]] - sums[offsets[:-1]]
    mixed ^= mixed >> np.uint64(31)
    mixed *= _FACTORS[0]
    return mixed
