"""How much of what was planted is found, and whom else it costs: one set of tables for each tier of data.

``python -m benchmarks.quality`` (``make quality``) makes banks of 20,000 customers and 212 days with several seeds,
screens each at each tier, prints the tables over all seeds and ends with 1 if a floor is broken. 212 days, not 180: an
account is only seen to sleep for the 180 days of HT-A11 where the data goes back further. Thresholds of cards were
looked at on seed 7; the other seeds are held out, and both are printed. The banks are synthetic: the figures show that
rules do what their cards say, not how they fare at a real bank.
"""

from __future__ import annotations

import argparse
import sys
import time
from pathlib import Path

from benchmarks.page import put_between
from benchmarks.quality_floors import broken, wanted
from benchmarks.quality_measure import Quality, measure, pooled
from benchmarks.quality_tables import tables

from amlscreen.synth import Tier, make_bank

TIERS: tuple[Tier, ...] = ("rich", "ordinary", "poor")
TUNED, HELD_OUT = 7, (101, 102, 103)


def main() -> int:
    """Print the tables of every tier; 1 if a floor is broken."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--customers", type=int, default=20_000)
    parser.add_argument("--days", type=int, default=212)
    parser.add_argument("--seeds", type=int, nargs="+", default=[TUNED, *HELD_OUT])
    parser.add_argument("--tiers", nargs="+", choices=TIERS, default=TIERS)
    parser.add_argument("--page", type=Path, help="Write the tables into this page, between its two marks.")
    chosen = parser.parse_args()
    found = _measured(chosen.customers, chosen.days, chosen.seeds, chosen.tiers)
    text, wrong = _report(found, chosen.customers, chosen.days)
    print(text)
    if chosen.page:
        put_between(chosen.page, text, "make quality")
    return 1 if wrong else 0


def _measured(customers: int, days: int, seeds: list[int], tiers: list[Tier]) -> dict[tuple[Tier, int], Quality]:
    found = {}
    for seed in seeds:
        bank = make_bank(customers, days, seed)
        for tier in tiers:
            began = time.monotonic()
            found[tier, seed] = measure(bank, tier)
            print(f"seed {seed}, {tier}: {time.monotonic() - began:.0f} s", file=sys.stderr)
    return found


def _report(found: dict[tuple[Tier, int], Quality], customers: int, days: int) -> tuple[str, list[str]]:
    seeds = sorted({seed for _, seed in found})
    held_out = [seed for seed in seeds if seed != TUNED] or seeds
    lines = [
        f"{customers:,} customers, {days} days; held-out seeds {', '.join(map(str, held_out))}; seed {TUNED} beside"
    ]
    wrong: list[str] = []
    open_points: list[str] = []
    for tier in dict.fromkeys(tier for tier, _ in found):
        whole = pooled([found[tier, seed] for seed in held_out])
        lines += ["", tables(whole)]
        if TUNED in seeds and held_out != seeds[:1]:
            lines += ["", _beside(found[tier, TUNED], whole)]
        wrong += broken(whole)
        open_points += wanted(whole)
    lines += ["", *(f"not yet: {point}" for point in open_points), *(wrong or ["every floor holds"])]
    return "\n".join(lines), wrong


def _beside(tuned: Quality, whole: Quality) -> str:
    return (
        f"seed {TUNED} against held-out: rings {tuned.under(rings=True):.0%} / {whole.under(rings=True):.0%}, "
        f"single patterns {tuned.under(rings=False):.0%} / {whole.under(rings=False):.0%}, innocents of 1,000 "
        f"{tuned.false_per_thousand:.1f} / {whole.false_per_thousand:.1f}, precision at 1 % "
        f"{tuned.precision(10):.0%} / {whole.precision(10):.0%}"
    )


if __name__ == "__main__":
    raise SystemExit(main())
