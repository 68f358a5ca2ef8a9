"""What each sheet of the workbook holds: a table, a note above it, and how wide its columns are."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc

from amlscreen._version import __version__
from amlscreen.alerts import Alert
from amlscreen.schema import TABLES
from amlscreen.sinks.evidence import first_of_each, rows_shown
from amlscreen.sinks.group_sheets import group_sheets
from amlscreen.sinks.kyc_tables import cash_for_people, health_for_people, ratings_for_people
from amlscreen.sinks.manifest import counts, fingerprint_of
from amlscreen.sinks.protect import Masker
from amlscreen.sinks.quality_tables import columns_for_people, findings_for_sheet
from amlscreen.sinks.screened import Screened
from amlscreen.sinks.sheet import Sheet
from amlscreen.sinks.tables import alerts_table, kyc_table, protected_table, rules_table
from amlscreen.sinks.tabular import flat
from amlscreen.sinks.wording import Money, day_text

__all__ = ["sheets_of"]

_ALERT_COLUMNS = (
    "rank",
    "band",
    "score",
    "alert_id",
    "change",
    "subject_kind",
    "subject_id",
    "summary",
    "typologies",
    "first_day",
    "last_day",
    "transactions",
    "amount",
    "currency",
    "confidence",
    "role",
    "customer_ids",
    "account_ids",
    "rule_ids",
    "contributions",
    "clause",
    "institution",
    "revision",
)
_EVIDENCE_COLUMNS = (
    "alert_id",
    "weight",
    "stands_for",
    "institution",
    "customer_id",
    "account_id",
    "at",
    "direction",
    "amount",
    "currency_home",
    "amount_original",
    "currency",
    "channel",
    "kind",
    "purpose",
    "counterparty",
    "province",
    "country",
    "branch_id",
    "terminal_id",
    "narrative",
    "transaction_id",
    "file",
    "record",
)
MOST_OF_AN_ALERT = 50
"""Rows of one alert that the workbook lists: nobody reads more in a sheet, and a hub account can have thousands."""
_IMPERSONAL = sorted(
    {column.name for table in TABLES.values() for column in table.columns if not column.personal}
    - {column.name for table in TABLES.values() for column in table.columns if column.personal}
)
_ABOUT = (
    (
        "What this is",
        "Patterns in transactions that published sources link to proceeds of human trafficking, for a person to review."
        " A pattern is not proof: many have an honest reason. The workbook finds no crime.",
    ),
    ("Who may see it", "Confidential: not for customers, nor for staff who serve them."),
    ("Alerts", "Customers and accounts under review, most urgent first. The score is the sum of the contributions."),
    ("Evidence", "The transactions behind the alerts shown; `stands_for` names the rules and their part in them."),
    ("Members", "Who is in the groups among the alerts, each member once, with its parts and its role."),
    ("Stories", "Typologies the alerts look like: what of each was seen, what was not, and what the data cannot show."),
    (
        "Protected",
        "Possible victims. Never the subject of an alert, and masked here unless the settings say otherwise.",
    ),
    ("KYC", "Findings about identity papers and files; they never make an alert alone."),
    ("KYC health", "What is missing, expired, overdue or contradicted in each customer's file."),
    ("Risk ratings", "Where a customer's risk adds up to more than the bank's own rating says, and why."),
    ("Cash reports", "Cash bookings that may have to be reported: single ones, and sums of 30 days."),
    ("Data quality", "What is odd about the data, what it means, what to do, and which rules it blinds or weakens."),
    ("Columns", "How full and varied each column is; what could name someone is shown by its shape."),
    ("Quarantine", "Rows not accepted, and why. Values that could name a person stand in quarantine.csv only."),
    ("Rules", "What became of every rule. A rule that is not evaluable looked for nothing."),
    ("Run", "What went in, counts, and the fingerprints of rules and settings."),
    ("For programs", "Take the Parquet, CSV or JSON files beside this workbook: they hold everything, exactly."),
)


def sheets_of(result: Screened, rows: pa.Table | None = None) -> list[Sheet]:
    """The sheets in their order; ``rows`` is what :func:`~amlscreen.sinks.evidence.rows_shown` gave, if at hand."""
    shown = result.alert_list[: result.settings.report_alerts]
    masker = Masker.of(result)
    rules = rules_table(result.outcomes, result.cards, result.settings.language)
    quarantine = _quarantine(result.data.quarantine.table)
    alerts_note = _alerts_note(len(shown), len(result.alert_list))
    ids = [alert.alert_id for alert in shown]
    evidence, evidence_note = _evidence(rows_shown(result) if rows is None else rows, ids, masker)
    return [
        Sheet("Read me", f"Alerts for review: what stands where (amlscreen {__version__})", _about(), filtered=False),
        Sheet("Alerts", alerts_note, _alerts(result, shown, masker), "alerts.csv", 4),
        *group_sheets(shown, masker),
        Sheet("Evidence", evidence_note, evidence, "evidence.csv", 1),
        Sheet("Protected", _protected_note(result), _protected(result, masker), "protected.csv"),
        Sheet("KYC", "Findings about identity papers and files.", kyc_table(result.kyc_list), "kyc.csv"),
        *_kyc_sheets(result, masker),
        Sheet("Data quality", result.quality.summary, findings_for_sheet(result.quality), "quality.csv", 2),
        Sheet(
            "Columns",
            "How full and varied each column is.",
            columns_for_people(result.quality),
            "quality_columns.csv",
            2,
        ),
        Sheet("Quarantine", "Rows that were not accepted, and why.", quarantine, "quarantine.csv"),
        Sheet("Rules", "What became of every rule.", rules, "rules.csv", 1),
        Sheet("Run", "What this run was; run.json is its whole record.", _run(result), filtered=False),
    ]


def _kyc_sheets(result: Screened, masker: Masker) -> list[Sheet]:
    kyc, most = result.kyc_report, result.settings.report_alerts
    tables = (
        (
            "KYC health",
            "Customers with something to do in their file",
            health_for_people(kyc, most),
            kyc.health_to_do.num_rows,
            "kyc_health.csv",
        ),
        (
            "Risk ratings",
            "Rated above the bank's own rating, or high, or medium where it has none",
            ratings_for_people(kyc, most),
            kyc.ratings_to_do.num_rows,
            "risk_ratings.csv",
        ),
        (
            "Cash reports",
            "Candidates for cash transaction reports; a person decides what is reported",
            cash_for_people(kyc, most),
            kyc.cash.num_rows,
            "cash_reports.csv",
        ),
    )
    sheets = []
    for name, note, table, every, rest_in in tables:
        rest = f" {table.num_rows:,} of {every:,} are listed; {rest_in} holds all." if table.num_rows < every else ""
        named = [column for column in ("customer_id", "accounts") if column in table.column_names]
        sheets.append(Sheet(name, f"{note}.{rest}", _masked(flat(table), named, masker), rest_in, 2))
    return sheets


def _alerts_note(shown: int, every: int) -> str:
    rest = "" if shown == every else " alerts.csv and alerts.parquet hold all of them."
    return f"{shown:,} of {every:,} alerts, most urgent first.{rest}"


def _alerts(result: Screened, shown: Sequence[Alert], masker: Masker) -> pa.Table:
    table = alerts_table(shown, Money.of(result.jurisdiction)).select(list(_ALERT_COLUMNS))
    return _masked(flat(table), ("subject_id", "customer_ids", "summary", "clause"), masker)


def _evidence(every: pa.Table, ids: Sequence[str], masker: Masker) -> tuple[pa.Table, str]:
    """In the order of the alerts, then of time; and the sentence that says how many of all rows are listed."""
    merged = masker.table(first_of_each(every, MOST_OF_AN_ALERT))
    note = "The transactions behind the alerts shown, once each."
    if merged.num_rows < every.num_rows:
        note += (
            f" {merged.num_rows:,} of {every.num_rows:,}: at most {MOST_OF_AN_ALERT} of an alert, those that decide"
            " first; evidence.csv and evidence.parquet hold all."
        )
    place = pc.index_in(merged.column("alert_id").cast(pa.string()), value_set=pa.array(ids, pa.string()))
    merged = merged.append_column("place", place)
    merged = merged.sort_by([("place", "ascending"), ("at", "ascending"), ("transaction_id", "ascending")])
    said = pc.if_else(merged.column("decides"), "decides", "context")
    merged = merged.set_column(merged.column_names.index("weight"), "weight", said)
    return flat(merged.select(list(_EVIDENCE_COLUMNS))), note


def _protected_note(result: Screened) -> str:
    if result.settings.show_protected:
        return "Possible victims, shown because the settings ask for it. Handle this workbook accordingly."
    return "Possible victims, masked; protected.csv, readable by its owner only, says who they are."


def _protected(result: Screened, masker: Masker) -> pa.Table:
    return _masked(protected_table(result.protected_list), ("customer_id", "reason"), masker)


def _masked(table: pa.Table, names: Iterable[str], masker: Masker) -> pa.Table:
    for name in names:
        texts = [None if text is None else masker.text(text) for text in table.column(name).to_pylist()]
        table = table.set_column(table.column_names.index(name), name, pa.array(texts, pa.string()))
    return table


def _quarantine(table: pa.Table) -> pa.Table:
    """The rows set aside; a value is shown only where its column is known to name nobody."""
    known = pc.is_in(table.column("column").cast(pa.string()), value_set=pa.array(_IMPERSONAL, pa.string()))
    value = pc.if_else(known, table.column("value").cast(pa.string()), "(in quarantine.csv)")
    return table.set_column(table.column_names.index("value"), "value", value)


def _about() -> pa.Table:
    return _pairs(_ABOUT, "Sheet", "What it holds")


def _pairs(pairs: Sequence[tuple[str, str]], left: str, right: str) -> pa.Table:
    return pa.table({left: [pair[0] for pair in pairs], right: [pair[1] for pair in pairs]})


def _run(result: Screened) -> pa.Table:
    settings = result.settings.model_dump(mode="json")
    facts: dict[str, Any] = {
        "institutions": ", ".join(result.data.institutions),
        "as_of": str(result.settings.as_of or day_text(result.data.last_complete_day)),
        "jurisdiction": result.jurisdiction.title,
        "rule_set_fingerprint": result.fingerprint,
        "settings_fingerprint": fingerprint_of(settings),
        **counts(result),
    }
    return _pairs([pair for key, value in facts.items() for pair in _laid_out(key, value)], "Fact", "Value")


def _laid_out(key: str, value: Any) -> list[tuple[str, str]]:
    if isinstance(value, dict):
        return [pair for inner, held in value.items() for pair in _laid_out(f"{key}: {inner}", held)]
    return [(key, str(value))]
