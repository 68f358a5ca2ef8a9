"""The comparison as lines of text."""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping, Sequence

from benchmarks.peers_book import Split
from benchmarks.peers_judge import BUDGETS, Figures

__all__ = ["aims", "table"]

_NAMES = {
    "forest": "isolation forest on totals",
    "forest, judged days": "  of the judged days only",
    "ours": "amlscreen, no labels",
    "LightGBM": "LightGBM on raw columns",
    "XGBoost": "XGBoost on raw columns",
    "XGBoost, IBM graph": "XGBoost on IBM's graph features",
    "scorecard": "amlscreen, refitted scorecard",
    "scorecard, features": "  with rows for features",
}
_WITHOUT, _WITH = (
    ("forest", "forest, judged days", "ours"),
    ("LightGBM", "XGBoost", "XGBoost, IBM graph", "scorecard", "scorecard, features"),
)
TIMES = 2.0
"""How many times the forest's average precision the ranking without labels is to reach."""


def table(found: Iterable[tuple[Split, Mapping[str, Figures]]]) -> str:
    """Everything measured, set by set, each with whether the two aims are met."""
    return "\n\n".join("\n".join(_of_one(split, by)) for split, by in found)


def _of_one(split: Split, by: Mapping[str, Figures]) -> Iterable[str]:
    judged = sum(int(part.judged.sum()) for part in split.tests)
    right = sum(int((part.positive & part.judged).sum()) for part in split.tests)
    learnt = int((split.train.positive & split.train.judged).sum())
    yield (
        f"{split.name}: {right:,} of {judged:,} holders judged are labelled (by chance {right / judged:.3f}); "
        f"learnt from {learnt:,} of {int(split.train.judged.sum()):,}"
    )
    heads = "".join(f"{f'P {one / 10:g} %':>9}" for one in BUDGETS) + "".join(
        f"{f'R {one / 10:g} %':>9}" for one in BUDGETS
    )
    yield f"  {'':34}{'AP':>7}{'F1':>7}{'best F1':>9}{heads}"
    for title, names in (("no label seen", _WITHOUT), ("learnt from labels", _WITH)):
        yield f" {title}"
        for name in names:
            if name in by:
                yield f"  {_NAMES[name]:34}{_line(by[name])}"
    yield from (f" {line}" for line in aims(by))


def _line(one: Figures) -> str:
    shares = "".join(f"{share:>9.0%}" for share in (*one.precision, *one.recall))
    return f"{one.ap:>7.3f}{one.f1:>7.3f}{one.best_f1:>9.3f}{shares}"


def aims(by: Mapping[str, Figures]) -> Sequence[str]:
    """Whether the two aims are met. The forest counts with the better of its two; none can have more than 1."""
    lines = []
    if "ours" in by:
        forest = max((by[name].ap for name in ("forest", "forest, judged days") if name in by), default=math.nan)
        times = by["ours"].ap / forest
        met = "met" if times >= TIMES else "cannot be met" if forest * TIMES > 1 else "not met"
        lines.append(f"without labels: {times:.2f} times the forest's average precision (aim {TIMES:g}: {met})")
    fitted = [by[name].f1 for name in ("scorecard", "scorecard, features") if name in by]
    if fitted and "XGBoost, IBM graph" in by:
        ours, theirs = max(fitted), by["XGBoost, IBM graph"].f1
        lines.append(f"with labels: F1 {ours:.3f} against {theirs:.3f} ({'met' if ours >= theirs else 'not met'})")
    return lines
