"""After the sweep: plans whose subjects lie in many partitions, several at a time."""

from __future__ import annotations

import time
from collections.abc import Collection, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, replace
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

    Those that follow the same payments are taken together, for they share what they make of them; it is let go after.
    """
    alike: dict[object, list[int]] = {}
    for number in sorted({*rows, *_always_settled(plans)} - {*failed}):
        plan = plans[number]
        alike.setdefault(plan.alike if plan.detect.shape == "path" else number, []).append(number)

    def work(numbers: Sequence[int]) -> list[Across]:
        own = replace(bank, kept={})
        return [_across(number, plans[number], rows.pop(number, []), own) for number in numbers]

    longest_first = sorted(alike.values(), key=lambda numbers: plans[numbers[0]].detect.shape != "path")
    with ThreadPoolExecutor(threads, thread_name_prefix="settle") as pool:
        found = [one for each in pool.map(work, longest_first) for one in each]
    yield from sorted(found, key=lambda one: one.plan_no)


def _across(plan_no: int, plan: Plan, pieces: Sequence[Any], bank: AfterSweep) -> Across:
    begun = time.perf_counter()
    try:
        told, failed = settle(plan, pieces, bank), ""
    except RULE_FAILURES as problem:
        told, failed = Settled(), f"{type(problem).__name__}: {problem}"
    return Across(plan_no, told, failed, time.perf_counter() - begun)


def _always_settled(plans: Sequence[Plan]) -> Iterator[int]:
    """Scenarios are asked also where no partition had a row for them."""
    return (number for number, plan in enumerate(plans) if plan.detect.shape == "scenario")
