"""How many pay a subject and are paid by it, at most and lately, and who of them has nobody else.

Fan-in, fan-out and degree are those of IBM's graph features (Blanuša et al., *Graph Feature Preprocessor: Real-time
Subgraph-based Feature Extraction for Financial Crime Detection*, ICAIF 2024), told of a subject instead of a payment.
"""

from __future__ import annotations

from amlscreen.features.again import seen_again
from amlscreen.features.by_flow import by_flow
from amlscreen.features.flow import Flow, share
from amlscreen.ledger.partition import Values

__all__ = [
    "degree",
    "most_payees_in_a_week",
    "most_payers_in_a_week",
    "payees_7d",
    "payees_30d",
    "payees_90d",
    "payees_with_no_other_payer",
    "payers_7d",
    "payers_30d",
    "payers_90d",
    "payers_with_no_other_payee",
    "reciprocity",
]

_EACH = "Each party counts once; those that are pooled or unknown do not count."


@by_flow("payers in 7 days", f"Parties that paid in the last 7 days. {_EACH}", window=7)
def payers_7d(flow: Flow) -> Values:
    """Fan-in of a week."""
    return flow.told(flow.near["payers_7d"])


@by_flow("payers in 30 days", f"Parties that paid in the last 30 days. {_EACH}", window=30)
def payers_30d(flow: Flow) -> Values:
    """Fan-in of a month."""
    return flow.told(flow.near["payers_30d"])


@by_flow("payers in 90 days", f"Parties that paid in the last 90 days. {_EACH}", window=90)
def payers_90d(flow: Flow) -> Values:
    """Fan-in of a quarter."""
    return flow.told(flow.near["payers_90d"])


@by_flow("payees in 7 days", f"Parties that were paid in the last 7 days. {_EACH}", window=7)
def payees_7d(flow: Flow) -> Values:
    """Fan-out of a week."""
    return flow.told(flow.near["payees_7d"])


@by_flow("payees in 30 days", f"Parties that were paid in the last 30 days. {_EACH}", window=30)
def payees_30d(flow: Flow) -> Values:
    """Fan-out of a month."""
    return flow.told(flow.near["payees_30d"])


@by_flow("payees in 90 days", f"Parties that were paid in the last 90 days. {_EACH}", window=90)
def payees_90d(flow: Flow) -> Values:
    """Fan-out of a quarter."""
    return flow.told(flow.near["payees_90d"])


@by_flow("most payers in a week", f"The most parties that paid within any 7 days. {_EACH}")
def most_payers_in_a_week(flow: Flow) -> Values:
    """The highest fan-in at any time."""
    return flow.told(flow.near["most_payers_in_a_week"])


@by_flow("most payees in a week", f"The most parties that were paid within any 7 days. {_EACH}")
def most_payees_in_a_week(flow: Flow) -> Values:
    """The highest fan-out at any time."""
    return flow.told(flow.near["most_payees_in_a_week"])


@by_flow("payers and payees", f"Parties that paid or were paid. {_EACH}")
def degree(flow: Flow) -> Values:
    """Neighbours in the graph."""
    return flow.told(flow.near["degree"])


@by_flow(
    "share of counterparties with money both ways",
    "Of the parties that paid or were paid, the share that did both; unknown without any.",
    unit="ratio",
)
def reciprocity(flow: Flow) -> Values:
    """Neighbours both ways over neighbours."""
    return share(flow, flow.near["mutual"], flow.near["degree"])


@by_flow("payers that pay nobody else", "Others of this data that paid and in all of the data paid no other party.")
def payers_with_no_other_payee(flow: Flow) -> Values:
    """Neighbours that only feed this one."""
    return flow.told(seen_again(flow)["feeders"])


@by_flow(
    "payees that nobody else pays",
    "Others of this data that were paid and in all of the data were paid by no other party.",
)
def payees_with_no_other_payer(flow: Flow) -> Values:
    """Neighbours that live on this one alone."""
    return flow.told(seen_again(flow)["fed"])
