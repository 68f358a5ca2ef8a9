"""The others: who pays and is paid, how many, how evenly, how new. Pooled and unknown ones are nobody."""

from __future__ import annotations

import numpy as np

from amlscreen.feature_catalogue import feature
from amlscreen.features.rows import Rows, Side
from amlscreen.ledger.columns import ratio_values
from amlscreen.ledger.partition import Values

__all__ = [
    "both_ways_share_90d",
    "counterparties_90d",
    "counterparty_entropy_90d",
    "largest_payee_share_90d",
    "largest_payer_share_90d",
    "new_counterparties_30d",
    "new_counterparty_share_30d",
    "own_customer_share_90d",
    "payee_entropy_90d",
    "payer_entropy_90d",
    "pooled_share_90d",
    "single_payer_share_90d",
]

_NEEDS = ("transactions.counterparty",)
_COLUMNS = ("counterparty", "counterparty_kind")
_NAME = "other side"
_FEWEST = 3
"""Counterparties, or payers, below which a share of them says nothing."""


@feature(
    unit="count", group="activity", window=90, needs=_NEEDS, columns=_COLUMNS, meaning="Different counterparties.",
)  # fmt: skip
def counterparties_90d(rows: Rows) -> Values:
    """In either direction."""
    return Values(rows.tally(_NAME, "any", 90).distinct())


@feature(
    unit="count", group="activity", window=30, needs=_NEEDS, columns=_COLUMNS,
    meaning="Counterparties never seen before the last 30 days.",
)  # fmt: skip
def new_counterparties_30d(rows: Rows) -> Values:
    """All are new where the data begin less than 30 days ago."""
    return Values(_new(rows))


def _new(rows: Rows) -> np.ndarray[tuple[int], np.dtype[np.int64]]:
    def make() -> np.ndarray[tuple[int], np.dtype[np.int64]]:
        before = rows.tally_of(rows.codes(_NAME), ~rows.mask("any", 30))
        return rows.tally(_NAME).distinct() - before.distinct()

    return rows.once("new counterparties", make)


@feature(
    unit="ratio", group="activity", window=30, needs=_NEEDS, columns=_COLUMNS,
    meaning="Share of the counterparties that were never seen before; unknown of fewer than 3.",
)  # fmt: skip
def new_counterparty_share_30d(rows: Rows) -> Values:
    """By number."""
    seen = rows.tally(_NAME, "any", 30).distinct()
    return ratio_values(_new(rows), seen, seen >= _FEWEST)


@feature(
    unit="bits", group="activity", window=90, needs=_NEEDS, columns=_COLUMNS,
    meaning="How evenly transactions spread over counterparties (Shannon entropy).",
)  # fmt: skip
def counterparty_entropy_90d(rows: Rows) -> Values:
    """Unknown where no counterparty is known."""
    return rows.tally(_NAME, "any", 90).entropy()


@feature(
    unit="bits", group="activity", window=90, needs=_NEEDS, columns=_COLUMNS,
    meaning="How evenly credits spread over payers (Shannon entropy).",
)  # fmt: skip
def payer_entropy_90d(rows: Rows) -> Values:
    """Unknown where no payer is known."""
    return rows.tally(_NAME, "credit", 90).entropy()


@feature(
    unit="bits", group="activity", window=90, needs=_NEEDS, columns=_COLUMNS,
    meaning="How evenly debits spread over receivers (Shannon entropy).",
)  # fmt: skip
def payee_entropy_90d(rows: Rows) -> Values:
    """Unknown where no receiver is known."""
    return rows.tally(_NAME, "debit", 90).entropy()


@feature(
    unit="ratio", group="activity", window=90, needs=_NEEDS, columns=_COLUMNS,
    meaning="The most frequent payer's share of the credits whose payer is known.",
)  # fmt: skip
def largest_payer_share_90d(rows: Rows) -> Values:
    """By number."""
    return _largest(rows, "credit")


@feature(
    unit="ratio", group="activity", window=90, needs=_NEEDS, columns=_COLUMNS,
    meaning="The most frequent receiver's share of the debits whose receiver is known.",
)  # fmt: skip
def largest_payee_share_90d(rows: Rows) -> Values:
    """By number."""
    return _largest(rows, "debit")


def _largest(rows: Rows, side: Side) -> Values:
    others = rows.tally(_NAME, side, 90)
    return ratio_values(others.commonest(), others.rows())


@feature(
    unit="ratio", group="activity", window=90, needs=_NEEDS, columns=_COLUMNS,
    meaning="Share of the payers who paid only once; unknown of fewer than 3.",
)  # fmt: skip
def single_payer_share_90d(rows: Rows) -> Values:
    """By number."""
    payers = rows.tally(_NAME, "credit", 90)
    return ratio_values(payers.by_group(payers.count == 1), payers.distinct(), payers.distinct() >= _FEWEST)


@feature(
    unit="ratio", group="activity", window=90, needs=_NEEDS, columns=_COLUMNS,
    meaning="Share of the counterparties who both paid and were paid.",
)  # fmt: skip
def both_ways_share_90d(rows: Rows) -> Values:
    """By number."""
    every, paid, received = (rows.tally(_NAME, side, 90).distinct() for side in ("any", "credit", "debit"))
    return ratio_values(paid + received - every, every)


@feature(
    unit="ratio", group="activity", window=90, needs=_NEEDS,
    columns=(*_COLUMNS, "counterparty_is_own_customer"), label="share of money with other accounts here",
    meaning="Share of the money with known counterparties that came from or went to accounts in this data.",
)  # fmt: skip
def own_customer_share_90d(rows: Rows) -> Values:
    """By amount."""
    own = rows.column("counterparty_is_own_customer")
    return rows.share(own.array == 1, rows.mask("any", 90) & own.is_known(), rows.amount)


@feature(
    unit="ratio", group="activity", window=90, needs=_NEEDS, columns=_COLUMNS,
    label="share of money through wallets and clearing accounts",
    meaning="Share of the money whose other side is given that came or went through wallet floats, suspense accounts, "
    "remitters or billers.",
)  # fmt: skip
def pooled_share_90d(rows: Rows) -> Values:
    """By amount."""
    given = rows.column("counterparty").array >= 0
    return rows.share(rows.among("counterparty_kind", ("pooled",)), rows.mask("any", 90) & given, rows.amount)
