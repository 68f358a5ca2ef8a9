"""Everything the checks of data quality look at, gathered in a few passes."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator
from typing import TYPE_CHECKING

from amlscreen.intake.duplicates import stored_columns
from amlscreen.intake.facts import calendar
from amlscreen.intake.facts.accounts import accounts
from amlscreen.intake.facts.balances import balances, reused_ids
from amlscreen.intake.facts.columns import profile
from amlscreen.intake.facts.found import ColumnFacts, Facts, FileFacts, StatementFacts, TextFacts
from amlscreen.intake.facts.sampled import LOOKED_AT, sample_transactions, stored_and_filled
from amlscreen.intake.facts.texts import look_at_values
from amlscreen.schema import TABLES

if TYPE_CHECKING:
    from amlscreen.intake.dataset import Dataset
    from amlscreen.settings import Settings

__all__ = ["LOOKED_AT", "facts_of"]

_BUDDHIST = re.compile(r"(?<!\d)2[45]\d\d(?!\d)")
_PAYMENTS = "channel IN ('transfer', 'wire', 'qr', 'mobile', 'internet') AND kind = 'customer' AND NOT netted"
_UNREAD = frozenset(
    "amount amount_original balance_after at netted is_recalled local_day hour transaction_id account_id institution "
    "time_precision direction kind reverses currency login_id observation_id recall_id report_id case_id list_id "
    "customer_kind role status sex nationality country category since until subject_id subject_kind value".split()
)
"""Numbers that identify, codes of few words and amounts: no check asks what their values look like."""


_COUNTED = ("at", "hour", "amount", "amount_original", "currency")
"""Columns of transactions that are counted by name, even where no row was accepted."""


def facts_of(data: Dataset, settings: Settings | None = None, *, thorough: bool = True) -> Facts:
    """What was counted. ``thorough`` reads every column of every transaction and tries balances and numbers.

    Else columns of transactions are told from the rows looked at, at most ``LOOKED_AT`` of each table.
    """
    as_of = (settings or data.settings).as_of
    connection, names = data.connection, tuple(each.file for each in data.reconciliation.files)
    calendar.count_into_cube(data)
    filled = stored_and_filled(data, tuple(stored_columns("transactions")))
    sampled = sample_transactions(data, tuple(dict.fromkeys((*filled, *_COUNTED))))
    with_balance = thorough and "transactions.balance_after" in data.provided
    return Facts(
        jurisdiction=data.jurisdiction,
        as_of=None if as_of is None else as_of.toordinal() - 719_163,
        rows=data.rows_accepted,
        sampled=sampled,
        provided=data.provided,
        table_rows={"transactions": data.rows_accepted, **{name: t.num_rows for name, t in data.tables.items()}},
        files=tuple(_files(data)),
        noticed=data.noticed,
        statements=tuple(_statements(data)),
        days=calendar.days(connection),
        days_of_channel=calendar.days_of_channel(connection),
        clocks=calendar.clocks(data, names),
        sides=calendar.sides(connection, names),
        money=calendar.money(connection, data.jurisdiction),
        value_dates=calendar.value_dates(connection),
        accounts=accounts(connection, data.provided),
        texts=tuple(_texts(data, filled)),
        columns=tuple(_columns(data, filled, names, thorough=thorough)),
        payments=_payments(data),
        balances=balances(connection, names, data.rows_accepted) if with_balance else None,
        reused_ids=reused_ids(connection, data.rows_accepted) if thorough else None,
        totals=tuple(data.reconciliation.to_dict()["totals"]),
    )


def _files(data: Dataset) -> Iterator[FileFacts]:
    """What became of each file's rows, with the reasons; years of the Buddhist era among dates out of range."""
    reasons: Counter[tuple[str, str, str, str]] = Counter()
    years: Counter[tuple[str, str]] = Counter()
    aside = data.quarantine.table.select(["file", "table", "reason", "column", "value"])
    for row in aside.to_pylist():
        reasons[row["file"], row["table"], row["reason"], row["column"] or ""] += 1
        if row["reason"] in {"date_out_of_range", "bad_date"} and _BUDDHIST.search(row["value"] or ""):
            years[row["file"], row["table"]] += 1
    told: set[tuple[str, str]] = set()
    for each in data.reconciliation.files:
        name = each.file.partition(" (booking ")[0]
        first = (name, each.table) not in told  # the bookings of one record share what stood aside
        told.add((name, each.table))
        yield FileFacts(
            each.file,
            each.table,
            each.records,
            each.accepted,
            each.quarantined,
            each.duplicates,
            each.excluded,
            {(r, c): n for (file, table, r, c), n in reasons.items() if first and (file, table) == (name, each.table)},
            years[name, each.table] if first else 0,
        )


def _statements(data: Dataset) -> Iterator[StatementFacts]:
    for file, statements in data.statements.items():
        known = [each for each in statements if each.agrees is not None]
        if known:
            yield StatementFacts(file, len(known), tuple(each.line for each in known if not each.agrees))


def _texts(data: Dataset, filled: tuple[str, ...]) -> Iterator[TextFacts]:
    """Transactions from the rows looked at; reference tables, a part of them where they are large."""
    columns = [name for name in filled if name not in _UNREAD]
    yield from look_at_values(data.connection, "transactions", "quality_sample", columns)
    for table in data.tables:
        if table in data.provided and table != "fx_rates":
            known = [
                column.name
                for column in TABLES[table].columns
                if column.type in {"text", "code", "date"}
                and column.name not in _UNREAD
                and f"{table}.{column.name}" in data.provided
            ]
            yield from look_at_values(data.connection, table, _part_of(data, table), known)


def _part_of(data: Dataset, table: str) -> str:
    step = -(-data.tables[table].num_rows // LOOKED_AT)
    return table if step <= 1 else f"(SELECT * FROM {table} WHERE row_id % {step} = 0)"


def _columns(
    data: Dataset, filled: tuple[str, ...], names: tuple[str, ...], *, thorough: bool
) -> Iterator[ColumnFacts]:
    source = "transactions" if thorough else "quality_sample"
    yield from profile(data.connection, "transactions", source, filled, of=data.rows_accepted, names=names)
    for table, rows in data.tables.items():
        if table in data.provided:
            known = [name for name in TABLES[table].names if f"{table}.{name}" in data.provided]
            part = table if thorough else _part_of(data, table)
            yield from profile(data.connection, table, part, known, of=rows.num_rows, names=names)


def _payments(data: Dataset) -> tuple[int, int, int]:
    """Payments of customers looked at, without a counterparty, and to the very account they are booked on."""
    if "transactions.channel" not in data.provided:
        return 0, 0, 0
    has = "transactions.counterparty" in data.provided
    without = "count(*) FILTER (WHERE counterparty IS NULL)" if has else "count(*)"
    own = "count(*) FILTER (WHERE counterparty = 'account:' || institution || '/' || account_id)" if has else "0"
    found = data.connection.execute(
        f"SELECT count(*), {without}, {own} FROM quality_sample WHERE {_PAYMENTS}"
    ).fetchall()[0]
    return int(found[0]), int(found[1]), int(found[2])
