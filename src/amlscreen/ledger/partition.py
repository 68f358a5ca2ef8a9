"""A partition: whole customers, their rows as plain arrays, sorted by customer, account and time.

Columns are made when a rule first asks for them and live as long as the partition does.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, TypeVar

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray

from amlscreen.ledger.kernels import carry_one_of
from amlscreen.ledger.reference import Reference

__all__ = ["Partition", "Values", "as_values"]

Shared = TypeVar("Shared")


@dataclass(frozen=True, slots=True)
class Values:
    """One column as an array: numbers, or codes into ``words`` (-1 where unknown).

    ``known`` is None where every value is known. Flags are 0 and 1.
    """

    array: NDArray[Any]
    known: NDArray[np.bool_] | None = None
    words: pa.Array[Any] | None = None
    _codes: dict[str, int] = field(default_factory=dict, repr=False, compare=False)

    def take(self, rows: NDArray[np.int64]) -> Values:
        """The same column for some rows only."""
        known = None if self.known is None else self.known.take(rows)
        return Values(self.array.take(rows), known, self.words, self._codes)

    def is_known(self) -> NDArray[np.bool_]:
        """Which values are known."""
        return np.ones(self.array.size, np.bool_) if self.known is None else self.known

    def told(self, row: int) -> int | str | None:
        """A row's word or number; None where it is not known."""
        if self.known is not None and not self.known[row]:
            return None
        code = int(self.array[row])
        words: Any = self.words
        return code if words is None else str(words[code].as_py())

    @property
    def vocabulary(self) -> pa.Array[Any]:
        """The words that codes stand for, as strings; only columns of text have one."""
        if self.words is None:
            raise TypeError("a column of numbers has no words")
        return self.words.cast(pa.string())

    def code_of(self, word: str) -> int:
        """The code of a word, or -2 if no row carries it."""
        if word not in self._codes:
            found = pc.index(self.vocabulary, pa.scalar(word, pa.string())).as_py()
            self._codes[word] = -2 if found < 0 else int(found)
        return self._codes[word]

    def among(self, words: Sequence[str]) -> NDArray[np.bool_]:
        """Which rows carry one of these words."""
        sought = np.zeros(len(self.vocabulary) + 1, np.bool_)
        sought[[code for code in map(self.code_of, words) if code >= 0]] = True
        if self.array.dtype != np.int32:
            return sought.take(self.array, mode="wrap")  # -1, which is unknown, takes the last
        carries = np.empty(self.array.size, np.bool_)
        carry_one_of(np.ascontiguousarray(self.array), sought, carries)
        return carries


class Partition:
    """Rows of whole customers and the columns made of them.

    ``derive`` makes a column by name from the others; :mod:`amlscreen.ledger.columns` holds the catalogue.
    """

    def __init__(
        self, batch: pa.RecordBatch, reference: Reference, derive: Mapping[str, Callable[[Partition], Values]]
    ) -> None:
        self.reference = reference
        self.size = batch.num_rows
        self._batch = batch
        self._derive = derive
        self._made: dict[str, Values] = {}
        self._shared: dict[object, object] = {}

    def column(self, name: str) -> Values:
        """The column of that name; made once."""
        if name not in self._made:
            maker = self._derive.get(name)
            self._made[name] = maker(self) if maker else as_values(self._batch.column(name))
        return self._made[name]

    def once(self, key: object, make: Callable[[], Shared]) -> Shared:
        """What rules share, made when the first of them asks for it and kept as long as the partition is."""
        if key not in self._shared:
            self._shared[key] = make()
        return self._shared[key]  # type: ignore[return-value]  # a key is always of one kind

    def let_go(self) -> None:
        """Forget what was made of the rows. What rules share refers back here, so it would else stay for a while."""
        self._made.clear()
        self._shared.clear()

    def stored(self, name: str) -> Values:
        """The column as it came from the store, also where a derived one bears the same name."""
        return as_values(self._batch.column(name))

    def account_starts(self) -> NDArray[np.int64]:
        """First row of each run of one customer's one account, with the size at the end."""
        return self.once("account starts", lambda: self._starts("account", "customer"))

    def customer_starts(self) -> NDArray[np.int64]:
        """First row of each customer, with the size at the end."""
        return self.once("customer starts", lambda: self._starts("customer"))

    def _starts(self, *names: str) -> NDArray[np.int64]:
        changes = [np.diff(self.column(name).array) != 0 for name in names]
        change = np.flatnonzero(np.logical_or.reduce(changes)) + 1
        return np.concatenate([np.zeros(min(self.size, 1), np.int64), change, np.array([self.size], np.int64)])


def as_values(column: pa.Array[Any]) -> Values:
    """An Arrow column as an array of its own (kernels want writable ones): strings become codes, nulls unknown."""
    if pa.types.is_string(column.type) or pa.types.is_large_string(column.type):
        column = column.dictionary_encode()
    if isinstance(column, pa.DictionaryArray):
        codes = np.array(pc.fill_null(column.indices.cast(pa.int32()), pa.scalar(-1, pa.int32())))
        return Values(codes, None if column.null_count == 0 else codes >= 0, column.dictionary)
    if pa.types.is_boolean(column.type):
        column = column.cast(pa.int8())
    known = None
    if column.null_count:
        known = np.array(column.is_valid())
        filled: Any = column.fill_null(0)
        column = filled
    return Values(np.array(column), known)
