"""Working an answer into a proposal."""

from __future__ import annotations

from amlscreen.intake.proposing.proposal import Proposal

__all__ = ["answered"]


def answered(proposal: Proposal, doubt_index: int, choice_index: int) -> Proposal:
    """The proposal with one doubt settled."""
    raise NotImplementedError
