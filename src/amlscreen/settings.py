"""What one run may be told, and the file it can be told with.

Every setting has a default that is safe for a first run; a settings file (YAML) gives others by the same names.
Unknown names are refused with the nearest known one.
"""

from __future__ import annotations

import datetime as dt
from pathlib import Path
from typing import Literal

from pydantic import BaseModel, ConfigDict, Field, model_validator

__all__ = ["BANDS", "AlertingPolicy", "Band", "Settings"]

Band = Literal["low", "medium", "high", "critical"]
BANDS: tuple[Band, ...] = ("low", "medium", "high", "critical")


class _Strict(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class AlertingPolicy(_Strict):
    """When hits become an alert. Any one clause is enough; KYC findings alone never are."""

    anchor_with_families: int = Field(
        1, ge=0, description="An anchor (fraud recall, reported case, designation) plus this many other families."
    )
    families_together: int = Field(
        3, ge=2, description="This many different families on one subject within `families_within_days`."
    )
    facts_together: int = Field(
        1,
        ge=1,
        description="The families of the clause above rest on at least this many facts; hits on the same rows are one. "
        "Two makes the clause stricter.",
    )
    families_within_days: int = Field(30, ge=1, description="The span of the clause above, in days.")
    linked_customers: int = Field(
        3, ge=2, description="This many linked customers that together show `linked_families` families."
    )
    linked_families: int = Field(3, ge=1, description="See `linked_customers`.")
    band: Band = Field("high", description="A score in this band or above.")


class Settings(_Strict):
    """Everything a run may be told. ``Settings.read(path)`` takes the same names from a YAML file."""

    as_of: dt.date | None = Field(
        None, description="The last local day that counts. Default: the last complete accepted local day."
    )
    alert_days: int = Field(30, ge=1, description="Episodes that end within this many days up to `as_of` can alert.")
    most_quarantined: float = Field(
        0.02, ge=0, le=1, description="Share of quarantined rows, per file and in all, above which the run stops."
    )
    report_alerts: int = Field(500, ge=1, description="How many alerts the page and the workbook show.")
    language: Literal["en", "lo"] = Field("en", description="Language of the texts for people.")
    show_protected: bool = Field(False, description="Show possible victims unmasked in the page and workbook.")
    keep_features: bool = Field(
        False, description="Leave the features of every customer and account beside the results, as Parquet files."
    )
    policy: AlertingPolicy = AlertingPolicy()
    band_from: dict[Band, int] = Field(
        default={"low": 0, "medium": 25, "high": 50, "critical": 110},
        description="The least score of each band.",
    )
    family_cap: int = Field(120, ge=1, description="The most points one family of rules may give a subject.")
    repeat_points: int = Field(5, ge=0, description="Points for each further episode of a rule, up to three.")
    kyc_standard: Path | None = Field(
        None, description="The bank's own KYC standard: limits, risk factors, floors (YAML). Default: the shipped one."
    )
    scorecard: Path | None = Field(
        None, description="A scorecard (YAML, from `amlscreen scorecard fit`): points instead of the cards' severities."
    )
    institution: str | None = Field(
        None, min_length=1, description="The bank, for files that do not name it and mappings that do not state it."
    )
    memory: str | None = Field(
        None, description="Memory that the whole run may use, for example 4GB. Default: half of what the machine has."
    )
    threads: int | None = Field(None, ge=1, description="Threads. Default: what the machine has.")
    partition_rows: int = Field(100_000, ge=1, description="Rows of one partition; a customer is never cut.")
    temporary: Path | None = Field(None, description="Folder for temporary files. Default: the system's.")
    largest_file: int = Field(
        64 * 2**30,
        ge=1,
        description="Bytes an input may hold once unpacked; a zip bomb is refused by this and by ratio.",
    )
    largest_field: int = Field(1_000_000, ge=1, description="Characters one field may hold.")

    @model_validator(mode="after")
    def _bands_rise(self) -> Settings:
        points = [self.band_from.get(band) for band in BANDS]
        if None in points or points != sorted(points, key=lambda value: value or 0) or points[0] != 0:
            raise ValueError("band_from must give low (0), medium, high, critical, each no lower than the one before")
        return self

    def band_of(self, score: int) -> Band:
        """The band a score falls into."""
        return [band for band in BANDS if score >= self.band_from[band]][-1]

    @classmethod
    def read(cls, path: str | Path) -> Settings:
        """Settings from a YAML file; :class:`~amlscreen.errors.SettingsError` with line and column if it is wrong."""
        from amlscreen.yaml_file import read_model

        return read_model(cls, Path(path))
