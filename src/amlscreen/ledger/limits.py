"""``limit_multiple``: an amount over one line of ``jurisdiction.limits``."""

from __future__ import annotations

from functools import partial

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
    rows = np.flatnonzero(concerned(part, limit))
    found = _of_rows(part, limit, rows)
    multiple, known = np.zeros(part.size, np.int64), np.zeros(part.size, np.bool_)
    multiple[rows], known[rows] = found.array, found.is_known()
    return Values(multiple, None if rows.size == part.size and found.known is None else known)


def _of_rows(part: Partition, limit: Limit, rows: NDArray[np.int64]) -> Values:
    """The same for the rows that the line is about: mostly few."""
    facts = part.reference
    amount = part.column("amount").array.take(rows)
    if limit.currency == facts.jurisdiction.currency:
        return ratio_values(amount, np.full(rows.size, limit.amount * 10**facts.jurisdiction.minor_digits, np.int64))
    currency = part.column("currency").take(rows)
    same = currency.array == currency.code_of(limit.currency)
    over = np.where(same, limit.amount * 10 ** facts.digits(limit.currency), _in_home(part, limit, rows))
    amount = np.where(same, part.column("amount_original").array.take(rows), amount)
    return ratio_values(amount, over, over > 0)


def concerned(part: Partition, limit: Limit) -> NDArray[np.bool_]:
    """Rows that the line is about: from its day on, in its channels and directions. For others it does not exist."""
    found: NDArray[np.bool_] = part.once(("about", limit.id), partial(_concerned, part, limit))
    return found


def _concerned(part: Partition, limit: Limit) -> NDArray[np.bool_]:
    about = part.column("local_day").array >= unix_day(limit.holds_from)
    for name, words in (("channel", limit.channels), ("direction", limit.directions)):
        if words:
            about = about & part.column(name).among(words)
    return about


def _in_home(part: Partition, limit: Limit, rows: NDArray[np.int64]) -> NDArray[np.int64]:
    """The line in minor units of the home currency on each row's day; -1 where there is no rate."""
    days, rates = part.reference.rates.get(limit.currency, (np.empty(0, np.int64), np.empty(0, np.int64)))
    on = part.column("local_day").array.take(rows).astype(np.int64)
    at = np.searchsorted(days, on, side="right")
    at = np.where(on - np.append(days, 0)[at - 1] <= LONGEST_HELD, at, 0)
    scale = 10**part.reference.jurisdiction.minor_digits
    lines = [-1, *(limit.amount * int(rate) * scale // 10**8 for rate in rates)]
    return np.array(lines, np.int64)[at]
