"""Subjects that lie in many partitions: their few rows are picked in each, let go of the partition, and joined.

The result does not depend on how the rows were cut into partitions: words are numbered in the order in which the picked
rows first carry them.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from amlscreen.ledger.partition import Values
from amlscreen.shapes.conditions import Truth
from amlscreen.shapes.narrow import least
from amlscreen.shapes.plan import ALWAYS
from amlscreen.shapes.selection import SUBJECT_COLUMNS, Selection, grouped

__all__ = ["compact", "detach", "join", "only_worth_gathering"]


def only_worth_gathering(selection: Selection) -> Selection:
    """Without the groups that cannot meet the rule, where a group lies whole in one partition.

    That is so if ``by`` splits the subject by account or customer; other subjects are judged once they are joined.
    """
    if not {"account", "customer"} & set(selection.plan.by) or not selection.size:
        return selection
    rows, offsets, enough, _ = grouped(selection)
    return selection.narrowed(np.sort(rows[np.repeat(enough, np.diff(offsets))]))


def detach(selection: Selection, *, picking_too: bool = False) -> Selection:
    """The selection with copies of the columns its plan reads, so that its partition can be let go.

    Columns that only pick rows are left out, unless wanted (``picking_too``). Numbers are as narrow as they can be
    until they are joined.
    """
    plan = selection.plan
    names = {*plan.read_after, SUBJECT_COLUMNS[plan.subject]}
    if picking_too:
        names |= {*ALWAYS, *plan.columns}
    columns, wide = {}, {}
    for name in sorted(names):
        values = selection.column(name)
        columns[name], wide[name] = compact(values), values.array.dtype
    sets, facts = selection.sets, selection.reference
    return Selection(plan, selection.size, columns.__getitem__, sets, facts, tuple(columns), wide=wide)


def compact(values: Values) -> Values:
    """Only the words that rows carry, in the order of their first row."""
    if values.words is None:
        return Values(least(values.array), values.known)
    rows = np.arange(values.array.size, dtype=np.int32)
    first = np.full(len(values.words) + 1, rows.size, np.int32)  # the last place is that of unknown ones
    first[values.array[::-1]] = rows[::-1]  # of several rows the one written last stays, which is the first
    leads = np.flatnonzero((first.take(values.array, mode="wrap") == rows) & (values.array >= 0))
    code = np.full(first.size, -1, np.int32)
    code[values.array.take(leads)] = np.arange(leads.size)
    words = values.vocabulary.take(values.array.take(leads))
    return _coded(code.take(values.array, mode="wrap"), words)


def _coded(codes: NDArray[np.int32], words: pa.Array[Any]) -> Values:
    known = codes >= 0
    return Values(least(codes), None if known.all() else known, words)


def join(selections: Sequence[Selection]) -> Selection:
    """The detached selections of several partitions as one, for subjects that lie in many."""
    first = selections[0]
    columns = {name: _joined([each.column(name) for each in selections], first.wide.get(name)) for name in first.names}
    sets = {
        name: Truth(
            np.concatenate([each.sets[name].true for each in selections]),
            np.concatenate([each.sets[name].maybe & ~each.sets[name].true for each in selections]),
        )
        for name in first.sets
    }
    size = sum(each.size for each in selections)
    return Selection(first.plan, size, columns.__getitem__, sets, first.reference, first.names)


def _joined(parts: Sequence[Values], kind: Any) -> Values:
    if parts[0].words is None:
        known: NDArray[np.bool_] | None = None
        if any(part.known is not None for part in parts):
            known = np.concatenate([part.is_known() for part in parts])
        return Values(np.concatenate([part.array for part in parts], dtype=kind), known)
    indices: list[Any] = [pa.array(part.array.astype(np.int32), mask=part.array < 0) for part in parts]
    chunks = [
        pa.DictionaryArray.from_arrays(codes, part.vocabulary) for codes, part in zip(indices, parts, strict=True)
    ]
    whole: Any = pa.chunked_array(chunks).unify_dictionaries()
    codes = [np.array(chunk.indices.fill_null(-1), np.int32) for chunk in whole.chunks]
    return _coded(np.concatenate(codes), whole.chunk(0).dictionary)
