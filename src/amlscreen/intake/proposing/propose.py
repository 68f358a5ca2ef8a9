"""The way from files to a proposed mapping."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from amlscreen.intake.proposing.proposal import Proposal
from amlscreen.jurisdiction import Jurisdiction
from amlscreen.settings import Settings

__all__ = ["propose"]


def propose(paths: str | Path | Sequence[str | Path], settings: Settings, jurisdiction: Jurisdiction) -> Proposal:
    """Look at files, folders or archives and propose one mapping for them; DataError if none of them can be used."""
    raise NotImplementedError
