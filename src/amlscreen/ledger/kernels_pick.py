"""Kernels that pick rows: by the word they carry, by what their group holds, group after group."""

from __future__ import annotations

from amlscreen.ledger.kernel_cache import Codes, Flags, Ints, Whole, kernel

__all__ = ["carry_one_of", "group_begins", "rows_of_rich_groups", "since_first_seen"]


@kernel("void(i4[::1], b1[::1], b1[::1])")
def carry_one_of(codes: Codes, sought: Flags, out: Flags) -> None:
    """Whether each row's code is one of those sought; a negative code is none. Writes ``out``, sized as ``codes``."""
    for row in range(codes.size):
        code = codes[row]
        out[row] = code >= 0 and sought[code]


@kernel("i8(i8[::1], i4[::1], b1[::1], i8)")
def rows_of_rich_groups(rows: Ints, group: Codes, stands: Flags, least: Whole) -> Whole:
    """Moves the rows of groups that have at least so many rows that stand to the front; returns how many rows they are.

    ``rows`` rise and number those of ``group`` and ``stands``; rows of a group stand together.
    """
    kept: Whole = 0
    first: Whole = 0
    while first < rows.size:
        own = group[rows[first]]
        count: Whole = 0
        end = first
        while end < rows.size and group[rows[end]] == own:
            count += stands[rows[end]]
            end += 1
        if count >= least:
            for at in range(first, end):
                rows[kept] = rows[at]
                kept += 1
        first = end
    return kept


@kernel("i8(i8[::1], i4[::1], i8[::1])")
def group_begins(rows: Ints, group: Codes, begins: Ints) -> Whole:
    """Where the rows of each group begin, and where the last ends; returns how many groups there are.

    As for :func:`rows_of_rich_groups`; ``begins`` has one place more than there are rows, or groups.
    """
    groups: Whole = 0
    begins[0] = 0
    for at in range(1, rows.size):
        if group[rows[at]] != group[rows[at - 1]]:
            groups += 1
            begins[groups] = at
    if rows.size:
        groups += 1
        begins[groups] = rows.size
    return groups


@kernel("void(i4[::1], i4[::1], i8[::1], i4[::1], i8[::1], i8[::1])")
def since_first_seen(group: Codes, codes: Codes, at: Ints, seen_by: Codes, first: Ints, since: Ints) -> None:
    """How long after the first row of its group and code each row is; 0 for a negative code.

    Rows of a group stand together, in order of ``at``; where a group stands more than once, it has the same rows.
    ``seen_by`` is filled with -1 and, as ``first``, as large as there are codes. Writes ``since``.
    """
    for row in range(codes.size):
        code = codes[row]
        if code < 0:
            since[row] = 0
            continue
        if seen_by[code] != group[row]:
            seen_by[code] = group[row]
            first[code] = at[row]
        since[row] = at[row] - first[code]
