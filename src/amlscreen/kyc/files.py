"""What the bank's file says of each customer, as arrays by ``customer_no``; and of each account, by ``account_no``.

The customers are those of the ledger: everyone in the customer table and every owner of an account, with or without a
record of their own.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from decimal import Decimal
from functools import cached_property
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute
from numpy.typing import NDArray

from amlscreen.jurisdiction import Jurisdiction
from amlscreen.kyc.use import LEAST_DAYS, MONTH_DAYS, SPAN_DAYS, Use
from amlscreen.ledger.partition import Values, as_values
from amlscreen.ledger.reference import UNKNOWN_DAY, Reference, joined, positions, whole

__all__ = ["Files", "decimals", "folded", "listed_codes", "worded"]

pc: Any = pyarrow.compute  # the stubs' overloads know too few of the functions used here

Ints = NDArray[np.int64]
Flags = NDArray[np.bool_]


class Files:
    """Reference tables, features and use, lined up by customer and account number.

    ``provided`` names the columns that hold any value at all: a column the bank does not give cannot be missing in one
    customer's file. What was told later than ``told_until``, such as a report, does not count.
    """

    def __init__(
        self,
        tables: Mapping[str, pa.Table],
        provided: Collection[str],
        reference: Reference,
        features: pa.Table,
        use: Use,
        told_until: int,
    ) -> None:
        self.tables, self.provided, self.reference, self.use = tables, frozenset(provided), reference, use
        self.features = features
        self.size = reference.customer_ids.num_rows
        self.as_of = reference.last_day
        self.told_until = told_until

    @property
    def jurisdiction(self) -> Jurisdiction:
        """Whose figures hold."""
        return self.reference.jurisdiction

    def has(self, column: str) -> bool:
        """Whether the bank gives that ``table.column``."""
        return column in self.provided

    @cached_property
    def place(self) -> Ints:
        """Where each customer stands in the customer table; -1 without a record."""
        return self._places("customers", "customer_id", self.reference.customer_ids)

    @cached_property
    def account_place(self) -> Ints:
        """Where each account stands in the account table; -1 without a record."""
        return self._places("accounts", "account_id", self.reference.account_ids)

    def _places(self, name: str, key: str, ids: pa.Table) -> Ints:
        return positions(_keys(ids, key), _keys(self.tables[name], key))

    def numbers(self, table: pa.Table, column: str = "customer_id") -> Ints:
        """The customer_no that each row's column names; -1 where it names none."""
        return positions(_keys(table, column), _keys(self.reference.customer_ids, "customer_id"))

    def account_numbers(self, table: pa.Table) -> Ints:
        """The account_no of each row; -1 where it names none."""
        return positions(_keys(table, "account_id"), _keys(self.reference.account_ids, "account_id"))

    def customer(self, column: str) -> Values:
        """A column of the customer table by customer_no."""
        return _taken(self.tables["customers"], column, self.place)

    def filled(self, column: str) -> Flags:
        """Which customers have a value there."""
        known = np.append(np.asarray(whole(self.tables["customers"][column]).is_valid()), False)
        return known[self.place]

    def account(self, column: str) -> Values:
        """A column of the account table by account_no."""
        return _taken(self.tables["accounts"], column, self.account_place)

    def day(self, column: str) -> Ints:
        """A date of the customer table; :data:`~amlscreen.ledger.reference.UNKNOWN_DAY` where it is not known."""
        values = self.customer(column)
        return np.where(values.is_known(), values.array.astype(np.int64), UNKNOWN_DAY)

    def flag(self, column: str) -> Ints:
        """A flag of the customer table; -1 where it is not known."""
        values = self.customer(column)
        return np.where(values.is_known(), values.array.astype(np.int64), -1)

    def feature(self, name: str) -> Values:
        """A number about each customer from the ledger."""
        return as_values(whole(self.features[name]))

    @cached_property
    def is_firm(self) -> Flags:
        """Firms; whoever is not known to be one counts as a person."""
        kind = self.customer("customer_kind")
        return np.asarray(kind.among(("entity",)))

    @cached_property
    def account_of_owner(self) -> tuple[Ints, Ints]:
        """Pairs of account_no and the customer_no of one of its owners."""
        facts = self.reference
        accounts = np.repeat(np.arange(facts.owner_offsets.size - 1), np.diff(facts.owner_offsets))
        return accounts, facts.owner.astype(np.int64)

    def any_account(self, of_account: Flags) -> Flags:
        """Customers one of whose accounts is marked."""
        accounts, owners = self.account_of_owner
        marked = np.zeros(self.size, np.bool_)
        marked[owners[of_account[accounts]]] = True
        return marked

    @property
    def days(self) -> int:
        """Over how many days use is known, at most :data:`~amlscreen.kyc.use.SPAN_DAYS`."""
        return min(SPAN_DAYS, self.as_of - self.reference.first_day + 1)

    @property
    def shows_use(self) -> bool:
        """Whether there is history enough to hold use against what was declared."""
        return self.days >= LEAST_DAYS

    def monthly(self, amount: Ints) -> Ints:
        """An amount of the span as one of a month, floored."""
        return amount // max(self.days, 1) * MONTH_DAYS + amount % max(self.days, 1) * MONTH_DAYS // max(self.days, 1)


def _keys(table: pa.Table, column: str) -> pa.Array[Any]:
    return joined(whole(table["institution"]), "\x1f", whole(table[column]))


def _taken(table: pa.Table, column: str, place: Ints) -> Values:
    values = as_values(whole(table[column]))
    missing = -1 if values.words is not None else 0
    array = np.append(values.array, missing)[place]
    known = np.append(values.is_known(), False)[place]
    return Values(array, None if known.all() else known, values.words)


def folded(values: Values, words: Collection[str]) -> Flags:
    """Which rows carry one of the words, case and outer spaces aside."""
    said: Any = pc.utf8_lower(pc.utf8_trim_whitespace(values.vocabulary))
    carried: Any = pc.is_in(said, value_set=pa.array(sorted({word.strip().lower() for word in words}), pa.string()))
    found: Flags = np.append(np.asarray(carried, np.bool_), False)[values.array]
    return found


def decimals(whole_units: Ints, digits: int, missing: Flags | None = None) -> pa.Array[Any]:
    """Integers as exact decimals with so many digits behind the point."""
    unit = pa.scalar(Decimal(1).scaleb(-digits), pa.decimal128(digits + 1, digits))
    integers = pa.array(whole_units, pa.int64(), mask=missing).cast(pa.decimal128(19, 0))
    scaled: pa.Array[Any] = pc.multiply(integers, unit).cast(pa.decimal128(38, digits))
    return scaled


def listed_codes(flags: Mapping[str, Flags]) -> pa.Array[Any]:
    """For each row the names of the flags that hold, in their order, as a list of texts."""
    if not flags:
        raise ValueError("a list needs names to choose from")
    matrix = np.column_stack(list(flags.values()))
    offsets = np.concatenate([np.zeros(1, np.int32), np.cumsum(matrix.sum(axis=1), dtype=np.int32)])
    names = pa.array(list(flags), pa.string())
    chosen = names.take(np.nonzero(matrix)[1])
    lists: Any = pa.ListArray.from_arrays(pa.array(offsets, pa.int32()), chosen)
    return lists  # type: ignore[no-any-return]  # the stubs do not know lists


def worded(codes: Ints, words: tuple[str, ...]) -> pa.Array[Any]:
    """Codes as the texts they stand for."""
    return pa.array(words, pa.string()).take(codes)
