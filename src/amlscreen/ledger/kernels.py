"""The kernels: everything a sweep does row by row, compiled once.

Count, sum, share, mean and days are prefix sums and need no kernel; what is here is the rest. All kernels take
contiguous arrays of exactly the types in their signature, write into ``out`` arrays the caller made, run without the
interpreter's lock and trust their caller: offsets rise, slices lie inside the arrays, codes lie below
``counts.size``.

A *group* is a run of neighbouring rows, ``offsets[g]`` up to, not including, ``offsets[g + 1]``: one account, or one
customer. A *slice* is ``lo`` up to, not including, ``hi``. Times are microseconds UTC, amounts minor units, both
int64. Each kernel has a slow, obvious twin in ``tests/ledger/oracles.py`` that it is held equal to.
"""

from __future__ import annotations

from amlscreen.ledger.kernel_cache import load_kernels
from amlscreen.ledger.kernels_flow import run_lengths, runs_apart
from amlscreen.ledger.kernels_going_on import chain_lengths, payments_on
from amlscreen.ledger.kernels_legs import pair_equal_legs, pair_legs
from amlscreen.ledger.kernels_money import fifo_pairs, floor_ratio
from amlscreen.ledger.kernels_order import fix_order, into_groups, sort_short_groups
from amlscreen.ledger.kernels_pick import carry_one_of, group_begins, rows_of_rich_groups, since_first_seen
from amlscreen.ledger.kernels_quantile import slice_quantile
from amlscreen.ledger.kernels_relations import grouped, mutual, onward_from, returns, until
from amlscreen.ledger.kernels_relay import handed_on, once_each, relays, spokes_at
from amlscreen.ledger.kernels_slices import slice_distinct, slice_extreme, slice_top
from amlscreen.ledger.kernels_spread import slice_std, slice_weighted
from amlscreen.ledger.kernels_window import between, episodes, pair_slices, slices_of, window_left, windows
from amlscreen.ledger.kernels_words import find_keys, place_keys, words_hashed

__all__ = [
    "between",
    "carry_one_of",
    "chain_lengths",
    "episodes",
    "fifo_pairs",
    "find_keys",
    "fix_order",
    "floor_ratio",
    "group_begins",
    "grouped",
    "handed_on",
    "into_groups",
    "load_kernels",
    "mutual",
    "once_each",
    "onward_from",
    "pair_equal_legs",
    "pair_legs",
    "pair_slices",
    "payments_on",
    "place_keys",
    "relays",
    "returns",
    "rows_of_rich_groups",
    "run_lengths",
    "runs_apart",
    "since_first_seen",
    "slice_distinct",
    "slice_extreme",
    "slice_quantile",
    "slice_std",
    "slice_top",
    "slice_weighted",
    "slices_of",
    "sort_short_groups",
    "spokes_at",
    "until",
    "window_left",
    "windows",
    "words_hashed",
]
