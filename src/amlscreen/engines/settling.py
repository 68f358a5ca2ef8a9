"""After the sweep: plans whose subjects lie in many partitions, several at a time."""

from __future__ import annotations

import time
from collections.abc import Collection, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from typing import Any

from amlscreen.shapes.plan import Plan
from amlscreen.shapes.settled import AfterSweep, Settled
from amlscreen.shapes.sweep import RULE_FAILURES, settle

__all__ = ["Across", "settled"]


@dataclass(frozen=True, slots=True)
class Across:
    """What became of a plan whose subjects lie in many partitions, and how long it took."""

    plan_no: int
    settled: Settled
    failed: str
    seconds: float


def settled(
    plans: Sequence[Plan], rows: dict[int, list[Any]], failed: Collection[int], bank: AfterSweep, threads: int
) -> Iterator[Across]:
    """Plans whose subjects lie in many partitions, on what was picked in each; in their order.

    Those that follow the same payments share what they make of them; it is let go after the last of them.
    """
    payments: dict[object, list[int]] = {}
    for number in sorted({*rows, *_always_settled(plans)} - {*failed}):
        key = plans[number].alike if plans[number].detect.shape == "path" else number
        payments.setdefault(key, []).append(number)
    groups = sorted(payments.values(), key=lambda numbers: (plans[numbers[0]].detect.shape != "path", -len(numbers)))
    banks = {number: own for numbers in groups for own in [bank.apart()] for number in numbers}

    def work(number: int) -> Across:
        return _across(number, plans[number], rows.pop(number, []), banks.pop(number))

    # The longest first; of each group one before the others, which would wait for what it makes for them.
    first = [numbers[0] for numbers in groups if plans[numbers[0]].detect.shape == "path"]
    others = [number for numbers in groups for number in numbers if number not in first]
    with ThreadPoolExecutor(threads, thread_name_prefix="settle") as pool:
        yield from sorted(pool.map(work, [*first, *others]), key=lambda one: one.plan_no)


def _always_settled(plans: Sequence[Plan]) -> Iterator[int]:
    """Scenarios are asked also where no partition had a row for them."""
    return (number for number, plan in enumerate(plans) if plan.detect.shape == "scenario")


def _across(plan_no: int, plan: Plan, pieces: Sequence[Any], bank: AfterSweep) -> Across:
    begun = time.perf_counter()
    try:
        told, failed = settle(plan, pieces, bank), ""
    except RULE_FAILURES as problem:
        told, failed = Settled(), f"{type(problem).__name__}: {problem}"
    return Across(plan_no, told, failed, time.perf_counter() - begun)
