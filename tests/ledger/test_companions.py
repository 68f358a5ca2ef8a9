"""Accounts drawn on side by side again and again, held against plain loops."""

from __future__ import annotations

from typing import Any

import numpy as np
import pyarrow as pa
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from amlscreen.intake.dataset import Dataset
from amlscreen.intake.withdrawals import withdrawals_by_machine
from amlscreen.ledger import companions
from amlscreen.ledger.companions import MOST_AT_ONCE, count_companions
from ledger.test_columns import column

MINUTE = 60_000_000
DAY = 1440 * MINUTE


def oracle(rows: list[tuple[int, int, int, int]], most: int) -> list[int]:
    """(machine, account, day, minute) of each withdrawal: how many companions it had beside it."""

    def close(one: tuple[int, ...], other: tuple[int, ...]) -> bool:
        apart = abs((one[2] - other[2]) * 1440 + one[3] - other[3])
        return one[0] == other[0] and one[1] != other[1] and apart <= 20

    def days(machine: int, account: int) -> set[int]:
        return {day for m, a, day, _ in rows if (m, a) == (machine, account)}

    def crowded(machine: int) -> bool:
        at = [day * 1440 + minute for m, _, day, minute in rows if m == machine]
        return any(sum(0 <= later - now <= 20 for later in at) > most for now in at)

    def are_companions(machine: int, a: int, b: int) -> bool:
        met = {
            min(x, y, key=lambda row: (row[2], row[3]))[2]
            for x in rows
            for y in rows
            if x[:2] == (machine, a) and y[:2] == (machine, b) and close(x, y)
        }
        return len(met) >= 3 and 2 * len(met) >= min(len(days(machine, a)), len(days(machine, b)))

    return [
        -1
        if crowded(row[0])
        else len({other[1] for other in rows if close(row, other) and are_companions(row[0], row[1], other[1])})
        for row in rows
    ]


ROWS = st.lists(
    st.tuples(st.integers(0, 1), st.integers(0, 3), st.integers(0, 4), st.sampled_from([0, 10, 20, 21, 30, 41, 1435])),
    min_size=1,
    max_size=30,
)


@given(rows=ROWS, most=st.sampled_from([3, 60]), at_a_time=st.sampled_from([1, 5, 1000]))
@settings(max_examples=150, deadline=None)
def test_companions_are_counted_as_plain_loops_do(
    rows: list[tuple[int, int, int, int]], most: int, at_a_time: int
) -> None:
    """Whatever the order of rows of one instant, and however the machines are cut into pieces."""
    ordered = sorted(rows, key=lambda row: (row[0], row[2], row[3]))
    machine, account, day, minute = (np.array(each, np.int64) for each in zip(*ordered, strict=True))
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(companions, "MOST_AT_ONCE", most)
        patch.setattr(companions, "_ROWS_AT_A_TIME", at_a_time)
        got = count_companions(machine, account, day * DAY + minute * MINUTE, day)
    assert got.tolist() == oracle(ordered, most)


def drawn(*rows: tuple[int, str, str], **others: Any) -> list[dict[str, Any]]:
    """Cash drawn at M1: day of March, clock, account."""
    return [
        {
            "transaction_id": f"T{number:03d}",
            "account_id": account,
            "at": f"2026-03-{day:02d}T{clock}:00",
            "direction": "debit",
            "amount": 100,
            "channel": "atm",
            "terminal_id": "M1",
            **others,
        }
        for number, (day, clock, account) in enumerate(rows)
    ]


TOGETHER = [(day, clock, account) for day in (2, 9, 16) for clock, account in (("10:00", "A1"), ("10:20", "A2"))]


def test_two_cards_together_on_three_days_are_companions() -> None:
    """Two days are not enough, and a minute too far is not together."""
    assert column("companions", transactions=drawn(*TOGETHER)) == [1] * 6
    assert column("companions", transactions=drawn(*TOGETHER[:4])) == [0] * 4
    late = [(day, "10:21" if clock == "10:20" else clock, account) for day, clock, account in TOGETHER]
    assert column("companions", transactions=drawn(*late)) == [0] * 6


def test_people_who_queue_together_now_and_then_are_none() -> None:
    """Three of seven paydays side by side are less than half of them."""
    apart = [(day, clock, account) for day in (20, 21, 22, 23) for clock, account in (("08:00", "A1"), ("11:00", "A2"))]
    assert column("companions", transactions=drawn(*TOGETHER, *apart)) == [0] * 14
    assert column("companions", transactions=drawn(*TOGETHER, *apart[:6])) == [1] * 6 + [0] * 6


def test_only_cash_drawn_at_a_machine_is_looked_at() -> None:
    """Credits and purchases have none; without a terminal or a clock nothing can be told."""
    assert column("companions", transactions=drawn(*TOGETHER, channel="card")) == [0] * 6
    rows = drawn(*TOGETHER, *TOGETHER)
    for row, given_instead in zip(
        rows[6:],
        (
            {"terminal_id": None},
            {"at": "2026-03-02"},
            {"channel": None},
            {"direction": "credit"},
            {"kind": "fee"},
            {"channel": "cash"},
        ),
        strict=True,
    ):
        row |= {"transaction_id": f"U{row['transaction_id']}", **given_instead}
    assert column("companions", transactions=rows) == [1] * 6 + [None, None, None, 0, None, 0]


def test_a_number_that_pays_out_faster_than_a_machine_can_is_several() -> None:
    """Of a bank that gives all machines one number nothing can be told."""
    rush = [(20, f"10:{n // 4:02d}", f"B{n}") for n in range(MOST_AT_ONCE + 1)]
    assert set(column("companions", transactions=drawn(*TOGETHER, *rush))) == {None}
    assert column("companions", transactions=drawn(*TOGETHER, *rush[1:]))[:6] == [1] * 6


@pytest.mark.parametrize("rows", [1, 3, 10**6])
def test_machines_are_looked_at_a_few_at_a_time(rows: int) -> None:
    """However few rows are asked for at a time, no machine is cut, and all of them come in order."""
    drawn = [
        {
            "transaction_id": f"T{n}",
            "account_id": f"A{n % 3}",
            "at": f"2026-03-0{1 + n % 9}T10:00:0{n % 7}",
            "amount": 5,
        }
        | {"direction": "debit", "channel": "atm", "terminal_id": f"M{n % 4 if n % 2 else 0}"}
        for n in range(24)
    ]
    with Dataset.from_tables(transactions=drawn) as data:
        whole = pa.concat_tables(withdrawals_by_machine(data, last_day=data.last_complete_day))
        parts = list(withdrawals_by_machine(data, last_day=data.last_complete_day, rows=rows))
        assert pa.concat_tables(parts).equals(whole)
        assert whole.num_rows == len(drawn)
        machines = [set(part["terminal_id"].to_pylist()) for part in parts]
        assert sum(map(len, machines)) == len(set().union(*machines)) == 3
