"""How a feature of stage "flow" is declared, and which of them are begun first."""

from __future__ import annotations

from collections.abc import Callable

from amlscreen.feature_catalogue import Unit, feature
from amlscreen.features.flow import Flow
from amlscreen.features.payments import NEEDED
from amlscreen.ledger.partition import Values

__all__ = ["LONGEST", "by_flow"]

LONGEST = ("rounds_of_2", "chain_up_to", "reaches", "gather_scatter")
"""The features that take longest, or make what others share: begun first, so that no thread waits for another's."""
Function = Callable[[Flow], Values]


def by_flow(
    label: str, meaning: str, *, unit: Unit = "count", window: int | None = None
) -> Callable[[Function], Function]:
    """Declare a feature of stage "flow"."""
    return feature(
        unit=unit, group="graph", window=window, meaning=meaning, stage="flow", needs=("transactions.counterparty",),
        columns=NEEDED, label=label,
    )  # fmt: skip
