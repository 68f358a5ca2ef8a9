"""What is evaluated: the tables of a finished run, read from its folder or taken from a result."""

from __future__ import annotations

import csv
import datetime as dt
import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pyarrow as pa
import pyarrow.parquet as pq

from amlscreen.errors import DataError, Place

if TYPE_CHECKING:
    from amlscreen.result import Result

__all__ = ["RuleFacts", "Run", "given_run"]

_DAY_ZERO = dt.date(1970, 1, 1)
_ALERT_COLUMNS = ["institution", "alert_id", "rank", "subject_kind", "subject_id", "customer_ids"]
_FIX = "Give the folder that `amlscreen screen -o` wrote, by this version or a later one."


@dataclass(frozen=True, slots=True)
class RuleFacts:
    """Its family, and whether it rests on ties between customers; :func:`amlscreen.sinks.manifest.rule_facts`."""

    family: str
    graph: bool


@dataclass(frozen=True)
class Run:
    """A finished run. ``alerts`` holds those of its columns that place customers; ``protected`` are customer ids.

    ``features`` and ``customers`` are None where the run did not keep them, ``files`` (the state of each customer's
    file) where it comes from a result; ``scorecard`` is what ``run.json`` says of
    the scorecard used, None for the default points; with one, no family is capped and ``family_cap`` is None.
    """

    source: str
    ranked: pa.Table
    points: pa.Table
    alerts: pa.Table
    protected: frozenset[str]
    rules: Mapping[str, RuleFacts]
    ran: frozenset[str]
    as_of: dt.date
    alert_days: int
    family_cap: int | None
    features: pa.Table | None = None
    customers: pa.Table | None = None
    files: pa.Table | None = None
    scorecard: Any = None
    evidence: pa.Table | None = field(default=None, repr=False)

    @cached_property
    def customers_of_alert(self) -> dict[str, list[tuple[str, str]]]:
        """The customers under review in each alert."""
        columns = (self.alerts.column(name).to_pylist() for name in ("alert_id", "institution", "customer_ids"))
        return {alert: [(bank, one) for one in people or ()] for alert, bank, people in zip(*columns, strict=True)}


def given_run(run: Result | str | Path) -> Run:
    """The run to evaluate; :class:`~amlscreen.errors.DataError` if a folder is not one a run wrote."""
    return _from_folder(Path(run)) if isinstance(run, str | Path) else _from_result(run)


def _from_result(result: Result) -> Run:
    from amlscreen.sinks.manifest import rule_facts
    from amlscreen.sinks.tables import alerts_table
    from amlscreen.sinks.wording import Money

    settings = result.settings
    return Run(
        source="result",
        ranked=result.ranked_table,
        points=result.points_table,
        alerts=alerts_table(result.alert_list, Money.of(result.jurisdiction)).select(_ALERT_COLUMNS),
        protected=frozenset(one.customer_id for one in result.protected_list),
        rules=_facts({"rule_id": rule_id, **rule_facts(card)} for rule_id, card in result.cards.items()),
        ran=frozenset(one.rule_id for one in result.outcomes if one.status == "ran"),
        as_of=_DAY_ZERO + dt.timedelta(days=result.findings.as_of),
        alert_days=settings.alert_days,
        family_cap=None if settings.scorecard else settings.family_cap,
        features=result.findings.features.table,
        customers=result.data.tables["customers"],
        scorecard=settings.scorecard,
        evidence=result.evidence_table,
    )


def _from_folder(folder: Path) -> Run:
    try:
        said = json.loads((folder / "run.json").read_text(encoding="utf-8"))
        settings, rules = said["settings"], said["rules"]
        features = folder / "features.parquet"
        return Run(
            source=str(folder),
            ranked=pq.read_table(folder / "ranked.parquet"),
            points=pq.read_table(folder / "points.parquet"),
            alerts=pq.read_table(folder / "alerts.parquet", columns=_ALERT_COLUMNS),
            protected=_protected(folder / "protected.csv"),
            rules=_facts(rules),
            ran=frozenset(one["rule_id"] for one in rules if one["status"] == "ran"),
            as_of=dt.date.fromisoformat(said["as_of"]),
            alert_days=settings["alert_days"],
            family_cap=None if settings["scorecard"] else settings["family_cap"],
            features=pq.read_table(features) if features.exists() else None,
            files=pq.read_table(folder / "kyc_health.parquet"),
            scorecard=settings["scorecard"],
            evidence=pq.read_table(folder / "evidence.parquet", columns=["narrative"]),
        )
    except FileNotFoundError as problem:
        raise DataError("is not there.", place=Place(str(problem.filename)), fix=_FIX) from problem
    except KeyError as problem:
        raise DataError(f"says nothing of {problem}.", place=Place(str(folder / "run.json")), fix=_FIX) from problem
    except (OSError, pa.ArrowInvalid, ValueError) as problem:
        raise DataError("cannot be read as the folder of a run.", place=Place(str(folder)), fix=_FIX) from problem


def _facts(rules: Iterable[Mapping[str, Any]]) -> dict[str, RuleFacts]:
    names = ("family", "graph")
    return {rule["rule_id"]: RuleFacts(*(rule[name] for name in names)) for rule in rules}


def _protected(path: Path) -> frozenset[str]:
    with path.open(encoding="utf-8-sig", newline="") as file:
        return frozenset(row["customer_id"] for row in csv.DictReader(file))
