"""What was declared held against how the accounts are used. A contradiction is a question to the file, not a finding.

Nothing is judged on less than :data:`~amlscreen.kyc.use.LEAST_DAYS` days of history, nor against a figure or a column
the bank does not give.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from amlscreen.kyc.files import Files, folded
from amlscreen.kyc.standard import Health
from amlscreen.kyc.use import SPAN_DAYS
from amlscreen.ledger.columns import MILLION, figure_on, ratio_values

__all__ = ["CONTRADICTIONS", "Contradictions", "reaches"]

Ints = NDArray[np.int64]
Flags = NDArray[np.bool_]

CONTRADICTIONS = (
    "income_below_flow",
    "turnover_below_flow",
    "shop_like_without_earnings",
    "salary_account_without_salary",
    "savings_in_daily_use",
    "remittance_account_without_remittances",
    "private_account_like_a_shop",
)
_PRIVATE = ("salary", "savings", "remittance")


@dataclass(frozen=True)
class Contradictions:
    """By customer_no. Multiples are in millionths, -1 where they are not known."""

    files: Files
    health: Health

    @cached_property
    def wage(self) -> int:
        """The monthly minimum wage on the last day in minor units; 0 where the jurisdiction has none."""
        rules = self.files.jurisdiction
        figure = figure_on(rules.monthly_minimum_wage, np.array([self.files.as_of]), rules.minor_digits)
        return max(int(figure[0]), 0)

    @cached_property
    def monthly(self) -> Ints:
        """What came in a month."""
        return self.files.monthly(self.files.use.customer["received"])

    @cached_property
    def flow_over_income(self) -> Ints:
        """What came in a month over the declared income; persons only."""
        income = self.files.customer("income")
        known = income.is_known() & ~self.files.is_firm & self.files.shows_use
        return _ratio(self.monthly, income.array.astype(np.int64), known)

    @cached_property
    def flow_over_turnover(self) -> Ints:
        """The largest of the customer's accounts: what came in or went out a month over its declared turnover."""
        accounts, owners = self.files.account_of_owner
        worst = np.full(self.files.size, -1, np.int64)
        np.maximum.at(worst, owners, self._account_multiple[accounts])
        return worst

    @cached_property
    def _account_flow(self) -> Ints:
        """What came in or went out a month, the larger, by account."""
        used = self.files.use.account
        return self.files.monthly(np.maximum(used["received"], used["sent"]))

    @cached_property
    def _account_multiple(self) -> Ints:
        declared = self.files.reference.declared
        return _ratio(self._account_flow, declared, (declared >= 0) & self.files.shows_use)

    def flags(self) -> Mapping[str, Flags]:
        """Which customers show which contradiction, by name."""
        files = self.files
        if not files.shows_use:
            return {name: np.zeros(files.size, np.bool_) for name in CONTRADICTIONS}
        least = int(self.wage * self.health.least_flow_wages)
        enough = self.monthly >= least
        income = files.customer("income")
        nothing = income.is_known() & (income.array == 0) & ~files.is_firm & (self.monthly > 0)
        below = reaches(self.flow_over_income, self.health.income_multiple) | nothing
        turnover = reaches(self._account_multiple, self.health.turnover_multiple) & (self._account_flow >= least)
        return dict(
            zip(
                CONTRADICTIONS,
                (below & enough, files.any_account(turnover), self._unearned(), *self._purposes()),
                strict=True,
            )
        )

    def _least(self, in_a_span: int) -> int:
        """A count for 90 days as one for the days that are known, rounded up."""
        return -(-in_a_span * self.files.days // SPAN_DAYS)

    def _unearned(self) -> Flags:
        """Credits like a shop's with an occupation that earns nothing, and no merchant contract."""
        files = self.files
        busy: Flags = files.use.customer["credits"] >= self._least(self.health.merchant_credits)
        merchant: Flags = files.feature("is_merchant").array == 1
        earns_nothing = folded(files.customer("occupation"), self.health.without_earnings)
        return earns_nothing & busy & ~merchant

    def _purposes(self) -> tuple[Flags, Flags, Flags, Flags]:
        files, used = self.files, self.files.use.account
        purpose = files.account("declared_purpose")
        moved = used["credits"] >= self._least(self.health.least_credits)
        no_salary = purpose.among(("salary",)) & moved & (used["salaries"] == 0)
        busy = purpose.among(("savings",)) & (used["debits"] >= self._least(self.health.busy_debits))
        no_remittance = purpose.among(("remittance",)) & moved & (used["remittances"] == 0)
        shop = purpose.among(_PRIVATE) & (used["credits"] >= self._least(self.health.merchant_credits))
        shop &= files.reference.merchant != 1
        has_purpose, has_channel = (files.has(f"transactions.{name}") for name in ("purpose", "channel"))
        return (
            files.any_account(no_salary & has_purpose),
            files.any_account(busy),
            files.any_account(no_remittance & (has_purpose or has_channel)),
            files.any_account(shop),
        )


def reaches(millionths: Ints, multiple: Decimal) -> Flags:
    """Where a known ratio reaches a multiple."""
    return (millionths >= 0) & (millionths >= int(multiple * MILLION))


def _ratio(over: Ints, under: Ints, known: Flags) -> Ints:
    ratio = ratio_values(over, np.where(known, under, 0))
    return np.where(ratio.is_known() & known, ratio.array, -1)
