"""``limit_multiple``: an amount over one line of ``jurisdiction.limits``."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from amlscreen.intake.fx import LONGEST_HELD
from amlscreen.jurisdiction import Limit
from amlscreen.ledger.columns import ratio_values, unix_day
from amlscreen.ledger.partition import Partition, Values

__all__ = ["concerned", "limit_multiple"]


def limit_multiple(part: Partition, limit: Limit) -> Values:
    """Amount over the line, in millionths; unknown for rows it is not about and for those that cannot be compared.

    A line in a foreign currency is compared with the original amount of rows in that currency; other rows need the
    day's rate, which intake keeps in ``fx_rates``; without it they are unknown.
    """
    facts, about = part.reference, concerned(part, limit)
    home = facts.jurisdiction.currency
    if limit.currency == home:
        over = np.full(part.size, limit.amount * 10**facts.jurisdiction.minor_digits, np.int64)
        return ratio_values(part.column("amount").array, over, about)
    currency = part.column("currency")
    same = currency.array == currency.code_of(limit.currency)
    line = _in_home(part, limit)
    over = np.where(same, limit.amount * 10 ** facts.digits(limit.currency), line)
    amount = np.where(same, part.column("amount_original").array, part.column("amount").array)
    return ratio_values(amount, over, about & (over > 0))


def concerned(part: Partition, limit: Limit) -> NDArray[np.bool_]:
    """Rows that the line is about: from its day on, in its channels and directions. For others it does not exist."""
    about = part.column("local_day").array >= unix_day(limit.holds_from)
    for name, words in (("channel", limit.channels), ("direction", limit.directions)):
        if words:
            about = about & part.column(name).among(words)
    return about


def _in_home(part: Partition, limit: Limit) -> NDArray[np.int64]:
    """The line in minor units of the home currency on each row's day; -1 where there is no rate."""
    days, rates = part.reference.rates.get(limit.currency, (np.empty(0, np.int64), np.empty(0, np.int64)))
    on = part.column("local_day").array.astype(np.int64)
    at = np.searchsorted(days, on, side="right")
    at = np.where(on - np.append(days, 0)[at - 1] <= LONGEST_HELD, at, 0)
    scale = 10**part.reference.jurisdiction.minor_digits
    lines = [-1, *(limit.amount * int(rate) * scale // 10**8 for rate in rates)]
    return np.array(lines, np.int64)[at]
