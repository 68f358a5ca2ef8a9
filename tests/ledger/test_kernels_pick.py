"""Kernels that pick and group rows give what their slow, obvious twins give."""

from __future__ import annotations

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from amlscreen.ledger import kernels
from ledger import oracles
from ledger.test_kernels import codes, empty, exactly, grouped, longs

held = settings(deadline=None, max_examples=80)


@held
@given(st.lists(st.integers(-1, 5)), exactly(6, st.integers(0, 1)))
def test_rows_carry_one_of_the_sought_words(given_codes: list[int], sought: list[int]) -> None:
    """An unknown word is none of them."""
    out = np.empty(len(given_codes), np.bool_)
    kernels.carry_one_of(codes(given_codes), np.array(sought, np.bool_), out)
    assert out.tolist() == [code >= 0 and bool(sought[code]) for code in given_codes]


@held
@given(grouped(st.integers(0, 3)), st.integers(0, 4))
def test_rows_of_rich_groups_stay_in_order(table: tuple[list[int], list[int]], least: int) -> None:
    """A group with too few rows that stand goes whole; where the others begin is told."""
    offsets, drawn = table
    group = np.repeat(np.arange(len(offsets) - 1), np.diff(offsets)).tolist()
    rows, stands = [row for row, kind in enumerate(drawn) if kind], [kind > 1 for kind in drawn]
    left = longs(rows)
    left = left[: kernels.rows_of_rich_groups(left, codes(group), np.array(stands, np.bool_), least)]
    assert left.tolist() == oracles.rows_of_rich_groups(rows, group, stands, least)
    begins = empty(left.size + 1)
    groups = kernels.group_begins(left, codes(group), begins)
    assert begins[: groups + 1].tolist() == oracles.group_begins(left.tolist(), group)


@held
@given(grouped(st.integers(0, 20), rising=True), st.data())
def test_time_is_counted_from_the_first_row_of_group_and_code(
    table: tuple[list[int], list[int]], data: st.DataObject
) -> None:
    """The same code in another group begins anew, and without a code there is nothing to count from."""
    offsets, at = table
    group = np.repeat(np.arange(len(offsets) - 1), np.diff(offsets)).tolist()
    drawn, since = data.draw(exactly(len(at), st.integers(-1, 3))), empty(len(at))
    kernels.since_first_seen(codes(group), codes(drawn), longs(at), codes([-1] * 4), empty(4), since)
    assert since.tolist() == oracles.since_first_seen(group, drawn, at)


@held
@given(st.lists(st.tuples(st.integers(-9, 9), st.integers(0, 3))), st.integers(0, 6))
def test_values_come_group_after_group_and_short_ones_rise(pairs: list[tuple[int, int]], longest: int) -> None:
    """Within a group the order given is kept until it is sorted; long ones are left to others."""
    values, group = [value for value, _ in pairs], [own for _, own in pairs]
    offsets = np.concatenate([[0], np.cumsum(np.bincount(longs(group), minlength=4))]).astype(np.int64)
    out = empty(len(pairs))
    kernels.into_groups(longs(values), longs(group), offsets[:-1].copy(), out)
    assert out.tolist() == oracles.into_groups(values, group, 4)
    kernels.sort_short_groups(offsets, out, longest)
    of_each = [[value for value, own in pairs if own == one] for one in range(4)]
    assert out.tolist() == [v for each in of_each for v in (sorted(each) if len(each) <= longest else each)]
