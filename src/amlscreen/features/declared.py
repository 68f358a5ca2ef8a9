"""What moved against what was declared: income, turnover, and what people of the occupation declare.

Incomes and turnovers are by the month; a month is 30 days. Of an account the first owner's income counts. What nobody
declared, or declared as nothing, makes a feature unknown: it is no zero.
"""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
from numpy.typing import NDArray

from amlscreen.feature_catalogue import Unit, feature
from amlscreen.features.facts import account_of_holders
from amlscreen.features.whole import Whole
from amlscreen.ledger.columns import ratio_values
from amlscreen.ledger.partition import Values
from amlscreen.peers.standing import groups_among
from amlscreen.rules.grammar_baseline import Peers

__all__ = [
    "ALIKE",
    "cash_in_to_income",
    "credits_30d_to_income",
    "credits_to_income",
    "credits_to_income_alike",
    "credits_to_turnover",
    "debits_to_turnover",
    "income_to_peers",
    "largest_credit_to_income",
]

Ints = NDArray[np.int64]
Function = Callable[[Whole], Values]
ALIKE = Peers(by=("occupation", "sector"), at_least=30)
_INCOME = ("customers.income",)
_TURNOVER = ("accounts.declared_turnover",)
_CHANNEL = ("transactions.channel",)


def _by_declared(
    label: str,
    meaning: str,
    *,
    of: tuple[str, ...],
    needs: tuple[str, ...],
    window: int | None = 90,
    unit: Unit = "multiple",
) -> Callable[[Function], Function]:
    return feature(
        unit=unit, group="declared", window=window, stage="table", needs=needs, columns=of, label=label,
        meaning=f"{meaning}; unknown where nothing was declared.",
    )  # fmt: skip


def _income(whole: Whole) -> Ints:
    """The declared monthly income by subject; -1 or 0 where there is none."""
    facts = whole.facts
    if whole.subject == "customer":
        return facts.income.astype(np.int64)
    owned = np.diff(facts.owner_offsets) > 0
    first = np.where(owned, facts.owner_offsets[:-1], 0)
    return np.where(owned, np.append(facts.income, -1)[np.append(facts.owner, -1)[first]], -1).astype(np.int64)


def _turnover(whole: Whole) -> Ints:
    """The declared monthly turnover; of a customer, that of all accounts that have one, -1 if none has."""
    declared = whole.facts.declared.astype(np.int64)
    if whole.subject == "account":
        return declared
    account = account_of_holders(whole)
    told = declared[account] > 0
    found = np.zeros(whole.size, np.int64)
    np.add.at(found, whole.facts.owner[told], declared[account][told])
    return found


def _months_of(whole: Whole, name: str, monthly: Ints, months: int) -> Values:
    """A sum over so many months as a multiple of what was declared for them."""
    values = whole.column(name)
    return ratio_values(values.array.astype(np.int64), months * np.maximum(monthly, 0), values.is_known())


@_by_declared(
    "money credited over declared income", "Money credited over the income declared for that time",
    of=("credits_90d",), needs=_INCOME,
)  # fmt: skip
def credits_to_income(whole: Whole) -> Values:
    """In 90 days."""
    return _months_of(whole, "credits_90d", _income(whole), 3)


@_by_declared(
    "money credited in the last 30 days over declared income", "Money credited over the income declared for that time",
    of=("credits_30d",), needs=_INCOME, window=30,
)  # fmt: skip
def credits_30d_to_income(whole: Whole) -> Values:
    """In 30 days."""
    return _months_of(whole, "credits_30d", _income(whole), 1)


@_by_declared(
    "largest credit over declared monthly income", "The largest credit over the monthly income declared",
    of=("largest_credit_90d",), needs=_INCOME,
)  # fmt: skip
def largest_credit_to_income(whole: Whole) -> Values:
    """In 90 days."""
    return _months_of(whole, "largest_credit_90d", _income(whole), 1)


@_by_declared(
    "cash paid in over declared income", "Cash paid in over the income declared for that time",
    of=("cash_in_90d",), needs=(*_INCOME, *_CHANNEL),
)  # fmt: skip
def cash_in_to_income(whole: Whole) -> Values:
    """In 90 days."""
    return _months_of(whole, "cash_in_90d", _income(whole), 3)


@_by_declared(
    "money credited over declared turnover",
    "Money credited over the turnover declared for that time, of all accounts that have one",
    of=("credits_90d",), needs=_TURNOVER,
)  # fmt: skip
def credits_to_turnover(whole: Whole) -> Values:
    """In 90 days."""
    return _months_of(whole, "credits_90d", _turnover(whole), 3)


@_by_declared(
    "money debited over declared turnover",
    "Money debited over the turnover declared for that time, of all accounts that have one",
    of=("debits_90d",), needs=_TURNOVER,
)  # fmt: skip
def debits_to_turnover(whole: Whole) -> Values:
    """In 90 days."""
    return _months_of(whole, "debits_90d", _turnover(whole), 3)


def _alike(whole: Whole) -> tuple[Values, Values]:
    """The median income declared by people alike, and the distance of the own from it."""
    income = _income(whole)
    declared = np.flatnonzero(income > 0)
    groups = groups_among(ALIKE, whole.subject, whole.facts, declared, np.arange(whole.size))
    usual = groups.usual(Values(income[declared])).at(groups.group)
    return usual.shown(), usual.robust(np.maximum(income, 0), income > 0)


@_by_declared(
    "money credited over the income people alike declare",
    "Money credited over the median income declared for that time by people of the same kind, occupation and sector",
    of=("credits_90d",), needs=_INCOME,
)  # fmt: skip
def credits_to_income_alike(whole: Whole) -> Values:
    """In 90 days; known also of those who declared nothing themselves."""
    usual = whole.once("income alike", lambda: _alike(whole))[0]
    return _months_of(whole, "credits_90d", usual.array, 3)


@_by_declared(
    "declared income against people alike",
    "Income declared: distance from the median of people of the same kind, occupation and sector, in robust standard "
    "deviations",
    of=(), needs=_INCOME, window=None, unit="deviations",
)  # fmt: skip
def income_to_peers(whole: Whole) -> Values:
    """What was declared may itself be out of line."""
    return whole.once("income alike", lambda: _alike(whole))[1]
