"""How far a search came, and what it left out: never silently."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

import numpy as np

from amlscreen.ledger.columns import MILLION
from amlscreen.shapes.path_edges import Edges
from amlscreen.shapes.path_picture import names_of

__all__ = ["STOPPED", "Searched", "hub_notes", "notes_of"]

STOPPED = "stopped_early"
_NAMED = 20


@dataclass(frozen=True, slots=True)
class Searched:
    """Which share of the payments that may begin something was looked at (millionths; None: all), how many of them not
    to the end, and where else it stopped.
    """

    share: int | None = None
    cut: int = 0
    at: str = ""

    @property
    def hit_notes(self) -> tuple[str, ...]:
        """What each hit says of it."""
        return (STOPPED,) if self.share is not None or self.at else ()


def notes_of(edges: Edges, searched: Searched) -> tuple[str, ...]:
    """What the run says of a search: where it stopped, and the parties it did not walk through, the busiest first."""
    notes = []
    if searched.share is not None:
        notes.append(f"{STOPPED}: after {searched.share * 100 // MILLION} % of the payments that may begin one")
    if searched.at:
        notes.append(f"{STOPPED}: {searched.at}")
    if searched.cut:
        notes.append(f"{STOPPED}: at {searched.cut} payments that too many others follow")
    return (*notes, *_hubs(edges))


def _hubs(edges: Edges) -> list[str]:
    """Accounts by their id; outside parties are only counted."""
    own, others, outside = edges.hubs
    order = np.lexsort((own, -others))
    told = order[:_NAMED].tolist()
    names = names_of(edges, own[told].tolist())
    notes = [f"hub_skipped: account {names[int(own[one])].id}, {others[one]} counterparties" for one in told]
    if own.size > _NAMED:
        notes.append(f"hub_skipped: {own.size - _NAMED} more accounts")
    if outside:
        notes.append(f"hub_skipped: {outside} outside parties")
    return notes


def hub_notes(edges: Edges, ends: Iterable[int]) -> tuple[str, ...]:
    """What a hit says of ends behind which the search did not go on."""
    hubs = sorted(one for one in set(ends) if not edges.walked[one])
    names = names_of(edges, hubs)
    told = (f"hub_skipped:{names[one].id}" if one < edges.accounts else "hub_skipped:outside party" for one in hubs)
    return tuple(dict.fromkeys(told))
