"""Kernels of money: which debit used which credit, and exact shares."""

from __future__ import annotations

import numpy as np

from amlscreen.ledger.kernel_cache import Ints, Whole, kernel, part

__all__ = ["fifo_pairs", "floor_ratio"]

_LARGEST = 2**63 - 1


@kernel("i8(i8[::1], i8[::1], i8[::1], i8[::1], i8[::1])")
def fifo_pairs(offsets: Ints, signed: Ints, credit: Ints, debit: Ints, amount: Ints) -> Whole:
    """Matches each debit to earlier credits of its group, first in first out.

    ``offsets[g + 1]``; ``signed[n]`` are amounts in order of time, credits above and debits below zero. Writes, for
    each pair, the rows ``credit`` and ``debit`` and the ``amount`` that passed, into arrays sized ``n``, and returns
    how many pairs there are: fewer than rows. Both rows never fall from pair to pair. A debit larger than what was
    left unmatched keeps its rest unmatched (it spends money from before the data), and later credits never make up
    for it.
    """
    found = 0
    for group in range(offsets.size - 1):
        source = offsets[group] - 1
        rest: Whole = 0
        for row in range(offsets[group], offsets[group + 1]):
            wanted = -signed[row]
            while wanted > 0:
                while rest == 0 and source + 1 < row:
                    source += 1
                    rest = max(np.int64(0), signed[source])
                if rest == 0:
                    break
                passed = min(wanted, rest)
                credit[found] = source
                debit[found] = row
                amount[found] = passed
                found += 1
                rest -= passed
                wanted -= passed
    return found


@part
def _scaled_rest(rest: Whole, scale: Whole, over: Whole) -> Whole:
    """``rest * scale // over`` for ``0 <= rest < over`` by long division in base two, where the product would not
    fit.
    """
    quotient: Whole = 0
    left: Whole = 0
    for place in range(62, -1, -1):
        quotient *= 2
        if left >= over - left:
            left -= over - left
            quotient += 1
        else:
            left += left
        if (scale >> place) & 1:
            if left >= over - rest:
                left -= over - rest
                quotient += 1
            else:
                left += rest
    return quotient


@kernel("void(i8[::1], i8[::1], i8, i8[::1])")
def floor_ratio(num: Ints, den: Ints, scale: Whole, out: Ints) -> None:
    """The floor of ``num * scale / den``, exact; -1 where ``den`` is not above zero.

    ``num[n]`` and ``den[n]`` are of one unit, ``scale`` is at least 1 (a million for millionths); writes ``out[n]``.
    Nothing overflows on the way, and a ratio that does not fit is the largest (or smallest) number that does.
    """
    for at in range(num.size):
        over = den[at]
        if over <= 0:
            out[at] = -1
            continue
        whole = num[at] // over
        rest = num[at] - whole * over
        rest = rest * scale // over if rest <= _LARGEST // scale else _scaled_rest(rest, scale, over)
        if whole > (_LARGEST - rest) // scale:
            out[at] = _LARGEST
        elif whole < -(_LARGEST // scale):
            out[at] = -_LARGEST - 1
        else:
            out[at] = whole * scale + rest
