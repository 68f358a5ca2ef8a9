"""Reading an output folder back: one alert and its evidence."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from amlscreen.errors import DataError, Place, SettingsError, did_you_mean

__all__ = ["read_alert"]


def read_alert(out: Path, alert_id: str) -> tuple[dict[str, Any], list[dict[str, Any]]]:
    """The alert whose id is, or alone begins with, ``alert_id``, and its evidence rows in order of time."""
    alerts = _table(out / "alerts.parquet")
    found = [row for row in alerts.to_pylist() if row["alert_id"].startswith(alert_id)]
    if len(found) != 1:
        problem = "More than one alert begins" if found else "No alert begins"
        raise SettingsError(
            f"{problem} with '{alert_id}' in {out}.",
            fix=did_you_mean(alert_id, [str(one) for one in alerts["alert_id"].to_pylist()[:20]]),
        )
    evidence = _table(out / "evidence.parquet")
    mine = evidence.filter(pc.equal(evidence["alert_id"], pa.scalar(found[0]["alert_id"])))
    return found[0], mine.sort_by([("at", "ascending"), ("transaction_id", "ascending")]).to_pylist()


def _table(path: Path) -> pa.Table:
    if not path.exists():
        raise DataError("is missing.", place=Place(str(path)), fix="Name the folder that `screen -o` wrote.")
    try:
        return pq.read_table(path)
    except pa.ArrowInvalid as problem:
        raise DataError(f"is not a readable Parquet file: {problem}", place=Place(str(path))) from problem
