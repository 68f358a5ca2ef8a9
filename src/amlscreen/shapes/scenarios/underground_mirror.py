"""What comes in at home about equals what leaves abroad, day after day, with no trade to show for it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np
from numpy.typing import NDArray

from amlscreen.ledger.columns import ratio_values
from amlscreen.shapes.scenario_functions import measures
from amlscreen.shapes.scenario_lines import Lines, Seen
from amlscreen.shapes.scenarios.sums import fullest_span, summed
from amlscreen.shapes.scenarios.tables import is_abroad

__all__ = ["underground_mirror"]

_TRADE = ("goods", "tax", "salary", "rent", "tuition")


@measures("underground_mirror")
def underground_mirror(lines: Lines, options: Mapping[str, Any]) -> Seen:
    """Of the span with most mirrored days: how many they are, and the sums that met."""
    related, at_home = (
        lines.column("counterparty_is_related"),
        lines.is_("currency", lines.reference.jurisdiction.currency),
    )
    abroad = ~at_home | lines.is_("channel", "wire") | is_abroad(lines)
    receipt = lines.is_("direction", "credit") & ~abroad & related.is_known() & (related.array == 0)
    payout = lines.is_("direction", "debit") & abroad & ~lines.is_("purpose", *_TRADE)
    amount, day = lines.column("amount").array, lines.column("local_day").array.astype(np.int64)
    key = lines.group << 32 | (day + (1 << 31))
    days, at = np.unique(key, return_inverse=True)
    received, paid = (summed(at[rows], amount[rows], days.size) for rows in (receipt, payout))
    apart = ratio_values(np.abs(received - paid), received)
    mirrored = np.flatnonzero((paid > 0) & apart.is_known() & (apart.array <= options["apart"]))
    best = fullest_span(days[mirrored] >> 32, (days[mirrored] & 0xFFFFFFFF) - (1 << 31), options["span"])
    kept: NDArray[np.bool_] = np.zeros(days.size, np.bool_)
    kept[mirrored[best]] = True
    shown = kept[at] & (receipt | payout)
    licensed = lines.column("holder_is_licensed")
    is_licensed = licensed.is_known() & (licensed.array == 1)
    return lines.seen(
        {
            "mirrored": np.bincount(days[kept] >> 32, minlength=lines.subject.size).astype(np.int64),
            "received": lines.total(np.where(shown & receipt, amount, 0)),
            "paid": lines.total(np.where(shown & payout, amount, 0)),
            "wages": lines.total(np.where(shown & receipt, lines.column("wage_multiple").array, 0)),
            "licensed": np.minimum(lines.total(is_licensed), 1),
        },
        shown,
        np.where(receipt[shown], "receipt", "payout").tolist(),
    )
