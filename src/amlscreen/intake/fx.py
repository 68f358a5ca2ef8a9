"""Home-currency amounts at the rate of the day, in whole numbers, rounded half to even.

The rate in force is the latest one at or before the local day and at most 31 days old; without one the row stands
aside as ``fx_missing``. A rate is never guessed, carried further or interpolated.
"""

from __future__ import annotations

import duckdb

from amlscreen.intake.conform import Country, Plan
from amlscreen.intake.currencies import minor_digits

__all__ = ["LONGEST_HELD", "add_home_amount", "build_daily_rates"]

LONGEST_HELD = 31
_RATE_UNITS = 10**8
_MOST_HOME = 10**17


def build_daily_rates(connection: duckdb.DuckDBPyConnection) -> None:
    """Table ``fx_daily(currency, day, rate_units)``: the rate in force on each day, in hundred-millionths."""
    connection.execute(
        f"""
        CREATE OR REPLACE TABLE fx_daily AS
        SELECT currency, day::INTEGER AS day, rate_units FROM (
            SELECT currency, CAST(rate * {_RATE_UNITS} AS HUGEINT) AS rate_units, unnest(range(
                "date"::BIGINT,
                least("date" + {LONGEST_HELD + 1}, coalesce(lead("date") OVER (PARTITION BY currency ORDER BY "date"), 2000000))::BIGINT
            )) AS day
            FROM (SELECT currency, "date", rate::DECIMAL(38, 8) AS rate FROM fx_rates WHERE rate > 0)
        )
        """
    )


def add_home_amount(plan: Plan, minor: str, currency: str | None) -> None:
    """Late ``amount``: the home amount of ``minor``, which is in minor units of ``currency`` (None: all home)."""
    if currency is None:
        plan.final["amount"] = minor
        return
    home = plan.country
    plan.late_joins.append(
        f"LEFT JOIN fx_daily AS fx ON fx.currency = l.{currency} AND fx.day = l.local_day AND l.{currency} <> '{home.currency}'"
    )
    divisor = f'({_RATE_UNITS}::HUGEINT * l."scale")'
    product = f"(l.{minor}::HUGEINT * fx.rate_units * {10**home.digits})"
    quotient, rest = f"({product} // {divisor})", f"({product} % {divisor})"
    up = f"(CASE WHEN {rest} * 2 > {divisor} OR ({rest} * 2 = {divisor} AND {quotient} % 2 = 1) THEN 1 ELSE 0 END)"
    fits = f"l.{minor} < {10**17} AND fx.rate_units < {10**18}"
    plan.late["home"] = (
        f"CASE WHEN l.{currency} = '{home.currency}' THEN l.{minor} WHEN {fits} THEN TRY_CAST({quotient} + {up} AS BIGINT) END"
    )
    plan.late["has_rate"] = f"(l.{currency} = '{home.currency}' OR fx.rate_units IS NOT NULL)"
    plan.final["amount"] = "home"


def currency_digits(home: Country) -> dict[str, int]:
    """Minor digits by code; the jurisdiction's word counts for its own currency."""
    return {**minor_digits(), home.currency: home.digits}
