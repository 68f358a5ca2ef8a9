"""The evidence of the alerts that are shown, ready for people: one row per transaction, days, and parties.

The evidence table says a transaction once per rule and episode that points at it; a person should see it once, with
the names of all of them. Everything over the whole evidence is done by Arrow; Python sees only what is shown.
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from amlscreen.sinks.pictures.flow import Party
from amlscreen.sinks.pictures.timeline import DayTotal
from amlscreen.sinks.protect import Masker

__all__ = ["AlertEvidence", "evidence_of", "first_of_each", "of_alerts", "once_each"]

Column = Any  # an Arrow column: the stubs' overloads know too few of the functions used here

_TRANSACTION = ("institution", "transaction_id", "account_id", "direction")


@dataclass(frozen=True, slots=True)
class AlertEvidence:
    """One alert's evidence: the rows shown, how many transactions there are, and what pictures need of all of them."""

    rows: tuple[dict[str, Any], ...] = ()
    transactions: int = 0
    days: tuple[DayTotal, ...] = ()
    parties: tuple[Party, ...] = ()


def evidence_of(table: pa.Table, alert_ids: Collection[str], masker: Masker, *, most: int) -> dict[str, AlertEvidence]:
    """The evidence of these alerts; of each at most ``most`` transactions are listed, those that decide first."""
    merged = masker.table(once_each(of_alerts(table, alert_ids)))
    listed = _grouped(first_of_each(merged, most))
    numbers = dict(zip(*_columns(merged.group_by("alert_id").aggregate([([], "count_all")])), strict=True))
    days, parties = _days(merged), _parties(merged, masker)
    return {
        alert_id: AlertEvidence(
            tuple(listed.get(alert_id, ())),
            numbers.get(alert_id, 0),
            tuple(days.get(alert_id, ())),
            tuple(parties.get(alert_id, ())),
        )
        for alert_id in alert_ids
    }


def once_each(table: pa.Table) -> pa.Table:
    """One row per alert and transaction, in order of alert and time, with ``stands_for`` (list) and ``decides``."""
    rule, part, weight = _text(table, "rule_id"), _text(table, "part"), _text(table, "weight")
    columns: dict[str, Column] = {name: table.column(name) for name in ("alert_id", *_TRANSACTION)}
    columns["number"] = pa.array(np.arange(table.num_rows))
    columns["decides"] = pc.equal(weight, pa.scalar("decides"))
    columns["stands_for"] = pc.binary_join_element_wise(rule, part, " ", null_handling="skip")
    keyed = pa.table(columns)
    groups = keyed.group_by(["alert_id", *_TRANSACTION], use_threads=False).aggregate(
        [("number", "min"), ("decides", "any"), ("stands_for", "list")]
    )
    merged = table.take(groups.column("number_min"))
    merged = merged.append_column("decides", groups.column("decides_any"))
    merged = merged.append_column("stands_for", groups.column("stands_for_list"))
    return merged.sort_by([("alert_id", "ascending"), ("at", "ascending"), ("transaction_id", "ascending")])


def of_alerts(table: pa.Table, alert_ids: Collection[str]) -> pa.Table:
    """The rows of these alerts."""
    wanted = pa.array(sorted(alert_ids), pa.string())
    among: Column = pc.is_in(_text(table, "alert_id"), value_set=wanted)
    return table.filter(among)


def _text(table: pa.Table, name: str) -> Column:
    return table.column(name).cast(pa.string())


def first_of_each(merged: pa.Table, most: int) -> pa.Table:
    """Of each alert at most so many rows of :func:`once_each`: those that decide first, then by time; order stays."""
    context = ~merged.column("decides").to_numpy(zero_copy_only=False)
    alert = merged.column("alert_id").combine_chunks().dictionary_encode().indices.to_numpy()
    order = np.lexsort((context, alert))  # stable, so time decides within each
    starts = np.flatnonzero(np.diff(alert[order], prepend=-1))
    place = np.arange(len(order)) - np.repeat(starts, np.diff(np.append(starts, len(order))))
    return merged.take(np.sort(order[place < most]))


def _grouped(merged: pa.Table) -> dict[str, list[dict[str, Any]]]:
    found: dict[str, list[dict[str, Any]]] = {}
    for row in merged.to_pylist():
        row["stands_for"] = tuple(dict.fromkeys(filter(None, row["stands_for"])))
        found.setdefault(row["alert_id"], []).append(row)
    return found


def _columns(table: pa.Table) -> tuple[list[Any], list[Any]]:
    first, second = (column.to_pylist() for column in table.columns)
    return first, second


def _days(merged: pa.Table) -> dict[str, list[DayTotal]]:
    totals = merged.group_by(["alert_id", "local_day", "direction", "decides"], use_threads=False).aggregate(
        [("amount", "sum"), ([], "count_all")]
    )
    found: dict[str, list[DayTotal]] = {}
    for row in totals.to_pylist():
        day = DayTotal(row["local_day"], row["direction"], row["decides"], row["amount_sum"], row["count_all"])
        found.setdefault(row["alert_id"], []).append(day)
    return found


def _parties(merged: pa.Table, masker: Masker) -> dict[str, list[Party]]:
    other: Column = pc.coalesce(_text(merged, "counterparty"), _text(merged, "channel"), "channel unknown")
    named = merged.set_column(merged.column_names.index("counterparty"), "counterparty", other)
    totals = named.group_by(["alert_id", "direction", "counterparty"], use_threads=False).aggregate(
        [("amount", "sum"), ([], "count_all")]
    )
    found: dict[str, list[Party]] = {}
    for row in totals.to_pylist():
        name = masker.text(row["counterparty"])
        party = Party(name, row["direction"], row["amount_sum"], row["count_all"])
        found.setdefault(row["alert_id"], []).append(party)
    return found
