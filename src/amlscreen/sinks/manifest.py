"""``run.json``: what went in, what came out, with what, and what did not run.

Everything in it is the same for equal runs, apart from the one object ``times``.
"""

from __future__ import annotations

import hashlib
import json
import platform
from collections import Counter
from importlib import metadata
from pathlib import Path
from typing import Any

from amlscreen._version import __version__
from amlscreen.errors import EngineError
from amlscreen.feature_catalogue import catalogue
from amlscreen.profiling import running
from amlscreen.rules.card import Card
from amlscreen.scorecard.model import Scorecard
from amlscreen.sinks.atomic import PROGRAM
from amlscreen.sinks.screened import Screened
from amlscreen.sinks.wording import day_text

__all__ = ["fingerprint_of", "manifest", "rule_facts", "write_manifest"]

_TYING_SHAPES = frozenset({"path", "cluster"})
_LIBRARIES = ("duckdb", "numba", "numpy", "pandas", "pyarrow", "pydantic", "python-calamine", "xlsxwriter", "jinja2")


def fingerprint_of(content: Any) -> str:
    """SHA-256 over the content as JSON with sorted keys."""
    text = json.dumps(content, sort_keys=True, ensure_ascii=False, default=str)
    return hashlib.sha256(text.encode()).hexdigest()


def manifest(result: Screened) -> dict[str, Any]:
    """The run as plain values; :class:`~amlscreen.errors.EngineError` if a score is not the sum of its rows."""
    _scores_add_up(result)
    result.data.reconciliation.ties()
    settings = result.settings.model_dump(mode="json")
    jurisdiction = result.jurisdiction.model_dump(mode="json")
    return {
        "program": PROGRAM,
        "version": __version__,
        "versions": _versions(),
        "institutions": list(result.data.institutions),
        "as_of": str(result.settings.as_of or day_text(result.data.last_complete_day)),
        "first_day": day_text(result.data.first_day),
        "jurisdiction": {"id": result.jurisdiction.id, "fingerprint": fingerprint_of(jurisdiction)},
        "settings": settings,
        "settings_fingerprint": fingerprint_of(settings),
        "rule_set_fingerprint": result.fingerprint,
        "scorecard_fingerprint": Scorecard.read(card).fingerprint if (card := result.settings.scorecard) else None,
        "input": result.data.reconciliation.to_dict(),
        "counts": counts(result),
        "kyc_not_judged": list(result.kyc_report.not_judged),
        "kyc_standard": {
            "id": result.kyc_report.standard.id,
            "version": result.kyc_report.standard.version,
            "fingerprint": fingerprint_of(result.kyc_report.standard.model_dump(mode="json")),
        },
        "quality": {
            "summary": result.quality.summary,
            "not_checked": list(result.quality.left_out),
            "findings": _findings(result),
        },
        "rules": _rules(result),
        "did_not_run": _did_not_run(result),
        "warnings": list(result.data.warnings),
        "times": {
            **result.times,
            **({"stages": [one.told() for one in profile.stages.values()]} if (profile := running()) else {}),
            "rules": {outcome.rule_id: round(outcome.seconds, 6) for outcome in result.outcomes},
        },
    }


def counts(result: Screened) -> dict[str, Any]:
    """How much of everything there is; page and workbook show these figures too."""
    alerts = result.alert_list
    alerted = {(alert.subject.institution, customer) for alert in alerts for customer in alert.customer_ids}
    return {
        **result.verdict.counts,
        "rows_read": result.data.reconciliation.rows_read,
        "transactions_accepted": result.data.rows_accepted,
        "quarantined": result.data.quarantine.table.num_rows,
        "ranked": result.ranked_table.num_rows,
        "alerts": len(alerts),
        "alerts_by_band": dict(sorted(Counter(alert.band for alert in alerts).items())),
        "alerts_by_change": dict(sorted(Counter(alert.change for alert in alerts).items())),
        "alerts_in_page_and_workbook": min(len(alerts), result.settings.report_alerts),
        "customers_in_alerts": len(alerted),
        "evidence_rows": result.evidence_table.num_rows,
        "protected_rows": len(result.protected_list),
        "kyc_findings": len(result.kyc_list),
        "kyc": result.kyc_report.counts,
        "data_quality": result.quality.counts,
        "rules": dict(sorted(Counter(outcome.status for outcome in result.outcomes).items())),
    }


def write_manifest(result: Screened, folder: Path) -> None:
    """``run.json``, with size and hash of every other file in the folder; so it is written last."""
    content = manifest(result)
    content["outputs"] = {path.name: _digest(path) for path in sorted(folder.iterdir())}
    text = json.dumps(content, indent=2, ensure_ascii=False, default=str)
    (folder / "run.json").write_text(text + "\n", encoding="utf-8", newline="\n")


def _scores_add_up(result: Screened) -> None:
    for alert in result.alert_list:
        total = sum(row.points for row in alert.contributions)
        if total != alert.score:
            raise EngineError(
                f"Alert {alert.alert_id} has score {alert.score}, but its contributions add up to {total}.",
                fix="This is a fault of the program; nothing was written.",
            )


def _versions() -> dict[str, str]:
    return {"python": platform.python_version(), **{name: metadata.version(name) for name in _LIBRARIES}}


def _rules(result: Screened) -> list[dict[str, Any]]:
    names = ("rule_id", "version", "status", "reason", "hits", "partial_hits", "subjects", "subjects_not_evaluable")
    told = [{name: getattr(outcome, name) for name in names} for outcome in result.outcomes]
    return [{**one, **rule_facts(result.cards.get(one["rule_id"]))} for one in told]


def rule_facts(card: Card | None) -> dict[str, Any]:
    """The family of a rule, and whether it rests on ties between customers: paths of money, shared values, the place in
    the flow graph.
    """
    if card is None:
        return {"family": "", "graph": False}
    chosen = set(getattr(card.detect, "features", ()) or ())
    in_graph = {name for name in chosen if catalogue()[name].group == "graph"} if chosen else set()
    graph = card.detect.shape in _TYING_SHAPES or 2 * len(in_graph) > len(chosen)
    return {"family": card.family, "graph": graph}


def _findings(result: Screened) -> list[dict[str, Any]]:
    """The findings without what their check always says, which the documentation has."""
    names = ("severity", "check", "where", "what", "rows", "blinds", "weakens")
    return [{name: getattr(one, name) for name in names} for one in result.quality.findings]


def _did_not_run(result: Screened) -> list[dict[str, str]]:
    return [
        {"rule_id": outcome.rule_id, "status": outcome.status, "reason": outcome.reason}
        for outcome in result.outcomes
        if outcome.status != "ran"
    ]


def _digest(path: Path) -> dict[str, Any]:
    with path.open("rb") as file:
        digest = hashlib.file_digest(file, "sha256").hexdigest()
    return {"bytes": path.stat().st_size, "sha256": digest}
