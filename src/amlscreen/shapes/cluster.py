"""Shape ``cluster``: customers tied together by the values they share.

A value ties the customers who carry it unless it is too common; connected customers are a group; the measures of all
groups are made at once, and those that meet the card become hits.
"""

from __future__ import annotations

from amlscreen.rules.card import Card
from amlscreen.shapes.cluster_found import Found
from amlscreen.shapes.cluster_hits import hits_of
from amlscreen.shapes.cluster_ties import hub_notes
from amlscreen.shapes.population import Population
from amlscreen.shapes.settled import Settled

__all__ = ["cluster_hits"]


def cluster_hits(card: Card, people: Population) -> Settled:
    """One hit for each connected group that meets the card, by its smallest customer."""
    found = Found(card, people)
    notes = list(hub_notes(found.ties, found.detect.links, people))
    if found.groups.let_go:
        notes.append(f"values_let_go:{found.groups.let_go} in groups of more than {found.limit} customers")
    hits = hits_of(found, found.meets())
    cut = sum(any(note.startswith("members_cut") for note in hit.notes) for hit in hits)
    if cut:
        notes.append(f"members_cut:{cut} groups of more than {found.limit} customers")
    return Settled(hits, 0, tuple(notes))
