"""How far a subject is from the people like it: distances from the peers' median in robust standard deviations.

Peers are customers, or accounts by their first owner, of the same kind (person or firm), occupation and sector who were
active in the last 90 days; below 30 of them the sector is dropped, then the occupation, as shape ``baseline`` does it.
Unknown where the peers' values do not scatter.
"""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from amlscreen.feature_catalogue import feature
from amlscreen.features.whole import Whole
from amlscreen.ledger.partition import Values
from amlscreen.peers.standing import Groups, groups_among
from amlscreen.rules.grammar_baseline import Peers

__all__ = [
    "PEERS",
    "cash_in_to_peers",
    "cash_out_to_peers",
    "credit_count_to_peers",
    "credits_to_peers",
    "debit_count_to_peers",
    "debits_to_peers",
    "largest_credit_to_peers",
    "new_counterparties_to_peers",
    "payees_to_peers",
    "payers_to_peers",
    "peers_of",
    "through_share_to_peers",
]

Function = Callable[[Whole], Values]
PEERS = Peers(by=("occupation", "sector"), at_least=30)
_CHANNEL = ("transactions.channel",)
_OTHERS = ("transactions.counterparty",)
_CLOCK = ("transactions.time_precision",)


def _by_peers(
    what: str, of: str, *, window: int | None = 90, needs: tuple[str, ...] = ()
) -> Callable[[Function], Function]:
    return feature(
        unit="deviations", group="peers", window=window, stage="table", needs=needs, columns=(of, "active_days"),
        meaning=f"{what}: distance from the median of active people with the same kind, occupation and sector, in "
        "robust standard deviations.",
        label=f"{what[:1].lower()}{what[1:]} against people alike",
    )  # fmt: skip


def peers_of(whole: Whole) -> Groups:
    """Everybody's group; who was not active is held against those who were, and is nobody's peer."""

    def make() -> Groups:
        active = np.flatnonzero(whole.column("active_days").array > 0)
        return groups_among(PEERS, whole.subject, whole.facts, active, np.arange(whole.size))

    return whole.once("peers", make)


def _distance(whole: Whole, name: str) -> Values:
    values, groups = whole.column(name), peers_of(whole)
    active = np.flatnonzero(whole.column("active_days").array > 0)
    usual = groups.usual(values.take(active)).at(groups.group)
    return usual.robust(values.array.astype(np.int64), values.is_known())


@_by_peers("Money credited", "credits_90d")
def credits_to_peers(whole: Whole) -> Values:
    """In 90 days."""
    return _distance(whole, "credits_90d")


@_by_peers("Money debited", "debits_90d")
def debits_to_peers(whole: Whole) -> Values:
    """In 90 days."""
    return _distance(whole, "debits_90d")


@_by_peers("Number of credits", "credit_count_90d")
def credit_count_to_peers(whole: Whole) -> Values:
    """In 90 days."""
    return _distance(whole, "credit_count_90d")


@_by_peers("Number of debits", "debit_count_90d")
def debit_count_to_peers(whole: Whole) -> Values:
    """In 90 days."""
    return _distance(whole, "debit_count_90d")


@_by_peers("Largest credit", "largest_credit_90d")
def largest_credit_to_peers(whole: Whole) -> Values:
    """In 90 days."""
    return _distance(whole, "largest_credit_90d")


@_by_peers("Number of payers", "payers_90d", needs=_OTHERS)
def payers_to_peers(whole: Whole) -> Values:
    """In 90 days."""
    return _distance(whole, "payers_90d")


@_by_peers("Number of payees", "payees_90d", needs=_OTHERS)
def payees_to_peers(whole: Whole) -> Values:
    """In 90 days."""
    return _distance(whole, "payees_90d")


@_by_peers("Number of new counterparties", "new_counterparties_30d", window=30, needs=_OTHERS)
def new_counterparties_to_peers(whole: Whole) -> Values:
    """In 30 days."""
    return _distance(whole, "new_counterparties_30d")


@_by_peers("Cash paid in", "cash_in_90d", needs=_CHANNEL)
def cash_in_to_peers(whole: Whole) -> Values:
    """In 90 days."""
    return _distance(whole, "cash_in_90d")


@_by_peers("Cash taken out", "cash_out_90d", needs=_CHANNEL)
def cash_out_to_peers(whole: Whole) -> Values:
    """In 90 days."""
    return _distance(whole, "cash_out_90d")


@_by_peers("Share of the money that passes through", "through_share_90d")
def through_share_to_peers(whole: Whole) -> Values:
    """In 90 days."""
    return _distance(whole, "through_share_90d")
