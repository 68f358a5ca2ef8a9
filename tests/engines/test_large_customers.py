"""One customer with most of the rows costs no more than many customers with a few each."""

from __future__ import annotations

import time

import numpy as np
import pyarrow as pa
import pytest

from amlscreen.engines import local
from amlscreen.finding import find
from amlscreen.intake.dataset import Dataset
from amlscreen.rules.ruleset import RuleSet
from amlscreen.settings import Settings
from shapes.looking import rule

ROWS = 60_000
TIMES = 5
SPARE_SECONDS = 1.0


def book(hub: float) -> pa.Table:
    """Transactions over ninety days, that share of them on one account and the rest on accounts with twenty each."""
    rng = np.random.default_rng(7)
    account = np.arange(ROWS) // 20 + 1
    account[: int(ROWS * hub)] = 0
    at = np.datetime64("2026-03-01", "us") + rng.integers(0, 90 * 86_400, ROWS).astype("timedelta64[s]")
    return pa.table(
        {
            "transaction_id": [f"T{n:06d}" for n in range(ROWS)],
            "account_id": [f"A{n:05d}" for n in account],
            "at": at,
            "direction": np.array(["credit", "debit"], object)[rng.integers(0, 2, ROWS)],
            "amount": rng.integers(1, 1_000_000, ROWS),
            "counterparty": [f"name:{n}" for n in rng.integers(0, 500, ROWS)],
            "counterparty_kind": ["name"] * ROWS,
        }
    )


RULES = RuleSet.of(
    rule(
        "HT-T01",
        detect={
            "shape": "window",
            "subject": "account",
            "within": "9d",
            "rows": {"a": {"direction": "credit"}, "b": {"direction": "debit"}},
            "measures": {
                "people": {"distinct": "counterparty", "of": "a"},
                "most": {"max": "amount", "of": "a"},
                "middle": {"median": "amount", "of": "b"},
                "spread": {"std": "amount", "of": "b"},
                "common": {"top_share": "counterparty", "k": 3, "of": "a"},
                "passed": {"matched_within": "2d", "of": ["a", "b"]},
            },
            "when": {name: {"gte": 0} for name in ("people", "most", "middle", "spread", "common", "passed")},
        },
    ),
    rule(
        "HT-T02",
        detect={
            "shape": "sequence",
            "subject": "customer",
            "rows": {"a": {"direction": "credit"}, "b": {"direction": "debit"}},
            "first": "a",
            "then": [{"rows": "b", "within": "2d"}],
            "measures": {"sent": {"sum": "amount", "of": "b"}},
        },
    ),
)


def seconds(hub: float) -> float:
    """Processor time of the sweeps."""
    with Dataset.from_tables("laos", Settings(threads=1), transactions=book(hub)) as data:
        begun = time.process_time()
        found = find(data, RULES)
        assert {one.status for one in found.outcomes} == {"ran"}
        assert found.hits
        return time.process_time() - begun


def test_an_account_with_half_of_the_rows_costs_a_few_times_the_even_case() -> None:
    """Every window is a slide, never a look at all of its rows again."""
    seconds(0.0)
    even = seconds(0.0)
    assert seconds(0.5) < TIMES * even + SPARE_SECONDS


def test_the_batches_of_one_large_customer_are_put_together_once(monkeypatch: pytest.MonkeyPatch) -> None:
    """Held as they come: putting them together again with every batch would cost the square of their number."""
    batches = [
        pa.record_batch({"customer_no": pa.array([customer] * 100, pa.int32())})
        for customer in [0, 1, *([2] * 50), 3, 4, 5]
    ]
    copied = []
    whole = local._one

    def counted(held: list[pa.RecordBatch]) -> pa.RecordBatch:
        copied.append(sum(batch.num_rows for batch in held))
        return whole(held)

    monkeypatch.setattr(local, "_one", counted)
    found = list(local._of_whole_customers(batches, 150))
    assert sum(copied) < 3 * sum(batch.num_rows for batch in batches)
    assert [number for batch in found for number in dict.fromkeys(batch.column("customer_no").to_pylist())] == [
        *range(6)
    ]
