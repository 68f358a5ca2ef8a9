"""The second pass: the transactions behind every alert, fetched by key, only for what alerts."""

from __future__ import annotations

import itertools
from collections.abc import Collection, Sequence
from decimal import Decimal
from typing import TYPE_CHECKING, Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray

from amlscreen.alerts import Alert
from amlscreen.intake.currencies import minor_digits
from amlscreen.ledger.reference import Reference, joined, positions, whole

if TYPE_CHECKING:
    from amlscreen.intake.dataset import Dataset

__all__ = ["evidence_table", "told_rows"]

_ACCOUNT = ("institution", "account_id")
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
    pairs = [(alert, hit) for alert in alerts for hit in alert.hits]
    row_ids = np.concatenate([np.empty(0, np.int64), *(hit.row_ids for _, hit in pairs)])
    distinct, back = np.unique(row_ids, return_inverse=True)
    told = told_rows(data.rows(distinct).combine_chunks(), data, reference, hidden).take(pa.array(back, pa.int64()))
    which = np.repeat(np.arange(len(pairs)), [len(hit.row_ids) for _, hit in pairs])
    parts = itertools.chain.from_iterable(hit.parts or ("",) * len(hit.row_ids) for _, hit in pairs)
    decides = [hit.decides if len(hit.decides) else np.ones(len(hit.row_ids), np.bool_) for _, hit in pairs]
    told_of_hit = pa.table(
        {
            "alert_id": pa.array([alert.alert_id for alert, _ in pairs], pa.string()).take(which),
            "rule_id": pa.array([hit.rule_id for _, hit in pairs], pa.string()).take(which),
            "episode": pa.array([hit.episode for _, hit in pairs], pa.int64()).take(which),
            "part": pa.array(list(parts), pa.string()),
            "weight": pc.if_else(np.concatenate([np.empty(0, np.bool_), *decides]), "decides", "context"),
        }
    )
    for name in told.column_names:
        told_of_hit = told_of_hit.append_column(name, told[name])
    return told_of_hit


def told_rows(facts: pa.Table, data: Dataset, reference: Reference, hidden: Collection[tuple[str, str]]) -> pa.Table:
    """Transactions in the units people read: decimals, dates, local wall time. ``hidden`` as above."""
    home = data.jurisdiction
    offset = home.utc_offset_minutes * 60_000_000
    local = pa.array(facts["at"].to_numpy().astype(np.int64) + offset)
    files = pa.array([*data.files, ""], pa.string())  # rows of no file stand at -1, the last
    columns: dict[str, Any] = {
        "institution": facts["institution"].cast(pa.string()),
        "transaction_id": facts["transaction_id"],
        "account_id": facts["account_id"],
        "customer_id": _owners(facts, reference, hidden),
        "local_day": facts["local_day"].cast(pa.int32()).cast(pa.date32()),
        "at": local.cast(pa.timestamp("us")),
        "direction": facts["direction"].cast(pa.string()),
        "amount": _decimal(facts["amount"], home.minor_digits),
        "currency_home": pa.repeat(pa.scalar(home.currency, pa.string()), facts.num_rows),
        "amount_original": _original(facts),
        **{name: facts[name].cast(pa.string()) for name in _AS_THEY_ARE},
        "file": files.take(np.arange(len(files))[facts["file_no"].to_numpy()]),
        "record": facts["record"],
    }
    return pa.table(columns)


def _decimal(minor: pa.ChunkedArray[Any], digits: int) -> pa.Array[Any]:
    """Minor units as exact decimals in whole units: int64 read as a decimal, then moved by its scale."""
    unit = pa.scalar(Decimal(1).scaleb(-digits), pa.decimal128(digits + 1, digits))
    return pc.multiply(whole(minor).cast(pa.decimal128(19, 0)), unit).cast(pa.decimal128(38, digits))


def _original(facts: pa.Table) -> pa.Array[Any]:
    """Amounts as given; currencies differ in their digits, so the column has the most any of them has."""
    currencies = whole(facts["currency"].cast(pa.string())).dictionary_encode()
    known = minor_digits()
    of_each: NDArray[np.int64] = np.array([known[str(code)] for code in currencies.dictionary.to_pylist()], np.int64)
    digits = of_each[currencies.indices.to_numpy()]
    most = int(digits.max(initial=0))
    scaled = facts["amount_original"].to_numpy() * 10 ** (most - digits)
    return _decimal(pa.chunked_array([pa.array(scaled, pa.int64())]), most)


def _owners(facts: pa.Table, reference: Reference, hidden: Collection[tuple[str, str]]) -> pa.Array[Any]:
    """The account's first owner; empty for a possible victim."""
    accounts = facts.select(["institution", "account_id"]).cast(pa.schema([(name, pa.string()) for name in _ACCOUNT]))
    known = accounts.group_by([*_ACCOUNT], use_threads=False).aggregate([])
    owner = []
    numbers = reference.accounts_of_keys(
        joined("account:", whole(known["institution"]), "/", whole(known["account_id"]))
    )
    for institution, number in zip(known["institution"].to_pylist(), numbers.tolist(), strict=True):
        customers = [reference.customer(one)[1] for one in reference.owners(number)]
        owner.append(next((c for c in customers if (institution, c) not in hidden), ""))
    return pa.array(owner, pa.string()).take(positions(_keys(accounts), _keys(known)))


def _keys(accounts: pa.Table) -> pa.Array[Any]:
    return joined(whole(accounts["institution"]), "\x1f", whole(accounts["account_id"]))
