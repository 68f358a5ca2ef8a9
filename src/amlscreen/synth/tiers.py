"""How much a bank's export holds: rich (everything), ordinary (what is usual) and poor (the least).

- *ordinary*: no merchant category, no person at the counter, no place for transfers, purpose only where a transaction
  code gives it (wages, loans, tax); clock times only for machines, QR and mobile, elsewhere the date; a third of
  occupations and incomes blank, most introducers too. Logins lie in another system, branch notes are not coded.
- *poor*: date, account, amount, sign and text of the kip accounts; no other table.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Literal

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

__all__ = ["Tier", "thin_out"]

Tier = Literal["rich", "ordinary", "poor"]
_TIMED = ("atm", "qr", "mobile")
_PLACED = ("cash", "atm", "qr", "card")
_CODED_PURPOSES = ("salary", "loan", "tax")
_ELSEWHERE = ("logins", "observations")
_POOR = ("institution", "account_id", "at", "direction", "amount", "narrative")


def thin_out(tables: Mapping[str, pa.Table], tier: Tier, rng: np.random.Generator) -> dict[str, pa.Table]:
    """The same bank with only what an export of that tier holds."""
    if tier == "rich":
        return dict(tables)
    if tier == "poor":
        return {"transactions": _poor(tables["transactions"])}
    ordinary = {name: table for name, table in tables.items() if name not in _ELSEWHERE}
    ordinary["transactions"] = _ordinary(tables["transactions"])
    ordinary["customers"] = _with_holes(tables["customers"], rng)
    return ordinary


def _replace(table: pa.Table, name: str, values: pa.ChunkedArray[Any]) -> pa.Table:
    place = table.schema.get_field_index(name)
    return table.set_column(place, table.schema.field(name), values.cast(table.schema.field(name).type))


def _keep(table: pa.Table, name: str, where: Any) -> pa.Table:
    return _replace(table, name, pc.if_else(where, table[name], pa.scalar(None, table.schema.field(name).type)))


def _ordinary(table: pa.Table) -> pa.Table:
    counter = pc.equal(table["channel"], pa.scalar("cash"))
    nowhere = pc.is_in(table["channel"], pa.array((), pa.string()))
    for name in ("mcc", "conductor_id"):
        table = _keep(table, name, nowhere)
    # The name on a deposit slip is a note of the conductor and is not exported either.
    nameless = pc.replace_substring_regex(table["narrative"], " Synth .*", "")
    table = _replace(table, "narrative", pc.if_else(counter, nameless, table["narrative"]))
    table = _keep(table, "counterparty_name", pc.not_equal(table["channel"], pa.scalar("cash")))
    table = _keep(table, "province", pc.is_in(table["channel"], pa.array(_PLACED)))
    table = _keep(table, "purpose", pc.is_in(table["purpose"], pa.array(_CODED_PURPOSES)))
    timed = pc.is_in(table["channel"], pa.array(_TIMED))
    table = _replace(table, "time_precision", pc.if_else(timed, pa.scalar("second"), pa.scalar("day")))
    return _replace(table, "at", pc.if_else(timed, table["at"], pc.floor_temporal(table["at"], unit="day")))


def _with_holes(table: pa.Table, rng: np.random.Generator) -> pa.Table:
    for name in ("occupation", "income"):
        table = _keep(table, name, pa.array(rng.random(table.num_rows) >= 1 / 3))
    table = _keep(table, "introducer", pa.array(rng.random(table.num_rows) < 0.4))
    nowhere = pa.array(np.zeros(table.num_rows, np.bool_))
    for name in ("source_of_wealth", "edd_done", "permit_expiry", "permit_employer", "arrived"):
        table = _keep(table, name, nowhere)
    return table


def _poor(table: pa.Table) -> pa.Table:
    kept = table.filter(pc.equal(table["currency"], pa.scalar("LAK"))).select(list(_POOR))
    return kept.set_column(kept.schema.get_field_index("at"), "at", kept["at"].cast(pa.date32(), safe=False))
