"""Which references may be transaction ids: those that one account and direction has once in the file."""

from __future__ import annotations

from amlscreen.intake.readers.entries import EntryWriter
from amlscreen.intake.readers.task import Task
from amlscreen.intake.sql import literal

__all__ = ["only_unique"]


def only_unique(task: Task, entries: EntryWriter) -> None:
    """Empty ``transaction_id`` where the same account and direction has it twice; the file is written anew then."""
    if "transaction_id" not in entries.filled:
        return
    source = f"read_parquet({literal(str(entries.path))})"
    whose = "account_id, direction, transaction_id"
    repeated = f"SELECT {whose} FROM {source} WHERE transaction_id IS NOT NULL GROUP BY ALL HAVING count(*) > 1"
    if not task.connection.execute(f"{repeated} LIMIT 1").fetchall():
        return
    again = entries.path.with_name("staged_anew.parquet")
    task.connection.execute(
        f"COPY (SELECT f.* REPLACE (CASE WHEN r.direction IS NULL THEN f.transaction_id END AS transaction_id) "
        f"FROM {source} AS f LEFT JOIN ({repeated}) AS r ON f.transaction_id = r.transaction_id "
        f"AND f.direction = r.direction AND f.account_id IS NOT DISTINCT FROM r.account_id ORDER BY f.__place) "
        f"TO {literal(str(again))} (FORMAT parquet)"
    )
    again.replace(entries.path)
    left = task.connection.execute(f"SELECT count(transaction_id) FROM {source}").fetchall()
    if not left[0][0]:
        entries.filled.discard("transaction_id")
