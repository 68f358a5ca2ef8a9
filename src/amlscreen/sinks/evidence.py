"""The evidence of the alerts that are shown, ready for people: one row per transaction, days, and parties.

The evidence table says a transaction once per rule and episode that points at it; a person should see it once, with
the names of all of them. Everything over the whole evidence is done by Arrow; Python sees only what is shown.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from amlscreen.sinks.pictures.flow import Party
from amlscreen.sinks.pictures.payments import Payment
from amlscreen.sinks.pictures.timeline import DayTotal
from amlscreen.sinks.protect import MASK, Masker
from amlscreen.sinks.screened import Screened

__all__ = ["AlertEvidence", "evidence_of", "first_of_each", "of_alerts", "once_each", "rows_shown"]

Column = Any  # an Arrow column: the stubs' overloads know too few of the functions used here

_TRANSACTION = ("institution", "transaction_id", "account_id", "direction")
_PARTIES = ["alert_id", "institution", "account_id", "customer_id", "direction", "counterparty", "channel"]
_OF_PAYMENTS = [*_PARTIES, "amount", "local_day", "at"]


@dataclass(frozen=True, slots=True)
class AlertEvidence:
    """One alert's evidence: the rows shown, how many transactions there are, and what pictures need of all of them."""

    rows: tuple[dict[str, Any], ...] = ()
    transactions: int = 0
    days: tuple[DayTotal, ...] = ()
    parties: tuple[Party, ...] = ()
    payments: tuple[Payment, ...] = ()
    holders: Mapping[str, str] = field(default_factory=dict)


def rows_shown(result: Screened) -> pa.Table:
    """The evidence of the alerts that page and workbook show, by :func:`once_each`."""
    shown = result.alert_list[: result.settings.report_alerts]
    return once_each(of_alerts(result.evidence_table, [alert.alert_id for alert in shown]))


def evidence_of(
    rows: pa.Table, alert_ids: Collection[str], masker: Masker, *, most: int, groups: Collection[str] = ()
) -> dict[str, AlertEvidence]:
    """The evidence of these alerts, whose ``rows`` :func:`once_each` gave; of each at most ``most`` are listed, those
    that decide first.

    Who paid whom is told for those in ``groups``; ``holders`` has the customer of each account with rows, by its key.
    """
    merged = masker.table(rows)
    listed = _grouped(first_of_each(merged, most))
    numbers = dict(zip(*_columns(merged.group_by("alert_id").aggregate([([], "count_all")])), strict=True))
    days, parties = _days(merged), _parties(merged, masker)
    payments, holders = _payments(of_alerts(merged.select(_OF_PAYMENTS), groups))
    return {
        alert_id: AlertEvidence(
            tuple(listed.get(alert_id, ())),
            numbers.get(alert_id, 0),
            tuple(days.get(alert_id, ())),
            tuple(parties.get(alert_id, ())),
            tuple(payments.get(alert_id, ())),
            holders.get(alert_id, {}),
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


def _columns(table: pa.Table) -> list[list[Any]]:
    return [column.to_pylist() for column in table.columns]


def _told(table: pa.Table, *names: str) -> Iterator[tuple[Any, ...]]:
    """Rows as tuples of these columns: made column by column, which is many times quicker than a mapping for each."""
    return zip(*_columns(table.select(list(names))), strict=True)


def _days(merged: pa.Table) -> dict[str, list[DayTotal]]:
    totals = merged.group_by(["alert_id", "local_day", "direction", "decides"], use_threads=False).aggregate(
        [("amount", "sum"), ([], "count_all")]
    )
    found: dict[str, list[DayTotal]] = {}
    for alert_id, *day in _told(totals, "alert_id", "local_day", "direction", "decides", "amount_sum", "count_all"):
        found.setdefault(alert_id, []).append(DayTotal(*day))
    return found


def _parties(merged: pa.Table, masker: Masker) -> dict[str, list[Party]]:
    other: Column = pc.coalesce(_text(merged, "counterparty"), _text(merged, "channel"), "channel unknown")
    named = merged.set_column(merged.column_names.index("counterparty"), "counterparty", other)
    totals = named.group_by(["alert_id", "direction", "counterparty"], use_threads=False).aggregate(
        [("amount", "sum"), ([], "count_all")]
    )
    found: dict[str, list[Party]] = {}
    for alert_id, name, *sums in _told(totals, "alert_id", "counterparty", "direction", "amount_sum", "count_all"):
        found.setdefault(alert_id, []).append(Party(masker.text(name), *sums))
    return found


def _payments(merged: pa.Table) -> tuple[dict[str, list[Payment]], dict[str, dict[str, str]]]:
    """Who paid whom by alert, and the holder of each account with rows; a payment that both sides booked stands once.

    Of the two bookings the side that says more money tells, since evidence may hold one leg of some payments only.
    """
    columns: dict[str, Column] = {name: _text(merged, name) for name in _PARTIES}
    columns |= {"amount": merged.column("amount"), "day": merged.column("local_day"), "at": merged.column("at")}
    totals = (
        pa.table(columns)
        .group_by(_PARTIES, use_threads=False)
        .aggregate([("amount", "sum"), ([], "count_all"), ("day", "min"), ("at", "min")])
    )
    legs: dict[tuple[str, str, str], dict[str, Payment]] = {}
    holders: dict[str, dict[str, str]] = {}
    sums = ("amount_sum", "count_all", "day_min", "at_min")
    for row in _told(totals, *_PARTIES, *sums):
        alert_id, bank, account, holder, direction, party, channel, amount, count, day, at = row
        own = MASK if account == MASK else f"account:{bank}/{account}"
        way = "in" if direction == "credit" else "out"
        other = party or f"channel:{channel or 'channel unknown'} {way}"
        source, target = (other, own) if way == "in" else (own, other)
        holders.setdefault(alert_id, {})[own] = holder or ""
        one = Payment(source, target, amount, count, f"{day} {at}")
        sides = legs.setdefault((alert_id, source, target), {})
        sides[way] = _added(sides[way], one) if way in sides else one
    found: dict[str, list[Payment]] = {}
    for (alert_id, _, _), sides in legs.items():
        found.setdefault(alert_id, []).append(max(sides.values(), key=lambda one: (one.amount, one.transactions)))
    return found, holders


def _added(one: Payment, other: Payment) -> Payment:
    amount, count = one.amount + other.amount, one.transactions + other.transactions
    return Payment(one.source, one.target, amount, count, min(one.first, other.first))
