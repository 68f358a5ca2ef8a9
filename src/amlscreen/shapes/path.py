"""Shape ``path``: money that moves along accounts in the order of time."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence

import numpy as np

from amlscreen.rules.grammar import Path
from amlscreen.shapes.gather import join
from amlscreen.shapes.path_edges import Edges, edges_of, vague
from amlscreen.shapes.path_gather import gather_pictures
from amlscreen.shapes.path_picture import Picture, hits_of
from amlscreen.shapes.path_reached import reach_hits
from amlscreen.shapes.path_runs import run_pictures
from amlscreen.shapes.path_scatter import scatter_pictures
from amlscreen.shapes.path_search import Searched, notes_of
from amlscreen.shapes.path_spokes import collector_pictures
from amlscreen.shapes.path_terms import terms_of
from amlscreen.shapes.plan import Plan
from amlscreen.shapes.selection import Selection
from amlscreen.shapes.settled import AfterSweep, Settled

__all__ = ["settle"]

_FORMS: Mapping[str, Callable[[Plan, Edges], tuple[list[Picture], Searched]]] = {
    "chain": run_pictures,
    "cycle": run_pictures,
    "collector": collector_pictures,
    "gather_scatter": gather_pictures,
    "scatter_gather": scatter_pictures,
}


def settle(plan: Plan, pieces: Sequence[Selection], bank: AfterSweep) -> Settled:
    """The hits, once the rows that make edges were picked in every partition."""
    assert isinstance(plan.detect, Path)
    if not pieces:
        return Settled()
    terms = terms_of(plan.detect)
    edges = bank.once(("edges", plan.alike), lambda: edges_of(join(pieces), terms)).on(terms)
    selection = edges.selection
    if plan.detect.form == "reach":
        hits, searched = reach_hits(plan, edges, bank)
    else:
        pictures, searched = _FORMS[plan.detect.form](plan, edges)
        hits = list(hits_of(plan, edges, pictures, bank.alert_from))
    return Settled(hits, _without_clock(plan, selection), notes_of(edges, searched))


def _without_clock(plan: Plan, selection: Selection) -> int:
    """Accounts none of whose payments can be put in order, where hours matter."""
    if not plan.needs_clock:
        return 0
    account = selection.column("account").array
    stands = np.zeros(selection.size, np.bool_)
    for truth in selection.sets.values():
        stands |= truth.true
    return int(np.setdiff1d(account[vague(selection)], account[stands]).size)
