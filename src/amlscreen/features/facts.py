"""Facts on file that are numbers: how long there has been an account, whether one is a merchant's."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from amlscreen.feature_catalogue import feature
from amlscreen.features.whole import Whole
from amlscreen.ledger.partition import Values
from amlscreen.ledger.reference import UNKNOWN_DAY

__all__ = ["account_of_holders", "is_merchant", "tenure_days"]


@feature(
    unit="days",
    group="facts",
    window=None,
    stage="table",
    meaning="Days since the account, or the oldest of the customer's accounts, was opened.",
    label="days with the bank",
)
def tenure_days(whole: Whole) -> Values:
    """From the opening to the last day; unknown where no opening is recorded."""
    facts, opened = whole.facts, whole.facts.opened.astype(np.int64)
    if whole.subject == "customer":
        account = account_of_holders(whole)
        known = opened[account] != UNKNOWN_DAY
        latest = np.iinfo(np.int64).max
        oldest = np.full(whole.size, latest)
        np.minimum.at(oldest, facts.owner[known], opened[account][known])
        opened = np.where(oldest == latest, UNKNOWN_DAY, oldest)
    known = opened != UNKNOWN_DAY
    return Values(np.where(known, np.maximum(whole.last_day - opened, 0), 0), known)


@feature(
    unit="flag",
    group="facts",
    window=None,
    stage="table",
    scored=False,
    meaning="The account, or one of the customer's accounts, has a merchant contract.",
)
def is_merchant(whole: Whole) -> Values:
    """Where nobody recorded a contract there is none."""
    contract = whole.facts.merchant == 1
    if whole.subject == "account":
        return Values(contract)
    found = np.zeros(whole.size, np.bool_)
    found[whole.facts.owner[contract[account_of_holders(whole)]]] = True
    return Values(found)


def account_of_holders(whole: Whole) -> NDArray[np.int64]:
    """The account of each line of ``owner``."""
    facts = whole.facts
    return np.repeat(np.arange(facts.owner_offsets.size - 1), np.diff(facts.owner_offsets))
