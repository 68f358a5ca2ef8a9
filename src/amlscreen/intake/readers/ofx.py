"""Reading OFX and QFX statements (Open Financial Exchange 1.0 to 2.3): bank, credit card and investment accounts."""

from __future__ import annotations

from dataclasses import replace

from amlscreen.errors import DataError
from amlscreen.intake.readers.entries import EntryWriter, as_entries
from amlscreen.intake.readers.ofx_statements import Reading
from amlscreen.intake.readers.ofx_text import ofx_text, tag_pieces
from amlscreen.intake.readers.ofx_values import habits_of
from amlscreen.intake.readers.raw import RawFile
from amlscreen.intake.readers.task import Task
from amlscreen.intake.sql import literal

__all__ = ["read_ofx_file"]


def read_ofx_file(task: Task) -> RawFile:
    """Every transaction of every statement; DataError for a file without one, or one that was cut short.

    Pending transactions have status PDNG, exchanges of money for securities inside one account status INFO.
    """
    text = ofx_text(task)
    habits = habits_of(text.path)
    with EntryWriter(task) as writer:
        reading = Reading(writer, habits, task.place)
        for pieces in tag_pieces(text, task.place, longest=task.settings.largest_field):
            reading.take(pieces)
        reading.finish()
    if not reading.statements:
        raise _no_statement(task, reading)
    warnings = [*text.warnings, *_noticed(reading)]
    if text.undecodable:
        lines = ", ".join(map(str, sorted(text.undecodable)[:10]))
        warnings.append(f"{len(text.undecodable):,} lines hold bytes that {text.encoding} does not know ({lines}).")
    made = as_entries(
        task, writer, kind="ofx", statements=reading.statements, encoding=text.encoding, warnings=warnings
    )
    return _without_repeated_ids(task, made)


def _no_statement(task: Task, reading: Reading) -> DataError:
    code = next((word.removeprefix("code ") for word in reading.seen if word.startswith("code ")), None)
    if code:
        message = f"holds no statement: the bank answered with status code {code}."
    elif reading.seen["orders"]:
        message = "holds answers to transfer orders and no statement: what was ordered, not what was booked."
    else:
        message = "is OFX but holds no statement of an account (STMTRS, CCSTMTRS or INVSTMTRS)."
    return DataError(message, place=task.place, fix="Export or download the account's transactions.")


def _noticed(reading: Reading) -> list[str]:
    seen = reading.seen
    told = {
        "trades": "exchanges of money for securities inside one account have status INFO and are left out, unless the "
        "mapping has conditions of its own.",
        "without money": "movements of securities without an amount of money were left out.",
        "orders": "answers to transfer orders were left out; they say what was ordered, not what was booked.",
        "corrections": "entries correct earlier ones (CORRECTFITID); leave out the files they correct.",
        "no zone": "entries have a time without a zone; it is taken as local time.",
    }
    return [f"{seen[what]:,} {sentence}" for what, sentence in told.items() if seen[what]]


def _without_repeated_ids(task: Task, raw: RawFile) -> RawFile:
    """FITID should be unique for its account. Where a file repeats one it is no identity, so those rows have none."""
    key = ("account_id", "direction", "transaction_id")
    if not set(key) <= set(raw.columns):
        return raw
    repeated = literal(str(task.workspace / "repeated.parquet"))
    task.connection.execute(
        f"COPY (SELECT {', '.join(key)} FROM ({raw.relation}) WHERE transaction_id IS NOT NULL "
        f"GROUP BY ALL HAVING count(*) > 1) TO {repeated} (FORMAT parquet)"
    )
    found = task.connection.execute(f"SELECT count(*) FROM read_parquet({repeated})").fetchall()[0][0]
    if not found:
        return raw
    same = " AND ".join(f"r.{name} IS NOT DISTINCT FROM d.{name}" for name in key)
    relation = (
        "SELECT r.* REPLACE (CASE WHEN d.transaction_id IS NULL THEN r.transaction_id END AS transaction_id) "
        f"FROM ({raw.relation}) AS r LEFT JOIN read_parquet({repeated}) AS d ON {same}"
    )
    told = f"{found:,} numbers (FITID) stand on several entries of one account, so they identify none of them."
    return replace(raw, relation=relation, warnings=(*raw.warnings, told))
