"""What each scenario needs, takes and measures; the functions themselves are in :mod:`amlscreen.shapes.scenarios`.

Kept apart so that a card can be read, checked and documented without loading anything that computes. Those that are
shipped are declared in :mod:`amlscreen.rules.scenario_catalogue`.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal, NamedTuple

from amlscreen.rules.words import Unit

__all__ = ["SIGNATURES", "Option", "Signature", "declare"]


class Option(NamedTuple):
    """A setting that a card must give: its unit, as a measure has one, and its meaning."""

    unit: Unit
    meaning: str


@dataclass(frozen=True, slots=True)
class Signature:
    """One scenario: its name and meaning, the ``table.column`` it needs (alternatives joined by ``|``), its measures
    with their units, its options, and the transaction columns it reads.

    ``needs_clock`` says that hours matter, so that it cannot be looked at where only dates are known.
    """

    name: str
    meaning: str
    subject: Literal["account", "customer"]
    needs: tuple[str, ...]
    measures: Mapping[str, Unit]
    options: Mapping[str, Option] = field(default_factory=dict)
    columns: tuple[str, ...] = ()
    needs_clock: bool = False


SIGNATURES: dict[str, Signature] = {}


def declare(signature: Signature) -> Signature:
    """Make a scenario known to cards. ``ValueError`` if the name is taken by another."""
    if SIGNATURES.setdefault(signature.name, signature) != signature:
        raise ValueError(f"there is a scenario '{signature.name}' already; choose another name")
    return signature
