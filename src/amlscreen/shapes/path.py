"""Shape ``path``: money that moves along accounts in the order of time."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence

from amlscreen.rules.grammar import Path
from amlscreen.shapes.path_edges import Edges
from amlscreen.shapes.path_gather import gather_pictures
from amlscreen.shapes.path_kept import kept_of
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
    together = tuple(one for one in bank.together if one.alike == plan.alike) or (plan,)
    kept = bank.once(("payments", plan.alike), lambda: kept_of(together, pieces, bank))
    edges = kept.edges.on(terms_of(plan.detect))
    if plan.detect.form == "reach":
        hits, searched = reach_hits(plan, edges, bank)
    else:
        pictures, searched = _FORMS[plan.detect.form](plan, edges)
        hits = list(hits_of(plan, edges, pictures, bank.alert_from))
    return Settled(hits, kept.not_evaluable, notes_of(edges, searched))
