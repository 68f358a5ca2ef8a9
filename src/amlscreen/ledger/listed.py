"""Who stands on the bank's lists: table ``listed`` by key, held against keys of counterparties, customers, accounts.

Both sides were written alike at intake, and are compared exactly. A list is that of the institution that keeps it; an
entry counts from ``since`` to ``until``, both included.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray

from amlscreen.intake.names import name_keys
from amlscreen.intake.stream import Numbering
from amlscreen.ledger.partition import Values
from amlscreen.ledger.reference import joined, positions, whole
from amlscreen.rules.columns import LIST_WORDS
from amlscreen.schema import LISTED_CATEGORIES, LISTED_KINDS

__all__ = ["Listed", "as_list_values", "owned_accounts"]

_IN_FRONT: Mapping[str, tuple[str, ...]] = {
    "account": ("account:", "pooled:"),
    "phone": ("phone:", "wallet:", "pooled:"),
    "wallet": ("wallet:", "pooled:"),
    "name": ("name:", "pooled:"),
}
"""The keys that an entry of a kind is compared with. A pooled counterparty does not say of what kind its key was."""
_OTHER_KEYS = r"^(account|phone|wallet|pooled|email|id_number|customer):"
_EARLY, _LATE = -(2**31), 2**31 - 1


@dataclass(frozen=True, slots=True)
class Listed:
    """Entries in the order of their keys: those of ``keys[i]`` stand from ``offsets[i]`` to ``offsets[i + 1]``.

    ``bank`` counts ``institutions``; ``rank`` counts ``LISTED_CATEGORIES``, the gravest first.
    """

    institutions: pa.Array[Any]
    keys: pa.Array[Any]
    offsets: NDArray[np.int64]
    bank: NDArray[np.int64]
    rank: NDArray[np.int64]
    since: NDArray[np.int64]
    until: NDArray[np.int64]

    @classmethod
    def of(cls, table: pa.Table, owned: pa.Table | None = None) -> Listed:
        """The entries of a conformed ``listed`` table.

        With ``owned`` (institution, customer_id, key) an entry of kind customer also lists the accounts it owns.
        """
        parts = [_under(table, kind, front) for kind in LISTED_KINDS for front in _IN_FRONT.get(kind, (f"{kind}:",))]
        if owned is not None:
            parts.append(_accounts_of_customers(table, owned))
        entries = pa.concat_tables(parts).combine_chunks()
        keys: Any = pc.unique(whole(entries["key"]))
        code = positions(whole(entries["key"]), keys)
        order = np.argsort(code, kind="stable")
        institutions: Any = pc.unique(whole(entries["institution"]))
        return cls(
            institutions=institutions,
            keys=keys,
            offsets=np.concatenate([[0], np.cumsum(np.bincount(code, minlength=len(keys)))]).astype(np.int64),
            bank=positions(whole(entries["institution"]), institutions)[order],
            rank=positions(whole(entries["category"]), pa.array(LISTED_CATEGORIES))[order],
            since=_days(entries["since"], _EARLY)[order],
            until=_days(entries["until"], _LATE)[order],
        )

    def gravest(
        self, banks: Values, keys: Values, *, since_by: NDArray[np.int64], until_from: NDArray[np.int64]
    ) -> NDArray[np.int64]:
        """The rank of each row's gravest entry that began by one day and lasts to another; else one above all ranks."""
        rank = np.full(keys.array.size, len(LISTED_CATEGORIES), np.int64)
        at = np.append(self._positions(keys.vocabulary), -1)[keys.array]
        rows = np.flatnonzero(at >= 0)
        if not rows.size:
            return rank
        low = self.offsets[at[rows]]
        size = self.offsets[at[rows] + 1] - low
        row = np.repeat(rows, size)
        entry = np.arange(row.size) - np.repeat(np.cumsum(size) - size - low, size)
        bank = np.append(positions(banks.vocabulary, self.institutions), -1)[banks.array[row]]
        holds = (bank == self.bank[entry]) & (self.since[entry] <= since_by[row])
        holds &= self.until[entry] >= until_from[row]
        np.minimum.at(rank, row[holds], self.rank[entry[holds]])
        return rank

    def _positions(self, words: pa.Array[Any]) -> NDArray[np.int64]:
        """Where each key stands among ``keys``; -1 where it does not. Keys that a file gave are no names made alike."""
        if not len(self.keys):
            return np.full(len(words), -1, np.int64)
        found = positions(words, self.keys)
        if not pc.any(pc.starts_with(self.keys, "name:")).as_py():
            return found
        names = np.flatnonzero(np.array(_by_hand(words)) & (found < 0))
        bare: Any = pc.replace_substring_regex(words.take(pa.array(names, pa.int64())), "^name:", "")
        found[names] = positions(name_keys(bare), self.keys)
        return found


def owned_accounts(numbering: Numbering) -> pa.Table:
    """institution, customer_id and the key of every account that a customer owns."""
    holders = numbering.holders.combine_chunks()
    who = numbering.customers.select(["institution", "customer_id"]).take(holders["customer_no"])
    held = numbering.accounts.select(["institution", "account_id"]).take(holders["account_no"])
    return who.append_column("key", joined("account:", whole(held["institution"]), "/", whole(held["account_id"])))


def _by_hand(words: pa.Array[Any]) -> Any:
    """Names that intake did not write as keys: no kind in front, or capitals or spaces that it would not leave."""
    made = pc.starts_with(words, "name:")
    untidy = pc.or_(pc.not_equal(pc.utf8_lower(words), words), pc.match_substring(words, "  "))
    return pc.if_else(made, untidy, pc.invert(pc.match_substring_regex(words, _OTHER_KEYS)))


def as_list_values(rank: NDArray[np.int64], known: NDArray[np.bool_]) -> Values:
    """Ranks as the words a card names; -1 where not known."""
    return Values(np.where(known, rank, -1).astype(np.int32), known, pa.array(LIST_WORDS))


def _under(table: pa.Table, kind: str, front: str) -> pa.Table:
    """The entries of a kind, with this in front of their value."""
    entries = table.filter(pc.equal(table["kind"], pa.scalar(kind)))
    kept = entries.select(["institution", "category", "since", "until"])
    return kept.append_column("key", joined(front, whole(entries["value"])))


def _accounts_of_customers(table: pa.Table, owned: pa.Table) -> pa.Table:
    entries = _under(table, "customer", "")
    pairs = entries.join(
        owned.rename_columns({"customer_id": "id", "key": "account"}),
        ["institution", "key"],
        ["institution", "id"],
        join_type="inner",
    )
    kept = pairs.select(["institution", "category", "since", "until"])
    return kept.append_column("key", whole(pairs["account"]))


def _days(column: pa.ChunkedArray[Any], empty: int) -> NDArray[np.int64]:
    return np.array(pc.fill_null(whole(column.cast(pa.int64())), pa.scalar(empty, pa.int64())), np.int64)
