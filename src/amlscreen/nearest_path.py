"""Why money that moves did not hit an account: its nearest chain, round, collector or link, condition by condition."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from functools import partial

from amlscreen.nearest import Leaf, Row, best_of, leaves_of, shown_measure, told
from amlscreen.rules.grammar import Path
from amlscreen.shapes.gather import join
from amlscreen.shapes.path_edges import edges_of
from amlscreen.shapes.path_terms import terms_of
from amlscreen.shapes.path_why import seen_of
from amlscreen.shapes.plan import Plan
from amlscreen.shapes.selection import Selection
from amlscreen.shapes.settled import AfterSweep

__all__ = ["nearest_move"]

_FOUND = {
    "chain": "a payment that goes on, with the account at one end of it or between",
    "cycle": "money that comes back to where it began, with the account on its way",
    "scatter_gather": "payments that go on between two ends, with the account on the way",
    "gather_scatter": "something that came and was handed on",
    "collector": "an account that hands most of what it gets to one, with this one as either",
    "reach": "payments on the way from or to a party that earlier reports or cases name",
}


def nearest_move(plan: Plan, pieces: Sequence[Selection], bank: AfterSweep, accounts: Sequence[int]) -> Iterator[Row]:
    """The conditions of ``when`` at what the account comes nearest with; then why the search went no further."""
    assert isinstance(plan.detect, Path)
    if not pieces:
        yield told("rows", f"a row in {' or '.join(plan.detect.rows)}; there is none")
        return
    edges = edges_of(join(pieces), terms_of(plan.detect))
    seen, searched = seen_of(plan, edges, accounts, bank)
    leaves = [
        Leaf(name, condition, seen[name], partial(plan.measure_literal, name), partial(shown_measure, plan, name))
        for name, condition in leaves_of(plan.detect.when)
    ]
    size = next(iter(seen.values())).array.size
    if size:
        yield from best_of(leaves, size)
    else:
        yield told(plan.detect.form, _FOUND[plan.detect.form])
    for account in accounts:
        others = int(edges.others[account])
        if not edges.walked[account]:
            wanted = f"at most {edges.terms.hub}; accounts with more are not walked through"
            yield told("counterparties", wanted, others)
    if searched.hit_notes:
        yield told("search", "all of it; the search stopped early, and more may be there")
