"""Which amounts: a short list of prices, the same sum again and again, round sums."""

from __future__ import annotations

import numpy as np

from amlscreen.feature_catalogue import feature
from amlscreen.features.rows import Flags, Rows, Side
from amlscreen.ledger.columns import ratio_values
from amlscreen.ledger.partition import Values

__all__ = [
    "credit_amount_entropy_90d",
    "debit_amount_entropy_90d",
    "price_list_share_90d",
    "round_credit_share_90d",
    "round_debit_share_90d",
    "same_credit_share_90d",
    "same_debit_share_90d",
]

_FEWEST = 5
"""Transactions below which a share of them says nothing: one alone has one amount."""
_PRICES = 3


@feature(
    unit="ratio", group="activity", window=90, label="share of credits at three prices",
    meaning="Share of the credits that are of one of the three commonest amounts; unknown of fewer than 5.",
)  # fmt: skip
def price_list_share_90d(rows: Rows) -> Values:
    """By number: near 1 where many pay what a list of prices says."""
    return _commonest(rows, "credit", _PRICES)


@feature(
    unit="ratio", group="activity", window=90,
    meaning="Share of the credits that are of the commonest amount; unknown of fewer than 5.",
)  # fmt: skip
def same_credit_share_90d(rows: Rows) -> Values:
    """By number."""
    return _commonest(rows, "credit", 1)


@feature(
    unit="ratio", group="activity", window=90,
    meaning="Share of the debits that are of the commonest amount; unknown of fewer than 5.",
)  # fmt: skip
def same_debit_share_90d(rows: Rows) -> Values:
    """By number."""
    return _commonest(rows, "debit", 1)


def _commonest(rows: Rows, side: Side, most: int) -> Values:
    amounts = rows.tally("amount", side, 90)
    return ratio_values(amounts.commonest(most), amounts.rows(), amounts.rows() >= _FEWEST)


@feature(
    unit="bits", group="activity", window=90, meaning="How evenly credits spread over amounts (Shannon entropy).",
)  # fmt: skip
def credit_amount_entropy_90d(rows: Rows) -> Values:
    """Unknown without credits."""
    return rows.tally("amount", "credit", 90).entropy()


@feature(
    unit="bits", group="activity", window=90, meaning="How evenly debits spread over amounts (Shannon entropy).",
)  # fmt: skip
def debit_amount_entropy_90d(rows: Rows) -> Values:
    """Unknown without debits."""
    return rows.tally("amount", "debit", 90).entropy()


@feature(
    unit="ratio", group="activity", window=90,
    meaning="Share of the credits with at most two digits that are no end zeros, such as 150,000.",
)  # fmt: skip
def round_credit_share_90d(rows: Rows) -> Values:
    """By number; unknown without credits."""
    return rows.share(_is_round(rows), rows.mask("credit", 90))


@feature(
    unit="ratio", group="activity", window=90,
    meaning="Share of the debits with at most two digits that are no end zeros, such as 150,000.",
)  # fmt: skip
def round_debit_share_90d(rows: Rows) -> Values:
    """By number; unknown without debits."""
    return rows.share(_is_round(rows), rows.mask("debit", 90))


def _is_round(rows: Rows) -> Flags:
    def make() -> Flags:
        powers = 10 ** np.arange(19, dtype=np.int64)
        digits = np.searchsorted(powers, rows.amounts, side="right")
        tail = powers[np.maximum(digits - 2, 0)]
        whole: Flags = rows.amounts % tail == 0
        return whole[rows.codes("amount")]

    return rows.once("round", make)
