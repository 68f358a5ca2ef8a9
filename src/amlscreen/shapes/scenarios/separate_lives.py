"""One customer, two accounts: everyday life on one, money of strangers on the other."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np
from numpy.typing import NDArray

from amlscreen.ledger.columns import ratio_values
from amlscreen.ledger.partition import Values
from amlscreen.shapes.scenario_functions import measures
from amlscreen.shapes.scenario_lines import Lines, Seen
from amlscreen.shapes.scenarios.sums import summed

__all__ = ["separate_lives"]

Ints = NDArray[np.int64]
_LIVING = ("goods", "rent", "tuition", "tax")
_LIVING_CHANNELS = ("card", "qr")


@measures("separate_lives")
def separate_lives(lines: Lines, options: Mapping[str, Any]) -> Seen:
    """The account with most everyday money, and of the others the one with most money of unrelated payers."""
    recent = lines.since(options["days"])
    credit = lines.is_("direction", "credit") & recent
    debit = lines.is_("direction", "debit") & recent
    amount = lines.column("amount").array
    living = debit & (lines.is_("purpose", *_LIVING) | lines.is_("channel", *_LIVING_CHANNELS))
    related, merchant = lines.column("counterparty_is_related"), lines.column("is_merchant")
    third = credit & related.is_known() & (related.array == 0) & ~lines.is_("purpose", "salary")
    third &= ~(merchant.is_known() & (merchant.array == 1))

    group, pair, first = _accounts(lines)
    size = first.size
    sums = {
        name: summed(pair[rows], amount[rows], size)
        for name, rows in (("out", debit), ("living", living), ("in", credit), ("third", third))
    }
    home = _best(group[first], sums["living"], lines.subject.size, np.ones(size, np.bool_))
    others = np.ones(size, np.bool_)
    others[home] = False
    there = _best(group[first], sums["third"], lines.subject.size, others)
    two = there >= 0
    at = np.maximum(there, 0)
    carries = third & (pair == there[group])
    every = {
        "household_share": ratio_values(sums["living"][home], sums["out"][home]),
        "everyday_there": Values(ratio_values(sums["living"][at], np.maximum(sums["out"][at], 1)).array, two),
        "third_share": ratio_values(sums["third"][at], sums["in"][at], two),
        "payers": Values(_different(lines, carries), two),
        "received": Values(sums["third"][at], two),
        "wages": Values(lines.total(np.where(carries, lines.column("wage_multiple").array, 0)), two),
    }
    return lines.seen(every, carries, "inflow")


def _accounts(lines: Lines) -> tuple[Ints, Ints, Ints]:
    """Of each line the place of its subject and of the subject's account; of each such account one line."""
    group, account = lines.group, lines.column("account").array.astype(np.int64)
    key = group * (int(account.max(initial=0)) + 1) + account
    _, first, pair = np.unique(key, return_index=True, return_inverse=True)
    return group, pair.astype(np.int64), first


def _best(group: Ints, money: Ints, groups: int, able: NDArray[np.bool_]) -> Ints:
    """Of each group the account with most money, and of equals the first; -1 where there is none."""
    order = np.lexsort((-np.arange(money.size), money, group))
    order = order[able[order]]
    best = np.full(groups, -1, np.int64)
    best[group[order]] = order
    return best


def _different(lines: Lines, rows: NDArray[np.bool_]) -> Ints:
    payer = lines.column("counterparty").array[rows].astype(np.int64)
    pairs = np.unique(np.stack([lines.group[rows], payer]), axis=1)
    return np.bincount(pairs[0], minlength=lines.subject.size).astype(np.int64)
