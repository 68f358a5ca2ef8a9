"""What the figures of one run say, a sentence for each effect."""

from __future__ import annotations

from statistics import median

from benchmarks.cases import CONFORMED, FOUR_CARDS, MORE_CARDS, ONE_CARD, TEXT, TOLD
from benchmarks.figures import Agreement, Figures
from benchmarks.further_cards import FURTHER
from benchmarks.growth import limits

__all__ = ["sentences"]


def sentences(figures: Figures) -> list[str]:
    """Limits, effects, readers, who found the same, what was left out."""
    return [
        f"The product may use {figures.limits.memory} in all, DuckDB in the floor and in SQL as much; "
        f"{figures.limits.threads} threads.",
        *limits(figures),
        *_by_hand(figures),
        *_effects(figures),
        *_readings(figures),
        *(sentence for rows, one in figures.agreement.items() for sentence in _agreement(rows, one)),
        *figures.left_out,
    ]


def _by_hand(figures: Figures) -> list[str]:
    """What the four rules cost in the product with everything around them."""
    return [
        f"{case.rows:,} rows: the four rules that are also written by hand take {figures.wall(case):.1f} s here, with "
        "every value checked, evidence, KYC and every output written; by hand they find accounts and do nothing else."
        for case in figures.costs
        if case.what == FOUR_CARDS
    ]


def _effects(figures: Figures) -> list[str]:
    lines = []
    for case in figures.costs:
        plain = figures.of(case.rows, "parquet", ONE_CARD)
        if plain is not None and case.what == MORE_CARDS:
            each = (figures.cpu(case) - figures.cpu(plain)) / FURTHER * 10_000_000 / case.rows
            lines.append(f"One more window card costs about {each:.2f} CPU seconds per 10 million rows.")
        even = figures.of(case.rows, "even", "screen")
        if even is not None and case.book == "hub":
            lines.append(
                f"{case.rows:,} rows with half of them on one account take {figures.wall(case):.1f} s "
                f"({figures.cpu(case):.1f} CPU s); spread evenly {figures.wall(even):.1f} s "
                f"({figures.cpu(even):.1f} CPU s)."
            )
    return lines


def _readings(figures: Figures) -> list[str]:
    """Reading and conforming against texts alone, and megabytes a second of the readers of statements."""
    lines = []
    for case, costs in figures.costs.items():
        plain = figures.of(case.rows, case.book, TEXT)
        if case.what == CONFORMED and plain is not None:
            wall, cpu = figures.wall(case) / figures.wall(plain), figures.cpu(case) / figures.cpu(plain)
            lines.append(
                f"{case.rows:,} rows of CSV: reading and conforming takes {wall:.1f} times ({cpu:.1f} times in CPU "
                "seconds) what DuckDB takes to read every column as text into a table."
            )
        if case.what == TOLD and case.rows == max(one.rows for one in figures.costs if one.what == TOLD):
            size, seconds = (median(float(cost.output.split()[place]) for cost in costs) for place in (2, 1))
            lines.append(f"{case.book}: {size:,.0f} MB, {size / seconds:.0f} MB a second of one processor.")
    return lines


def _agreement(rows: int, agreement: Agreement) -> list[str]:
    lines = []
    for by, rules in agreement.others.items():
        counts = ", ".join(f"{rule} {of['both']:,}" for rule, of in rules.items())
        apart = [
            f"{rule}: {of['one']} only by {agreement.first}, {of['other']} only by {by}"
            for rule, of in rules.items()
            if of["one"] or of["other"]
        ]
        said = f"not the same ({'; '.join(apart)})" if apart else "the same accounts and customers"
        lines.append(f"{by} and {agreement.first} find {said} at {rows:,} rows: {counts}.")
    return lines
