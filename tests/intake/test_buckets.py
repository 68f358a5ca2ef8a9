"""Buckets hold the same rows in the same order as one sort of the whole bank."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import numpy as np
import pyarrow as pa
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from amlscreen.intake.buckets import Bucket, cut_into_buckets
from amlscreen.intake.dataset import Dataset
from amlscreen.intake.laying import lay_out
from amlscreen.intake.stream import number, sorted_batches

COLUMNS = ("row_id", "account_id", "at", "transaction_id", "direction", "amount", "channel", "counterparty", "hour")


@pytest.fixture(scope="module")
def bank(tiny_bank: Path) -> Iterator[Dataset]:
    """The tiny bank, its customers numbered."""
    with Dataset.read(tiny_bank) as data:
        number(data)
        yield data


def of_buckets(data: Dataset, *, last_day: int, bucket_rows: int, in_memory: bool) -> pa.Table:
    """What all buckets give, in order; each gives its own customers and as many rows as it says."""
    with closing(lay_out(data, COLUMNS, last_day=last_day, bucket_rows=bucket_rows, in_memory=in_memory)) as laid:
        found = []
        for bucket in laid.buckets:
            held = list(laid.batches(bucket))
            assert sum(each.num_rows for each in held) <= bucket.rows
            for batch in held:
                numbers = batch.column("customer_no").to_numpy()
                assert bucket.first_customer <= numbers.min() <= numbers.max() <= bucket.last_customer
            found += held
        return pa.Table.from_batches(found)


@pytest.mark.parametrize("in_memory", [True, False])
@pytest.mark.parametrize("bucket_rows", [1, 700, 10**6])
def test_buckets_in_order_are_the_whole_bank_sorted(bank: Dataset, bucket_rows: int, in_memory: bool) -> None:
    """Whatever their size, and whether they lie in memory or in a file."""
    whole = sorted_batches(bank, COLUMNS, last_day=bank.last_complete_day).read_all()
    laid = of_buckets(bank, last_day=bank.last_complete_day, bucket_rows=bucket_rows, in_memory=in_memory)
    assert laid.equals(whole)


def test_rows_after_the_last_day_are_in_no_bucket(bank: Dataset) -> None:
    """A run as of an earlier day sees what there then was."""
    day = bank.first_day + 20
    laid = of_buckets(bank, last_day=day, bucket_rows=500, in_memory=False)
    assert laid.equals(sorted_batches(bank, COLUMNS, last_day=day).read_all())


def test_a_file_of_buckets_goes_when_they_are_closed(bank: Dataset) -> None:
    """It holds the bank's transactions."""
    assert bank.folder is not None
    before = set(bank.folder.rglob("*.arrow"))
    laid = lay_out(bank, COLUMNS, last_day=bank.last_complete_day, in_memory=False)
    assert set(bank.folder.rglob("*.arrow")) > before
    laid.close()
    assert set(bank.folder.rglob("*.arrow")) == before


def test_rows_of_one_moment_stand_by_id_and_side() -> None:
    """Where only days are told all of a day's rows are of one moment; the two legs of one id stand side by side."""
    rows = [
        {
            "transaction_id": f"T{one % 7}",
            "account_id": f"A{one % 3}",
            "at": "2026-03-02",
            "direction": side,
            "amount": 5,
        }
        for one in range(21)
        for side in ("debit", "credit")
    ]
    with Dataset.from_tables(transactions=rows) as data:
        number(data)
        whole = sorted_batches(data, COLUMNS, last_day=data.last_complete_day).read_all()
        assert of_buckets(data, last_day=data.last_complete_day, bucket_rows=10, in_memory=True).equals(whole)


def test_times_too_far_apart_for_one_number_are_sorted_all_the_same() -> None:
    """An account of three centuries and many accounts do not fit into 62 bits together."""
    rows = [
        {"transaction_id": f"T{n}", "account_id": f"A{n % 4999}", "at": at, "direction": "debit", "amount": 5}
        for n, at in enumerate(["2026-03-02T10:00:00", "1950-01-01T00:00:01", "2026-01-02T03:04:05"] * 5000)
    ]
    with Dataset.from_tables(transactions=rows) as data:
        number(data)
        whole = sorted_batches(data, COLUMNS, last_day=data.last_complete_day).read_all()
        assert of_buckets(data, last_day=data.last_complete_day, bucket_rows=10**6, in_memory=True).equals(whole)


@given(st.lists(st.tuples(st.integers(1, 3), st.integers(0, 40)), max_size=30), st.integers(1, 60))
@settings(max_examples=60, deadline=None)
def test_no_customer_is_cut_and_a_large_one_is_alone(customers: list[tuple[int, int]], most: int) -> None:
    """Buckets follow one another without gaps, hold their customers' rows, at most twice the size."""
    numbers = np.repeat(np.arange(len(customers), dtype=np.int32), [places for places, _ in customers])
    rows = np.array([held for places, held in customers for _ in range(places)], np.int64)
    of_place, buckets = cut_into_buckets(numbers, rows, most)
    assert [each.number for each in buckets] == list(range(len(buckets)))
    follow: list[int] = [one for each in buckets for one in range(each.first_customer, each.last_customer + 1)]
    assert follow == list(range(len(customers)))
    for bucket in buckets:
        assert bucket.rows == rows[of_place == bucket.number].sum()
        assert set(numbers[of_place == bucket.number]) == set(range(bucket.first_customer, bucket.last_customer + 1))
        assert bucket.rows < 2 * most or bucket.first_customer == bucket.last_customer


def test_equal_rows_give_equal_buckets() -> None:
    """What a bucket gave can be kept under its number."""
    numbers, rows = np.arange(4, dtype=np.int32), np.array([3, 90, 2, 2])
    assert cut_into_buckets(numbers, rows, 50)[1] == (Bucket(0, 0, 0, 3), Bucket(1, 1, 1, 90), Bucket(2, 2, 3, 4))
