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
from amlscreen.shapes.plan import ALWAYS
from amlscreen.shapes.selection import SUBJECT_COLUMNS, Selection, grouped

__all__ = ["detach", "join", "only_worth_gathering"]


def only_worth_gathering(selection: Selection) -> Selection:
    """Without the groups that cannot meet the rule, where a group lies whole in one partition.

    That is so if ``by`` splits the subject by account or customer; other subjects are judged once they are joined.
    """
    if not {"account", "customer"} & set(selection.plan.by) or not selection.size:
        return selection
    rows, offsets, enough, _ = grouped(selection)
    return selection.narrowed(np.sort(rows[np.repeat(enough, np.diff(offsets))]))


def detach(selection: Selection) -> Selection:
    """The selection with copies of the columns its plan reads, so that its partition can be let go."""
    plan = selection.plan
    names = {*ALWAYS, *plan.columns, *plan.by, SUBJECT_COLUMNS[plan.subject], "account", "customer"}
    if (plan.card.possible_victims or "").endswith(".counterparty"):
        names.add("counterparty")
    columns = {name: _compact(selection.column(name)) for name in sorted(names)}
    return Selection(plan, selection.size, columns.__getitem__, selection.sets, selection.reference, tuple(columns))


def _compact(values: Values) -> Values:
    """Only the words that rows carry, in the order of their first row."""
    if values.words is None:
        return values
    rows = np.arange(values.array.size, dtype=np.int32)
    first = np.full(len(values.words) + 1, rows.size, np.int32)  # the last place is that of unknown ones
    first[values.array[::-1]] = rows[::-1]  # of several rows the one written last stays, which is the first
    leads = np.flatnonzero((first.take(values.array, mode="wrap") == rows) & (values.array >= 0))
    code = np.full(first.size, -1, np.int32)
    code[values.array.take(leads)] = np.arange(leads.size)
    words = values.vocabulary.take(values.array.take(leads))
    return Values(code.take(values.array, mode="wrap"), values.known, words)


def join(selections: Sequence[Selection]) -> Selection:
    """The detached selections of several partitions as one, for subjects that lie in many."""
    first = selections[0]
    columns = {name: _joined([each.column(name) for each in selections]) for name in first.names}
    sets = {
        name: Truth(
            np.concatenate([each.sets[name].true for each in selections]),
            np.concatenate([each.sets[name].maybe & ~each.sets[name].true for each in selections]),
        )
        for name in first.sets
    }
    size = sum(each.size for each in selections)
    return Selection(first.plan, size, columns.__getitem__, sets, first.reference, first.names)


def _joined(parts: Sequence[Values]) -> Values:
    known: NDArray[np.bool_] | None = None
    if any(part.known is not None for part in parts):
        known = np.concatenate([part.is_known() for part in parts])
    if parts[0].words is None:
        return Values(np.concatenate([part.array for part in parts]), known)
    chunks: list[Any] = [
        pa.DictionaryArray.from_arrays(pa.array(part.array, mask=part.array < 0), part.vocabulary) for part in parts
    ]
    whole: Any = pa.chunked_array(chunks).unify_dictionaries()
    codes = [np.array(chunk.indices.fill_null(-1), np.int32) for chunk in whole.chunks]
    return Values(np.concatenate(codes), known, whole.chunk(0).dictionary)
