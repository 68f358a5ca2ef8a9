"""Workers of one employer who each pay the same account the same sum, month after month."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from amlscreen.ledger.columns import ratio_values
from amlscreen.shapes.scenario_functions import measures
from amlscreen.shapes.scenario_lines import Facts, Lines, Seen
from amlscreen.shapes.scenarios.sums import summed
from amlscreen.shapes.scenarios.tables import customers_words
from amlscreen.shapes.settled import AfterSweep

__all__ = ["debt_instalments"]

Ints = NDArray[np.int64]


class Steady(NamedTuple):
    """Payments of steady payers: both accounts, money, wages, whether licensed; and what a hit must know."""

    receiver: Ints
    payer: Ints
    amount: Ints
    wages: Ints
    licensed: Ints
    facts: Facts


def steady_payments(lines: Lines, options: Mapping[str, Any]) -> Steady:
    """Credits of pairs of accounts that are paid monthly and evenly, often enough."""
    payer = lines.own_accounts()
    taken = np.flatnonzero(lines.is_("direction", "credit") & (payer >= 0) & ~lines.is_("purpose", "salary"))
    receiver = lines.subject[lines.group[taken]]
    order = np.lexsort((lines.column("at").array[taken], payer[taken], receiver))
    taken, receiver = taken[order], receiver[order]
    amount, day = (lines.column(name).array[taken].astype(np.int64) for name in ("amount", "local_day"))
    starts = np.flatnonzero((np.diff(receiver, prepend=-1) != 0) | (np.diff(payer[taken], prepend=-1) != 0))
    pair = np.repeat(np.arange(starts.size), np.diff(np.append(starts, taken.size)))
    gap = np.diff(day, prepend=0)
    monthly = (gap >= options["early"]) & (gap <= options["late"])
    monthly[starts] = True
    size = np.bincount(pair, minlength=starts.size)
    middle = amount[np.lexsort((amount, pair))][starts + (size - 1) // 2] if starts.size else size
    even = ratio_values(np.abs(amount - middle[pair]), middle[pair]).array <= options["apart"]
    wrong = np.bincount(pair[~(monthly & even)], minlength=starts.size)
    keep = ((wrong == 0) & (size >= options["months"]))[pair]
    licensed = lines.column("holder_is_licensed")
    flag = (licensed.is_known() & (licensed.array == 1))[taken].astype(np.int64)
    wages = lines.column("wage_multiple").array[taken].astype(np.int64)
    return Steady(receiver[keep], payer[taken[keep]], amount[keep], wages[keep], flag[keep], lines.facts(taken[keep]))


@measures("debt_instalments", gather=steady_payments)
def debt_instalments(pieces: Sequence[Steady], bank: AfterSweep, options: Mapping[str, Any]) -> Seen:
    """Of each receiver the employer with most steady payers."""
    receiver, payer, amount, wages, licensed = (
        np.concatenate([np.empty(0, np.int64), *(getattr(piece, name) for piece in pieces)])
        for name in ("receiver", "payer", "amount", "wages", "licensed")
    )
    facts = Facts.of([piece.facts for piece in pieces])
    at, owner = bank.reference.owners_of(payer)
    employer = customers_words(bank, "employer").array[owner].astype(np.int64)
    known = employer >= 0
    at, owner, employer = at[known], owner[known], employer[known]
    people = np.unique(np.stack([receiver[at], employer, owner]), axis=1)
    firms, size = np.unique(people[:2], axis=1, return_counts=True)
    order = np.lexsort((-firms[1], size, firms[0]))
    last = order[np.flatnonzero(np.diff(firms[0][order], append=-1))]
    subject, best, payers = firms[0][last], firms[1][last], size[last]
    place = np.searchsorted(subject, receiver[at])
    of_best = employer == best[place] if subject.size else known[:0]
    rows, row = np.unique(at[of_best], return_index=True)
    group = place[of_best][row]
    count = np.bincount(group, minlength=subject.size)
    middle = amount[rows][np.lexsort((amount[rows], group))]
    starts = np.cumsum(count) - count
    chosen = people[:, people[1] == best[np.searchsorted(subject, people[0])]] if subject.size else people
    return Seen(
        subject,
        {
            "payers": payers.astype(np.int64),
            "months": count // np.maximum(payers, 1),
            "instalment": middle[starts + (count - 1) // 2] if subject.size else subject,
            "paid": summed(group, amount[rows], subject.size),
            "wages": summed(group, wages[rows], subject.size),
            "licensed": np.minimum(summed(group, licensed[rows], subject.size), 1),
        },
        facts.some(rows),
        group,
        ["instalment"] * rows.size,
        victims=(np.searchsorted(subject, chosen[0]), chosen[2]),
    )
