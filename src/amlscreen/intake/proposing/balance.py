"""Whether a running balance bears out amounts: each balance is the one before and the amount, in one order of rows."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from itertools import pairwise

__all__ = ["Borne", "borne_out"]


@dataclass(frozen=True, slots=True)
class Borne:
    """``share`` of the ``steps`` between rows that add up; ``inverted`` if they do with every sign turned."""

    share: float
    steps: int
    inverted: bool
    newest_first: bool

    @property
    def sure(self) -> bool:
        """Whether that cannot be chance."""
        return (self.steps >= 3 and self.share >= 0.6) or (self.steps >= 2 and self.share == 1.0)


def borne_out(
    amounts: Sequence[Decimal | None], balances: Sequence[Decimal | None], groups: Sequence[str]
) -> Borne | None:
    """The best of both orders and both signs, within each group of rows (an account); None without two to compare."""
    by_group: dict[str, list[tuple[Decimal, Decimal]]] = {}
    for amount, balance, group in zip(amounts, balances, groups, strict=True):
        if balance is not None and amount is not None:
            by_group.setdefault(group, []).append((amount, balance))
    pairs = [pair for rows in by_group.values() for pair in pairwise(rows)]
    pairs = [(one, two) for one, two in pairs if one[0] or two[0]]
    if not pairs:
        return None
    best = Borne(0.0, len(pairs), inverted=False, newest_first=False)
    for newest_first in (False, True):
        for inverted in (False, True):
            hits = 0
            for (amount_1, balance_1), (amount_2, balance_2) in pairs:
                step = balance_1 - balance_2 if newest_first else balance_2 - balance_1
                amount = amount_1 if newest_first else amount_2
                hits += bool(step) and step == (-amount if inverted else amount)
            if hits / len(pairs) > best.share:
                best = Borne(hits / len(pairs), len(pairs), inverted=inverted, newest_first=newest_first)
    return best
