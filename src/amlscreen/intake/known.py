"""How much of a dataset is known: filled values by column, for transactions in groups that rules tell apart."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

import pyarrow as pa
import pyarrow.compute as pc

from amlscreen.intake.sql import identifier
from amlscreen.schema import TABLES

if TYPE_CHECKING:
    from amlscreen.intake.dataset import Dataset

__all__ = ["Group", "known_by_group", "known_in_table"]

_TRANSACTIONS = "transactions."
_CLOCK = "transactions.time_precision"
_OF_SOME = {
    **dict.fromkeys(("sector", "is_licensed", "beneficial_owner_known"), "entity"),
    **dict.fromkeys(("birth_date", "employer", "income", "nationality", "occupation", "sex"), "person"),
}


@dataclass(frozen=True, slots=True)
class Group:
    """Transactions of one direction, channel and kind; ``known`` counts those for which a need is met."""

    direction: str
    channel: str | None
    kind: str
    netted: bool
    rows: int
    known: Mapping[str, int]


def known_by_group(data: Dataset, needs: Collection[str], *, last_day: int) -> tuple[Group, ...]:
    """Counts over all transactions up to a day, read once.

    A need is ``transactions.column`` or several joined by ``|``, one of which must be known; of the precision of the
    time, only what is exact to the second counts. Needs about other tables are passed over.
    """
    asked = sorted(need for need in needs if all(part.startswith(_TRANSACTIONS) for part in need.split("|")))
    counts = "".join(f", count(*) FILTER ({_is_known(need)})" for need in asked)
    rows = data.connection.execute(
        f"SELECT direction::VARCHAR, channel::VARCHAR, kind::VARCHAR, netted, count(*){counts} "
        f"FROM transactions WHERE local_day <= {int(last_day)} GROUP BY ALL ORDER BY ALL"
    ).fetchall()
    return tuple(
        Group(direction, channel, kind, bool(netted), int(number), dict(zip(asked, map(int, known), strict=True)))
        for direction, channel, kind, netted, number, *known in rows
    )


def _is_known(need: str) -> str:
    if need == _CLOCK:
        return "WHERE time_precision = 'second'"
    columns = (identifier(part.removeprefix(_TRANSACTIONS)) for part in need.split("|"))
    return f"WHERE {' OR '.join(f'{column} IS NOT NULL' for column in columns)}"


def known_in_table(data: Dataset, need: str) -> tuple[int, int]:
    """Filled values and rows of a reference table's ``table.column``; 0 and 0 for a table without rows.

    What only firms have, or only people, is counted among those.
    """
    table, _, column = need.partition(".")
    if table not in TABLES or table == "transactions" or column not in TABLES[table].names:
        return 0, 0
    rows = data.tables[table]
    if table == "customers" and column in _OF_SOME:
        rows = rows.filter(pc.equal(rows.column("customer_kind"), pa.scalar(_OF_SOME[column])))
    return rows.num_rows - rows.column(column).null_count, rows.num_rows
