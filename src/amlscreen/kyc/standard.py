"""The KYC standard: a readable table of limits, risk factors, cut-offs and floors, of which a bank can keep its own.

Conditions are a small closed set over the named columns of :mod:`amlscreen.kyc.rating_columns`; there is no expression
language. All conditions of a factor must hold; a value that is not known satisfies none but ``null: true``.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from decimal import Decimal
from pathlib import Path
from typing import Annotated, Any, Literal

from pydantic import BaseModel, ConfigDict, Field, StringConstraints, model_validator

from amlscreen.errors import SettingsError, did_you_mean

__all__ = ["GROUPS", "RATINGS", "Factor", "Floor", "Health", "KycStandard", "Rating", "Requirement"]

Rating = Literal["low", "medium", "high"]
RATINGS: tuple[Rating, ...] = ("low", "medium", "high")
Group = Literal["customer", "product", "channel", "geography", "behaviour"]
GROUPS: tuple[Group, ...] = ("customer", "product", "channel", "geography", "behaviour")
NEVER = frozenset({"sex", "nationality", "ethnicity", "age", "birth_date", "religion"})
"""Traits that no factor and no floor may name."""

Sentence = Annotated[str, StringConstraints(min_length=8, pattern=r"^[^;\n]+$")]


class _Strict(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True, populate_by_name=True)


class Requirement(_Strict):
    """What a column must be. Every part given must hold."""

    is_: bool | None = Field(None, alias="is")
    one_of: tuple[str, ...] = ()
    gte: Decimal | None = None
    lt: Decimal | None = None
    null: bool | None = None

    @model_validator(mode="after")
    def _says_something(self) -> Requirement:
        if not self.given:
            raise ValueError("a condition needs one of: is, one_of, gte, lt, null")
        return self

    @property
    def given(self) -> tuple[str, ...]:
        """The parts that are set."""
        parts: Mapping[str, Any] = {"is": self.is_, "gte": self.gte, "lt": self.lt, "null": self.null}
        return tuple(name for name, value in parts.items() if value is not None) + (("one_of",) if self.one_of else ())


class _Row(_Strict):
    id: str = Field(pattern=r"^[A-Z]+-[A-Z]?[0-9]+[A-Z]?$")
    what: Sentence
    when: dict[str, Requirement] = Field(min_length=1)
    source: str = Field(min_length=3)
    note: str | None = None


class Factor(_Row):
    """One row of the scorecard. Points are added where ``when`` holds; negative points lower the score."""

    group: Group
    points: int = Field(ge=-30, le=60)


class Floor(_Row):
    """Where ``when`` holds the rating is at least this, whatever the factors say."""

    rating: Literal["medium", "high"]


class Health(_Strict):
    """The limits of what counts as something to do."""

    paper_soon_days: int = Field(90, ge=1)
    income_multiple: Decimal = Field(Decimal(6), gt=1)
    turnover_multiple: Decimal = Field(Decimal(5), gt=1)
    least_flow_wages: Decimal = Field(Decimal(4), ge=0, description="Smaller flows a month contradict nothing.")
    merchant_credits: int = Field(60, ge=1, description="Credits in 90 days from which use is like a shop's.")
    busy_debits: int = Field(60, ge=1, description="Debits in 90 days from which savings are in daily use.")
    least_credits: int = Field(6, ge=1, description="Fewer credits in 90 days say nothing about purpose.")
    without_earnings: tuple[str, ...] = ()

    source: str
    note: str | None = None


class Cap(_Strict):
    """The largest share of the score that a group may have."""

    percent: int = Field(ge=0, le=15)
    source: str
    note: str | None = None


class KycStandard(_Strict):
    """The whole table. ``KycStandard.load()`` reads the shipped one or a bank's own."""

    id: str
    title: str
    version: int = Field(ge=1)
    cut_offs: dict[Literal["medium", "high"], int]
    geography_cap: Cap
    health: Health
    factors: tuple[Factor, ...]
    floors: tuple[Floor, ...] = ()

    @model_validator(mode="after")
    def _rises(self) -> KycStandard:
        if set(self.cut_offs) != {"medium", "high"} or not 0 < self.cut_offs["medium"] < self.cut_offs["high"]:
            raise ValueError("cut_offs must give medium and high, medium above 0 and high above medium")
        ids = [row.id for row in self.rows]
        twice = sorted({one for one in ids if ids.count(one) > 1})
        if twice:
            raise ValueError(f"'{twice[0]}' stands twice; every factor and floor has an id of its own")
        return self

    @property
    def rows(self) -> tuple[Factor | Floor, ...]:
        """Factors and floors in their order."""
        return (*self.factors, *self.floors)

    def check(self, columns: Mapping[str, str], places: Collection[str]) -> KycStandard:
        """Itself, if every condition names a known column in a way that fits its kind.

        ``columns`` gives the kind of each: flag, text, words, whole or ratio; ``places`` are those about places, which
        count under geography only. Raises :class:`~amlscreen.errors.SettingsError` with the row and the nearest name.
        """
        for row in self.rows:
            for name, test in row.when.items():
                _check(row.id, name, test, columns)
                if name in places and getattr(row, "group", "") != "geography":
                    raise SettingsError(
                        f"KYC standard, {row.id}: '{name}' is about a place and stands outside geography.",
                        fix="Make it a factor of the group geography; places are capped and decide no floor.",
                    )
        return self

    @classmethod
    def load(cls, path: Path | None = None) -> KycStandard:
        """The shipped standard, or the one in that file."""
        from amlscreen.kyc.rating_columns import KINDS, PLACES
        from amlscreen.shipped import shipped_folder
        from amlscreen.yaml_file import read_model

        return read_model(cls, path or shipped_folder("kyc") / "standard.yml").check(KINDS, PLACES)


_FITS: Mapping[str, frozenset[str]] = {
    "flag": frozenset({"is", "null"}),
    "text": frozenset({"one_of", "null"}),
    "words": frozenset({"one_of"}),
    "whole": frozenset({"gte", "lt", "null"}),
    "ratio": frozenset({"gte", "lt", "null"}),
}


def _check(row: str, name: str, test: Requirement, columns: Mapping[str, str]) -> None:
    if name in NEVER:
        raise SettingsError(
            f"KYC standard, {row}: '{name}' never is a risk factor.",
            fix="Leave it out: sex, nationality, ethnicity and age do not rate a customer.",
        )
    if name not in columns:
        raise SettingsError(f"KYC standard, {row}: there is no column '{name}'.", fix=did_you_mean(name, columns))
    wrong = [part for part in test.given if part not in _FITS[columns[name]]]
    if wrong:
        raise SettingsError(
            f"KYC standard, {row}: '{wrong[0]}' does not fit '{name}', which is a {columns[name]}.",
            fix=f"Allowed: {_listed(_FITS[columns[name]])}.",
        )


def _listed(words: Iterable[str]) -> str:
    return ", ".join(sorted(words))
