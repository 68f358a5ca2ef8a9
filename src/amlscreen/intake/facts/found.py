"""What was counted, as plain values: the checks of data quality read these and nothing else.

Nothing here names anybody: texts that could are masked, and amounts stand in no field that is shown.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import pyarrow as pa

from amlscreen.intake.noticed import Noticed
from amlscreen.jurisdiction import Jurisdiction

__all__ = [
    "AccountFacts",
    "BalanceFacts",
    "ClockFacts",
    "ColumnFacts",
    "DayFacts",
    "Facts",
    "FileFacts",
    "MoneyFacts",
    "SideFacts",
    "StatementFacts",
    "TextFacts",
]


@dataclass(frozen=True, slots=True)
class ColumnFacts:
    """How full and varied a column is. ``file`` is empty for all files together.

    ``rows`` were looked at, of ``of``; ``distinct`` is exact where ``is_exact``, else an estimate that is never above
    the filled rows. Least, greatest and ``example`` are masked where they could name someone.
    """

    file: str
    table: str
    column: str
    rows: int
    of: int
    filled: int
    distinct: int
    is_exact: bool
    least: str | None
    greatest: str | None
    example: str | None

    @property
    def empty_share(self) -> float:
        """The share of the rows looked at that are empty, 0 to 1."""
        return 1 - self.filled / self.rows if self.rows else 0.0


@dataclass(frozen=True, slots=True)
class TextFacts:
    """What values of a column look like, among ``filled`` of ``rows`` looked at.

    ``common`` rows hold the commonest value, whose shape ``common_shape`` shows; ``placeholder`` rows hold a value
    people type for want of one, ``placeholders`` says which; ``longest`` is the greatest length, which ``at_longest``
    rows of ``distinct_at_longest`` values have and ``near_longest`` rows miss by at most two; ``damaged`` rows show
    letters that went through a wrong encoding; ``dummy`` rows hold a word such as test.
    """

    table: str
    column: str
    rows: int
    filled: int
    distinct: int
    common: int = 0
    common_shape: str = ""
    placeholder: int = 0
    placeholders: str = ""
    longest: int = 0
    at_longest: int = 0
    distinct_at_longest: int = 0
    near_longest: int = 0
    damaged: int = 0
    dummy: int = 0


@dataclass(frozen=True, slots=True)
class DayFacts:
    """Transactions of one local day."""

    day: int
    rows: int


@dataclass(frozen=True, slots=True)
class ClockFacts:
    """Clock times of one file: how many rows have one, at midnight to the second, at a full hour; by local hour.

    ``common`` rows of the ``looked_at`` timed ones carry the commonest time of day, ``common_time`` as 17:30:00.
    """

    file: str
    rows: int
    timed: int
    midnight: int
    full_hour: int
    by_hour: tuple[int, ...]
    looked_at: int = 0
    common: int = 0
    common_time: str = ""


@dataclass(frozen=True, slots=True)
class SideFacts:
    """Credits and debits of one file and channel."""

    file: str
    channel: str | None
    credits: int
    debits: int


@dataclass(frozen=True, slots=True)
class MoneyFacts:
    """Amounts of one currency: how many are whole units and whole hundreds; how far the largest lies from the rest.

    ``largest_to_high`` is the largest over the amount that 99.9 % stay below; ``middle_to_wage`` the middle amount at
    home over the monthly minimum wage, None where the jurisdiction states none. Both are ratios, no amounts.
    """

    currency: str
    digits: int
    shown_digits: int
    rows: int
    whole: int
    hundreds: int
    zero: int
    largest_to_high: float
    middle_to_wage: float | None


@dataclass(frozen=True, slots=True)
class AccountFacts:
    """Accounts that were booked, against the reference tables. Rows are transactions; all else is accounts or people.

    A count is 0 where the table it needs was not given.
    """

    booked: int = 0
    rows: int = 0
    unknown: int = 0
    unknown_rows: int = 0
    busy: int = 0
    only_credits: int = 0
    only_debits: int = 0
    several_currencies: int = 0
    other_currency: int = 0
    other_currency_rows: int = 0
    before_opening: int = 0
    after_closing: int = 0
    recorded: int = 0
    idle: int = 0
    without_owner: int = 0
    booked_without_owner: int = 0
    customers: int = 0
    customers_without_account: int = 0
    unknown_owners: int = 0


@dataclass(frozen=True, slots=True)
class FileFacts:
    """What became of the records of one file for one table; ``reasons`` counts the rows set aside by reason."""

    file: str
    table: str
    records: int
    accepted: int
    quarantined: int
    duplicates: int
    excluded: int
    reasons: Mapping[tuple[str, str], int] = field(default_factory=dict)
    buddhist_years: int = 0


@dataclass(frozen=True, slots=True)
class StatementFacts:
    """Statements of one file that give both balances, and the lines on which those begin that do not add up."""

    file: str
    statements: int
    wrong_lines: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class BalanceFacts:
    """Neighbouring bookings of one account in one file, with a balance each: how many of the ``pairs`` do not add up.

    Both orders of the file were tried and the better one counted, for each account.
    """

    file: str
    accounts: int
    pairs: int
    broken: int
    broken_accounts: int


@dataclass(frozen=True, slots=True)
class Facts:
    """Everything the checks may look at. ``sampled`` transactions were looked at where not all were."""

    jurisdiction: Jurisdiction
    as_of: int | None
    rows: int
    sampled: int
    provided: frozenset[str]
    table_rows: Mapping[str, int]
    files: tuple[FileFacts, ...] = ()
    noticed: tuple[Noticed, ...] = ()
    statements: tuple[StatementFacts, ...] = ()
    days: tuple[DayFacts, ...] = ()
    days_of_channel: Mapping[str, tuple[int, int]] = field(default_factory=dict)
    clocks: tuple[ClockFacts, ...] = ()
    sides: tuple[SideFacts, ...] = ()
    money: tuple[MoneyFacts, ...] = ()
    value_dates: tuple[int, int, int] = (0, 0, 0)
    accounts: AccountFacts = AccountFacts()
    texts: tuple[TextFacts, ...] = ()
    columns: tuple[ColumnFacts, ...] = ()
    payments: tuple[int, int, int] = (0, 0, 0)
    """Customer payments by transfer, wire, QR, mobile or internet looked at; without a counterparty; to themselves."""
    balances: tuple[BalanceFacts, ...] | None = None
    """None where it was not looked for."""
    reused_ids: tuple[int, int] | None = None
    """Transaction ids looked at, and those that stand on more than one day; None where it was not looked for."""
    totals: Sequence[Mapping[str, Any]] = ()

    def text(self, table: str, column: str) -> TextFacts | None:
        """What is known of a column's values, if it was looked at."""
        return next((one for one in self.texts if (one.table, one.column) == (table, column)), None)

    def columns_table(self) -> pa.Table:
        """The columns as a table: file, table, column, rows, empty_share, distinct and the rest."""
        names = ("file", "table", "column", "rows", "of", "empty_share", "distinct", "is_exact", "least", "greatest",
                 "example")  # fmt: skip
        kinds: Sequence[pa.DataType] = (
            pa.string(), pa.string(), pa.string(), pa.int64(), pa.int64(), pa.float64(), pa.int64(), pa.bool_(),
            pa.string(), pa.string(), pa.string(),
        )  # fmt: skip
        schema = pa.schema([pa.field(name, kind) for name, kind in zip(names, kinds, strict=True)])
        return pa.Table.from_pylist([{name: getattr(one, name) for name in names} for one in self.columns], schema)
