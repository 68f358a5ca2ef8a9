"""What a path search saw of one account, whether or not it meets ``when``."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from amlscreen.ledger.partition import Values
from amlscreen.rules.grammar import Path
from amlscreen.shapes.path_collector import collected
from amlscreen.shapes.path_edges import Edges
from amlscreen.shapes.path_gather import gathered
from amlscreen.shapes.path_marked import marked_parties
from amlscreen.shapes.path_reach import reached
from amlscreen.shapes.path_reached import reach_of
from amlscreen.shapes.path_runs import COUNTED, led_runs, run_measures, search_runs
from amlscreen.shapes.path_scatter import scattered
from amlscreen.shapes.path_search import Searched
from amlscreen.shapes.path_spokes import collector_measures
from amlscreen.shapes.plan import Plan
from amlscreen.shapes.settled import AfterSweep

__all__ = ["seen_of"]

Ints = NDArray[np.int64]
Seen = tuple[dict[str, Values], Ints]


def seen_of(plan: Plan, edges: Edges, accounts: Sequence[int], bank: AfterSweep) -> tuple[dict[str, Values], Searched]:
    """The measures of everything that one of these accounts has a part in."""
    assert isinstance(plan.detect, Path)
    form, mine = plan.detect.form, np.zeros(edges.parties, np.bool_)
    mine[list(accounts)] = True
    searched = Searched()
    if form in COUNTED:
        (measures, places), searched = _runs(plan, edges, mine)
    elif form == "collector":
        found, searched = collected(edges, 1)
        measures = collector_measures(edges, found)[0]
        places = np.flatnonzero(mine[edges.source[found.payments]] | mine[edges.target[found.payments]])
    elif form == "gather_scatter":
        around = gathered(edges, 1, 1)
        measures, places = around.measures, np.flatnonzero(mine[edges.source[around.links.went]])
    elif form == "scatter_gather":
        spread, searched = scattered(edges, 1)
        ways = (edges.source[spread.first], edges.target[spread.first], edges.target[spread.second])
        measures, places = spread.measures, np.flatnonzero(np.logical_or.reduce([mine[one] for one in ways]))
    else:
        (measures, places), searched = _reach(edges, accounts, bank)
    return {name: values.take(places) for name, values in measures.items()}, searched


def _runs(plan: Plan, edges: Edges, mine: NDArray[np.bool_]) -> tuple[Seen, Searched]:
    """The runs that by themselves meet ``when``, if one leads over the account; else all of at least two payments."""
    assert isinstance(plan.detect, Path)
    form = plan.detect.form
    runs, searched = search_runs(edges, form, 2)
    led = led_runs(plan, edges, runs)
    if (places := np.flatnonzero(_on(edges, led.runs.payments, mine))).size:
        return (led.measures, places), searched
    measures = run_measures(edges, runs, form) | {COUNTED[form]: Values(np.zeros(runs.size.size, np.int64))}
    return (measures, np.flatnonzero(_on(edges, runs.payments, mine))), searched


def _on(edges: Edges, payments: Ints, mine: NDArray[np.bool_]) -> NDArray[np.bool_]:
    touched = mine[edges.source[payments]] | mine[edges.target[payments]]
    return np.asarray((touched & (payments >= 0)).any(axis=1))


def _reach(edges: Edges, accounts: Sequence[int], bank: AfterSweep) -> tuple[Seen, Searched]:
    marked = marked_parties(edges, bank)
    levels, searched = reached(edges, marked, bank.last_day)
    found = reach_of(edges, marked, levels)
    owners = [one for account in accounts for one in edges.reference.owners(account)]
    return (found.measures, np.flatnonzero(np.isin(found.subject, owners))), searched
