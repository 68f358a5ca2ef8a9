"""The payments a group of path plans is given: those that may be part of a picture, found shelf by shelf.

What is told of a party, its counterparties and whether it is walked through, is counted over all payments.
"""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import ExitStack
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from amlscreen.ledger.kernels_ends import CAME, PAID
from amlscreen.ledger.partition import Values
from amlscreen.rules.grammar import Path
from amlscreen.shapes.gather import compact, join
from amlscreen.shapes.path_edges import Counted, Edges, edges_of, vague
from amlscreen.shapes.path_ends import Keys, ends_on_shelves, keys_of_words, most_ends, parties_on
from amlscreen.shapes.path_marked import marked_keys
from amlscreen.shapes.path_prune import Collecting, Looking, looking_for
from amlscreen.shapes.path_shelves import Shelves, shelves_for, shelves_in
from amlscreen.shapes.path_terms import Terms, terms_of
from amlscreen.shapes.plan import DAY, Plan
from amlscreen.shapes.selection import Selection
from amlscreen.shapes.settled import AfterSweep

__all__ = ["Kept", "kept_of"]

Ints = NDArray[np.int64]
Mask = NDArray[np.bool_]


@dataclass(frozen=True)
class Kept:
    """The payments that are left, and how many accounts have none that can be put in order where hours matter."""

    edges: Edges
    not_evaluable: int


@dataclass(frozen=True, slots=True)
class _Hubs:
    """Parties with more counterparties than the least that some card allows, by their keys."""

    keys: Ints
    others: Ints
    between: Mask


def kept_of(plans: Sequence[Plan], pieces: Sequence[Selection], bank: AfterSweep) -> Kept:
    """What is left of the rows of all pieces for these plans, which pick the same rows."""
    terms = [terms_of(plan.detect) for plan in plans if isinstance(plan.detect, Path)]
    accounts = Keys.of_accounts(bank.reference)
    ends = most_ends(pieces)
    with ExitStack() as stack:
        shelves = stack.enter_context(shelves_in(bank.folder, shelves_for(ends), 5))
        words = [ends_on_shelves(piece, first, accounts, shelves) for piece, first in _placed(pieces)]
        looking = [looking_for(plan, bank.folder, shelves.count, stack) for plan in plans]
        hubs = _looked(shelves, [one for one in looking if one is not None], min(one.hub for one in terms))
        keep = np.zeros(sum(piece.size for piece in pieces), np.bool_)
        whole = np.zeros(bank.reference.account_ids.num_rows, np.bool_)
        for one, term in zip(looking, terms, strict=True):
            if one is None:
                _near_marked(shelves, bank, term, hubs, keep)
            else:
                keep[one.places()] = True
            if isinstance(one, Collecting):
                whole[one.accounts(hubs.keys[hubs.others > term.hub])] = True
        _both_legs(shelves, np.flatnonzero(whole), keep)
    selection = _in_order(_picked(pieces, keep, whole), words)
    counted = _counted(selection, hubs, whole)
    return Kept(edges_of(selection, terms[0], counted), _without_clock(plans[0], pieces))


def _placed(pieces: Sequence[Selection]) -> list[tuple[Selection, int]]:
    firsts = np.cumsum([0, *(piece.size for piece in pieces)])
    return list(zip(pieces, firsts.tolist(), strict=False))


def _looked(shelves: Shelves, looking: Sequence[Looking], hub: int) -> _Hubs:
    found = [_Hubs(np.empty(0, np.int64), np.empty(0, np.int64), np.empty(0, np.bool_))]
    for shelf in shelves:
        parties = parties_on(shelf)
        others = parties.others(hub)
        for one in looking:
            one.look(parties, others <= one.terms.hub)
        busy = np.flatnonzero(others > hub)
        found.append(_Hubs(parties.keys[busy], others[busy], parties.is_between()[busy]))
    return _Hubs(*(np.concatenate([getattr(one, name) for one in found]) for name in ("keys", "others", "between")))


def _near_marked(shelves: Shelves, bank: AfterSweep, terms: Terms, hubs: _Hubs, keep: Mask) -> None:
    """Marks payments of parties named in reports, and of those they lead to, step by step."""
    since = (bank.last_day + 1) * DAY - bank.reference.jurisdiction.utc_offset_minutes * 60_000_000 - terms.within
    reached = marked_keys(bank)
    known, never = reached, hubs.keys[hubs.others > terms.hub]
    for _ in range(terms.most_hops):
        near, others = Keys(reached), [np.empty(0, np.int64)]
        for shelf in shelves if reached.size else ():
            rows = np.flatnonzero((near.find(shelf[:, 0]) >= 0) & (shelf[:, 2] >= since) & (shelf[:, 4] & 3 != CAME))
            keep[shelf[rows, 4] >> 3] = True
            others.append(np.unique(shelf[rows, 1]))
        reached = np.setdiff1d(np.setdiff1d(np.concatenate(others), never), known)
        known = np.concatenate([known, reached])


def _both_legs(shelves: Shelves, whole: Ints, keep: Mask) -> None:
    """Marks all rows of the accounts that are wanted whole, and all rows between two accounts where one is kept."""
    wanted = Keys(whole)
    if not keep.any() and not whole.size:
        return
    for shelf in shelves:
        rows = shelf[:, 4] >> 3
        if whole.size:
            keep[rows[wanted.find(shelf[:, 0]) >= 0]] = True
        own = np.flatnonzero((shelf[:, 0] >= 0) & (shelf[:, 1] >= 0) & (shelf[:, 4] & 3 == PAID))
        pair, row = shelf[own, 0] << 32 | shelf[own, 1], rows[own]
        keep[row[Keys(np.unique(pair[keep[row]])).find(pair) >= 0]] = True


def _picked(pieces: Sequence[Selection], keep: Mask, whole: Mask) -> Selection:
    """The rows that are kept, of all pieces; without one there is still a piece, so that columns are there."""
    found: list[Selection] = []
    for piece, first in _placed(pieces):
        wanted = keep[first : first + piece.size]
        if whole.any():
            wanted = wanted | whole[piece.column("account").array]
        if wanted.any() or not (found or piece is not pieces[-1]):
            rows = np.flatnonzero(wanted)
            columns = {name: compact(piece.column(name).take(rows)) for name in piece.names}
            sets = {name: truth.take(rows) for name, truth in piece.sets.items()}
            found.append(replace(piece, size=rows.size, source=columns.__getitem__, sets=sets))
    return join(found)


def _in_order(selection: Selection, words: Sequence[Ints]) -> Selection:
    """The words of counterparties in the order in which any row first carries them."""
    values = selection.column("counterparty")
    keys = keys_of_words(values.vocabulary)
    wanted, first = Keys(keys), np.full(keys.size, -1, np.int64)
    begin = 0
    for each in words:
        found = wanted.find(each)
        at = np.flatnonzero(found >= 0)
        fresh = at[first[found[at]] < 0]
        first[found[fresh]] = begin + fresh
        begin += each.size
    order = np.argsort(first, kind="stable")
    code = np.empty(keys.size + 1, np.int32)
    code[order], code[-1] = np.arange(keys.size), -1
    ordered = Values(code[values.array], values.known, values.vocabulary.take(order))
    source = selection.source
    return replace(selection, source=lambda name: ordered if name == "counterparty" else source(name))


def _counted(selection: Selection, hubs: _Hubs, whole: Mask) -> Counted:
    """Counterparties of every hub by the number of its party; of outside parties that no kept row names, how many."""
    accounts = selection.reference.account_ids.num_rows
    words = selection.column("counterparty").vocabulary
    others = np.zeros(accounts + len(words), np.int64)
    own = hubs.keys >= 0
    others[hubs.keys[own]] = hubs.others[own]
    found = Keys(hubs.keys).find(keys_of_words(words)) if hubs.keys.size else np.full(len(words), -1)
    named = np.flatnonzero(found >= 0)
    others[accounts + named] = hubs.others[found[named]]
    between = hubs.between
    return Counted(others, whole, hubs.keys[own & between], hubs.others[own & between], hubs.others[~own & between])


def _without_clock(plan: Plan, pieces: Sequence[Selection]) -> int:
    """Accounts none of whose payments can be put in order, where hours matter."""
    if not plan.needs_clock or not pieces:
        return 0
    unclear, stands = np.zeros((2, pieces[0].reference.account_ids.num_rows), np.bool_)
    for piece in pieces:
        account = piece.column("account").array
        unclear[account[vague(piece)]] = True
        for truth in piece.sets.values():
            stands[account[truth.true]] = True
    return int((unclear & ~stands).sum())
