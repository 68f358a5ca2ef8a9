"""What each scenario needs, takes and measures; the functions themselves are in :mod:`amlscreen.shapes.scenario`.

Kept apart so that a card can be read, checked and documented without loading anything that computes.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal

from amlscreen.rules.words import Unit

__all__ = ["SIGNATURES", "Signature", "declare"]


@dataclass(frozen=True, slots=True)
class Signature:
    """One scenario: its name and meaning, the ``table.column`` it needs (alternatives joined by ``|``), its options
    with their meaning, its measures with their units, and the transaction columns it reads.
    """

    name: str
    meaning: str
    subject: Literal["account", "customer", "group"]
    needs: tuple[str, ...]
    measures: Mapping[str, Unit]
    options: Mapping[str, str] = field(default_factory=dict)
    columns: tuple[str, ...] = ()
    needs_clock: bool = False


SIGNATURES: dict[str, Signature] = {}


def declare(signature: Signature) -> Signature:
    """Make a scenario known to cards. ``ValueError`` if the name is taken by another."""
    if SIGNATURES.setdefault(signature.name, signature) != signature:
        raise ValueError(f"there is a scenario '{signature.name}' already; choose another name")
    return signature
