"""The straight line from a finished run to its folder."""

from __future__ import annotations

from concurrent.futures import Executor, Future, ThreadPoolExecutor
from pathlib import Path

from amlscreen.profiling import stage
from amlscreen.sinks.atomic import check_target, replacing
from amlscreen.sinks.evidence import rows_shown
from amlscreen.sinks.kyc_tables import write_kyc
from amlscreen.sinks.manifest import write_manifest
from amlscreen.sinks.page import write_page
from amlscreen.sinks.quality_tables import write_quality
from amlscreen.sinks.screened import Screened
from amlscreen.sinks.tables import alerts_table, kyc_table, protected_table, rules_table
from amlscreen.sinks.tabular import alerts_for_csv, write_csv, write_json_lines, write_parquet
from amlscreen.sinks.wording import Money
from amlscreen.sinks.workbook import write_workbook

__all__ = ["FEATURE_OUTPUTS", "OUTPUTS", "check_target", "write"]

OUTPUTS = (
    "alerts.csv",
    "alerts.jsonl",
    "alerts.parquet",
    "alerts.xlsx",
    "cash_reports.csv",
    "cash_reports.parquet",
    "evidence.csv",
    "evidence.parquet",
    "history.parquet",
    "kyc.csv",
    "kyc_health.csv",
    "kyc_health.parquet",
    "points.parquet",
    "protected.csv",
    "quality.csv",
    "quality_columns.csv",
    "quarantine.csv",
    "ranked.parquet",
    "report.html",
    "risk_ratings.csv",
    "risk_ratings.parquet",
    "rules.csv",
    "run.json",
)


FEATURE_OUTPUTS = ("account_features.parquet", "features.parquet")
"""Written where the settings ask for them; those of an earlier run never stay beside later results."""


def write(result: Screened, out: str | Path) -> tuple[Path, ...]:
    """Every output into ``out``, all at once; the paths written.

    An earlier run's folder is replaced only when the new one stands; a folder with other content is refused.
    :class:`~amlscreen.errors.SinkError` leaves whatever was there untouched.
    """
    money = Money.of(result.jurisdiction)
    with stage("evidence"):
        _ = result.evidence_table
    with (
        replacing(Path(out), (*OUTPUTS, *FEATURE_OUTPUTS)) as folder,
        ThreadPoolExecutor(1, thread_name_prefix="aside") as pool,
    ):
        aside = _beside(pool, result, folder)
        names: tuple[str, ...] = (*OUTPUTS, *FEATURE_OUTPUTS) if result.settings.keep_features else OUTPUTS
        rows = rows_shown(result)
        with stage("page"):
            write_page(result, folder / "report.html", rows)
        with stage("workbook"):
            write_workbook(result, folder / "alerts.xlsx", rows)
        alerts = alerts_table(result.alert_list, money)
        write_csv(alerts_for_csv(alerts), folder / "alerts.csv")
        write_parquet(alerts, folder / "alerts.parquet")
        write_json_lines(result.alert_list, money, folder / "alerts.jsonl")
        write_csv(protected_table(result.protected_list), folder / "protected.csv", owner_only=True)
        write_csv(kyc_table(result.kyc_list), folder / "kyc.csv")
        write_quality(result.quality, folder)
        write_csv(result.data.quarantine.table, folder / "quarantine.csv")
        write_csv(rules_table(result.outcomes, result.cards, result.settings.language), folder / "rules.csv")
        for written in aside:
            written.result()
        write_manifest(result, folder)
    return tuple(Path(out) / name for name in names)


def _beside(pool: Executor, result: Screened, folder: Path) -> list[Future[None]]:
    """What is written while page and workbook are: the store and Arrow do without the interpreter's lock."""
    evidence = result.evidence_table
    written = [
        pool.submit(_made_aside, result),
        pool.submit(write_csv, evidence, folder / "evidence.csv"),
        pool.submit(write_parquet, evidence, folder / "evidence.parquet"),
        pool.submit(_write_kyc, result, folder),
        pool.submit(write_parquet, result.ranked_table, folder / "ranked.parquet"),
        pool.submit(write_parquet, result.points_table, folder / "points.parquet"),
        pool.submit(write_parquet, result.verdict.history, folder / "history.parquet"),
    ]
    if result.settings.keep_features:
        customers, accounts = result.feature_tables
        written.append(pool.submit(write_parquet, customers, folder / "features.parquet"))
        written.append(pool.submit(write_parquet, accounts, folder / "account_features.parquet"))
    return written


def _made_aside(result: Screened) -> None:
    """What the store must be asked for; the page needs it once it has drawn the alerts."""
    with stage("KYC"):
        _ = result.kyc_report
    with stage("data quality"):
        _ = result.quality


def _write_kyc(result: Screened, folder: Path) -> None:
    write_kyc(result.kyc_report, folder)
