"""``report.html``: one self-contained page; no request leaves it, and its own policy forbids any.

The template is escaped throughout; style and script are inline and named by hash in the page's Content-Security-Policy.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc

from amlscreen._version import __version__
from amlscreen.rules.card import in_language
from amlscreen.settings import BANDS
from amlscreen.sinks.evidence import AlertEvidence, evidence_of, rows_shown
from amlscreen.sinks.group_picture import is_group
from amlscreen.sinks.kyc_tables import page_kyc
from amlscreen.sinks.manifest import counts, fingerprint_of
from amlscreen.sinks.page_alert import PageAlert, Reader, clauses_in_words, in_words
from amlscreen.sinks.protect import Masker
from amlscreen.sinks.quality_tables import page_quality
from amlscreen.sinks.screened import Reconciled, Screened
from amlscreen.sinks.standalone import asset, standalone
from amlscreen.sinks.wording import Money, day_text

__all__ = ["EVIDENCE_LISTED", "reader_of", "render", "write_page"]

EVIDENCE_LISTED = 50
"""Transactions listed for one alert in the page; the tables hold all."""

_LETTERS_OF_FINGERPRINT = 12
_LINES_SHOWN = 6  # of a list; the others unfold
_OUTCOMES = {"not_evaluable": "not evaluable", "failed": "failed"}


@dataclass(frozen=True, slots=True)
class _Tile:
    name: str
    figure: str
    note: str = ""


def write_page(result: Screened, path: Path, rows: pa.Table | None = None) -> None:
    """The page into a file; ``rows`` is what :func:`~amlscreen.sinks.evidence.rows_shown` gave, if it is at hand."""
    path.write_text(render(result, rows), encoding="utf-8", newline="\n")


def render(result: Screened, rows: pa.Table | None = None) -> str:
    """The page as text; equal runs give equal text."""
    style = asset("pictures.css") + asset("report.css")
    page = _content(result, rows_shown(result) if rows is None else rows)
    return standalone("report.html.j2", style=style, script=asset("report.js"), page=page)


def reader_of(result: Screened) -> Reader:
    """Words for this run's alerts: its currency, its provinces, its rules' titles."""
    language = result.settings.language
    return Reader(
        Money.of(result.jurisdiction),
        Masker.of(result),
        {province.code: province.name for province in result.jurisdiction.provinces},
        {rule_id: in_language(card.title, language) for rule_id, card in result.cards.items()},
        clauses_in_words(result.settings.policy),
    )


def _content(result: Screened, rows: pa.Table) -> dict[str, Any]:
    reader = reader_of(result)
    alerts = _alerts(result, reader, rows)
    settings = result.settings.model_dump(mode="json")
    figures = counts(result)
    return {
        "language": result.settings.language,
        "institutions": ", ".join(result.data.institutions),
        "as_of": str(result.settings.as_of or day_text(result.data.last_complete_day)),
        "jurisdiction": result.jurisdiction.title,
        "currency": result.jurisdiction.currency,
        "tiles": _tiles(figures),
        "shown_of": _shown_of(len(alerts), len(result.alert_list)),
        "alerts": alerts,
        "lines_shown": _LINES_SHOWN,
        "bands": [band for band in reversed(BANDS) if any(alert.band == band for alert in alerts)],
        "changes": sorted({alert.change for alert in alerts}),
        "protected": _protected(result, reader, {alert.alert_id for alert in alerts}),
        "protected_shown": result.settings.show_protected and bool(result.protected_list),
        "protected_note": _protected_note(len(result.protected_list), shown=result.settings.show_protected),
        "kyc": page_kyc(result, reader.masker),
        "money": reader.money,
        "rules": _rules(result, reader),
        "not_run_note": _not_run_note(figures["rules"]),
        "quality": page_quality(result.quality),
        "quarantine": _quarantine(result.data.quarantine.table),
        "quarantine_note": _quarantine_note(result.data.reconciliation),
        "warnings": list(result.data.warnings),
        "version": __version__,
        "rules_fingerprint": result.fingerprint[:_LETTERS_OF_FINGERPRINT],
        "settings_fingerprint": fingerprint_of(settings)[:_LETTERS_OF_FINGERPRINT],
    }


def _alerts(result: Screened, reader: Reader, rows: pa.Table) -> list[PageAlert]:
    shown = result.alert_list[: result.settings.report_alerts]
    ids = [alert.alert_id for alert in shown]
    groups = [alert.alert_id for alert in shown if is_group(alert)]
    evidence = evidence_of(rows, ids, reader.masker, most=EVIDENCE_LISTED, groups=groups)
    return [reader.alert(alert, evidence.get(alert.alert_id, AlertEvidence())) for alert in shown]


def _shown_of(shown: int, every: int) -> str:
    if shown == every:
        all_of_them = f"All {every:,} alerts, most urgent first. Ranks count customers without an alert too."
        return {0: "No alerts.", 1: "One alert."}.get(every, all_of_them)
    return f"{shown:,} of {every:,} alerts, the most urgent ones; alerts.csv and alerts.parquet hold all of them."


def _tiles(figures: dict[str, Any]) -> list[_Tile]:
    bands = figures["alerts_by_band"]
    said = ", ".join(f"{bands[band]:,} {band}" for band in reversed(BANDS) if bands.get(band))
    rules = figures["rules"]
    not_run = sum(number for status, number in rules.items() if status != "ran")
    aside = f"{figures['quarantined']:,} rows set aside"
    missing = f"{not_run:,} did not; see below" if not_run else "all of them"
    return [
        _Tile("Alerts", f"{figures['alerts']:,}", said),
        _Tile("Customers ranked", f"{figures['ranked']:,}", f"{figures['customers_in_alerts']:,} of them in an alert"),
        _Tile("Transactions read", f"{figures['transactions_accepted']:,}", aside),
        _Tile("Rules that ran", f"{rules.get('ran', 0):,}", missing),
        _Tile("Possible victims", f"{figures['protected_rows']:,}", "kept apart, never subjects"),
        _Tile("KYC findings", f"{figures['kyc_findings']:,}", "in kyc.csv"),
    ]


def _protected(result: Screened, reader: Reader, shown: set[str]) -> list[dict[str, Any]]:
    ordered = sorted(result.protected_list, key=lambda person: (-person.urgency, person.alert_id, person.customer_id))
    return [
        {
            "name": person.customer_id if result.settings.show_protected else f"Person {number}",
            "alert_id": person.alert_id,
            "anchor": person.alert_id if person.alert_id in shown else "",
            "urgency": person.urgency,
            "reason": reader.masker.text(person.reason),
        }
        for number, person in enumerate(ordered[: result.settings.report_alerts], start=1)
    ]


def _protected_note(number: int, *, shown: bool) -> str:
    if number == 0:
        return "Nobody was marked as a possible victim. The rules see few of them; watch for signs yourself."
    people = "One person" if number == 1 else f"{number:,} people"
    if shown:
        return f"{people}, shown by name of record because the settings ask for it. Handle this page accordingly."
    return (
        f"{people}, masked here and wherever they stand in the evidence. They are never the subject of an alert. "
        "Most urgent first; protected.csv, readable by its owner only, says who they are."
    )


def _rules(result: Screened, reader: Reader) -> list[dict[str, Any]]:
    order = {"failed": 0, "not_evaluable": 1, "ran": 2}
    return [
        {
            "rule_id": outcome.rule_id,
            "title": reader.titles.get(outcome.rule_id, ""),
            "status": outcome.status,
            "said": _OUTCOMES.get(outcome.status, outcome.status),
            "reason": outcome.reason,
            "notes": [note.replace("_", " ", 1) for note in outcome.notes],
            "hits": outcome.hits,
            "partial_hits": outcome.partial_hits,
            "subjects": outcome.subjects,
            "subjects_not_evaluable": outcome.subjects_not_evaluable,
        }
        for outcome in sorted(result.outcomes, key=lambda outcome: (order[outcome.status], outcome.rule_id))
    ]


def _not_run_note(rules: dict[str, int]) -> str:
    failed, missing = rules.get("failed", 0), rules.get("not_evaluable", 0)
    if not failed and not missing:
        return "Every rule ran."
    return f"{missing:,} not evaluable for want of data and {failed:,} failed: what they look for was not looked for."


def _quarantine(table: pa.Table) -> list[dict[str, Any]]:
    """Rows set aside by table, reason and column, commonest first, with the place of the first one; no values."""
    keys = ["table", "reason", "column"]
    columns: dict[str, Any] = {name: table.column(name).cast(pa.string()) for name in (*keys, "file", "line")}
    columns["place"] = pc.binary_join_element_wise(columns["file"], columns["line"], ":", null_handling="skip")
    said = pa.table(columns)
    groups = said.group_by(keys, use_threads=False).aggregate([([], "count_all"), ("place", "first")])
    rows = [
        {
            "table": row["table"],
            "reason": in_words(row["reason"] or ""),
            "column": row["column"],
            "rows": row["count_all"],
            "first": row["place_first"],
        }
        for row in groups.to_pylist()
    ]
    return sorted(rows, key=lambda row: (-row["rows"], row["table"] or "", row["reason"], row["column"] or ""))


def _quarantine_note(rows: Reconciled) -> str:
    parts = [f"{rows.rows_accepted:,} accepted", f"{rows.rows_quarantined:,} set aside"]
    if rows.rows_duplicate:
        parts.append(f"{rows.rows_duplicate:,} known as repeats")
    if rows.rows_excluded:
        parts.append(f"{rows.rows_excluded:,} left out by the mapping")
    told = f"{rows.rows_read:,} rows read: {', '.join(parts)}."
    if not rows.rows_quarantined:
        return told
    return f"{told} What was set aside took no part; quarantine.csv names file, line, column and reason of each row."
