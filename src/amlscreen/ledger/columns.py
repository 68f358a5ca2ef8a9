"""The derived columns of :mod:`amlscreen.rules.columns`, made from a partition's stored ones."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import date
from types import MappingProxyType

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from amlscreen.jurisdiction import Figure
from amlscreen.ledger import counterparties
from amlscreen.ledger.kernels import floor_ratio
from amlscreen.ledger.partition import Partition, Values, as_values
from amlscreen.ledger.reference import UNKNOWN_DAY, positions

__all__ = [
    "DERIVED",
    "MILLION",
    "STORED_FOR",
    "figure_on",
    "full_years",
    "is_countable",
    "ratio_values",
    "unix_day",
]

MILLION = 1_000_000


def unix_day(day: date) -> int:
    """Days since 1970-01-01."""
    return day.toordinal() - date(1970, 1, 1).toordinal()


def ratio_values(amount: NDArray[np.int64], over: NDArray[np.int64], known: NDArray[np.bool_] | None = None) -> Values:
    """amount / over in millionths, floored; unknown where ``over`` is not positive."""
    out = np.empty(amount.size, np.int64)
    floor_ratio(np.ascontiguousarray(amount, np.int64), np.ascontiguousarray(over, np.int64), MILLION, out)
    usable = out >= 0
    usable = usable if known is None else usable & known
    return Values(np.where(usable, out, 0), None if usable.all() else usable)


def figure_on(figures: Sequence[Figure], days: NDArray[np.int64], digits: int) -> NDArray[np.int64]:
    """The figure in force on each day, in minor units; -1 before the first."""
    ordered = sorted(figures, key=lambda figure: figure.holds_from)
    starts = np.array([unix_day(figure.holds_from) for figure in ordered], np.int64)
    values = np.array([-1, *(figure.value * 10**digits for figure in ordered)], np.int64)
    return values[np.searchsorted(starts, days, side="right")]


def _days(part: Partition) -> NDArray[np.int64]:
    return part.column("local_day").array.astype(np.int64)


def _report_multiple(part: Partition) -> Values:
    rules = part.reference.jurisdiction
    over = figure_on(rules.cash_report_threshold, _days(part), rules.minor_digits)
    return ratio_values(part.column("amount").array, over)


def _wage_multiple(part: Partition) -> Values:
    rules = part.reference.jurisdiction
    over = figure_on(rules.monthly_minimum_wage, _days(part), rules.minor_digits)
    return ratio_values(part.column("amount").array, over)


def _declared_multiple(part: Partition) -> Values:
    return ratio_values(part.column("amount").array, part.reference.declared[part.column("account").array])


def _income_multiple(part: Partition) -> Values:
    return ratio_values(part.column("amount").array, part.reference.income[part.column("customer").array])


def _month(part: Partition) -> Values:
    return Values(_by_calendar(_days(part))[0], part.column("local_day").known)


def _account_age(part: Partition) -> Values:
    opened = part.reference.opened[part.column("account").array].astype(np.int64)
    known = (opened != UNKNOWN_DAY) & (opened <= _days(part))
    return Values(np.where(known, _days(part) - opened, 0), known)


def _holder_age(part: Partition) -> Values:
    birth = part.reference.birth[part.column("customer").array].astype(np.int64)
    known = birth != UNKNOWN_DAY
    born = np.where(known, birth, 0)
    return Values(np.where(known, full_years(born, _days(part)), 0), known)


def full_years(born: NDArray[np.int64], on: NDArray[np.int64]) -> NDArray[np.int64]:
    """Whole years between two days, by the calendar."""
    born_month, born_day = _by_calendar(born)
    month, day = _by_calendar(on)
    years: NDArray[np.int64] = (month - born_month - (day < born_day)) // 12
    return years


def _by_calendar(days: NDArray[np.int64]) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """Months since 1970 and the day in the month, from 0; worked out for each day there is, not for each row."""
    first, last = (int(days.min()), int(days.max())) if days.size else (0, 0)
    if last - first > days.size:
        return _month_and_day(days)
    month, day = _month_and_day(np.arange(first, last + 1))
    place = days - first
    return month.take(place), day.take(place)


def _month_and_day(days: NDArray[np.int64]) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    dates = days.astype("datetime64[D]")
    months = dates.astype("datetime64[M]")
    return months.astype(np.int64), (dates - months).astype(np.int64)


def _quiet_days(part: Partition) -> Values:
    days, moved = _days(part), is_countable(part)
    known = moved.copy()
    quiet = np.zeros(part.size, np.int64)
    rows = np.flatnonzero(moved)
    if not rows.size:
        return Values(quiet, known)
    starts = part.account_starts()
    run = np.searchsorted(starts, rows, side="right")
    first = np.concatenate([[True], run[1:] != run[:-1]])
    opened = part.reference.opened[part.column("account").array[rows]].astype(np.int64)
    since = np.maximum(np.where(opened == UNKNOWN_DAY, part.reference.first_day, opened), part.reference.first_day)
    before = np.concatenate([[0], days[rows][:-1]])
    quiet[rows] = days[rows] - np.where(first, np.minimum(since, days[rows]), before)
    return Values(quiet, known)


def is_countable(part: Partition) -> NDArray[np.bool_]:
    """Rows made by or for the customer and not taken back: what row sets mean unless they name a kind."""
    kind = part.column("kind")
    countable: NDArray[np.bool_] = (kind.array == kind.code_of("customer")) & (part.column("netted").array == 0)
    return countable


def _place(part: Partition) -> Values:
    terminal, branch = (part.stored(name) for name in ("terminal_id", "branch_id"))
    words = pa.concat_arrays([terminal.vocabulary, branch.vocabulary])
    shift = np.where(branch.array >= 0, len(terminal.vocabulary), 0)
    codes = np.where(terminal.array >= 0, terminal.array, branch.array + shift)
    return Values(codes.astype(np.int32), codes >= 0, words)


def _companions(part: Partition) -> Values:
    facts = part.reference.companions
    if facts is None:
        raise TypeError("withdrawals were not held against one another, since no rule was known to ask for it")
    found = facts.at(part.column("row_id").array)
    direction, channel = part.column("direction"), part.column("channel")
    elsewhere = (channel.array != channel.code_of("atm")) & channel.is_known()
    none = elsewhere | (direction.array != direction.code_of("debit"))
    return Values(np.where(none, 0, found.array), none | found.is_known())


def _of_holder(column: str) -> Callable[[Partition], Values]:
    def make(part: Partition) -> Values:
        return _looked_up(part, column, "customer")

    return make


def _product(part: Partition) -> Values:
    return _looked_up(part, "product", "account")


def _looked_up(part: Partition, fact: str, by: str) -> Values:
    """A fact in words, which is made into codes once for the whole bank."""
    values = part.reference.once(fact, lambda: as_values(getattr(part.reference, fact)))
    codes = values.array.take(part.column(by).array)
    return Values(codes, codes >= 0, values.words)


def _is_away(part: Partition) -> Values:
    here, home = part.column("province"), part.column("holder_province")
    known = (here.array >= 0) & (home.array >= 0)
    aligned = np.append(positions(home.vocabulary, here.vocabulary), -2)[home.array]
    return Values((here.array != aligned).astype(np.int8), known)


def _flag_of(column: str, by: str) -> Callable[[Partition], Values]:
    def make(part: Partition) -> Values:
        flags = getattr(part.reference, column)[part.column(by).array]
        return Values(np.maximum(flags, 0), flags >= 0)

    return make


DERIVED: Mapping[str, Callable[[Partition], Values]] = MappingProxyType(
    {
        "customer": lambda part: part.stored("customer_no"),
        "account": lambda part: part.stored("account_no"),
        "report_multiple": _report_multiple,
        "wage_multiple": _wage_multiple,
        "declared_multiple": _declared_multiple,
        "month": _month,
        "account_age": _account_age,
        "quiet_days": _quiet_days,
        "counterparty_is_related": counterparties.is_related,
        "counterparty_is_new": counterparties.is_new,
        "counterparty_is_own_customer": counterparties.is_own_customer,
        "counterparty_list": counterparties.on_list,
        "counterparty_name_list": counterparties.name_on_list,
        "companions": _companions,
        "place": _place,
        "holder_province": _of_holder("province"),
        "is_away": _is_away,
        "holder_kind": _of_holder("kind"),
        "holder_age": _holder_age,
        "holder_is_licensed": _flag_of("licensed", "customer"),
        "holder_sector": _of_holder("sector"),
        "holder_occupation": _of_holder("occupation"),
        "income_multiple": _income_multiple,
        "is_merchant": _flag_of("merchant", "account"),
        "product": _product,
    }
)

STORED_FOR: Mapping[str, tuple[str, ...]] = MappingProxyType(
    {
        "customer": (),
        "account": (),
        "report_multiple": ("amount", "local_day"),
        "wage_multiple": ("amount", "local_day"),
        "declared_multiple": ("amount",),
        "limit_multiple": ("amount", "amount_original", "currency", "channel", "direction", "local_day"),
        "month": ("local_day",),
        "account_age": ("local_day",),
        "quiet_days": ("local_day", "kind", "netted"),
        "counterparty_is_related": ("counterparty", "counterparty_kind"),
        "counterparty_is_new": ("counterparty", "counterparty_kind", "local_day"),
        "counterparty_is_own_customer": ("counterparty", "counterparty_kind"),
        "counterparty_list": ("institution", "counterparty", "counterparty_kind", "local_day"),
        "counterparty_name_list": ("institution", "counterparty_name", "local_day"),
        "companions": ("direction", "channel"),
        "place": ("terminal_id", "branch_id"),
        "holder_province": (),
        "is_away": ("province",),
        "holder_kind": (),
        "holder_age": ("local_day",),
        "holder_is_licensed": (),
        "holder_sector": (),
        "holder_occupation": (),
        "income_multiple": ("amount",),
        "is_merchant": (),
        "product": (),
    }
)
"""What each derived column needs from the store; a column not named here is stored under its own name."""
