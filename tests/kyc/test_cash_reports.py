"""Cash-report candidates: held equal to plain Python, and what counts as cash, whose it is and when."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from typing import Any, Literal

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from amlscreen.jurisdiction import Figure
from amlscreen.settings import Settings
from kyc.cash_oracle import Booking, Candidate, candidates
from kyc.looking import AS_OF, FIRST, booking, country, day, report_of

Basis = Literal["single", "aggregate_30_days", "both"]
Rows = Sequence[dict[str, Any]]
HELD = [
    {"account_id": "A1", "customer_id": "C1", "role": "owner"},
    {"account_id": "A2", "customer_id": "C1", "role": "joint"},
    {"account_id": "A2", "customer_id": "C2", "role": "joint"},
]
BOOKINGS = st.lists(
    st.tuples(
        st.sampled_from(("A1", "A2")),
        st.integers(1, 90),
        st.sampled_from(("credit", "debit")),
        st.sampled_from((100, 333, 400, 999, 1_000, 2_500)),
        st.sampled_from(("cash", "cash", "atm", "transfer")),
    ),
    min_size=1,
    max_size=25,
)


def found(rows: Rows, *, jurisdiction: Any = None, settings: Settings | None = None, **tables: Any) -> list[Any]:
    """The candidates as rows."""
    return report_of(jurisdiction, settings, transactions=list(rows), **tables).cash.to_pylist()


def short(rows: Rows, **others: Any) -> list[tuple[Any, ...]]:
    """Basis, direction, bookings and amount of each, in a fixed order."""
    return sorted((c["basis"], c["direction"], c["bookings"], int(c["amount"])) for c in found(rows, **others))


def seen(row: dict[str, Any]) -> Candidate:
    """A row of the table as the oracle tells it."""
    first, last = ((row[name] - FIRST).days + 1 for name in ("first_day", "last_day"))
    amounts = (int(row[name]) for name in ("amount", "peak_amount"))
    ids = tuple(sorted(row["transaction_ids"]))
    return Candidate(row["customer_id"], row["basis"], row["direction"], first, last, *amounts, ids)


@settings(max_examples=30, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(
    BOOKINGS,
    st.sampled_from(("single", "aggregate_30_days", "both")),
    st.sampled_from(("apart", "together")),
    st.sampled_from((3, 100_000)),
)
def test_candidates_are_those_of_plain_python(made: Any, basis: Basis, directions: str, at_once: int) -> None:
    """Per customer over all accounts, in any order of rows, however the work is cut."""
    rows = [
        booking(n, on, amount, account_id=account, direction=way, channel=channel)
        for n, (account, on, way, amount, channel) in enumerate(made)
    ]
    owners = {"A1": ("C1",), "A2": ("C1", "C2")}
    plain = [
        Booking(row["transaction_id"], owner, on, way, amount)
        for row, (account, on, way, amount, channel) in zip(rows, made, strict=True)
        if channel in ("cash", "atm")
        for owner in owners[account]
    ]
    place = country(cash_report_basis=basis, cash_report_directions=directions)
    told = Settings(threads=1, as_of=AS_OF, partition_rows=at_once)
    table = found(rows[::-1], jurisdiction=place, settings=told, holdings=HELD)
    assert {seen(row) for row in table} == candidates(plain, 1_000, basis, directions)
    assert len({seen(row) for row in table}) == len(table)
    assert all(row["bookings"] == len(row["transaction_ids"]) for row in table)


def test_both_is_what_the_two_bases_give_together() -> None:
    """A bank that settles the question by one word in the jurisdiction loses nothing and gains nothing else."""
    rows = [booking(1, 3, 1_200), booking(2, 20, 600), booking(3, 40, 500), booking(4, 85, 999)]
    each = [short(rows, jurisdiction=country(cash_report_basis=basis)) for basis in ("single", "aggregate_30_days")]
    assert short(rows, jurisdiction=country(cash_report_basis="both")) == sorted(each[0] + each[1])
    assert each == [[("single", "credit", 1, 1_200)], [("aggregate", "credit", 3, 2_300)]]


def test_thirty_days_are_thirty_days() -> None:
    """The first and the thirtieth day fall together, the first and the thirty-first do not."""
    assert short([booking(1, 1, 500), booking(2, 30, 500)]) == [("aggregate", "credit", 2, 1_000)]
    assert short([booking(1, 1, 500), booking(2, 31, 500)]) == []


def test_a_long_run_is_told_once_with_its_fullest_month() -> None:
    """Not a row for each of its days."""
    (one,) = found([booking(n, 1 + 10 * n, 400) for n in range(8)])
    assert (one["bookings"], one["amount"], one["peak_amount"], str(one["peak_day"])) == (8, 3_200, 1_200, day(21))
    assert (str(one["first_day"]), str(one["last_day"]), one["single_bookings"]) == (day(1), day(71), 0)


def test_in_and_out_are_summed_apart_unless_the_jurisdiction_says_together() -> None:
    """The same notes paid in and taken out again are not twice as much cash."""
    rows = [booking(1, 1, 600), booking(2, 2, 600, direction="debit")]
    assert short(rows) == []
    together = country(cash_report_directions="together")
    assert short(rows, jurisdiction=together) == [("aggregate", "both", 2, 1_200)]


@pytest.mark.parametrize("others", [{"channel": "transfer"}, {"channel": "agent"}, {"kind": "bank"}, {"channel": None}])
def test_what_is_not_the_customers_cash_does_not_count(others: dict[str, Any]) -> None:
    """Transfers, a wallet agent's till, the bank's own bookings, and what has no channel."""
    assert short([booking(1, 1, 5_000, **others), booking(2, 90, 1)]) == []


def test_a_machine_gives_cash_and_the_jurisdiction_may_say_it_does_not() -> None:
    """Channels are the jurisdiction's."""
    rows = [booking(1, 1, 5_000, channel="atm")]
    assert ("single", "credit", 1, 5_000) in short(rows)
    assert short(rows, jurisdiction=country(cash_report_channels=("cash",))) == []


def test_what_was_taken_back_does_not_count() -> None:
    """A deposit booked by mistake and reversed brought no cash."""
    back = booking(2, 1, 5_000, direction="debit", kind="reversal", reverses="T0001")
    assert short([booking(1, 1, 5_000), back]) == []


def test_the_threshold_is_that_of_the_day() -> None:
    """Before it was raised 1,000 were enough; before there was one nothing was."""
    figure: dict[str, Any] = {"source": "a test", "as_of": AS_OF, "verified": False}
    figures = (
        Figure(value=1_000, holds_from=dt.date(2026, 2, 1), **figure),
        Figure(value=2_000, holds_from=dt.date(2026, 3, 1), **figure),
    )
    place = country(cash_report_threshold=figures, cash_report_basis="single")
    rows = [booking(1, 10, 1_500), booking(2, 40, 1_500), booking(3, 80, 1_500)]
    (one,) = found(rows, jurisdiction=place)
    assert (str(one["first_day"]), one["threshold"]) == (day(40), 1_000)


def test_foreign_cash_counts_at_the_rate_of_its_day() -> None:
    """Ten dollars at 100 reach the line, at 99 they do not."""
    rates = [{"currency": "USD", "date": day(1), "rate": "99"}, {"currency": "USD", "date": day(60), "rate": "100"}]
    rows = [booking(1, 5, 10, currency="USD"), booking(2, 70, 10, currency="USD")]
    (one,) = found(rows, jurisdiction=country(cash_report_basis="single"), fx_rates=rates)
    assert one["transaction_ids"] == ["T0002"]


def test_all_accounts_of_a_customer_count_and_each_owner_of_a_joint_one() -> None:
    """C1 has both accounts, C2 half of one; only together is it enough."""
    rows = [booking(1, 1, 600, account_id="A1"), booking(2, 2, 600, account_id="A2")]
    (one,) = found(rows, holdings=HELD)
    assert (one["customer_id"], one["accounts"], one["transaction_ids"]) == ("C1", ["A1", "A2"], ["T0001", "T0002"])


def test_without_a_threshold_or_a_channel_it_is_said() -> None:
    """Never silently no candidate."""
    without = report_of(country(cash_report_threshold=()), transactions=[booking(1, 1, 5_000)])
    assert without.cash.num_rows == 0
    assert "cash reports: the jurisdiction has no cash_report_threshold" in without.not_judged
    blind = report_of(transactions=[booking(1, 1, 5_000, channel=None)])
    assert "cash reports: no data in transactions.channel" in blind.not_judged


def test_candidates_within_the_alerting_span_are_current() -> None:
    """Earlier ones were told by an earlier run; they stay in the table."""
    rows = [booking(1, 10, 5_000), booking(2, 85, 1_000)]
    table = found(rows, jurisdiction=country(cash_report_basis="single"))
    assert [(c["is_current"], int(c["amount"])) for c in table] == [(True, 1_000), (False, 5_000)]
