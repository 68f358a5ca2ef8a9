"""A scorecard: the file that says how many points each row of a score gives, and what that was fitted on.

It takes the place of the cards' severities. What is one fact, which episode is the strongest and what speaks against
points is decided as without it; only the numbers are others. So the rows of a run can be given other points without
screening again, and a score stays the sum of its rows.
"""

from __future__ import annotations

import hashlib
import json
import math
from collections.abc import Mapping
from decimal import ROUND_HALF_EVEN, Decimal
from pathlib import Path
from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field, field_validator, model_validator

from amlscreen.errors import SettingsError

__all__ = ["Band", "Cut", "FeaturePoints", "Fitted", "Odds", "RulePoints", "Scorecard"]

Points = int
NotNegative = Annotated[int, Field(ge=0)]


class _Strict(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class RulePoints(_Strict):
    """A rule's points by the strength of the hit (the card's ``times``), and ``again``: what is left of them where its
    rows have been counted for another rule already.
    """

    points: dict[Decimal, Points] = Field(min_length=1)
    again: Points = Field(0, ge=0)

    @field_validator("points")
    @classmethod
    def _in_order(cls, points: dict[Decimal, Points]) -> dict[Decimal, Points]:
        ordered = dict(sorted(points.items()))
        values = list(ordered.values())
        if values[0] < 0 or values != sorted(values):
            raise ValueError("points must not be negative, nor fall as the strength rises")
        return ordered

    @model_validator(mode="after")
    def _again_is_no_more(self) -> RulePoints:
        if self.again > next(iter(self.points.values())):
            raise ValueError("again is more than the rule's least points")
        return self

    def at(self, times: Decimal) -> Points:
        """The points of a hit of this strength: those of the greatest strength listed that it reaches."""
        reached = [points for level, points in self.points.items() if level <= times]
        return reached[-1] if reached else next(iter(self.points.values()))


class Cut(_Strict):
    """From ``at`` on (inside units) a feature's row gives ``points``."""

    at: int
    points: Points = Field(ge=0)


class FeaturePoints(_Strict):
    """A feature's points in steps: the further it lies on its ``side``, the more; unknown gives none."""

    side: Literal["or_more", "or_less"]
    cuts: tuple[Cut, ...] = Field(min_length=1)

    @model_validator(mode="after")
    def _steps_rise(self) -> FeaturePoints:
        way = 1 if self.side == "or_more" else -1
        at, points = [way * cut.at for cut in self.cuts], [cut.points for cut in self.cuts]
        if at != sorted(set(at)) or points != sorted(points):
            raise ValueError("cuts must go further out one after the other, and points must not fall")
        return self

    def reached(self, value: int | None) -> Cut | None:
        """The furthest cut a value reaches."""
        if value is None:
            return None
        way = 1 if self.side == "or_more" else -1
        reached = [cut for cut in self.cuts if way * value >= way * cut.at]
        return reached[-1] if reached else None


class Odds(_Strict):
    """What points mean: the log-odds are ``at_zero`` plus ln 2 for every ``doubled_by`` points.

    They hold for customers like those labelled, at the share of positives among them.
    """

    at_zero: float
    doubled_by: float = Field(gt=0)


class Band(_Strict):
    """Calibration: customers of so many points, how many there were, what was predicted and what was so.

    Each was scored by points fitted without its own fold.
    """

    least: int
    customers: int
    predicted: float
    positive: int


class Fitted(_Strict):
    """What a scorecard was fitted on, and how well it ranked customers it had not seen."""

    program: str
    labels: str = Field(description="SHA-256 over customers and labels.")
    rule_set: str = Field(description="Fingerprint of the rules of the run.")
    as_of: str
    customers: int
    positive: int
    groups: int
    folds: int
    penalty: float
    seed: int
    average_precision_before: float
    average_precision_after: float
    log_loss_before: float
    log_loss_after: float
    warnings: tuple[str, ...] = ()


class Scorecard(_Strict):
    """Points of rules, repeats, typologies, counter-evidence and features.

    What is not named has the points it has by itself, times ``others``. No family of rules is capped: how far rules say
    the same is in the points already.
    """

    title: str = "Points fitted from labels"
    odds: Odds
    repeat: Points | None = Field(None, ge=0)
    rules: dict[str, RulePoints] = {}
    typologies: dict[str, NotNegative] = {}
    counter: dict[str, NotNegative] = Field({}, description="Points taken off, written without sign.")
    others: Decimal = Field(Decimal(1), gt=0)
    features: dict[str, FeaturePoints] = {}
    bands: tuple[Band, ...] = ()
    fitted: Fitted | None = None

    def of_others(self, own: int) -> int:
        """The points of a row that is not named here; rounded half-even."""
        return int((own * self.others).quantize(Decimal(1), ROUND_HALF_EVEN))

    @classmethod
    def read(cls, path: str | Path) -> Scorecard:
        """A scorecard from its YAML file; :class:`~amlscreen.errors.SettingsError` with line and column."""
        from amlscreen.yaml_file import read_model

        return read_model(cls, Path(path))

    def write(self, path: str | Path) -> Path:
        """Write the file, in a fixed order; the path."""
        from ruamel.yaml import YAML

        target = Path(path)
        writer = YAML()
        writer.width = 110
        try:
            with target.open("w", encoding="utf-8", newline="\n") as file:
                writer.dump(self.plain(), file)
        except OSError as problem:
            raise SettingsError(f"{path} cannot be written: {problem.strerror}.") from problem
        return target

    def plain(self) -> dict[str, object]:
        """Plain values, as the file holds them."""
        plain = self.model_dump(mode="json", exclude_none=True)
        plain["rules"] = {
            rule: {"points": {_number(level): points for level, points in one.points.items()}, "again": one.again}
            for rule, one in sorted(self.rules.items())
        }
        plain["others"] = _number(self.others)
        return {name: value for name, value in plain.items() if value not in ({}, [])}

    @property
    def fingerprint(self) -> str:
        """SHA-256 over everything that gives points."""
        names = ("odds", "repeat", "rules", "typologies", "counter", "features", "others")
        plain: Mapping[str, object] = {name: value for name, value in self.plain().items() if name in names}
        return hashlib.sha256(json.dumps(plain, sort_keys=True).encode()).hexdigest()

    def probability(self, score: int) -> float:
        """How likely a customer of that score is a positive, among customers like those labelled."""
        return 1 / (1 + math.exp(-self.odds.at_zero - score * math.log(2) / self.odds.doubled_by))


def _number(level: Decimal) -> int | float:
    return int(level) if level == int(level) else float(level)
