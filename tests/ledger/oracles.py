"""Slow, obvious twins of the kernels: plain Python over lists, whole numbers and fractions, no cleverness."""

from __future__ import annotations

import math
from collections import Counter, deque
from collections.abc import Sequence
from fractions import Fraction
from itertools import pairwise

Slice = tuple[int, int]


def groups(offsets: Sequence[int]) -> list[range]:
    """The rows of each group."""
    return [range(first, last) for first, last in pairwise(offsets)]


def fix_order(offsets: Sequence[int], time: Sequence[int], tie: Sequence[int]) -> list[int]:
    """Each group's rows, sorted."""
    return [row for rows in groups(offsets) for row in sorted(rows, key=lambda row: (time[row], tie[row]))]


def into_groups(values: Sequence[int], group: Sequence[int], size: int) -> list[int]:
    """The values of each group in turn."""
    return [value for one in range(size) for value, own in zip(values, group, strict=True) if own == one]


def rows_of_rich_groups(rows: Sequence[int], group: Sequence[int], stands: Sequence[bool], least: int) -> list[int]:
    """The rows whose group has, among them, so many that stand."""
    return [row for row in rows if sum(stands[other] for other in rows if group[other] == group[row]) >= least]


def group_begins(rows: Sequence[int], group: Sequence[int]) -> list[int]:
    """Where the rows of another group begin, and where the last ones end."""
    begins = [at for at in range(len(rows)) if not at or group[rows[at]] != group[rows[at - 1]]]
    return [*begins, len(rows)] if rows else [0]


def since_first_seen(group: Sequence[int], codes: Sequence[int], at: Sequence[int]) -> list[int]:
    """The time of each row less that of the first with its group and code."""
    pairs = list(zip(group, codes, strict=True))
    return [0 if codes[row] < 0 else at[row] - at[pairs.index(pairs[row])] for row in range(len(pairs))]


def window_left(offsets: Sequence[int], time: Sequence[int], span: int) -> tuple[list[int], list[bool]]:
    """The first row of each row's window, and whether no later row of the group shares its instant."""
    left, closes = [], []
    for rows in groups(offsets):
        for row in rows:
            left.append(rows.start + sum(time[other] <= time[row] - span for other in rows))
            closes.append(all(time[other] != time[row] for other in rows if other > row))
    return left, closes


def windows(
    offsets: Sequence[int], time: Sequence[int], stands: Sequence[bool], span: int
) -> list[tuple[int, int, int, int, int]]:
    """Group, first and last row that stands, first and last row of each window that is looked at."""
    found = []
    for group, rows in enumerate(groups(offsets)):
        for at in sorted({time[row] for row in rows if stands[row]}):
            inside = [row for row in rows if at - span < time[row] <= at]
            standing = [row for row in inside if stands[row]]
            found.append((group, standing[0], standing[-1], inside[0], inside[-1]))
    return found


def slices_of(stands: Sequence[bool], begin: Sequence[int], until: Sequence[int]) -> list[Slice]:
    """How many rows stand before the first row of each window, and up to its last."""
    return [(sum(stands[:low]), sum(stands[: high + 1])) for low, high in zip(begin, until, strict=True)]


def between(
    group: Sequence[int], offsets_b: Sequence[int], time_b: Sequence[int], after: Sequence[int], until: Sequence[int]
) -> list[list[int]]:
    """For each anchor, the rows of b that lie between."""
    rows_b = groups(offsets_b)
    return [
        [row for row in rows_b[one] if low < time_b[row] <= high] if one >= 0 else []
        for one, low, high in zip(group, after, until, strict=True)
    ]


def slice_distinct(slices: Sequence[Slice], code: Sequence[int]) -> list[int]:
    """How many different known codes."""
    return [len({one for one in code[low:high] if one >= 0}) for low, high in slices]


def slice_top(slices: Sequence[Slice], code: Sequence[int], k: int) -> list[int]:
    """How many rows carry one of the k commonest known codes."""
    return [
        sum(count for _, count in Counter(one for one in code[low:high] if one >= 0).most_common(k))
        for low, high in slices
    ]


def slice_extreme(slices: Sequence[Slice], value: Sequence[int], sign: int) -> list[int]:
    """The largest or smallest value, -1 for none."""
    best = max if sign > 0 else min
    return [best(value[low:high], default=-1) for low, high in slices]


def slice_quantile(slices: Sequence[Slice], rank: Sequence[int], permille: int) -> list[int]:
    """The lower quantile of the known ranks, -1 for none."""
    out = []
    for low, high in slices:
        known = sorted(one for one in rank[low:high] if one >= 0)
        out.append(known[math.floor(Fraction((len(known) - 1) * permille, 1000))] if known else -1)
    return out


def slice_std(slices: Sequence[Slice], value: Sequence[int]) -> list[int]:
    """The floor of the population standard deviation, -1 for none."""
    out = []
    for low, high in slices:
        seen = [Fraction(one) for one in value[low:high]]
        if not seen:
            out.append(-1)
            continue
        mean = sum(seen) / len(seen)
        variance = sum((one - mean) ** 2 for one in seen) / len(seen)
        out.append(math.isqrt(math.floor(variance)))
    return out


def slice_weighted(slices: Sequence[Slice], weight: Sequence[int], value: Sequence[int]) -> list[int]:
    """The floor of the weighted mean, -1 where nothing weighs."""
    out = []
    for low, high in slices:
        total = sum(weight[low:high])
        worth = sum(w * v for w, v in zip(weight[low:high], value[low:high], strict=True))
        out.append(math.floor(Fraction(worth, total)) if total else -1)
    return out


def fifo_pairs(offsets: Sequence[int], signed: Sequence[int]) -> list[tuple[int, int, int]]:
    """(credit row, debit row, amount) of each match, the oldest credit spent first."""
    pairs = []
    for rows in groups(offsets):
        purse: deque[tuple[int, int]] = deque()
        for row in rows:
            if signed[row] > 0:
                purse.append((row, signed[row]))
            wanted = max(0, -signed[row])
            while wanted and purse:
                source, has = purse.popleft()
                passed = min(has, wanted)
                pairs.append((source, row, passed))
                wanted -= passed
                if has > passed:
                    purse.appendleft((source, has - passed))
    return pairs


def pair_slices(slices: Sequence[Slice], pairs: Sequence[tuple[int, int]]) -> list[list[int]]:
    """For each slice, the pairs with both rows inside."""
    return [[at for at, (credit, debit) in enumerate(pairs) if credit >= low and debit < high] for low, high in slices]


def episodes(
    offsets: Sequence[int], left: Sequence[int], right: Sequence[int], hit: Sequence[bool], lead: Sequence[int]
) -> list[tuple[int, int, int, int]]:
    """(start, end, peak, group) of each run of hit windows that overlap what came before."""
    found = []
    for group, points in enumerate(groups(offsets)):
        runs: list[list[int]] = []
        for point in points:
            if not hit[point]:
                continue
            if runs and left[point] <= max(right[one] for one in runs[-1]):
                runs[-1].append(point)
            else:
                runs.append([point])
        for run in runs:
            top = max(lead[one] for one in run)
            peak = next(one for one in run if lead[one] == top)
            found.append((min(left[one] for one in run), max(right[one] for one in run), peak, group))
    return found


def floor_ratio(num: int, den: int, scale: int) -> int:
    """The floor of the ratio, -1 without a denominator, held to what 64 bits can say."""
    if den <= 0:
        return -1
    return max(-(2**63), min(2**63 - 1, math.floor(Fraction(num * scale, den))))
