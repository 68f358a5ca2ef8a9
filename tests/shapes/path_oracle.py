"""A slow, obvious reading of shape ``path``: lists, loops over everything, ``Fraction`` for every quotient.

What the grammar leaves open is decided here once:

- Each receiver's leg goes with the first unpaired payer's leg between the same two of the same amount within a day,
  then with one whose amount is within a fiftieth; both then are one payment, told by the payer's leg.
- A payment known by its date goes on, or is gone on from, on another day only; spans count from the start of its day.
- The longest runs are taken first; of equals the one that begins first, then the one whose payments come first.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from fractions import Fraction

from shapes.flow_bank import DAY, Leg

__all__ = ["Paid", "Words", "chosen_runs", "goes_on", "payments", "runs_from"]


@dataclass(frozen=True)
class Words:
    """The settings of a card."""

    form: str
    within: int
    hop: int
    keeps: Fraction = Fraction(85, 100)
    tolerance: Fraction = Fraction(2, 100)
    most_hops: int = 6
    hub: int = 100
    least: int = 2


@dataclass(frozen=True)
class Paid:
    """One payment; ``place`` is that of its leg in the ledger's order."""

    payer: str
    receiver: str
    early: int
    late: int
    amount: int
    place: int
    leg: Leg


def payments(legs: Sequence[Leg]) -> list[Paid]:
    """One payment for each leg that is not the second of one, in the ledger's order."""
    made = []
    for place, leg in enumerate(sorted(legs)):
        if leg.other in ("", leg.account) or leg.other.startswith("pooled"):
            continue
        payer, receiver = (leg.other, leg.account) if leg.is_credit else (leg.account, leg.other)
        early = leg.at // DAY * DAY if leg.dated else leg.at
        made.append(Paid(payer, receiver, early, early + DAY - 1 if leg.dated else early, leg.amount, place, leg))
    paired: set[int] = set()
    for near in (Fraction(0), Fraction(1, 50)):
        _pair([one for one in made if one.place not in paired], near, paired)
    return [one for one in made if one.place not in paired or not one.leg.is_credit]


def _pair(made: Sequence[Paid], near: Fraction, paired: set[int]) -> None:
    in_time = sorted(made, key=lambda one: (one.early, one.place))
    for credit in in_time:
        if not credit.leg.is_credit or not (credit.payer.isupper() and credit.receiver.isupper()):
            continue
        for debit in in_time:
            same = (debit.payer, debit.receiver) == (credit.payer, credit.receiver) and not debit.leg.is_credit
            alike = abs(debit.amount - credit.amount) <= math.floor(credit.amount * near)
            if same and alike and abs(debit.early - credit.early) <= DAY and debit.place not in paired:
                paired |= {credit.place, debit.place}
                break


def partners(made: Sequence[Paid], party: str) -> int:
    """With how many others a party has payments."""
    others = {one.receiver for one in made if one.payer == party} | {one.payer for one in made if one.receiver == party}
    return len(others)


def goes_on(one: Paid, later: Paid, words: Words) -> bool:
    """Whether money that came with one payment may go on in another."""
    in_time = later.early > one.late and later.early - one.early <= words.hop
    low, high = one.amount * words.keeps, one.amount * (1 + words.tolerance)
    return one.receiver == later.payer and in_time and low <= later.amount <= high


def runs_from(made: Sequence[Paid], run: list[Paid], words: Words, hubs: set[str]) -> Iterator[list[Paid]]:
    """Every run that begins with these payments, in the order of time of what comes next."""
    if len(run) >= words.most_hops or run[-1].receiver in hubs:
        return
    for later in sorted(made, key=lambda one: (one.early, one.place)):
        if not goes_on(run[-1], later, words) or later.early - run[0].early > words.within:
            continue
        if later.receiver == run[0].payer:
            if words.form == "cycle" and run[0].payer not in hubs:
                yield [*run, later]
        elif later.receiver not in {one.receiver for one in run}:
            if words.form == "chain":
                yield [*run, later]
            yield from runs_from(made, [*run, later], words, hubs)


def chosen_runs(made: Sequence[Paid], words: Words) -> list[list[Paid]]:
    """The longest runs that share no payment."""
    hubs = {party for one in made for party in (one.payer, one.receiver) if partners(made, party) > words.hub}
    left, found = sorted(made, key=lambda one: (one.early, one.place)), []
    while True:
        runs = [run for start in left for run in runs_from(left, [start], words, hubs) if len(run) >= words.least]
        if not runs:
            return sorted(found, key=lambda run: (run[0].early, run[0].place))
        longest = max(len(run) for run in runs)
        best = next(run for run in runs if len(run) == longest)
        found.append(best)
        left = [one for one in left if one not in best]
