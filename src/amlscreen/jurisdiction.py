"""A country's figures, each with its source: thresholds, wage, currency, provinces, holidays.

Cards never name a currency or an amount; they use multiples of what stands here (``report_multiple``,
``wage_multiple``, ``limit_multiple``), so one card serves every country and year.
"""

from __future__ import annotations

import datetime as dt
from pathlib import Path
from typing import Literal

from pydantic import BaseModel, ConfigDict, Field

from amlscreen.errors import SettingsError, did_you_mean

__all__ = ["Figure", "Jurisdiction", "Limit", "Place", "Province"]


class _Strict(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class Figure(_Strict):
    """One dated figure, in whole units of the home currency unless it names another."""

    value: int = Field(ge=0)
    holds_from: dt.date
    source: str
    as_of: dt.date
    verified: bool
    note: str | None = None


class Limit(_Strict):
    """A line in law or in a product that people keep under."""

    id: str
    title: str
    amount: int = Field(gt=0, description="In whole units of `currency`.")
    currency: str
    holds_from: dt.date
    source: str
    as_of: dt.date
    verified: bool
    channels: tuple[str, ...] = Field((), description="Channels it concerns; empty means all.")
    directions: tuple[Literal["credit", "debit"], ...] = ()
    note: str | None = None


class Place(_Strict):
    """A province or country that published sources link to trafficking or to weak controls. It never decides alone."""

    code: str = Field(description="ISO 3166-2 for a province, ISO 3166-1 alpha-2 for a country.")
    why: str
    holds_from: dt.date
    holds_until: dt.date | None = Field(None, description="The last day it counts; empty: until further notice.")
    source: str
    as_of: dt.date
    verified: bool
    note: str | None = None


class Province(_Strict):
    """A province, its ISO 3166-2 code and the spellings met in exports."""

    code: str
    name: str
    name_local: str | None = None
    aliases: tuple[str, ...] = ()
    ambiguous: tuple[str, ...] = Field((), description="Spellings that could also be another province.")


class Jurisdiction(_Strict):
    """Everything a country gives a run. ``Jurisdiction.load("laos")`` reads a shipped or a user's file."""

    id: str
    title: str
    currency: str
    minor_digits: int = Field(ge=0, le=4, description="ISO 4217 exponent of the home currency.")
    shown_digits: int = Field(ge=0, le=4, description="Digits people are shown.")
    utc_offset_minutes: int = Field(description="Local time's distance from UTC; no daylight saving is modelled.")
    time_zone: str
    cash_report_threshold: tuple[Figure, ...]
    cash_report_basis: Literal["single", "aggregate_30_days", "both"] = "both"
    cash_report_channels: tuple[str, ...] = Field(("cash", "atm"), description="Channels whose bookings are cash.")
    cash_report_directions: Literal["apart", "together"] = Field(
        "apart", description="Whether cash paid in and cash taken out are summed apart or as one."
    )
    monthly_minimum_wage: tuple[Figure, ...]
    limits: tuple[Limit, ...] = ()
    high_risk_places: tuple[Place, ...] = ()
    age_of_majority: int = 18
    required_kyc: tuple[str, ...] = Field(description="Columns of `customers` that must be filled for a person.")
    required_kyc_entity: tuple[str, ...] = ()
    str_working_days: int | None = None
    provinces: tuple[Province, ...] = ()
    holidays: tuple[dt.date, ...] = ()

    @classmethod
    def load(cls, name: str | Path) -> Jurisdiction:
        """A jurisdiction by shipped name (``laos``, ``generic``) or by path of a YAML file."""
        from amlscreen.shipped import shipped_files
        from amlscreen.yaml_file import read_model

        path = Path(name)
        if path.suffix in {".yml", ".yaml"}:
            return read_model(cls, path)
        shipped = {file.stem: file for file in shipped_files("jurisdictions", "*.yml")}
        if str(name) not in shipped:
            raise SettingsError(f"There is no jurisdiction '{name}'.", fix=did_you_mean(str(name), shipped))
        return read_model(cls, shipped[str(name)])
