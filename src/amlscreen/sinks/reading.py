"""An alert read back from an output folder, for ``amlscreen explain``."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from amlscreen.alerts import Story
from amlscreen.errors import DataError, Place, SettingsError, did_you_mean
from amlscreen.hits import Member
from amlscreen.sinks.members import members_in_words
from amlscreen.sinks.page_alert import told

__all__ = ["picture_lists", "read_alert"]

_NAMED = 20
_ORDER = ("rule_id", "episode", "at", "transaction_id")


def read_alert(out: Path, alert_id: str) -> tuple[dict[str, Any], list[dict[str, Any]]]:
    """One alert of an output folder, as in ``alerts.parquet``, and its evidence rows in order of rule and time.

    The start of an id is enough if one alert only has it. Raises :class:`~amlscreen.errors.SettingsError` if none has,
    and :class:`~amlscreen.errors.DataError` if the folder is not one an earlier run wrote.
    """
    ids: list[str] = [str(known) for known in _read(out, "alerts.parquet", None, ["alert_id"])["alert_id"].to_pylist()]
    found = [known for known in ids if known == alert_id] or [known for known in ids if known.startswith(alert_id)]
    if len(found) != 1:
        problem = "More than one alert starts" if found else "No alert starts"
        raise SettingsError(
            f"{problem} with '{alert_id}'.",
            place=Place(str(out)),
            fix=did_you_mean(alert_id, (found or ids)[:_NAMED]) if ids else "This run has no alerts.",
        )
    wanted = pc.field("alert_id") == found[0]
    alert = _read(out, "alerts.parquet", wanted).to_pylist()[0]
    rows = _read(out, "evidence.parquet", wanted)
    return alert, rows.sort_by([(name, "ascending") for name in _ORDER]).to_pylist()


def picture_lists(alert: Mapping[str, Any]) -> dict[str, tuple[str, ...]]:
    """What an alert read back looks like and who is in it, by title; possible victims are counted only."""
    stories = [Story(**story) for story in alert["stories"] or ()]
    members = [Member(**one, customer_ids=()) for one in alert["members"] or ()]
    return {
        "What it looks like": tuple(line for story in stories for line in told(story)),
        "Who is in it": members_in_words(members, str, hides=True),
    }


def _read(out: Path, name: str, wanted: pc.Expression | None, columns: list[str] | None = None) -> pa.Table:
    fix = "Give the folder that `amlscreen screen -o` wrote."
    try:
        return pq.read_table(out / name, columns=columns, filters=wanted)
    except FileNotFoundError as problem:
        raise DataError("is not there.", place=Place(str(out / name)), fix=fix) from problem
    except (OSError, pa.ArrowInvalid) as problem:
        raise DataError("cannot be read as Parquet.", place=Place(str(out / name)), fix=fix) from problem
