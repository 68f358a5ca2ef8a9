"""Kernels that look at who pays whom: rounds, what parts and meets again, and how far money goes on.

Payments stand payer after payer, those of each by time: ``offsets[p]:offsets[p + 1]`` are the payments of party ``p``.
``early`` and ``late`` are the first and last instant at which a payment may have been, and ``onward[n]`` is the place
of the receiver's first payment that is certainly later. Only parties that ``walked`` marks are passed through, and only
the ``most`` next payments of each are looked at, so that no party makes the others dear.
"""

# ruff: noqa: PLR0917 - numba takes arguments by position only where the types are given
from __future__ import annotations

from amlscreen.ledger.kernel_cache import Codes, Flags, Ints, Whole, kernel, part

__all__ = ["chain_lengths", "grouped", "meetings", "mutual", "onward_from", "returns"]


@kernel("void(i4[::1], i4[::1], i8[::1], i4[::1])")
def grouped(key: Codes, before: Codes, cursor: Ints, out: Codes) -> None:
    """The places ``before[n]`` put together by their ``key``, those of one key in the order they came in.

    ``cursor[k]`` is where the places of key ``k`` begin; it is moved on to where they end. Writes ``out[n]``.
    """
    for at in range(before.size):
        place = before[at]
        out[cursor[key[place]]] = place
        cursor[key[place]] += 1


@kernel("void(i8[::1], i4[::1], i8[::1], i8[::1], i4[::1])")
def onward_from(offsets: Ints, target: Codes, early: Ints, late: Ints, onward: Codes) -> None:
    """The first payment of each payment's receiver with ``early`` above its ``late``, else one past the last."""
    for at in range(target.size):
        low = offsets[target[at]]
        high = offsets[target[at] + 1]
        while low < high:
            middle = (low + high) // 2
            if early[middle] <= late[at]:
                low = middle + 1
            else:
                high = middle
        onward[at] = low


@kernel("void(i8[::1], i4[::1], i8[::1], i4[::1], i4[::1], i8[::1])")
def mutual(offsets: Ints, target: Codes, offsets_in: Ints, payer: Codes, stamp: Codes, out: Ints) -> None:
    """How many different parties each party both pays and is paid by.

    ``payer[offsets_in[p]:offsets_in[p + 1]]`` are those who pay party ``p``; ``stamp`` is scratch, -1 for each party.
    Writes ``out[p]`` for the first ``out.size`` parties.
    """
    for party in range(out.size):
        for at in range(offsets_in[party], offsets_in[party + 1]):
            stamp[payer[at]] = party
        for at in range(offsets[party], offsets[party + 1]):
            if stamp[target[at]] == party:
                stamp[target[at]] = -1
                out[party] += 1


@part
def _third(
    first: Whole,
    until: Whole,
    home: Whole,
    offsets: Ints,
    target: Codes,
    early: Ints,
    late: Ints,
    onward: Codes,
    walked: Flags,
    most: Whole,
    stamp: Codes,
    last: Ints,
) -> Whole:
    """The second payment of a round of three that payment ``first`` begins, else -1."""
    end = min(offsets[target[first] + 1], onward[first] + most)
    for second in range(onward[first], end):
        if early[second] > until:
            break
        third = target[second]
        if third != home and walked[third] and stamp[third] == home and last[third] > late[second]:
            return second
    return -1


@part
def _fourth(
    first: Whole,
    until: Whole,
    home: Whole,
    offsets: Ints,
    target: Codes,
    early: Ints,
    late: Ints,
    onward: Codes,
    walked: Flags,
    most: Whole,
    stamp: Codes,
    last: Ints,
) -> tuple[Whole, Whole]:
    """The second and third payment of a round of four that payment ``first`` begins, else -1 and -1."""
    for second in range(onward[first], min(offsets[target[first] + 1], onward[first] + most)):
        if early[second] > until:
            break
        if target[second] == home or not walked[target[second]]:
            continue
        for third in range(onward[second], min(offsets[target[second] + 1], onward[second] + most)):
            if early[third] > until:
                break
            other = target[third]
            if other == home or other == target[first] or not walked[other]:
                continue
            if stamp[other] == home and last[other] > late[third]:
                return second, third
    return -1, -1


@kernel(
    "void(i8[::1], i4[::1], i8[::1], i8[::1], i4[::1], i8[::1], i4[::1], i8[::1], b1[::1], i8, i8, i4[::1], i8[::1],"
    " i4[::1], i8[::1], i8[::1], i8[::1])"
)
def returns(
    offsets: Ints,
    target: Codes,
    early: Ints,
    late: Ints,
    onward: Codes,
    offsets_in: Ints,
    payer: Codes,
    paid: Ints,
    walked: Flags,
    span: Whole,
    most: Whole,
    stamp: Codes,
    last: Ints,
    done: Codes,
    two: Ints,
    three: Ints,
    four: Ints,
) -> None:
    """Counts payers and payees with a payment that comes back in at most ``span``, for each party on the shortest way.

    Every payment of the way is later than the one before it, and no party stands on it twice. Of the payments of one
    payer to one payee the first that comes back counts, and of ways of equal length the one with the earliest payments.
    ``payer`` and ``paid`` are who pays each party and when, in order of time; ``stamp`` and ``done`` (-1) and ``last``
    are scratch, one for each party. Adds to ``two[p]``, ``three[p]``, ``four[p]``.
    """
    for home in range(offsets.size - 1):
        if not walked[home]:
            continue
        came = offsets_in[home]
        for first in range(offsets[home], offsets[home + 1]):
            if not walked[target[first]]:
                continue
            until = early[first] + span
            while came < offsets_in[home + 1] and paid[came] <= until:
                stamp[payer[came]] = home
                last[payer[came]] = paid[came]
                came += 1
            other = target[first]
            if done[other] == home:
                continue
            if stamp[other] == home and last[other] > late[first]:
                done[other] = home
                two[home] += 1
                two[other] += 1
                continue
            second = _third(first, until, home, offsets, target, early, late, onward, walked, most, stamp, last)
            if second >= 0:
                done[other] = home
                three[home] += 1
                three[other] += 1
                three[target[second]] += 1
                continue
            second, third = _fourth(first, until, home, offsets, target, early, late, onward, walked, most, stamp, last)
            if second >= 0:
                done[other] = home
                four[home] += 1
                four[other] += 1
                four[target[second]] += 1
                four[target[third]] += 1


@part
def _goes_on(one: Whole, other: Whole, least: Whole, more: Whole) -> bool:
    """Whether an amount goes on in another: at least its ``least``-th part, at most a ``more``-th part above it."""
    return bool(other * least >= one and other - one <= one // more)


@kernel(
    "void(i8[::1], i4[::1], i8[::1], i8[::1], i4[::1], i4[::1], b1[::1], i8, i8, i8, i8, i4[::1], i4[::1], i4[::1],"
    " i8[::1], i8[::1], i8[::1], i8[::1], i8[::1])"
)
def meetings(
    offsets: Ints,
    target: Codes,
    early: Ints,
    amount: Ints,
    onward: Codes,
    by_pair: Codes,
    walked: Flags,
    span: Whole,
    most: Whole,
    least: Whole,
    more: Whole,
    stamp: Codes,
    count: Codes,
    through: Codes,
    reaches: Ints,
    reached: Ints,
    parts: Ints,
    meets: Ints,
    between: Ints,
) -> None:
    """Money that goes over one party to a third, and through how many at most it goes between the same two.

    ``by_pair`` are the payments of each payer, put together by receiver. A payment goes on in one that is later by at
    most ``span`` and not less than its ``least``-th part, nor a ``more``-th part above it. Writes for each party:
    how many third parties its money ``reaches``; from how many it is ``reached``; the largest number of parties, two or
    more, over which its money ``parts`` and meets again at one; over which what one other paid ``meets`` at it; and
    ``between``, that of the pairs between which it stands. ``stamp`` (-1), ``count`` and ``through`` are scratch.
    """
    for home in range(offsets.size - 1):
        largest = 0
        for look in range(2):
            if look and largest < 2:
                break
            for at in range(offsets[home], offsets[home + 1]):
                first = by_pair[at]
                middle = target[first]
                if not walked[middle]:
                    continue
                for second in range(onward[first], min(offsets[middle + 1], onward[first] + most)):
                    if early[second] > early[first] + span:
                        break
                    end = target[second]
                    if end == home or not _goes_on(amount[first], amount[second], least, more):
                        continue
                    if look:
                        if count[end] > 1:
                            meets[end] = max(meets[end], count[end])
                            between[middle] = max(between[middle], count[end])
                        continue
                    if stamp[end] != home:
                        stamp[end] = home
                        count[end] = 0
                        through[end] = -1
                        reaches[home] += 1
                        reached[end] += 1
                    if through[end] != middle:
                        through[end] = middle
                        count[end] += 1
                        largest = max(largest, count[end])
        parts[home] = largest if largest > 1 else 0


@kernel(
    "void(i8[::1], i4[::1], i4[::1], i8[::1], i8[::1], i4[::1], i4[::1], b1[::1], i8, i8, i8, i8, i4[::1], i4[::1])"
)
def chain_lengths(
    offsets: Ints,
    source: Codes,
    target: Codes,
    early: Ints,
    amount: Ints,
    onward: Codes,
    order: Codes,
    walked: Flags,
    span: Whole,
    most: Whole,
    least: Whole,
    more: Whole,
    before: Codes,
    rest: Codes,
) -> None:
    """The length of the longest chain of payments that ends in each, and of the longest that begins with each.

    ``order`` are all payments by ``early``. A payment goes on as in :func:`meetings`, and not back to its payer. Writes
    ``before[n]`` and ``rest[n]``, both 1 before.
    """
    for turn in range(2 * order.size):
        forward = turn < order.size
        first = order[turn] if forward else order[2 * order.size - 1 - turn]
        middle = target[first]
        if not walked[middle]:
            continue
        for second in range(onward[first], min(offsets[middle + 1], onward[first] + most)):
            if early[second] > early[first] + span:
                break
            if target[second] == source[first] or not _goes_on(amount[first], amount[second], least, more):
                continue
            if forward:
                before[second] = max(before[second], before[first] + 1)
            else:
                rest[first] = max(rest[first], rest[second] + 1)
