"""Kernels that say how much of what came in was handed on, and by how many.

Money that came goes on first in, first out: at least an instant after it came (``early`` of what goes after ``late``
of what came) and at most ``hop`` later, counted from ``early`` to ``early``. What came is sorted by ``late``, what goes
by ``early``.
"""

# ruff: noqa: PLR0917 - numba takes arguments by position only where the types are given
from __future__ import annotations

from amlscreen.ledger.kernel_cache import Flags, Ints, Whole, kernel, part

__all__ = ["handed_on", "once_each", "relays", "spokes_at"]

_MILLION = 1_000_000


@part
def _first_from(late: Ints, low: Whole, high: Whole, instant: Whole) -> Whole:
    """The first place in ``low .. high`` that is no earlier than an instant, by halving."""
    while low < high:
        middle = (low + high) // 2
        if late[middle] < instant:
            low = middle + 1
        else:
            high = middle
    return low


@kernel(
    "i8(i8[::1], i8[::1], i8[::1], i8[::1], i8[::1], i8[::1], i8[::1], i8[::1], i8[::1], i8[::1], i8, i8[::1],"
    " i8[::1], i8[::1])"
)
def handed_on(
    holder: Ints,
    but: Ints,
    in_offsets: Ints,
    in_other: Ints,
    in_early: Ints,
    in_late: Ints,
    in_amount: Ints,
    out_offsets: Ints,
    out_early: Ints,
    out_amount: Ints,
    hop: Whole,
    came: Ints,
    went: Ints,
    passed: Ints,
) -> Whole:
    """Matches what each group pays with what its holder got before, the oldest first, each group by itself.

    Group ``g`` pays ``out_offsets[g]:out_offsets[g + 1]`` out of what ``holder[g]`` got, ``in_offsets[h]:in_offsets
    [h + 1]``, but for what came from ``but[g]``. Returns how many pairs there are; ``came``, ``went`` and ``passed``
    get as many of them as they hold. Neither falls from pair to pair of a group.
    """
    found = 0
    for group in range(holder.size):
        source = in_offsets[holder[group]]
        end = in_offsets[holder[group] + 1]
        rest: Whole = in_amount[source] if source < end else 0
        for out in range(out_offsets[group], out_offsets[group + 1]):
            wanted = out_amount[out]
            fresh = _first_from(in_late, source, end, out_early[out] - hop)
            if fresh > source:
                source = fresh
                rest = in_amount[source] if source < end else 0
            while wanted > 0 and source < end and in_late[source] < out_early[out]:
                if rest <= 0 or in_other[source] == but[group] or in_early[source] < out_early[out] - hop:
                    source += 1
                    rest = in_amount[source] if source < end else 0
                    continue
                moved = min(wanted, rest)
                if found < came.size:
                    came[found] = source
                    went[found] = out
                    passed[found] = moved
                found += 1
                wanted -= moved
                rest -= moved
    return found


@part
def _millionths(over: Whole, under: Whole) -> Whole:
    """``over / under`` in millionths, floored, digit by digit; sums below 9 * 10**17 do not overflow."""
    share = over // under
    rest = over % under
    for _ in range(6):
        rest *= 10
        share = share * 10 + rest // under
        rest %= under
    return share


@part
def _sum_between(time: Ints, running: Ints, pointers: Ints, at: Whole, end: Whole, after: Whole, until: Whole) -> Whole:
    """The sum of what lies in ``(after, until]``; ``pointers[at]`` and its neighbour only move on."""
    low = pointers[at]
    while low < end and time[low] <= after:
        low += 1
    high = max(pointers[at + 1], low)
    while high < end and time[high] <= until:
        high += 1
    pointers[at] = low
    pointers[at + 1] = high
    total: Whole = running[high] - running[low]
    return total


@part
def _pairs_between(
    came_late: Ints, went_early: Ints, running: Ints, pointers: Ints, at: Whole, end: Whole, after: Whole, until: Whole
) -> Whole:
    """The sum of pairs that came after one instant and went until another."""
    low = pointers[at]
    while low < end and came_late[low] <= after:
        low += 1
    high = pointers[at + 1]
    while high < end and went_early[high] <= until:
        high += 1
    pointers[at] = low
    pointers[at + 1] = high
    total: Whole = running[high] - running[low] if high > low else 0
    return total


@kernel(
    "i8(i8[::1], i8[::1], i8[::1], i8[::1], i8[::1], i8[::1], i8[::1], i8[::1], i8[::1], i8[::1], i8[::1], i8[::1],"
    " i8[::1], i8[::1], i8[::1], i8[::1], i8[::1], i8[::1], i8[::1], i8[::1], i8[::1], i8, i8, i8, i8[::1], i8[::1],"
    " i8[::1], i8[::1])"
)
def spokes_at(
    offsets: Ints,
    time: Ints,
    pair_offsets: Ints,
    spoke: Ints,
    paid_offsets: Ints,
    paid_time: Ints,
    paid_sum: Ints,
    wage_sum: Ints,
    link_offsets: Ints,
    link_came: Ints,
    link_went: Ints,
    link_sum: Ints,
    in_offsets: Ints,
    in_late: Ints,
    in_sum: Ints,
    back_from: Ints,
    back_until: Ints,
    back_late: Ints,
    back_sum: Ints,
    pointers: Ints,
    wages: Ints,
    within: Whole,
    share: Whole,
    budget: Whole,
    spokes: Ints,
    received: Ints,
    least: Ints,
    told: Ints,
) -> Whole:
    """At each payment to a collector: how many hand on to it at least ``share`` of what they got.

    ``offsets[c]:offsets[c + 1]`` are the payments to a collector by ``time``; ``pair_offsets`` its pairs with those
    who pay it, ``spoke[p]`` being the payer. Of pair ``p``, ``paid_offsets[p]`` are the payments, ``link_offsets[p]``
    the pairs of :func:`handed_on`, ``back_from[p]:back_until[p]`` what the collector paid the payer, and
    ``in_offsets`` all the payer got; each ``*_sum`` is a running sum with a 0 in front. Looks at ``(time - within,
    time]``. Writes, for each
    payment, ``spokes``, ``received`` (what those paid), ``wages`` (the same in wages) and ``least``, the smallest share
    among them; -1 spokes where the search did not get to. Returns how many payments it got to; ``pointers`` is scratch
    of eight zeros for each pair.
    """
    done = 0
    for group in range(offsets.size - 1):
        for pair in range(pair_offsets[group], pair_offsets[group + 1]):
            pointers[8 * pair] = paid_offsets[pair]
            pointers[8 * pair + 1] = paid_offsets[pair]
            pointers[8 * pair + 2] = link_offsets[pair]
            pointers[8 * pair + 3] = link_offsets[pair]
            pointers[8 * pair + 4] = in_offsets[spoke[pair]]
            pointers[8 * pair + 5] = in_offsets[spoke[pair]]
            pointers[8 * pair + 6] = back_from[pair]
            pointers[8 * pair + 7] = back_from[pair]
        for at in range(offsets[group], offsets[group + 1]):
            spokes[at] = -1
            if told[0] >= budget:
                continue
            done += 1
            spokes[at] = 0
            received[at] = 0
            wages[at] = 0
            least[at] = _MILLION
            after = time[at] - within
            for pair in range(pair_offsets[group], pair_offsets[group + 1]):
                told[0] += 1
                end = paid_offsets[pair + 1]
                low = pointers[8 * pair]
                paid = _sum_between(paid_time, paid_sum, pointers, 8 * pair, end, after, time[at])
                told[0] += pointers[8 * pair] - low
                end = link_offsets[pair + 1]
                passed = _pairs_between(link_came, link_went, link_sum, pointers, 8 * pair + 2, end, after, time[at])
                end = in_offsets[spoke[pair] + 1]
                came = _sum_between(in_late, in_sum, pointers, 8 * pair + 4, end, after, time[at])
                end = back_until[pair]
                came -= _sum_between(back_late, back_sum, pointers, 8 * pair + 6, end, after, time[at])
                part_of = _millionths(passed, came) if passed > 0 and came > 0 else 0
                if passed > 0 and part_of >= share:
                    spokes[at] += 1
                    received[at] += paid
                    wages[at] += wage_sum[pointers[8 * pair + 1]] - wage_sum[pointers[8 * pair]]
                    least[at] = min(least[at], part_of)
    return done


@kernel(
    "i8(i8[::1], i8[::1], i8[::1], i8[::1], i8[::1], i8[::1], i8[::1], i8[::1], b1[::1], i8, i8, i8[::1], i8[::1],"
    " i8[::1])"
)
def relays(
    offsets: Ints,
    source: Ints,
    target: Ints,
    early: Ints,
    late: Ints,
    amount: Ints,
    low: Ints,
    high: Ints,
    walked: Flags,
    hop: Whole,
    budget: Whole,
    first: Ints,
    second: Ints,
    told: Ints,
) -> Whole:
    """Pairs of payments of which the second goes on from the first to a third party (see :mod:`kernels_flow`).

    Returns how many pairs there are; ``first`` and ``second`` get as many of them as they hold, in the order of the
    first. ``told[0]`` counts steps, at most ``budget`` or so; ``told[1]`` the payments the search got to.
    """
    found = 0
    told[0] = 0
    told[1] = 0
    for edge in range(target.size):
        if told[0] >= budget:
            break
        told[1] += 1
        via = target[edge]
        if not walked[via]:
            continue
        low_at = offsets[via]
        high_at = offsets[via + 1]
        while low_at < high_at:
            middle = (low_at + high_at) // 2
            if early[middle] <= late[edge]:
                low_at = middle + 1
            else:
                high_at = middle
        for later in range(low_at, offsets[via + 1]):
            if early[later] > early[edge] + hop:
                break
            told[0] += 1
            if low[edge] <= amount[later] <= high[edge] and target[later] != source[edge]:
                if found < first.size:
                    first[found] = edge
                    second[found] = later
                found += 1
    return found


@kernel("void(i8[::1], i8[::1], i8[::1], i8[::1], b1[::1])")
def once_each(offsets: Ints, first: Ints, second: Ints, stamp: Ints, keep: Flags) -> None:
    """In each group of pairs, in order, those neither of whose two stood in a pair kept before.

    ``stamp`` is scratch, -1 for every payment that pairs may name. Writes ``keep[n]``.
    """
    for group in range(offsets.size - 1):
        for at in range(offsets[group], offsets[group + 1]):
            keep[at] = stamp[first[at]] != group and stamp[second[at]] != group
            if keep[at]:
                stamp[first[at]] = group
                stamp[second[at]] = group
