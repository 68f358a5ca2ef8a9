"""A person's money goes through the account of the person's own firm, again and again."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from amlscreen.ledger.columns import MILLION
from amlscreen.ledger.reference import Reference, joined, positions, whole
from amlscreen.shapes.scenario_functions import measures
from amlscreen.shapes.scenario_lines import Facts, Lines, Seen
from amlscreen.shapes.scenarios.sums import fullest_span, summed
from amlscreen.shapes.scenarios.tables import are_firms
from amlscreen.shapes.settled import AfterSweep

__all__ = ["firm_as_pass_through"]

Ints = NDArray[np.int64]
_LEAVES = ("cash", "atm", "transfer", "wire", "mobile", "internet", "agent")


class Transfers(NamedTuple):
    """Transfers between a person's and a firm's account, seen from one of them.

    ``part`` is the share, in millionths, that had just come in (from the person's side) or that leaves again (from the
    firm's). ``out`` are lines by which money leaves; those that follow transfer ``i`` stand from ``low[i]`` to
    ``high[i]``, one line often after many transfers.
    """

    person: Ints
    firm: Ints
    day: Ints
    amount: Ints
    wages: Ints
    part: Ints
    facts: Facts
    out: Facts
    low: Ints
    high: Ints


def transfers(lines: Lines, options: Mapping[str, Any]) -> tuple[Transfers, Transfers]:
    """Debits of persons to firms, and credits of firms from persons; both accounts are in this data."""
    is_firm = _are_firms(lines.reference)
    other, mine = lines.own_accounts(), lines.subject[lines.group]
    between = (other >= 0) & (is_firm[mine] != is_firm[other])
    credit = lines.is_("direction", "credit")
    sent = np.flatnonzero(between & ~credit & ~is_firm[mine])
    got = np.flatnonzero(between & credit & is_firm[mine])
    amount = lines.column("amount").array.astype(np.int64)
    leaving = ~credit & lines.is_("channel", *_LEAVES)
    came = _around(lines, sent, np.where(credit, amount, 0), 1, before=True)
    left = _around(lines, got, np.where(leaving, amount, 0), options["leaves_within"], before=False)
    with_it = _around(lines, got, np.where(between & credit, amount, 0), options["leaves_within"], before=False)
    share_in = np.minimum(came, amount[sent]) * MILLION // np.maximum(amount[sent], 1)
    share_out = np.minimum(left, with_it) * MILLION // np.maximum(with_it, 1)
    enough = share_out >= options["share_out"]
    none = np.empty(0, np.int64)
    return (
        _seen_from(lines, sent, mine[sent], other[sent], share_in, (none, none, none)),
        _seen_from(
            lines,
            got,
            other[got],
            mine[got],
            share_out,
            _out_lines(lines, got, leaving, options["leaves_within"], enough),
        ),
    )


def _seen_from(
    lines: Lines, rows: Ints, person: Ints, firm: Ints, part: Ints, left: tuple[Ints, Ints, Ints]
) -> Transfers:
    day, amount, wages = (
        lines.column(name).array[rows].astype(np.int64) for name in ("local_day", "amount", "wage_multiple")
    )
    out, low, high = left
    return Transfers(person, firm, day, amount, wages, part, lines.facts(rows), lines.facts(out), low, high)


def _are_firms(reference: Reference) -> NDArray[np.bool_]:
    """The accounts whose first owner is a firm."""
    first = reference.owner_offsets[:-1]
    owned = np.diff(reference.owner_offsets) > 0
    return np.where(
        owned, are_firms(reference)[reference.owner[np.minimum(first, reference.owner.size - 1)]], np.False_
    )


def _edges(lines: Lines, rows: Ints, days: int, *, before: bool) -> tuple[Ints, Ints]:
    """Where the lines of the same subject within so many days of each of some lines begin and end."""
    width = np.int64(1 << 33)
    key = lines.group * width + lines.column("local_day").array + (1 << 32)
    low = key[rows] - days if before else key[rows]
    high = key[rows] if before else key[rows] + days
    return np.searchsorted(key, low), np.searchsorted(key, high, side="right")


def _around(lines: Lines, rows: Ints, money: Ints, days: int, *, before: bool) -> Ints:
    """The money of these days, the line's own day among them."""
    low, high = _edges(lines, rows, days, before=before)
    total = np.concatenate([np.zeros(1, np.int64), np.cumsum(money)])
    found: Ints = total[high] - total[low]
    return found


def _out_lines(
    lines: Lines, rows: Ints, leaving: NDArray[np.bool_], days: int, wanted: NDArray[np.bool_]
) -> tuple[Ints, Ints, Ints]:
    """The lines by which money leaves after any wanted row, and where those after each row stand among them."""
    places = np.flatnonzero(leaving)
    low, high = (np.searchsorted(places, edge) for edge in _edges(lines, rows, days, before=False))
    high = np.where(wanted, np.maximum(high, low), low)
    inside = _covered(low, high, places.size)
    before = np.concatenate([np.zeros(1, np.int64), np.cumsum(inside)])
    return places[inside], before[low], before[high]


def _covered(low: Ints, high: Ints, size: int) -> NDArray[np.bool_]:
    """Which of so many places lie in any of the spans."""
    steps = np.bincount(low, minlength=size + 1) - np.bincount(high, minlength=size + 1)
    covered: NDArray[np.bool_] = np.cumsum(steps)[:size] > 0
    return covered


@measures("firm_as_pass_through", gather=transfers)
def firm_as_pass_through(
    pieces: Sequence[tuple[Transfers, Transfers]], bank: AfterSweep, options: Mapping[str, Any]
) -> Seen:
    """The most turns through each firm's account within the span."""
    sent, got = (_joined([piece[side] for piece in pieces]) for side in (0, 1))
    pair = _met(sent, got)
    mine = pair[:, got.part[pair[1]] >= options["share_out"]]
    mine = mine[:, sent.part[mine[0]] >= options["share_in"]]
    mine = mine[:, _tied(bank, got.person[mine[1]], got.firm[mine[1]])]
    mine = mine[:, np.lexsort((mine[1], got.day[mine[1]], got.firm[mine[1]]))]
    mine = mine[:, fullest_span(got.firm[mine[1]], got.day[mine[1]], options["span"])]
    subject, place = np.unique(got.firm[mine[1]], return_inverse=True)
    total = {
        name: summed(place, values[mine[1]], subject.size)
        for name, values in (("passed", got.amount), ("wages", got.wages), ("left", got.part))
    }
    turns = np.bincount(place, minlength=subject.size)
    low, high = got.low[mine[1]], got.high[mine[1]]
    out = np.flatnonzero(_covered(low, high, got.out.row_id.size))
    begun = np.argsort(low, kind="stable")
    of_out = place[begun[np.searchsorted(low[begun], out, side="right") - 1]] if out.size else out
    rows = Facts.of([sent.facts.some(mine[0]), got.facts.some(mine[1]), got.out.some(out)])
    at, owner = bank.reference.owners_of(sent.person[mine[0]])
    return Seen(
        subject.astype(np.int64),
        {
            "turns": turns.astype(np.int64),
            "passed": total["passed"],
            "wages": total["wages"],
            "left_share": total["left"] // np.maximum(turns, 1),
        },
        rows,
        np.concatenate([place, place, of_out]).astype(np.int64),
        ["to_firm"] * place.size + ["received"] * place.size + ["left"] * out.size,
        others=(place[at].astype(np.int64), owner),
    )


def _joined(parts: Sequence[Transfers]) -> Transfers:
    shift = np.cumsum([0, *(part.out.row_id.size for part in parts)])
    none = np.empty(0, np.int64)
    person, firm, day, amount, wages, share = (np.concatenate([none, *each]) for each in _columns(parts))
    low, high = (
        np.concatenate([none, *(getattr(part, name) + by for part, by in zip(parts, shift, strict=False))])
        for name in ("low", "high")
    )
    facts, out = Facts.of([part.facts for part in parts]), Facts.of([part.out for part in parts])
    return Transfers(person, firm, day, amount, wages, share, facts, out, low, high)


def _columns(parts: Sequence[Transfers]) -> Iterator[list[Ints]]:
    for name in ("person", "firm", "day", "amount", "wages", "part"):
        yield [getattr(part, name) for part in parts]


def _met(sent: Transfers, got: Transfers) -> Ints:
    """Debit and credit of one transfer: the same accounts, day and amount, the first with the first."""
    keys = [np.stack([one.person, one.firm, one.day, one.amount]) for one in (sent, got)]
    every, code = np.unique(np.concatenate(keys, axis=1), axis=1, return_inverse=True)
    sides = []
    for mine in np.split(code.reshape(-1), [sent.firm.size]):
        order = np.argsort(mine, kind="stable")
        nth = np.arange(order.size) - np.searchsorted(mine[order], mine[order])
        sides.append((order, mine[order] * (every.shape[1] + code.size + 1) + nth))
    (left, key), (right, other) = sides
    _, at, also = np.intersect1d(key, other, return_indices=True)
    return np.stack([left[at], right[also]])


def _tied(bank: AfterSweep, person: Ints, firm: Ints) -> NDArray[np.bool_]:
    """Whether an owner of the person's account has any role on an account of the firm's owners."""
    facts, held = bank.reference, bank.tables["holdings"]
    ids = [
        joined(whole(table["institution"]), "\x1f", whole(table[name]))
        for table, name in (
            (held, "account_id"),
            (facts.account_ids, "account_id"),
            (held, "customer_id"),
            (facts.customer_ids, "customer_id"),
        )
    ]
    account, holder = positions(ids[0], ids[1]), positions(ids[2], ids[3])
    known = np.flatnonzero((account >= 0) & (holder >= 0))
    at, owner = facts.owners_of(account[known])
    size = facts.customer_ids.num_rows
    ties = np.unique(owner * size + holder[known][at])
    of, who = facts.owners_of(person)
    of_firm = facts.owner[facts.owner_offsets[firm]].astype(np.int64)
    tied = np.zeros(person.size, np.bool_)
    np.logical_or.at(tied, of, np.isin(of_firm[of] * size + who, ties))
    return tied
