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

    Those that follow the same payments share what they make of them. Two sets of payments are never in memory at once,
    for each takes as much as all else together.
    """
    payments: dict[object, list[int]] = {}
    alone: list[int] = []
    for number in sorted({*rows, *_always_settled(plans)} - {*failed}):
        of_path = plans[number].detect.shape == "path"
        (payments.setdefault(plans[number].alike, []) if of_path else alone).append(number)
    found: list[Across] = []
    with ThreadPoolExecutor(threads, thread_name_prefix="settle") as pool:
        for numbers in sorted(payments.values(), key=len) or [[]]:
            own = bank.apart(tuple(plans[number] for number in numbers))

            def work(number: int, own: AfterSweep = own) -> Across:
                return _across(number, plans[number], rows.pop(number, []), own)

            found += pool.map(work, [*numbers, *alone])
            alone = []
    yield from sorted(found, key=lambda one: one.plan_no)


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
