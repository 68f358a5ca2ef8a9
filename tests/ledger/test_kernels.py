"""Every kernel gives what its slow, obvious twin gives."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import accumulate

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.typing import NDArray

from amlscreen.ledger import kernels
from ledger import oracles

held = settings(deadline=None, max_examples=150)

SIZES = st.lists(st.integers(0, 12), max_size=5)
MONEY = st.one_of(st.integers(-20, 20), st.integers(-(10**15), 10**15))
LARGE = st.one_of(st.integers(-10, 10), st.integers(-(2**63) + 1, 2**63 - 1))


def longs(values: Sequence[int]) -> NDArray[np.int64]:
    return np.array(values, np.int64)


def codes(values: Sequence[int]) -> NDArray[np.int32]:
    return np.array(values, np.int32)


def empty(size: int) -> NDArray[np.int64]:
    return np.full(size, -99, np.int64)


def exactly(size: int, values: st.SearchStrategy[int]) -> st.SearchStrategy[list[int]]:
    return st.lists(values, min_size=size, max_size=size)


@st.composite
def grouped(draw: st.DrawFn, values: st.SearchStrategy[int], *, rising: bool = False) -> tuple[list[int], list[int]]:
    """Offsets of some groups, and a value for each row."""
    sizes = draw(SIZES)
    found = [draw(exactly(size, values)) for size in sizes]
    return [0, *accumulate(sizes)], [one for group in found for one in (sorted(group) if rising else group)]


@st.composite
def sliced(draw: st.DrawFn, values: st.SearchStrategy[int]) -> tuple[list[tuple[int, int]], list[int]]:
    """Some values, and slices of them: both ends moving on, or in any order, some of them empty."""
    rows = draw(st.lists(values, max_size=30))
    ends = st.integers(0, len(rows))
    lows, highs = draw(st.lists(ends, min_size=8, max_size=8)), draw(st.lists(ends, min_size=8, max_size=8))
    if draw(st.booleans()):
        return list(zip(sorted(lows), sorted(highs), strict=True)), rows
    return list(zip(lows, highs, strict=True)), rows


def ends_of(slices: Sequence[tuple[int, int]]) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    return longs([low for low, _ in slices]), longs([high for _, high in slices])


@held
@given(grouped(st.integers(0, 6)), st.data())
def test_fix_order_sorts_each_group_by_time_then_tie(table: tuple[list[int], list[int]], data: st.DataObject) -> None:
    """Groups stay where they are; within one, time decides, then the tie, then the old order."""
    offsets, time = table
    tie = data.draw(st.lists(st.integers(0, 3), min_size=len(time), max_size=len(time)))
    order = empty(len(time))
    kernels.fix_order(longs(offsets), longs(time), longs(tie), order)
    assert order.tolist() == oracles.fix_order(offsets, time, tie)


def test_fix_order_merges_the_accounts_of_a_customer() -> None:
    """Three accounts in order one after the other become one order."""
    time = longs([1, 5, 9, 2, 5, 8, 0, 5])
    order = empty(8)
    kernels.fix_order(longs([0, 8]), time, longs([7, 1, 0, 0, 0, 0, 0, 2]), order)
    assert order.tolist() == [6, 0, 3, 4, 1, 7, 5, 2]


@held
@given(grouped(st.integers(0, 12), rising=True), st.integers(0, 9))
def test_window_is_open_at_its_start_and_closed_at_its_end(table: tuple[list[int], list[int]], span: int) -> None:
    """A row exactly one span earlier is outside; the last row of an instant closes it."""
    offsets, time = table
    left, closes = empty(len(time)), np.zeros(len(time), np.bool_)
    kernels.window_left(longs(offsets), longs(time), span, left, closes)
    assert (left.tolist(), closes.tolist()) == oracles.window_left(offsets, time, span)


@held
@given(grouped(st.integers(0, 12), rising=True), st.integers(1, 9), st.data())
def test_windows_are_looked_at_where_a_row_stands(
    table: tuple[list[int], list[int]], span: int, data: st.DataObject
) -> None:
    """Once for each instant, with the first and last row that stands, and as slices of any of the row sets."""
    offsets, time = table
    flags = st.lists(st.booleans(), min_size=len(time), max_size=len(time))
    stands, others = data.draw(flags), data.draw(flags)
    made = [empty(len(time)) for _ in range(5)]
    found = kernels.windows(longs(offsets), longs(time), np.array(stands, np.bool_), span, *made)
    wanted = oracles.windows(offsets, time, stands, span)
    assert list(zip(*(each[:found].tolist() for each in made), strict=True)) == wanted
    begin, until = made[3][:found], made[4][:found]
    lo, hi = empty(found), empty(found)
    kernels.slices_of(np.array(others, np.bool_), begin, until, lo, hi)
    seen = oracles.slices_of(others, begin.tolist(), until.tolist())
    assert list(zip(lo.tolist(), hi.tolist(), strict=True)) == seen


@held
@given(grouped(st.integers(0, 12), rising=True), st.data())
def test_between_finds_the_rows_after_and_until(table: tuple[list[int], list[int]], data: st.DataObject) -> None:
    """Whatever the order of the anchors and of their bounds."""
    offsets, time = table
    anchor = st.tuples(st.integers(-1, len(offsets) - 2), st.integers(-2, 14), st.integers(-2, 14))
    anchors = data.draw(st.lists(anchor, max_size=12))
    group, after, until = ([one[at] for one in anchors] for at in range(3))
    lo, hi = empty(len(anchors)), empty(len(anchors))
    kernels.between(longs(group), longs(offsets), longs(time), longs(after), longs(until), lo, hi)
    found = [list(range(low, high)) for low, high in zip(lo.tolist(), hi.tolist(), strict=True)]
    assert found == oracles.between(group, offsets, time, after, until)


@held
@given(sliced(st.integers(-1, 4)))
def test_distinct_never_counts_null_and_leaves_its_scratch_clean(
    table: tuple[list[tuple[int, int]], list[int]],
) -> None:
    """For slices in any order, overlapping, apart or empty."""
    slices, code = table
    counts, out = np.zeros(5, np.int32), empty(len(slices))
    kernels.slice_distinct(*ends_of(slices), codes(code), counts, out)
    assert out.tolist() == oracles.slice_distinct(slices, code)
    assert not counts.any()


@held
@given(sliced(st.integers(-1, 6)), st.integers(1, 8))
def test_top_counts_the_rows_of_the_commonest_codes(table: tuple[list[tuple[int, int]], list[int]], k: int) -> None:
    """For slices in any order; the scratch is clean afterwards."""
    slices, code = table
    counts, out = np.zeros(7, np.int32), empty(len(slices))
    kernels.slice_top(*ends_of(slices), codes(code), k, counts, out)
    assert out.tolist() == oracles.slice_top(slices, code, k)
    assert not counts.any()


@held
@given(sliced(MONEY), st.sampled_from([1, -1]))
def test_extreme_is_the_largest_or_smallest_value(table: tuple[list[tuple[int, int]], list[int]], sign: int) -> None:
    """For slices that move on and for slices that go back."""
    slices, value = table
    out = empty(len(slices))
    kernels.slice_extreme(*ends_of(slices), longs(value), sign, out)
    assert out.tolist() == oracles.slice_extreme(slices, value, sign)


@held
@given(sliced(st.one_of(st.integers(-1, 40), st.integers(-1, 2**31 - 1))), st.integers(0, 1000))
def test_quantile_is_the_lower_one_of_the_known(table: tuple[list[tuple[int, int]], list[int]], permille: int) -> None:
    """Without interpolation, whatever the ranks leave out."""
    slices, rank = table
    out = empty(len(slices))
    kernels.slice_quantile(*ends_of(slices), codes(rank), permille, out)
    assert out.tolist() == oracles.slice_quantile(slices, rank, permille)


@held
@given(sliced(MONEY))
def test_std_is_exact_to_the_last_unit(table: tuple[list[tuple[int, int]], list[int]]) -> None:
    """For amounts whose squares need more than 64 bits."""
    slices, value = table
    out = empty(len(slices))
    kernels.slice_std(*ends_of(slices), longs(value), out)
    assert out.tolist() == oracles.slice_std(slices, value)


@held
@given(sliced(st.one_of(st.integers(0, 3), st.integers(0, 10**16))), st.data())
def test_weighted_mean_is_exact_for_money_times_time(
    table: tuple[list[tuple[int, int]], list[int]], data: st.DataObject
) -> None:
    """A slice that weighs nothing has no mean."""
    slices, weight = table
    value = data.draw(exactly(len(weight), st.integers(0, 10**15)))
    out = empty(len(slices))
    kernels.slice_weighted(*ends_of(slices), longs(weight), longs(value), out)
    assert out.tolist() == oracles.slice_weighted(slices, weight, value)


@held
@given(grouped(st.integers(-6, 6)))
def test_fifo_spends_the_oldest_credit_first(table: tuple[list[int], list[int]]) -> None:
    """Money from before the data stays unmatched, also when credits follow."""
    offsets, signed = table
    credit, debit, amount = empty(len(signed)), empty(len(signed)), empty(len(signed))
    found = kernels.fifo_pairs(longs(offsets), longs(signed), credit, debit, amount)
    pairs = list(zip(credit[:found].tolist(), debit[:found].tolist(), amount[:found].tolist(), strict=True))
    assert pairs == oracles.fifo_pairs(offsets, signed)
    assert (np.diff(credit[:found]) >= 0).all()
    assert (np.diff(debit[:found]) >= 0).all()


@held
@given(grouped(st.integers(-6, 6)), st.data())
def test_pairs_belong_to_a_slice_only_with_both_rows(table: tuple[list[int], list[int]], data: st.DataObject) -> None:
    """A credit before the slice or a debit after it leaves the pair out."""
    offsets, signed = table
    pairs = [(credit, debit) for credit, debit, _ in oracles.fifo_pairs(offsets, signed)]
    ends = st.integers(0, len(signed))
    slices = data.draw(st.lists(st.tuples(ends, ends), max_size=8))
    first, last = empty(len(slices)), empty(len(slices))
    credit, debit = longs([one for one, _ in pairs]), longs([one for _, one in pairs])
    kernels.pair_slices(*ends_of(slices), credit, debit, first, last)
    found = [list(range(low, high)) for low, high in zip(first.tolist(), last.tolist(), strict=True)]
    assert found == oracles.pair_slices(slices, pairs)


@held
@given(grouped(st.integers(0, 9)), st.data())
def test_episodes_are_the_longest_runs_of_overlapping_hit_windows(
    table: tuple[list[int], list[int]], data: st.DataObject
) -> None:
    """The peak is the point with the largest lead, the first of equals."""
    offsets, left = table
    points = len(left)
    right = [low + more for low, more in zip(left, data.draw(exactly(points, st.integers(0, 4))), strict=True)]
    hit, lead = data.draw(exactly(points, st.integers(0, 1))), data.draw(exactly(points, st.integers(0, 3)))
    out = [empty(points) for _ in range(4)]
    found = kernels.episodes(longs(offsets), longs(left), longs(right), np.array(hit, np.bool_), longs(lead), *out)
    rows = list(zip(*(column[:found].tolist() for column in out), strict=True))
    assert rows == oracles.episodes(offsets, left, right, [bool(one) for one in hit], lead)


@held
@given(st.lists(st.tuples(LARGE, LARGE), max_size=20), st.sampled_from([1, 1000, 1_000_000, 2**62 - 1]))
def test_ratio_is_floored_and_never_overflows(parts: list[tuple[int, int]], scale: int) -> None:
    """Also where numerator times scale needs 128 bits."""
    out = empty(len(parts))
    kernels.floor_ratio(longs([num for num, _ in parts]), longs([den for _, den in parts]), scale, out)
    assert out.tolist() == [oracles.floor_ratio(num, den, scale) for num, den in parts]
