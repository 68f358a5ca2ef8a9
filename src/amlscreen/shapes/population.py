"""Every customer of the data by number, with what the reference tables say of each as of the run's day.

Made once for all rules that look at customers together; columns are read and written alike when first asked for.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Sequence
from functools import cached_property
from typing import TYPE_CHECKING, Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray

from amlscreen.distinct import distinct
from amlscreen.hits import Hit
from amlscreen.ledger.partition import Values, as_values
from amlscreen.ledger.reference import Reference, joined, positions, whole
from amlscreen.rules.columns import TABLE_COLUMNS
from amlscreen.rules.grammar import Condition, Conditions
from amlscreen.shapes.conditions import Truth, evaluate, inside_number, test_values
from amlscreen.shapes.match_table import MatchTable

if TYPE_CHECKING:
    from amlscreen.intake.dataset import Dataset

__all__ = ["Population", "written_alike"]

Ints = NDArray[np.int64]
Mask = NDArray[np.bool_]
_NO_WIDTH = "\u200b\u200c\u200d\u2060\ufeff\u00ad"
_BLANK = "\t\n\v\f\r\u0085\u00a0\u1680\u2000-\u200a\u2028\u2029\u202f\u205f\u3000"
_INVISIBLE, _SPACES = f"[{_NO_WIDTH}]", f"[ {_BLANK}]+"
_ODD = f"[{_NO_WIDTH}{_BLANK}]|  |^ | $"
"""Texts that must be looked at closely; most need not."""


class Population:
    """The customers of a run, their tables, and the hits of the other rules on them."""

    def __init__(
        self, data: Dataset, reference: Reference, features: pa.Table, hits: Sequence[Hit], as_of: int
    ) -> None:
        self.reference, self.as_of, self.hits = reference, as_of, hits
        self.size = reference.customer_ids.num_rows
        self.provided = data.provided
        self._open: Callable[[str], MatchTable] = lambda name: MatchTable.of(data, name, features, as_of)
        self._features = features
        self._tables: dict[str, MatchTable] = {}
        self._columns: dict[tuple[str, str, bool], Values] = {}
        self._carriers: dict[str, tuple[Ints, Ints]] = {}

    def table(self, name: str) -> MatchTable:
        """A reference table as of the day."""
        if name not in self._tables:
            self._tables[name] = self._open(name)
        return self._tables[name]

    def column(self, table: str, name: str, *, alike: bool = False) -> Values:
        """A column of a table; with ``alike``, texts that differ in nothing but writing are one value."""
        key = (table, name, alike)
        if key not in self._columns:
            values = self.table(table).column(name)
            self._columns[key] = written_alike(values) if alike else values
        return self._columns[key]

    def holds(self, table: str, conditions: Conditions) -> Mask:
        """The rows of a table for which conditions hold."""
        kinds, digits = TABLE_COLUMNS[table], self.reference.jurisdiction.minor_digits

        def atom(name: str, condition: Condition) -> Truth:
            return test_values(
                self.column(table, name), condition, lambda value: inside_number(kinds[name].kind, value, digits)
            )

        return evaluate(conditions, atom, self.table(table).size).true

    def of_customers(self, name: str, *, alike: bool = False) -> Values:
        """A column of the customers table by customer_no; unknown where a customer has no row there."""
        values, row = self.column("customers", name, alike=alike), self.customer_row
        if not values.array.size:
            return Values(np.zeros(self.size, np.int64), np.zeros(self.size, np.bool_))
        at = np.maximum(row, 0)
        known = values.is_known()[at] & (row >= 0)
        array = values.array[at]
        return Values(np.where(known, array, -1) if values.words is not None else array, known, values.words)

    def who(self, conditions: Conditions) -> Mask:
        """The customers for whom conditions hold; without conditions everybody, whether or not there is a row."""
        if not conditions.columns and not conditions.any_of:
            return np.ones(self.size, np.bool_)
        rows = np.append(self.holds("customers", conditions), np.False_)
        found: Mask = rows[self.customer_row]
        return found

    @cached_property
    def customer_row(self) -> Ints:
        """Each customer's row in the customers table; -1 where there is none."""
        row = np.full(self.size, -1, np.int64)
        at, number = self.carriers("customers")
        row[number] = at
        return row

    def carriers(self, table: str) -> tuple[Ints, Ints]:
        """Which rows of a table belong to which customers: row and customer_no, a row for each owner of an account."""
        if table not in self._carriers:
            self._carriers[table] = self._carried(table)
        return self._carriers[table]

    def _carried(self, table: str) -> tuple[Ints, Ints]:
        if table == "accounts":
            rows = self.table(table).table
            account = positions(_keys(rows, "account_id"), _keys(self.reference.account_ids, "account_id"))
            found = np.flatnonzero(account >= 0)
            at, owner = self.reference.owners_of(account[found])
            return found[at], owner
        number = positions(_keys(self.table(table).table, "customer_id"), self._customer_keys)
        known = np.flatnonzero(number >= 0)
        return known, number[known]

    def numbers_of(self, institutions: Sequence[str], customer_ids: Sequence[str]) -> Ints:
        """The customer_no of each pair; -1 where there is none."""
        if not customer_ids:
            return np.empty(0, np.int64)
        keys = joined(
            pa.array(institutions, pa.string()), "\x1f", pa.array(customer_ids, pa.string())
        ).dictionary_encode()
        place = positions(self._customer_keys, keys.dictionary)  # few are sought among many
        number = np.full(len(keys.dictionary), -1, np.int64)
        number[place[place >= 0]] = np.flatnonzero(place >= 0)
        found: Ints = number[np.asarray(keys.indices)]
        return found

    def hits_by_customer(self, rules: Collection[str] | None, days: int) -> tuple[Ints, Ints]:
        """Recent hits, of some rules or of all, and whom they are about: hit number and customer_no, by customer.

        A hit ended less than so many days before ``as_of``; its possible victims are not those it is about.
        """
        first = self.as_of - days
        wanted = [hit.last_day > first and (rules is None or hit.rule_id in rules) for hit in self.hits]
        hit, customer = self._hits_about
        keep = np.flatnonzero(np.array(wanted, np.bool_)[hit])
        return hit[keep], customer[keep]

    @cached_property
    def _hits_about(self) -> tuple[Ints, Ints]:
        """Every hit and whom it is about, by customer."""
        institutions, ids, numbers = [], [], []
        for number, hit in enumerate(self.hits):
            about = [one for one in hit.customer_ids if one not in hit.victims]
            ids += about
            institutions += [hit.subject.institution] * len(about)
            numbers += [number] * len(about)
        customer = self.numbers_of(institutions, ids)
        pairs = distinct((customer << 32 | np.array(numbers, np.int64))[customer >= 0])
        return pairs & 0xFFFF_FFFF, pairs >> 32

    def accounts_of(self, customers: Ints) -> tuple[Ints, Ints]:
        """What these customers own: where its owner stands in ``customers``, and account_no, for each account."""
        account, offsets = self._accounts
        low, size = offsets[customers], offsets[customers + 1] - offsets[customers]
        at = np.repeat(np.arange(customers.size), size)
        return at, account[np.arange(at.size) - np.repeat(np.cumsum(size) - size - low, size)]

    @cached_property
    def _accounts(self) -> tuple[Ints, Ints]:
        """Accounts by owner, and where those of each owner begin."""
        owner = self.reference.owner.astype(np.int64)
        account = np.repeat(np.arange(self.reference.owner_offsets.size - 1), np.diff(self.reference.owner_offsets))
        order = np.argsort(owner, kind="stable")
        return account[order], np.searchsorted(owner[order], np.arange(self.size + 1))

    @cached_property
    def credits(self) -> Ints:
        """What came onto each customer's accounts, in minor units."""
        money = as_values(whole(self._features["credits"]))
        values = np.zeros(self.size, np.int64)
        values[: money.array.size] = np.where(money.is_known(), money.array, 0)
        return values

    @cached_property
    def institution(self) -> Ints:
        """A number for each customer's institution."""
        return as_values(whole(self.reference.customer_ids["institution"])).array.astype(np.int64)

    @cached_property
    def _customer_keys(self) -> pa.Array[Any]:
        return _keys(self.reference.customer_ids, "customer_id")


def _keys(table: pa.Table, column: str) -> pa.Array[Any]:
    return joined(whole(table["institution"]), "\x1f", whole(table[column]))


def written_alike(values: Values) -> Values:
    """Texts as NFC in small letters, runs of spaces as one, marks without width left out; nothing left is unknown.

    Numbers stay as they are. It never takes two different words for one: no sounds, no spelling, no script is folded.
    """
    if values.words is None:
        return values
    arrow: Any = pc  # the stubs do not know every function
    words: Any = pc.utf8_lower(arrow.utf8_normalize(values.vocabulary, form="NFC"))
    odd = pc.match_substring_regex(words, pattern=_ODD)
    if pc.any(odd).as_py():
        some = pc.replace_substring_regex(words.filter(odd), pattern=_INVISIBLE, replacement="")
        some = pc.utf8_trim(pc.replace_substring_regex(some, pattern=_SPACES, replacement=" "), characters=" ")
        words = pc.replace_with_mask(words, odd, some)
    empty = pc.index(words, pa.scalar("", words.type)).as_py()
    if empty < 0 and words.equals(values.vocabulary):
        return values
    folded = words.dictionary_encode()
    code = np.append(np.asarray(folded.indices, np.int32), np.int32(-1))
    code[code == pc.index(folded.dictionary, pa.scalar("", words.type)).as_py()] = -1
    array = code[values.array]
    return Values(array, array >= 0, folded.dictionary)
