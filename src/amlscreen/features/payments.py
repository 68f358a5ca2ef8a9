"""The bank's payments between accounts and outside parties as compact arrays, each payment once.

A partition gives the rows whose other side is known. A payment between two accounts of this data has two legs; the
payer's is kept, the receiver's only where there is no payer's to it. Legs are paired by payer, receiver and amount, at
most a day apart, and what is then left by an amount that differs by no more than a fiftieth (a fee, or a rate between
currencies). A party that is unknown or pooled is none; nor is money that an account moves to itself.
"""

from __future__ import annotations

from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from typing import Any

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from amlscreen.ledger import kernels
from amlscreen.ledger.columns import is_countable
from amlscreen.ledger.partition import Partition
from amlscreen.ledger.reference import Reference, whole

__all__ = ["NEEDED", "Payments", "Piece", "payments_of", "piece_of"]

Ints = NDArray[np.int64]
Codes = NDArray[np.int32]
Flags = NDArray[np.bool_]
NEEDED = ("channel", "counterparty", "counterparty_kind")
"""Stored columns that a partition must carry besides those it always does."""
DAY = 86_400_000_000
_NEAR = 50
"""Legs whose amounts differ by at most one part in so many may be of one payment."""


@dataclass(frozen=True, slots=True)
class Piece:
    """What one partition gives. ``other`` is the other side's key, a place in ``words``.

    Of ``accounts``, ``rows`` says how many countable ones they have, and ``named`` of how many the other side is known
    or pooled, or nobody, as of cash. A joint account stands there once for each owner, and has rows at the first only.
    """

    account: Codes
    other: Codes
    credit: Flags
    dated: Flags
    at: Ints
    amount: Ints
    words: pa.Array[Any]
    accounts: Codes
    rows: Codes
    named: Codes


@dataclass(frozen=True, slots=True)
class Payments:
    """Rows in the ledger's order; ``by_time`` are those that stand for a payment, by ``early``, equals in that order.

    Accounts of this data are numbered by account_no, outside parties from ``accounts`` on. ``early`` and ``late`` are
    the first and last instant at which each may have been. ``rows`` and ``named`` are by account_no.
    """

    accounts: int
    parties: int
    source: Codes
    target: Codes
    early: Ints
    late: Ints
    amount: Ints
    by_time: Codes
    rows: Ints
    named: Ints


def piece_of(part: Partition) -> Piece:
    """The rows of a partition, each joint account once, that are one leg of a payment."""
    countable = is_countable(part) & (part.column("holder_no").array == 0)
    key, kind = part.column("counterparty"), part.column("counterparty_kind")
    pooled = kind.array == kind.code_of("pooled")
    rows = np.flatnonzero(countable & ~pooled & (key.array >= 0))
    direction, precision = part.column("direction"), part.column("time_precision")
    starts = part.account_starts()
    named = countable & ((key.array >= 0) | pooled | _is_cash(part))
    account = part.column("account").array
    return Piece(
        account=account.take(rows).astype(np.int32),
        other=key.array.take(rows).astype(np.int32),
        credit=direction.array.take(rows) == direction.code_of("credit"),
        dated=precision.array.take(rows) != precision.code_of("second"),
        at=part.column("at").array.take(rows).astype(np.int64),
        amount=part.column("amount").array.take(rows).astype(np.int64),
        words=key.vocabulary,
        accounts=account.take(starts[:-1]).astype(np.int32),
        rows=np.add.reduceat(countable, starts[:-1], dtype=np.int32),
        named=np.add.reduceat(named, starts[:-1], dtype=np.int32),
    )


def _is_cash(part: Partition) -> Flags:
    """Rows that have nobody on the other side."""
    channel = part.column("channel")
    if channel.words is None:
        return np.zeros(part.size, np.bool_)
    return channel.among(part.reference.jurisdiction.cash_report_channels)


def payments_of(pieces: Sequence[Piece], reference: Reference) -> Payments:
    """All payments of the bank, each once; the result does not depend on how rows were cut into partitions."""
    accounts = reference.account_ids.num_rows
    own, credit, at, amount, dated = (_joined(pieces, name) for name in ("account", "credit", "at", "amount", "dated"))
    early, late = _instants(at, dated, reference.jurisdiction.utc_offset_minutes)
    with ThreadPoolExecutor(1, thread_name_prefix="payments") as aside:
        order = aside.submit(np.argsort, early, kind="stable")
        other, parties = _others(pieces, reference)
        source, target = np.where(credit, other, own), np.where(credit, own, other)
        second = _second_legs(source.astype(np.int64) * parties + target, at, amount, credit, other < accounts)
        by_time = order.result().astype(np.int32)
    by_time = by_time.take(np.flatnonzero(~(second | (source == target)).take(by_time)))
    rows, named = np.zeros(accounts, np.int64), np.zeros(accounts, np.int64)
    for piece in pieces:
        np.add.at(rows, piece.accounts, piece.rows)
        np.add.at(named, piece.accounts, piece.named)
    return Payments(accounts, parties, source, target, early, late, amount, by_time, rows, named)


def _joined(pieces: Sequence[Piece], name: str) -> NDArray[Any]:
    every = [getattr(piece, name) for piece in pieces]
    joined: NDArray[Any] = np.concatenate(every) if every else np.empty(0, np.int64)
    return joined


def _others(pieces: Sequence[Piece], reference: Reference) -> tuple[Codes, int]:
    """The other side of every row by its number in the whole bank, and how many parties there are."""
    coded = whole(pa.chunked_array([piece.words for piece in pieces], pa.string())).dictionary_encode()
    own = reference.accounts_of_keys(coded.dictionary)
    accounts = reference.account_ids.num_rows
    number = np.where(own >= 0, own, accounts + np.arange(own.size)).astype(np.int32)
    number = number.take(np.asarray(coded.indices))
    others, start = [np.empty(0, np.int32)], 0
    for piece in pieces:
        others.append(number[start : start + len(piece.words)].take(piece.other))
        start += len(piece.words)
    return np.concatenate(others), accounts + own.size


def _instants(at: Ints, dated: Flags, offset_minutes: int) -> tuple[Ints, Ints]:
    """The first and last instant of each row: of one known by its date only, its local day's."""
    if not dated.any():
        return at, at
    offset = offset_minutes * 60_000_000
    midnight = (at + offset) // DAY * DAY - offset
    return np.where(dated, midnight, at), np.where(dated, midnight + DAY - 1, at)


def _second_legs(pair: Ints, time: Ints, amount: Ints, credit: Flags, both: Flags) -> Flags:
    """Receivers' legs of payments whose payer's leg is there too; rows stand in the ledger's order."""
    taken = np.zeros(pair.size, np.bool_)
    if not both.any() or credit[both].all() or not credit[both].any():
        return taken
    legs = np.flatnonzero(both)
    pair, time, amount = (each.take(legs) for each in (pair, time, amount))
    credit = credit.take(legs)
    found = np.zeros(legs.size, np.bool_)
    heads, tails = (np.full(1 << int(legs.size).bit_length(), -1, np.int64) for _ in range(2))
    following = np.empty(legs.size, np.int64)
    kernels.pair_equal_legs(pair, time, amount, credit, np.ones_like(found), DAY, heads, tails, following, found)
    del heads, tails, following
    left = np.flatnonzero(~found)
    left = left[np.argsort(pair[left], kind="stable")]
    offsets = np.concatenate([[0], np.flatnonzero(np.diff(pair[left])) + 1, [left.size]]).astype(np.int64)
    kernels.pair_legs(offsets, left, time, amount, credit, DAY, _NEAR, found)
    taken[legs] = found & credit
    return taken
