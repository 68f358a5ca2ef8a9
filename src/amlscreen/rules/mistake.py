"""One thing a card says that cannot be run."""

from __future__ import annotations

from dataclasses import dataclass

__all__ = ["Mistake"]


@dataclass(frozen=True, slots=True)
class Mistake:
    """Where in the card, as steps of its model (which may spell out a short form); what is wrong; the fix."""

    steps: tuple[int | str, ...]
    message: str
    fix: str | None = None
