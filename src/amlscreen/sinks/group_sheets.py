"""Sheets about groups and typologies: who is in an alert, and what it looks like."""

from __future__ import annotations

from collections.abc import Sequence

import pyarrow as pa

from amlscreen.alerts import Alert
from amlscreen.sinks.members import among
from amlscreen.sinks.protect import Masker
from amlscreen.sinks.sheet import Sheet

__all__ = ["group_sheets"]

_MEMBER_COLUMNS = ("rank", "alert_id", "subject_id", "parts", "kind", "member", "role")
_STORY_COLUMNS = ("rank", "alert_id", "subject_id", "typology", "looks_like", "seen", "missing", "blind")


def group_sheets(alerts: Sequence[Alert], masker: Masker) -> list[Sheet]:
    """Members, one row for each member of an alert, and stories, one row for each typology of an alert."""
    members = [
        (*_of(alert, masker), ", ".join(one.parts).replace("_", " "), one.kind, one.shown, one.role.replace("_", " "))
        for alert in alerts
        for one in among(alert.members, masker.text, hides=masker.hides)
    ]
    stories = [
        (
            *_of(alert, masker),
            story.typology.replace("_", " "),
            story.title,
            *("; ".join(titles) for titles in (story.seen, story.missing, story.blind)),
        )
        for alert in alerts
        for story in alert.stories
    ]
    return [
        Sheet("Members", _note(members), _table(members, _MEMBER_COLUMNS), "alerts.parquet", 2),
        Sheet(
            "Stories",
            "Typologies an alert looks like: what was seen of each, missing, or not visible in this data.",
            _table(stories, _STORY_COLUMNS),
            "alerts.parquet",
            2,
        ),
    ]


def _note(members: Sequence[object]) -> str:
    if not members:
        return "No alert is about a group that a rule found."
    return "Who is in the groups, once each; the role is what the rules suggest, for a person to judge."


def _of(alert: Alert, masker: Masker) -> tuple[int, str, str]:
    return alert.rank, alert.alert_id, masker.text(alert.subject.id)


def _table(rows: Sequence[tuple[object, ...]], names: Sequence[str]) -> pa.Table:
    kinds = [pa.int64() if name == "rank" else pa.string() for name in names]
    return pa.table(
        {
            name: pa.array([row[at] for row in rows], kind)
            for at, (name, kind) in enumerate(zip(names, kinds, strict=True))
        }
    )
