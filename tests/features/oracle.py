"""Features in slow, plain Python, from the rows of one subject: what the fast ones are held equal to."""

from __future__ import annotations

import datetime as dt
import itertools
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from decimal import Decimal, getcontext
from fractions import Fraction
from math import floor, isqrt
from typing import Any

__all__ = ["EXPECTED", "Row"]

getcontext().prec = 50
_ZERO = dt.date(1970, 1, 1)


@dataclass(frozen=True)
class Row:
    """One transaction of kind customer; ``at`` in local time, ``timed`` if the clock is known."""

    at: dt.datetime
    timed: bool
    credit: bool
    amount: int
    channel: str | None = None
    purpose: str | None = None
    other: str | None = None
    pooled: bool = False
    province: str | None = None
    country: str | None = None
    terminal: str | None = None
    conductor: str | None = None
    balance: int | None = None
    number: int = 0

    @property
    def day(self) -> int:
        """Days since 1970-01-01."""
        return (self.at.date() - _ZERO).days

    @property
    def person(self) -> str | None:
        """The counterparty; None where missing or pooled."""
        return None if self.pooled else self.other


Rows = Sequence[Row]
Expected = Callable[[Rows, int], int | None]


def _last(rows: Rows, day: int, days: int) -> list[Row]:
    return [row for row in rows if row.day > day - days]


def _money(rows: Iterable[Row]) -> int:
    return sum(row.amount for row in rows)


def _ratio(over: int, under: int) -> int | None:
    return None if under <= 0 else over * 1_000_000 // under


def _share(rows: Rows, part: Callable[[Row], bool], *, money: bool = False) -> int | None:
    chosen = [row for row in rows if part(row)]
    return _ratio(_money(chosen), _money(rows)) if money else _ratio(len(chosen), len(rows))


def _credits(rows: Rows) -> list[Row]:
    return [row for row in rows if row.credit]


def _debits(rows: Rows) -> list[Row]:
    return [row for row in rows if not row.credit]


def _count(values: Iterable[Any]) -> Counter[Any]:
    return Counter(value for value in values if value is not None)


def _entropy(values: Iterable[Any]) -> int | None:
    counts = _count(values)
    size = sum(counts.values())
    if not size:
        return None

    def log(number: int) -> int:
        bits = Decimal(number).ln() / Decimal(2).ln()
        return int((bits * 10**9).to_integral_value())

    return floor((log(size) - Fraction(sum(n * log(n) for n in counts.values()), size)) / 1000)


def _commonest(values: Iterable[Any], most: int) -> int:
    return sum(n for _, n in _count(values).most_common(most))


def _spread(amounts: Sequence[int], unit: int = 1) -> int | None:
    if len(amounts) < 3 or sum(amounts) == 0:
        return None
    scaled = [one * unit for one in amounts]
    mean = Fraction(sum(scaled), len(scaled))
    deviation = isqrt(floor(sum((one - mean) ** 2 for one in scaled) / len(scaled)))
    return deviation * len(scaled) * 1_000_000 // sum(scaled)


def _ordered(rows: Rows) -> list[Row]:
    return sorted(rows, key=lambda row: (row.at, not row.timed and not row.credit, row.number))


def _pairs(rows: Rows, day: int) -> list[tuple[Row, Row, int]]:
    open_: list[list[Any]] = []
    pairs = []
    for row in _ordered(rows):
        if row.credit:
            open_.append([row, row.amount])
            continue
        wanted = row.amount
        while wanted and open_:
            passed = min(wanted, open_[0][1])
            pairs.append((open_[0][0], row, passed))
            wanted -= passed
            open_[0][1] -= passed
            if not open_[0][1]:
                open_.pop(0)
    return [pair for pair in pairs if pair[1].day > day - 90 and pair[2]]


def _wait(pair: tuple[Row, Row, int]) -> int:
    return int((pair[1].at - pair[0].at) / dt.timedelta(microseconds=1))


def _dwell(rows: Rows, day: int) -> int | None:
    pairs = _pairs(rows, day)
    total = sum(amount for _, _, amount in pairs)
    return sum(max(_wait(pair), 0) * pair[2] for pair in pairs) // total if total else None


def _passed(rows: Rows, day: int, hours: int, *, timed: bool) -> int | None:
    span = hours * 3_600_000_000
    pairs = [pair for pair in _pairs(rows, day) if _wait(pair) <= span]
    debits = _debits(_last(rows, day, 90))
    if timed:
        pairs = [pair for pair in pairs if pair[0].timed and pair[1].timed]
        debits = [row for row in debits if row.timed]
    return _ratio(sum(amount for _, _, amount in pairs), _money(debits))


def _by_day(rows: Rows) -> dict[int, tuple[int, int]]:
    days: dict[int, list[Row]] = defaultdict(list)
    for row in rows:
        days[row.day].append(row)
    return {day: (_money(_credits(each)), _money(_debits(each))) for day, each in days.items()}


def _drained(rows: Rows) -> int:
    return sum(came > 0 and went >= came - came // 10 for came, went in _by_day(rows).values())


def _gaps(rows: Rows, *, day: int | None = None) -> list[int]:
    days = sorted(row.day for row in rows)
    return [b - a for a, b in itertools.pairwise(days) if day is None or b > day - 30]


def _median(rows: Rows) -> int | None:
    amounts = sorted(row.amount for row in rows)
    return amounts[(len(amounts) - 1) // 2] if amounts else None


def _is_round(row: Row) -> bool:
    return len(str(row.amount).rstrip("0")) <= 2


def _is_night(row: Row) -> bool:
    return row.timed and (row.at.hour >= 22 or row.at.hour < 5)


def _most_in_an_hour(rows: Rows) -> int:
    times = [row.at for row in rows if row.timed]
    return max((sum(end - dt.timedelta(hours=1) < one <= end for one in times) for end in times), default=0)


def _wage_range(rows: Rows) -> int | None:
    days = sorted({row.day for row in _credits(rows) if row.purpose == "salary"})
    gaps = [b - a for a, b in itertools.pairwise(days)]
    return max(gaps) - min(gaps) if len(days) >= 3 else None


def _gap_spread(rows: Rows) -> int | None:
    return _spread(_gaps_of_days({row.day for row in rows}), 1_000_000)


def _gaps_of_days(days: Iterable[int]) -> list[int]:
    ordered = sorted(days)
    return [b - a for a, b in itertools.pairwise(ordered)]


def _single(rows: Rows) -> int | None:
    payers = _count(row.person for row in _credits(rows))
    return _ratio(sum(n == 1 for n in payers.values()), len(payers)) if len(payers) >= 3 else None


def _both(rows: Rows) -> int | None:
    paid, received = (set(_count(row.person for row in side)) for side in (_credits(rows), _debits(rows)))
    return _ratio(len(paid & received), len(paid | received))


def _new(rows: Rows, day: int) -> int:
    before = {row.person for row in rows if row.day <= day - 30}
    return len({row.person for row in _last(rows, day, 30)} - before - {None})


def _new_share(rows: Rows, day: int) -> int | None:
    seen = len(_count(row.person for row in _last(rows, day, 30)))
    return _ratio(_new(rows, day), seen) if seen >= 3 else None


def _at_least(size: int, rows: Rows, value: int | None) -> int | None:
    return value if len(rows) >= size else None


def _of(side: Callable[[Rows], list[Row]] | None, days: int, what: Callable[[list[Row]], int | None]) -> Expected:
    def expected(rows: Rows, day: int) -> int | None:
        last = _last(rows, day, days)
        return what(side(last) if side else last)

    return expected


_CASH = ("cash", "atm")


def _with_channel(rows: Rows) -> list[Row]:
    return [row for row in rows if row.channel]


def _named(rows: Rows) -> list[Row]:
    return [row for row in rows if row.person]


def _clocked(rows: Rows) -> list[Row]:
    return [row for row in rows if row.timed]


def _through(rows: list[Row]) -> int | None:
    sums = _money(_credits(rows)), _money(_debits(rows))
    return _ratio(min(sums), max(sums))


EXPECTED: dict[str, Expected] = {
    "transactions": lambda rows, _: len(rows),
    "credits": lambda rows, _: _money(_credits(rows)),
    "debits": lambda rows, _: _money(_debits(rows)),
    "active_days": _of(None, 90, lambda rows: len({row.day for row in rows})),
    "active_days_30d": _of(None, 30, lambda rows: len({row.day for row in rows})),
    "credits_30d": _of(_credits, 30, _money),
    "debits_30d": _of(_debits, 30, _money),
    "credits_90d": _of(_credits, 90, _money),
    "debits_90d": _of(_debits, 90, _money),
    "credit_count_30d": _of(_credits, 30, len),
    "debit_count_30d": _of(_debits, 30, len),
    "credit_count_90d": _of(_credits, 90, len),
    "debit_count_90d": _of(_debits, 90, len),
    "net_90d": _of(None, 90, lambda rows: _money(_credits(rows)) - _money(_debits(rows))),
    "through_share_90d": _of(None, 90, _through),
    "credits_per_debit_90d": _of(None, 90, lambda rows: _ratio(len(_credits(rows)), len(_debits(rows)))),
    "largest_credit_90d": _of(_credits, 90, lambda rows: max((row.amount for row in rows), default=0)),
    "largest_debit_90d": _of(_debits, 90, lambda rows: max((row.amount for row in rows), default=0)),
    "largest_credit_share_90d": _of(
        _credits, 90, lambda rows: _ratio(max((row.amount for row in rows), default=0), _money(rows))
    ),
    "typical_credit_90d": _of(_credits, 90, _median),
    "typical_debit_90d": _of(_debits, 90, _median),
    "credit_spread_90d": _of(_credits, 90, lambda rows: _spread([row.amount for row in rows])),
    "debit_spread_90d": _of(_debits, 90, lambda rows: _spread([row.amount for row in rows])),
    "cash_in_90d": _of(_credits, 90, lambda rows: _money(row for row in rows if row.channel in _CASH)),
    "cash_out_90d": _of(_debits, 90, lambda rows: _money(row for row in rows if row.channel in _CASH)),
    "cash_in_share_90d": _of(
        _credits, 90, lambda rows: _share(_with_channel(rows), lambda row: row.channel in _CASH, money=True)
    ),
    "cash_out_share_90d": _of(
        _debits, 90, lambda rows: _share(_with_channel(rows), lambda row: row.channel in _CASH, money=True)
    ),
    "machine_share_90d": _of(
        _debits,
        90,
        lambda rows: _share([r for r in rows if r.channel in _CASH], lambda row: row.channel == "atm", money=True),
    ),
    "cash_out_days_90d": _of(_debits, 90, lambda rows: len({row.day for row in rows if row.channel in _CASH})),
    "just_under_report_90d": _of(
        None,
        90,
        lambda rows: sum(row.channel in _CASH and 8_000_000_000 <= row.amount < 10_000_000_000 for row in rows),
    ),
    "conductors_90d": _of(None, 90, lambda rows: len(_count(row.conductor for row in rows))),
    "night_share_90d": _of(None, 90, lambda rows: _share(_clocked(rows), _is_night)),
    "night_credits_90d": _of(_credits, 90, lambda rows: _share(_clocked(rows), _is_night, money=True)),
    "hour_entropy_90d": _of(None, 90, lambda rows: _entropy(row.at.hour for row in _clocked(rows))),
    "weekend_share_90d": _of(None, 90, lambda rows: _share(rows, lambda row: row.at.weekday() >= 5)),
    "most_in_a_day_90d": _of(None, 90, lambda rows: _commonest((row.day for row in rows), 1)),
    "busiest_day_share_90d": _of(
        None, 90, lambda rows: _at_least(5, rows, _ratio(_commonest((row.day for row in rows), 1), len(rows)))
    ),
    "most_credits_in_an_hour_90d": _of(_credits, 90, _most_in_an_hour),
    "longest_silence": lambda rows, _: max(_gaps(rows), default=None),
    "silence_ended_30d": lambda rows, day: max(_gaps(rows, day=day), default=None),
    "days_since_last": lambda rows, day: day - max(row.day for row in rows) if rows else None,
    "gap_spread_90d": _of(None, 90, _gap_spread),
    "counterparties_90d": _of(None, 90, lambda rows: len(_count(row.person for row in rows))),
    "new_counterparties_30d": _new,
    "new_counterparty_share_30d": _new_share,
    "counterparty_entropy_90d": _of(None, 90, lambda rows: _entropy(row.person for row in rows)),
    "payer_entropy_90d": _of(_credits, 90, lambda rows: _entropy(row.person for row in rows)),
    "payee_entropy_90d": _of(_debits, 90, lambda rows: _entropy(row.person for row in rows)),
    "largest_payer_share_90d": _of(
        _credits, 90, lambda rows: _ratio(_commonest((row.person for row in rows), 1), len(_named(rows)))
    ),
    "largest_payee_share_90d": _of(
        _debits, 90, lambda rows: _ratio(_commonest((row.person for row in rows), 1), len(_named(rows)))
    ),
    "single_payer_share_90d": _of(None, 90, _single),
    "both_ways_share_90d": _of(None, 90, _both),
    "pooled_share_90d": _of(
        None, 90, lambda rows: _share([row for row in rows if row.other], lambda row: row.pooled, money=True)
    ),
    "price_list_share_90d": _of(
        _credits, 90, lambda rows: _at_least(5, rows, _ratio(_commonest((r.amount for r in rows), 3), len(rows)))
    ),
    "same_credit_share_90d": _of(
        _credits, 90, lambda rows: _at_least(5, rows, _ratio(_commonest((r.amount for r in rows), 1), len(rows)))
    ),
    "same_debit_share_90d": _of(
        _debits, 90, lambda rows: _at_least(5, rows, _ratio(_commonest((r.amount for r in rows), 1), len(rows)))
    ),
    "credit_amount_entropy_90d": _of(_credits, 90, lambda rows: _entropy(row.amount for row in rows)),
    "debit_amount_entropy_90d": _of(_debits, 90, lambda rows: _entropy(row.amount for row in rows)),
    "round_credit_share_90d": _of(_credits, 90, lambda rows: _share(rows, _is_round)),
    "round_debit_share_90d": _of(_debits, 90, lambda rows: _share(rows, _is_round)),
    "dwell_90d": _dwell,
    "passed_in_a_day_90d": lambda rows, day: _passed(rows, day, 24, timed=False),
    "passed_in_an_hour_90d": lambda rows, day: _passed(rows, day, 1, timed=True),
    "drained_days_90d": _of(None, 90, _drained),
    "drained_share_90d": _of(
        None, 90, lambda rows: _ratio(_drained(rows), sum(came > 0 for came, _ in _by_day(rows).values()))
    ),
    "turning_days_share_90d": _of(
        None,
        90,
        lambda rows: _ratio(sum(came > 0 < went for came, went in _by_day(rows).values()), len(_by_day(rows))),
    ),
    "emptied_share_90d": _of(
        _debits,
        90,
        lambda rows: _share(
            [row for row in rows if row.balance is not None], lambda row: (row.balance or 0) <= row.amount // 10
        ),
    ),
    "channels_90d": _of(None, 90, lambda rows: len(_count(row.channel for row in rows))),
    "channel_entropy_90d": _of(None, 90, lambda rows: _entropy(row.channel for row in rows)),
    "card_share_90d": _of(
        _debits, 90, lambda rows: _share(_with_channel(rows), lambda row: row.channel in {"card", "qr"})
    ),
    "remote_share_90d": _of(
        None, 90, lambda rows: _share(_with_channel(rows), lambda row: row.channel in {"mobile", "internet", "qr"})
    ),
    "places_90d": _of(None, 90, lambda rows: len(_count(row.terminal for row in rows))),
    "provinces_90d": _of(None, 90, lambda rows: len(_count(row.province for row in rows))),
    "countries_90d": _of(None, 90, lambda rows: len(_count(row.country for row in rows))),
    "cross_border_share_90d": _of(
        None,
        90,
        lambda rows: _share(rows, lambda row: row.channel == "wire" or row.country not in {None, "LA"}, money=True),
    ),
    "foreign_currency_share_90d": _of(None, 90, lambda rows: _share(rows, lambda _: False, money=True)),
    "wage_share_90d": _of(_credits, 90, lambda rows: _share(rows, lambda row: row.purpose == "salary", money=True)),
    "wage_gap_range": lambda rows, _: _wage_range(rows),
    "wage_spread": lambda rows, _: _spread([row.amount for row in _credits(rows) if row.purpose == "salary"]),
    "wage_receivers_90d": _of(
        _debits, 90, lambda rows: len(_count(row.person for row in rows if row.purpose == "salary"))
    ),
    "family_share_90d": _of(
        None, 90, lambda rows: _share(rows, lambda row: row.purpose in {"family", "gift"}, money=True)
    ),
}
"""By name: what the rows of one subject come to on a day; None where it cannot be told."""
