"""A stream of payments laid out for the graph kernels: once for all features of a stream."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pyarrow as pa

from amlscreen.errors import DataError
from amlscreen.ledger.kernel_cache import Codes, Ints
from amlscreen.ledger.kernels_graph import follow_pairs, grouped, instants, last_before, numbered, window_firsts

__all__ = ["Layout", "laid_out"]

_MOST_EDGES = 2**30
_SPARE = 2**20


@dataclass(frozen=True)
class Layout:
    """Payments between different accounts, in the order of the stream, with every order a kernel needs.

    ``rows`` are their places in the stream; None if there are no others. ``payer`` and ``payee`` are numbers from 0 in
    the order accounts first appear. ``paid`` are edges by payer, ``got`` by payee, ``pairs`` by payer and payee.
    """

    edges: int
    accounts: int
    rows: Ints | None
    time: Ints
    payer: Codes
    payee: Codes
    paid_offsets: Codes
    paid: Codes
    got_offsets: Codes
    got: Codes
    pairs: Codes
    before: Codes
    after: Codes
    instant_first: Codes
    instant_end: Codes
    batch_first: Codes
    batch_end: Codes

    def searched(self, span: int) -> tuple[Codes, ...]:
        """What the kernels that search from each edge take, for windows of that span."""
        return (
            self.paid_offsets, self.paid, self.got_offsets, self.got, self.payer, self.payee, self.before, self.after,
            self.pairs, self.instant_first, self.instant_end, self.batch_first, self.batch_end, self.reached(span),
        )  # fmt: skip

    def neighbours(self) -> tuple[Codes, Codes]:
        """The last edge before each that pays its payer, and the last that its payee pays; -1 where there is none."""
        to_payer, from_payee = np.empty((2, self.edges), np.int32)
        last_before(self.payer, self.payee, self.accounts, to_payer, from_payee)
        return to_payer, from_payee

    def reached(self, span: int) -> Codes:
        """The first edge that is at most ``span`` before each edge."""
        first = np.empty(self.edges, np.int32)
        window_firsts(self.time, span, first)
        return first

    def known(self, keep: int) -> Codes:
        """The first edge that a batch still knows: at most ``keep`` older than the last edge of the batches before."""
        if not self.edges:
            return np.zeros(0, np.int32)
        oldest = self.time[np.maximum(self.batch_first - 1, 0)] - keep
        first = np.searchsorted(self.time, oldest).astype(np.int32)
        return np.where(self.batch_first == 0, np.int32(0), first)

    def hub(self) -> int:
        """The account with the most payments in times out, -1 if none has both."""
        ways = np.diff(self.paid_offsets).astype(np.int64) * np.diff(self.got_offsets)
        return int(ways.argmax()) if ways.size and ways.max() > 0 else -1


def laid_out(source: Ints, target: Ints, time: Ints, batch: int | None) -> Layout:
    """Lays a stream out; ``DataError`` if its columns differ in length or it is not sorted by time."""
    _held(source, target, time, batch)
    payer, payee, accounts = _numbers(source, target)
    rows = None
    count = source.size
    first = np.arange(count, dtype=np.int32)
    first -= first % np.int32(min(batch or max(count, 1), max(count, 1)))
    if (payer == payee).any():
        rows = np.flatnonzero(payer != payee)
        payer, payee, time, first = payer[rows], payee[rows], time[rows], first[rows]
        first = np.searchsorted(first, first).astype(np.int32)
    end = (
        np.searchsorted(first, first, side="right").astype(np.int32)
        if batch
        else np.full(first.size, first.size, np.int32)
    )
    return _ordered(accounts, rows, time, payer, payee, first, end)


def _ordered(
    accounts: int, rows: Ints | None, time: Ints, payer: Codes, payee: Codes, first: Codes, end: Codes
) -> Layout:
    count = payer.size
    offsets = [np.empty(accounts + 1, np.int32) for _ in range(2)]
    every, paid, got, pairs, before, after, begun, over = (
        np.arange(count, dtype=np.int32),
        *np.empty((7, count), np.int32),
    )
    grouped(payer, every, offsets[0], paid)
    grouped(payee, every, offsets[1], got)
    grouped(payer, got, offsets[0], pairs)
    follow_pairs(pairs, payer, payee, before, after)
    instants(time, begun, over)
    return Layout(
        count, accounts, rows, time, payer, payee, offsets[0], paid, offsets[1], got, pairs, before, after, begun, over,
        first, end,
    )  # fmt: skip


def _numbers(source: Ints, target: Ints) -> tuple[Codes, Codes, int]:
    """Accounts numbered from 0 as they appear; by a table where ids lie close together, else by hashing."""
    count = source.size
    payer, payee = np.empty(count, np.int32), np.empty(count, np.int32)
    if not count:
        return payer, payee, 0
    least = min(int(source.min()), int(target.min()))
    span = max(int(source.max()), int(target.max())) - least + 1
    if span <= 4 * count + _SPARE:
        table = np.full(span, -1, np.int32)
        return payer, payee, int(numbered(source, target, least, table, payer, payee))
    both = np.empty(2 * count, np.int64)
    both[::2], both[1::2] = source, target
    known = pa.array(both).dictionary_encode()
    codes = known.indices.to_numpy()
    payer[:], payee[:] = codes[::2], codes[1::2]
    return payer, payee, len(known.dictionary)


def _held(source: Ints, target: Ints, time: Ints, batch: int | None) -> None:
    if not source.size == target.size == time.size:
        raise DataError(
            f"The columns of a stream differ in length: source {source.size}, target {target.size}, time {time.size}."
        )
    if source.size > _MOST_EDGES:
        raise DataError(f"A stream holds at most {_MOST_EDGES:,} payments; this has {source.size:,}. Split it by time.")
    if batch is not None and batch < 1:
        raise DataError(f"A batch holds at least one payment; {batch} were asked for. Leave it out for a single batch.")
    late = np.flatnonzero(time[1:] < time[:-1])
    if late.size:
        raise DataError(f"A stream is sorted by time; row {int(late[0]) + 1} is earlier than the one before. Sort it.")
