"""Kernels that follow money from payment to payment.

Payments are edges between numbered parties, sorted by payer and then by time; ``offsets[p]:offsets[p + 1]`` are those
that party ``p`` makes. ``early`` and ``late`` are the first and last instant at which a payment may have been: the
same where the clock is known, the ends of its day where only the date is. A payment *goes on* in one that its receiver
makes certainly later (``early > late``), at most ``hop`` after it, of an amount from ``low`` to ``high``. A party that
is not ``walked`` through ends a run.
"""

# ruff: noqa: PLR0917 - numba takes arguments by position only where the types are given
from __future__ import annotations

import numpy as np

from amlscreen.ledger.kernel_cache import Codes, Flags, Ints, Whole, kernel, part

__all__ = ["MOST_LOOKED_AT", "MOST_OF_ONE_START", "run_lengths", "runs_apart"]

MOST_LOOKED_AT = 1_000
"""So many later payments of its receiver are looked at for each payment."""
MOST_OF_ONE_START = 20_000
"""So many steps are made from each payment that may begin a run."""


@part
def _first_after(early: Ints, low: Whole, high: Whole, instant: Whole) -> Whole:
    """The first place in ``low .. high`` that is later than an instant, by halving."""
    while low < high:
        middle = (low + high) // 2
        if early[middle] <= instant:
            low = middle + 1
        else:
            high = middle
    return low


@kernel(
    "i8(i8[::1], i8[::1], i8[::1], i8[::1], i8[::1], i8[::1], i8[::1], i8[::1], b1[::1], i8, i8, i8, i4[::1], i8[::1])"
)
def run_lengths(
    offsets: Ints,
    order: Ints,
    target: Ints,
    early: Ints,
    late: Ints,
    amount: Ints,
    low: Ints,
    high: Ints,
    walked: Flags,
    hop: Whole,
    most: Whole,
    budget: Whole,
    length: Codes,
    told: Ints,
) -> Whole:
    """How long a run from each payment can be at most, itself counted, up to ``most``: parties may come twice in it.

    ``order[n]`` lists the payments by time. Writes ``length[n]``, 0 where the search did not get to; returns how many
    payments it got to, from the last one backwards. ``told[0]`` adds up the steps, ``told[1]`` counts payments of
    which not all later ones were looked at.
    """
    done = 0
    for at in range(order.size - 1, -1, -1):
        if told[0] >= budget:
            break
        edge = order[at]
        done += 1
        length[edge] = 1
        via = target[edge]
        if not walked[via]:
            continue
        end = offsets[via + 1]
        first = _first_after(early, offsets[via], end, late[edge])
        for later in range(first, end):
            if early[later] > early[edge] + hop:
                break
            if later - first >= MOST_LOOKED_AT:
                told[1] += 1
                break
            told[0] += 1
            if low[edge] <= amount[later] <= high[edge]:
                length[edge] = max(length[edge], min(length[later] + 1, most))
                if length[edge] == most:
                    break
    return done


@part
def _is_on(path: Ints, size: Whole, source: Ints, target: Ints, party: Whole) -> bool:
    """Whether a party already stands on a run."""
    found = bool(source[path[0]] == party)
    for at in range(size):
        found = found or bool(target[path[at]] == party)
    return found


@part
def _longest_from(
    start: Whole,
    offsets: Ints,
    source: Ints,
    target: Ints,
    early: Ints,
    late: Ints,
    amount: Ints,
    low: Ints,
    high: Ints,
    walked: Flags,
    length: Codes,
    used: Flags,
    hop: Whole,
    within: Whole,
    most: Whole,
    closing: Whole,
    path: Ints,
    cursor: Ints,
    best: Codes,
    told: Ints,
) -> Whole:
    """The longest run from one payment, over unused ones; the first of equals in order of time. Written to ``best``.

    Runs visit no party twice, but a ``closing`` one ends where it began and else is none.
    """
    found = 0
    size = 1
    steps = 0
    path[0] = start
    cursor[1] = _first_after(early, offsets[target[start]], offsets[target[start] + 1], late[start])
    until = early[start] + within
    while size > 0:
        last = path[size - 1]
        later = cursor[size]
        if later >= offsets[target[last] + 1] or early[later] > min(early[last] + hop, until):
            size -= 1
            continue
        if steps >= MOST_OF_ONE_START:
            told[2] += 1
            break
        steps += 1
        cursor[size] += 1
        if used[later] or not low[last] <= amount[later] <= high[last] or size + length[later] <= found:
            continue
        closes = target[later] == source[start]
        if not closes and _is_on(path, size, source, target, target[later]):
            continue
        path[size] = later
        if closes == (closing == 1) and size + 1 > found:
            found = size + 1
            for at in range(found):
                best[at] = path[at]
            if found >= min(length[start], most):
                break
        if closes or size + 1 >= most or not walked[target[later]] or length[later] < 2:
            continue
        size += 1
        cursor[size] = _first_after(early, offsets[target[later]], offsets[target[later] + 1], late[later])
    told[0] += steps
    return found


@kernel(
    "i8(i8[::1], i8[::1], i8[::1], i8[::1], i8[::1], i8[::1], i8[::1], i8[::1], i8[::1], b1[::1], i4[::1],"
    " i8, i8, i8, i8, i8, i8, i4[:, ::1], i4[::1], i8[::1])"
)
def runs_apart(
    starts: Ints,
    offsets: Ints,
    source: Ints,
    target: Ints,
    early: Ints,
    late: Ints,
    amount: Ints,
    low: Ints,
    high: Ints,
    walked: Flags,
    length: Codes,
    hop: Whole,
    within: Whole,
    most: Whole,
    least: Whole,
    closing: Whole,
    budget: Whole,
    runs: Codes,
    sizes: Codes,
    told: Ints,
) -> Whole:
    """The longest runs, none of which shares a payment with another: the longest first, of equals the first to begin.

    ``starts[s]`` are the payments that may begin one, by time; ``length`` is that of :func:`run_lengths`. Runs are at
    least ``least`` and at most ``most`` payments long and end ``within`` of their beginning; with ``closing`` 1 they
    come back to where they began, else they visit no party twice. Writes ``runs[s, most]``, the payments of each run,
    and ``sizes[s]``, 0 where none begins. Returns how many starts were looked at, from the last one backwards; fewer
    than all once ``told[0]``, the steps, are ``budget``. ``told[2]`` counts starts of which not all was looked at.
    """
    used = np.zeros(target.size, np.bool_)
    path = np.empty(most + 1, np.int64)
    cursor = np.empty(most + 1, np.int64)
    done = 0
    for at in range(starts.size - 1, -1, -1):
        sizes[at] = 0
        if told[0] < budget:
            done += 1
            sizes[at] = _longest_from(
                starts[at], offsets, source, target, early, late, amount, low, high, walked, length, used,
                hop, within, most, closing, path, cursor, runs[at], told,
            )  # fmt: skip
    for size in range(most, least - 1, -1):
        for at in range(starts.size):
            if sizes[at] != size:
                continue
            free = True
            for place in range(size):
                free = free and not used[runs[at, place]]
            if not free:
                sizes[at] = 0
                if used[starts[at]] or told[0] >= budget:
                    continue
                sizes[at] = _longest_from(
                    starts[at], offsets, source, target, early, late, amount, low, high, walked, length, used,
                    hop, within, most, closing, path, cursor, runs[at], told,
                )  # fmt: skip
            if sizes[at] == size:
                for place in range(size):
                    used[runs[at, place]] = True
                sizes[at] = -size
    for at in range(starts.size):
        sizes[at] = max(0, -sizes[at])
    return done
