"""Connected groups: customers joined by the values they share, with no loop over customers."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

__all__ = ["Groups", "connected", "groups_of"]

Ints = NDArray[np.int64]


@dataclass(frozen=True, slots=True)
class Groups:
    """Groups of at least two customers, by their smallest customer_no.

    Members of group ``g`` stand in ``customer`` from ``offsets[g]`` to ``offsets[g + 1]``, rising. ``pair_value`` and
    ``pair_group`` list the values that tie each group, once for each member that carries one; ``pair_customer`` says
    who does. ``let_go`` counts values that were dropped because a group was larger than ``limit``; ``too_large`` are
    the groups larger still.
    """

    customer: Ints
    offsets: Ints
    pair_group: Ints
    pair_value: Ints
    pair_customer: Ints
    let_go: int
    too_large: NDArray[np.bool_]

    @property
    def size(self) -> int:
        """How many groups there are."""
        return self.offsets.size - 1

    @property
    def members(self) -> Ints:
        """How many members each group has."""
        return np.diff(self.offsets)

    @property
    def group(self) -> Ints:
        """The group of each member."""
        return np.repeat(np.arange(self.size), self.members)


def connected(size: int, one: Ints, other: Ints) -> Ints:
    """For each of ``size`` nodes the smallest node it is connected with, through edges between ``one`` and ``other``.

    Roots hook onto the smallest root beside them and chains are shortened, until nothing changes: the number of roots
    at least halves each time.
    """
    parent = np.arange(size, dtype=np.int64)
    while True:
        left, right = parent[one], parent[other]
        apart = left != right
        if not apart.any():
            return parent
        one, other = one[apart], other[apart]
        low, high = np.minimum(left[apart], right[apart]), np.maximum(left[apart], right[apart])
        np.minimum.at(parent, high, low)
        while True:
            shorter = parent[parent]
            if np.array_equal(shorter, parent):
                break
            parent = shorter


def groups_of(value: Ints, customer: Ints, held: Ints, limit: int) -> Groups:
    """The groups that pairs of value and customer make; pairs come by value, and ``held`` says how common each is.

    A group larger than ``limit`` is no group anybody can look at: its commonest values are let go, the limit on them
    halved until it falls apart or only values of two customers are left.
    """
    let_go = np.zeros(held.size, np.bool_)
    while True:
        kept = ~let_go[value]
        groups = _joined(value[kept], customer[kept], limit)
        of_large = groups.too_large[groups.pair_group]
        commonest = np.zeros(groups.size, np.int64)
        np.maximum.at(commonest, groups.pair_group, held[groups.pair_value])
        drop = groups.pair_value[
            of_large & (held[groups.pair_value] > np.maximum(commonest // 2, 2)[groups.pair_group])
        ]
        if not drop.size:
            return Groups(**_fields(groups), let_go=int(let_go.sum()), too_large=groups.too_large)
        let_go[drop] = True


def _fields(groups: Groups) -> dict[str, Ints]:
    return {
        name: getattr(groups, name) for name in ("customer", "offsets", "pair_group", "pair_value", "pair_customer")
    }


def _joined(value: Ints, customer: Ints, limit: int) -> Groups:
    """The groups of pairs that come by value."""
    size = int(customer.max(initial=-1)) + 1
    starts = np.flatnonzero(np.diff(value, prepend=-1))
    first = np.repeat(customer[starts], np.diff(np.append(starts, value.size)))
    root = connected(size, customer, first)
    is_in, is_root = np.zeros(size, np.bool_), np.zeros(size, np.bool_)
    is_in[customer] = True
    members = np.flatnonzero(is_in)
    is_root[root[members]] = True
    number = np.cumsum(is_root) - 1
    group = number[root[members]]
    sizes = np.bincount(group, minlength=int(is_root.sum()))
    offsets = np.concatenate([np.zeros(1, np.int64), np.cumsum(sizes)]).astype(np.int64)
    order = np.argsort(group, kind="stable")
    return Groups(members[order], offsets, number[root[customer]], value, customer, 0, sizes > limit)
