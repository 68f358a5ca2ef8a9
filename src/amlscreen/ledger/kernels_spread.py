"""The kernels of standard deviations and weighted means, exact in whole numbers of 128 bits.

Amounts are integers and their squares do not fit 64 bits, so sums of squares are kept as two unsigned halves, high
and low.
"""

from __future__ import annotations

import math

import numpy as np

from amlscreen.ledger.kernel_cache import Ints, Whole, kernel, part

__all__ = ["slice_std", "slice_weighted"]

Half = np.uint64
Wide = tuple[np.uint64, np.uint64]


@part
def _product(one: Half, other: Half) -> Wide:
    """The 128-bit product of two 64-bit numbers, high half first."""
    mask = np.uint64(0xFFFFFFFF)
    shift = np.uint64(32)
    low = (one & mask) * (other & mask)
    cross = (one >> shift) * (other & mask)
    crossed = (one & mask) * (other >> shift)
    middle = (low >> shift) + (cross & mask) + (crossed & mask)
    high = (one >> shift) * (other >> shift) + (cross >> shift) + (crossed >> shift) + (middle >> shift)
    return high, (low & mask) | (middle << shift)


@part
def _plus(one: Wide, other: Wide) -> Wide:
    low = one[1] + other[1]
    carry = np.uint64(1) if low < one[1] else np.uint64(0)
    return one[0] + other[0] + carry, low


@part
def _minus(one: Wide, other: Wide) -> Wide:
    borrow = np.uint64(1) if one[1] < other[1] else np.uint64(0)
    return one[0] - other[0] - borrow, one[1] - other[1]


@part
def _squares_are_within(root: Whole, rows: Whole, squares: Wide) -> bool:
    """Whether ``root * root * rows <= squares``."""
    square = _product(np.uint64(root), np.uint64(root))
    times = _product(square[1], np.uint64(rows))
    high = square[0] * np.uint64(rows) + times[0]
    return bool(high < squares[0] or (high == squares[0] and times[1] <= squares[1]))


@part
def _floor_deviation(rows: Whole, total: Whole, squares: Wide) -> Whole:
    """The floor of sqrt(sum of squared distances from the mean / rows), from the sum and the sum of squares.

    With ``total = mean * rows + rest`` the squared distances sum to ``squares - mean * (total + rest) - rest * rest /
    rows``. A float gives the neighbourhood of the root, whole numbers decide.
    """
    mean = total // rows
    rest = total - mean * rows
    away = _product(np.uint64(abs(int(mean))), np.uint64(abs(int(total + rest))))
    centred = _minus(squares, away) if (mean < 0) == (total + rest < 0) else _plus(squares, away)
    centred = _minus(centred, (np.uint64(0), np.uint64(-(-rest * rest // rows))))
    root = np.int64(math.sqrt((float(centred[0]) * 18446744073709551616.0 + float(centred[1])) / rows))
    while root > 0 and not _squares_are_within(root, rows, centred):
        root -= 1
    while _squares_are_within(root + 1, rows, centred):
        root += 1
    return root


@part
def _squares(value: Ints, base: Whole, start: Whole, end: Whole) -> Wide:
    """The sum of squared distances from ``base`` over rows ``start .. end``."""
    squares = (np.uint64(0), np.uint64(0))
    for row in range(start, end):
        distance = np.uint64(abs(value[row] - base))
        squares = _plus(squares, _product(distance, distance))
    return squares


@part
def _sum(value: Ints, base: Whole, start: Whole, end: Whole) -> Whole:
    """The sum of distances from ``base`` over rows ``start .. end``."""
    total: Whole = 0
    for row in range(start, end):
        total += value[row] - base
    return total


@kernel("void(i8[::1], i8[::1], i8[::1], i8[::1])")
def slice_std(lo: Ints, hi: Ints, value: Ints, out: Ints) -> None:
    """The floor of the population standard deviation of each slice; -1 for an empty slice.

    ``lo[p]:hi[p]`` are slices of ``value[n]``; writes ``out[p]`` in the unit of the values. Exact as long as, within
    a slice, the distances from a value of the slice sum to less than 2**62 and their squares to less than 2**126: ten
    million rows of a hundred thousand million minor units each.
    """
    start: Whole = 0
    end: Whole = 0
    base: Whole = 0
    total: Whole = 0
    squares = (np.uint64(0), np.uint64(0))
    for point in range(lo.size):
        low = lo[point]
        high = hi[point]
        if high <= low:
            out[point] = -1
            continue
        if low >= end or high <= start:
            base = value[low]
            total = 0
            squares = (np.uint64(0), np.uint64(0))
            start = low
            end = low
        total += _sum(value, base, low, start) + _sum(value, base, end, high)
        total -= _sum(value, base, start, low) + _sum(value, base, high, end)
        squares = _plus(_plus(squares, _squares(value, base, low, start)), _squares(value, base, end, high))
        squares = _minus(_minus(squares, _squares(value, base, start, low)), _squares(value, base, high, end))
        start = low
        end = high
        out[point] = _floor_deviation(high - low, total, squares)


@part
def _weighted(weight: Ints, value: Ints, start: Whole, end: Whole) -> Wide:
    """The sum of weight times value over rows ``start .. end``."""
    total = (np.uint64(0), np.uint64(0))
    for row in range(start, end):
        total = _plus(total, _product(np.uint64(weight[row]), np.uint64(value[row])))
    return total


@part
def _weights(weight: Ints, start: Whole, end: Whole) -> Whole:
    """The sum of weights over rows ``start .. end``."""
    total: Whole = 0
    for row in range(start, end):
        total += weight[row]
    return total


@part
def _floor_quotient(over: Wide, under: Whole) -> Whole:
    """``over // under``, where that fits 63 bits; a float gives the neighbourhood, whole numbers decide."""
    quotient = np.int64((float(over[0]) * 18446744073709551616.0 + float(over[1])) / under)
    while quotient > 0 and _is_less(over, _product(np.uint64(quotient), np.uint64(under))):
        quotient -= 1
    while not _is_less(over, _product(np.uint64(quotient + 1), np.uint64(under))):
        quotient += 1
    return quotient


@part
def _is_less(one: Wide, other: Wide) -> bool:
    return bool(one[0] < other[0] or (one[0] == other[0] and one[1] < other[1]))


@kernel("void(i8[::1], i8[::1], i8[::1], i8[::1], i8[::1])")
def slice_weighted(lo: Ints, hi: Ints, weight: Ints, value: Ints, out: Ints) -> None:
    """The floor of the mean of each slice's values, each counted by its weight; -1 where the weights sum to zero.

    ``lo[p]:hi[p]`` are slices of ``weight[n]`` and ``value[n]``, neither below zero; writes ``out[p]`` in the unit of
    the values. Value-weighted waiting time is money times microseconds, far more than 64 bits hold and floats tell
    apart. Exact as long as the weights of a slice sum to less than 2**62 and values are less than 2**60.
    """
    start: Whole = 0
    end: Whole = 0
    weights: Whole = 0
    total = (np.uint64(0), np.uint64(0))
    for point in range(lo.size):
        low = lo[point]
        high = hi[point]
        if high <= low:
            out[point] = -1
            continue
        if low >= end or high <= start:
            weights = 0
            total = (np.uint64(0), np.uint64(0))
            start = low
            end = low
        weights += _weights(weight, low, start) + _weights(weight, end, high)
        weights -= _weights(weight, start, low) + _weights(weight, high, end)
        total = _plus(_plus(total, _weighted(weight, value, low, start)), _weighted(weight, value, end, high))
        total = _minus(_minus(total, _weighted(weight, value, start, low)), _weighted(weight, value, high, end))
        start = low
        end = high
        out[point] = -1 if weights == 0 else _floor_quotient(total, weights)
