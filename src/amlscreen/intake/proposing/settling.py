"""Doubts that somebody has answered are doubts no more."""

from __future__ import annotations

import dataclasses
from collections.abc import Collection, Iterable

from amlscreen.intake.proposing.proposal import Doubt, Proposal

__all__ = ["settled", "with_institution"]


def settled(proposal: Proposal, asked: Collection[tuple[str, str, str]]) -> Proposal:
    """The proposal without the doubts of these files, subjects and questions; its mapping stays."""
    files = tuple(dataclasses.replace(each, doubts=_left(each.doubts, asked)) for each in proposal.files)
    return dataclasses.replace(proposal, files=files, doubts=_left(proposal.doubts, asked))


def with_institution(proposal: Proposal, name: str) -> Proposal:
    """The proposal for that bank."""
    mapping = proposal.mapping.model_copy(update={"institution": name})
    return dataclasses.replace(proposal, mapping=mapping)


def _left(doubts: Iterable[Doubt], asked: Collection[tuple[str, str, str]]) -> tuple[Doubt, ...]:
    return tuple(doubt for doubt in doubts if (doubt.file, doubt.about, doubt.question) not in asked)
