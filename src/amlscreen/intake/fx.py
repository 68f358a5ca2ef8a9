"""Home-currency amounts at the rate of the day, in whole numbers, rounded half to even.

The rate in force is the latest one at or before the local day and at most 31 days old; without one the row stands
aside as ``fx_missing``. A rate is never guessed, carried further or interpolated.
"""

from __future__ import annotations

import duckdb

from amlscreen.intake.conform import Country, Plan
from amlscreen.intake.currencies import minor_digits
from amlscreen.intake.sql import literal

__all__ = ["LONGEST_HELD", "add_home_amount", "at_rate", "build_daily_rates", "make_currencies"]

LONGEST_HELD = 31
_RATE_UNITS = 10**8
_MOST_MINOR = 10**17
_MOST_RATE = 10**18
_NEVER = 2_000_000


def make_currencies(connection: duckdb.DuckDBPyConnection, home: Country) -> None:
    """Tables ``currencies(code, digits, scale)`` and ``fx_daily``, empty yet.

    The jurisdiction's word counts for the digits of its own currency.
    """
    digits = {**minor_digits(), home.currency: home.digits}
    rows = ", ".join(f"({literal(code)}, {count}, {10**count})" for code, count in sorted(digits.items()))
    connection.execute(
        f"CREATE TABLE currencies AS SELECT code, digits::INTEGER AS digits, scale::BIGINT AS scale "
        f"FROM (VALUES {rows}) AS c(code, digits, scale)"
    )
    connection.execute("CREATE TABLE fx_daily (currency VARCHAR, day INTEGER, rate_units HUGEINT)")


def build_daily_rates(connection: duckdb.DuckDBPyConnection) -> None:
    """Fill ``fx_daily``: the rate in force on each day, in hundred-millionths."""
    connection.execute(
        f"""
        INSERT INTO fx_daily
        WITH dated AS (
            SELECT currency, "date" AS first, CAST(rate::DECIMAL(38, 8) * {_RATE_UNITS} AS HUGEINT) AS rate_units,
                coalesce(lead("date") OVER (PARTITION BY currency ORDER BY "date"), {_NEVER}) AS next
            FROM fx_rates WHERE rate > 0
        ), daily AS (
            SELECT currency, rate_units,
                unnest(range(first::BIGINT, least(first + {LONGEST_HELD + 1}, next)::BIGINT)) AS day
            FROM dated
        )
        SELECT currency, day::INTEGER, rate_units FROM daily
        """
    )


def add_home_amount(plan: Plan, minor: str, currency: str | None) -> None:
    """Final ``amount``: the home amount of ``minor``, which is in minor units of ``currency`` (None: all home)."""
    if currency is None:
        plan.final["amount"] = minor
        return
    home = plan.country
    at_home = f"l.{currency} = {literal(home.currency)}"
    plan.late_joins.append(
        f"LEFT JOIN fx_daily AS fx ON fx.currency = l.{currency} AND fx.day = l.local_day AND NOT {at_home}"
    )
    foreign = at_rate(f"l.{minor}", 'l."scale"', home.digits)
    plan.late["home"] = f"CASE WHEN {at_home} THEN l.{minor} ELSE {foreign} END"
    plan.late["has_rate"] = f"({at_home} OR fx.rate_units IS NOT NULL)"
    plan.final["amount"] = "home"


def at_rate(minor: str, scale: str, digits: int) -> str:
    """SQL for what ``minor``, of a currency of that scale, is worth at ``fx.rate_units``; NULL beyond what fits."""
    divisor = f"({_RATE_UNITS}::HUGEINT * {scale})"
    product = f"({minor}::HUGEINT * fx.rate_units * {10**digits})"
    quotient, rest = f"({product} // {divisor})", f"({product} % {divisor})"
    up = f"(CASE WHEN {rest} * 2 > {divisor} OR ({rest} * 2 = {divisor} AND {quotient} % 2 = 1) THEN 1 ELSE 0 END)"
    fits = f"{minor} < {_MOST_MINOR} AND fx.rate_units < {_MOST_RATE}"
    return f"CASE WHEN {fits} THEN TRY_CAST({quotient} + {up} AS BIGINT) END"
