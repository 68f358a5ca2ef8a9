"""What an earlier run left behind, so that alerts keep their ids: its alerts, their evidence, and its history.

History holds alerts of runs before the last that had fallen silent. It is what makes an alert that
comes back ``reopened``.
"""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq

from amlscreen.alerting.book import TransactionKey
from amlscreen.errors import DataError, Place
from amlscreen.hits import SubjectRef

__all__ = ["HISTORY_COLUMNS", "HISTORY_DAYS", "Earlier", "Previous", "history_table"]

HISTORY_DAYS = 366
HISTORY_COLUMNS = pa.schema(
    (
        ("alert_id", pa.string()),
        ("revision", pa.int64()),
        ("institution", pa.string()),
        ("subject_kind", pa.string()),
        ("subject_id", pa.string()),
        ("last_day", pa.date32()),
        ("transaction_id", pa.string()),
        ("account_id", pa.string()),
    )
)
_ALERT_COLUMNS = ("alert_id", "revision", "institution", "subject_kind", "subject_id", "last_day")
_EVIDENCE_COLUMNS = ("alert_id", "institution", "transaction_id", "account_id")


@dataclass(frozen=True, slots=True)
class Earlier:
    """An alert of an earlier run. ``lapsed``: the last run no longer showed it."""

    alert_id: str
    revision: int
    subject: SubjectRef
    last_day: int
    rows: frozenset[TransactionKey]
    lapsed: bool = False


@dataclass(frozen=True, slots=True)
class Previous:
    """Earlier alerts by id. ``Previous.read(OUT)`` takes what an earlier ``screen`` wrote into that folder."""

    alerts: Mapping[str, Earlier]

    @classmethod
    def of(cls, alerts: Iterable[Earlier]) -> Previous:
        """Earlier alerts that are already at hand."""
        return cls({alert.alert_id: alert for alert in alerts})

    @classmethod
    def read(cls, folder: str | Path) -> Previous:
        """From ``alerts.parquet`` and ``evidence.parquet``, and ``history.parquet`` where there is one."""
        folder = Path(folder)
        alerts = _columns(folder / "alerts.parquet", _ALERT_COLUMNS)
        rows = _rows_by_alert(_columns(folder / "evidence.parquet", _EVIDENCE_COLUMNS))
        found = [_earlier(row, rows[row["alert_id"]], lapsed=False) for row in alerts]
        if (folder / "history.parquet").is_file():
            history = _columns(folder / "history.parquet", tuple(HISTORY_COLUMNS.names))
            rows = _rows_by_alert(history)
            shown = {alert.alert_id for alert in found}
            gone = {row["alert_id"]: row for row in history if row["alert_id"] not in shown}
            found += [_earlier(gone[alert_id], rows[alert_id], lapsed=True) for alert_id in sorted(gone)]
        return cls.of(found)


def history_table(alerts: Iterable[Earlier], *, as_of: int) -> pa.Table:
    """Alerts no longer shown, a line for each evidence row, kept for ``HISTORY_DAYS`` after their last day."""
    lines = [
        {
            "alert_id": alert.alert_id,
            "revision": alert.revision,
            "institution": alert.subject.institution,
            "subject_kind": alert.subject.kind,
            "subject_id": alert.subject.id,
            "last_day": dt.date(1970, 1, 1) + dt.timedelta(days=alert.last_day),
            "transaction_id": transaction_id,
            "account_id": account_id,
        }
        for alert in sorted(alerts, key=lambda alert: alert.alert_id)
        if alert.last_day > as_of - HISTORY_DAYS
        for _, transaction_id, account_id in sorted(alert.rows)
    ]
    return pa.Table.from_pylist(lines, HISTORY_COLUMNS)


def _columns(path: Path, names: tuple[str, ...]) -> list[dict[str, Any]]:
    fix = "Give the folder that an earlier `amlscreen screen -o` wrote."
    try:
        present = pq.read_schema(path).names
        missing = [name for name in names if name not in present]
        if missing:
            raise DataError(f"lacks the columns {', '.join(missing)}.", place=Place(str(path)), fix=fix)
        return pq.read_table(path, columns=list(names)).to_pylist()
    except FileNotFoundError as problem:
        raise DataError("is not there; no earlier alerts to take up.", place=Place(str(path)), fix=fix) from problem
    except (OSError, pa.ArrowInvalid) as problem:
        raise DataError("is not a Parquet file that can be read.", place=Place(str(path)), fix=fix) from problem


def _rows_by_alert(lines: Iterable[Mapping[str, Any]]) -> dict[str, set[TransactionKey]]:
    rows: dict[str, set[TransactionKey]] = defaultdict(set)
    for line in lines:
        rows[line["alert_id"]].add((line["institution"], line["transaction_id"], line["account_id"]))
    return rows


def _earlier(row: Mapping[str, Any], rows: Iterable[TransactionKey], *, lapsed: bool) -> Earlier:
    subject = SubjectRef(row["institution"], row["subject_kind"], row["subject_id"])
    return Earlier(row["alert_id"], int(row["revision"]), subject, _day(row["last_day"]), frozenset(rows), lapsed)


def _day(value: Any) -> int:
    if isinstance(value, int):
        return value
    day = value if isinstance(value, dt.date) else dt.date.fromisoformat(str(value)[:10])
    return (day - dt.date(1970, 1, 1)).days
