"""The second pass: the transactions behind every alert, fetched by key, only for what alerts."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from decimal import Decimal
from typing import TYPE_CHECKING, Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray

from amlscreen.alerts import Alert
from amlscreen.intake.currencies import minor_digits
from amlscreen.ledger.reference import Reference, whole

if TYPE_CHECKING:
    from amlscreen.intake.dataset import Dataset

__all__ = ["evidence_table", "told_rows"]

_AS_THEY_ARE = (
    "currency",
    "channel",
    "kind",
    "purpose",
    "counterparty",
    "counterparty_kind",
    "province",
    "country",
    "branch_id",
    "terminal_id",
    "narrative",
)


def evidence_table(
    alerts: Sequence[Alert], data: Dataset, reference: Reference, hidden: Collection[tuple[str, str]]
) -> pa.Table:
    """One row for each alert, rule, episode and transaction, in ranked order.

    ``hidden`` are (institution, customer_id) of possible victims: their id does not stand in the table.
    """
    rows = [(alert, piece) for alert in alerts for piece in alert.evidence]
    row_ids = np.array([piece.row_id for _, piece in rows], np.int64)
    distinct, back = np.unique(row_ids, return_inverse=True)
    facts = data.rows(distinct).combine_chunks()
    table = pa.table(
        {
            "alert_id": pa.array([alert.alert_id for alert, _ in rows], pa.string()),
            "rule_id": pa.array([piece.rule_id for _, piece in rows], pa.string()),
            "episode": pa.array([piece.episode for _, piece in rows], pa.int64()),
            "part": pa.array([piece.part for _, piece in rows], pa.string()),
            "weight": pa.array([piece.weight for _, piece in rows], pa.string()),
        }
    )
    told = told_rows(facts, data, reference, hidden).take(pa.array(back, pa.int64()))
    for name in told.column_names:
        table = table.append_column(name, told[name])
    return table


def told_rows(facts: pa.Table, data: Dataset, reference: Reference, hidden: Collection[tuple[str, str]]) -> pa.Table:
    """Transactions in the units people read: decimals, dates, local wall time. ``hidden`` as above."""
    home = data.jurisdiction
    offset = home.utc_offset_minutes * 60_000_000
    local = pa.array(facts["at"].to_numpy().astype(np.int64) + offset)
    columns: dict[str, Any] = {
        "institution": facts["institution"].cast(pa.string()),
        "transaction_id": facts["transaction_id"],
        "account_id": facts["account_id"],
        "customer_id": _owners(facts, reference, hidden),
        "local_day": facts["local_day"].cast(pa.int32()).cast(pa.date32()),
        "at": local.cast(pa.timestamp("us")),
        "direction": facts["direction"].cast(pa.string()),
        "amount": _decimal(facts["amount"], home.minor_digits),
        "currency_home": pa.array([home.currency] * facts.num_rows, pa.string()),
        "amount_original": _original(facts),
        **{name: facts[name].cast(pa.string()) for name in _AS_THEY_ARE},
        "file": pa.array(np.array([*data.files, ""], object)[facts["file_no"].to_numpy()], pa.string()),
        "record": facts["record"],
    }
    return pa.table(columns)


def _decimal(minor: pa.ChunkedArray[Any], digits: int) -> pa.Array[Any]:
    """Minor units as exact decimals in whole units: int64 read as a decimal, then moved by its scale."""
    unit = pa.scalar(Decimal(1).scaleb(-digits), pa.decimal128(digits + 1, digits))
    return pc.multiply(whole(minor).cast(pa.decimal128(19, 0)), unit).cast(pa.decimal128(38, digits))


def _original(facts: pa.Table) -> pa.Array[Any]:
    """Amounts as given; currencies differ in their digits, so the column has the most any of them has."""
    currencies = facts["currency"].cast(pa.string())
    known = minor_digits()
    digits: NDArray[np.int64] = np.array([known[str(code)] for code in currencies.to_pylist()], np.int64)
    most = int(digits.max(initial=0))
    scaled = facts["amount_original"].to_numpy() * 10 ** (most - digits)
    return _decimal(pa.chunked_array([pa.array(scaled, pa.int64())]), most)


def _owners(facts: pa.Table, reference: Reference, hidden: Collection[tuple[str, str]]) -> pa.Array[Any]:
    """The account's first owner; empty for a possible victim."""
    names = (facts[name].cast(pa.string()).to_pylist() for name in ("institution", "account_id"))
    pairs = [(str(institution), str(account)) for institution, account in zip(*names, strict=True)]
    owner = {}
    for institution, account in dict.fromkeys(pairs):
        number = reference.account_number(institution, account)
        customers = [reference.customer(one)[1] for one in reference.owners(number)]
        owner[institution, account] = next((c for c in customers if (institution, c) not in hidden), "")
    return pa.array([owner[pair] for pair in pairs], pa.string())
