"""Every check there is, in the order in which equally grave findings are told."""

from amlscreen.quality.checks.accounts import ACCOUNTS
from amlscreen.quality.checks.balances import BALANCES
from amlscreen.quality.checks.clock import CLOCK
from amlscreen.quality.checks.days import DAYS
from amlscreen.quality.checks.money import MONEY
from amlscreen.quality.checks.reading import READING
from amlscreen.quality.checks.sides import SIDES
from amlscreen.quality.checks.texts import TEXTS
from amlscreen.quality.checks.values import VALUES
from amlscreen.quality.finding import Check

__all__ = ["CHECKS"]

CHECKS: tuple[Check, ...] = (
    *DAYS, *SIDES, *BALANCES, *ACCOUNTS, *CLOCK, *MONEY, *VALUES, *TEXTS, *READING,
)  # fmt: skip
