"""Hits as tables to read while a rule is written or tuned: what each says, and the rows it saw."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from amlscreen.errors import SettingsError, did_you_mean
from amlscreen.evidence import told_rows
from amlscreen.finding import Findings
from amlscreen.hits import Hit
from amlscreen.narrative import Style, explain, format_day
from amlscreen.rules.card import Card

if TYPE_CHECKING:
    import pandas as pd

    from amlscreen.intake.dataset import Dataset

__all__ = ["hit_rows", "hits_table"]

_COLUMNS = ("rule_id", "subject_kind", "subject_id", "episode", "first_day", "last_day", "says", "rows", "partial")
_WITHHELD = "(withheld)"
Hidden = Collection[tuple[str, str]]


def hits_table(findings: Findings, cards: Mapping[str, Card], style: Style, hidden: Hidden, *ids: str) -> pd.DataFrame:
    """One row for each hit, in order of rule and subject; with ``ids``, only of these rules.

    ``hidden`` are (institution, customer_id) of possible victims: a subject that is theirs is withheld.
    """
    import pandas as pd

    for one in ids:
        if one not in cards:
            raise SettingsError(f"There is no rule '{one}' in this run.", fix=did_you_mean(one, cards))
    chosen = (hit for hit in findings.hits if not ids or hit.rule_id in ids)
    rows = [_row(_withheld(hit, hidden), cards[hit.rule_id], style) for hit in sorted(chosen, key=_order)]
    return pd.DataFrame(rows, columns=list(_COLUMNS))


def _order(hit: Hit) -> tuple[Any, ...]:
    return hit.rule_id, hit.subject, hit.episode


def _withheld(hit: Hit, hidden: Hidden) -> Hit:
    theirs = any((hit.subject.institution, one) in hidden for one in hit.customer_ids)
    return replace(hit, subject=replace(hit.subject, id=_WITHHELD)) if theirs and not hit.members else hit


def _row(hit: Hit, card: Card, style: Style) -> dict[str, Any]:
    return {
        "rule_id": hit.rule_id,
        "subject_kind": hit.subject.kind,
        "subject_id": hit.subject.id,
        "episode": hit.episode,
        "first_day": format_day(hit.first_day),
        "last_day": format_day(hit.last_day),
        "says": explain(card, hit, style),
        "rows": hit.row_ids.size,
        "partial": hit.partial,
    }


def hit_rows(
    data: Dataset, findings: Findings, hidden: Hidden, *, rule_id: str, subject: str, episode: int = 1
) -> pd.DataFrame:
    """The transactions behind one hit, in order of time, each with its part and whether it decides.

    An episode that ended before the alerting span is context and carries no rows. SettingsError for an unknown hit.
    """
    found = _found(findings.hits, rule_id, subject, episode)
    told = told_rows(data.rows(found.row_ids), data, findings.reference, hidden)
    table = told.to_pandas()
    table.insert(0, "decides", found.decides)
    table.insert(0, "part", list(found.parts))
    return table


def _found(hits: Iterable[Hit], rule_id: str, subject: str, episode: int) -> Hit:
    mine = [hit for hit in hits if hit.rule_id == rule_id]
    for hit in mine:
        if (hit.subject.id, hit.episode) == (subject, episode):
            return hit
    known = sorted({hit.subject.id for hit in mine})
    fix = did_you_mean(subject, known[:20]) if known else f"{rule_id} has no hit in this run."
    raise SettingsError(f"There is no episode {episode} of {rule_id} about '{subject}'.", fix=fix)
