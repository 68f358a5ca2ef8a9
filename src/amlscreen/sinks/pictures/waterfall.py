"""How a score adds up: one row per contribution, each starting where the one before ended."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from itertools import accumulate

from markupsafe import Markup

from amlscreen.alerts import Contribution
from amlscreen.errors import EngineError
from amlscreen.sinks.pictures.svg import element
from amlscreen.sinks.wording import points_text

__all__ = ["waterfall"]

_WIDTH, _HEIGHT = 240.0, 16.0
_KINDS = {
    "rule": "rule",
    "repeat": "repeat",
    "overlap": "same rows, counted once",
    "cap": "cap",
    "counter": "counter-evidence",
    "typology": "typology",
    "feature": "feature",
}
_ROW = Markup(
    '<tr class="aml-{kind}"><th scope="row">{what}<span class="aml-text">{text}</span></th>'
    '<td class="aml-points">{points}</td><td class="aml-bar">{bar}</td><td class="aml-total">{total}</td></tr>'
)
_TABLE = Markup(
    '<table class="aml-waterfall"><caption>How the score of {score} adds up</caption>'
    '<thead><tr><th scope="col">Contribution</th><th scope="col" class="aml-points">Points</th>'
    '<th scope="col"><span class="aml-unseen">Drawn as a bar</span></th>'
    '<th scope="col" class="aml-total">So far</th></tr></thead><tbody>{rows}</tbody>'
    '<tfoot><tr><th scope="row">Score</th><td class="aml-points">{score}</td><td class="aml-bar">{bar}</td>'
    '<td class="aml-total">{score}</td></tr></tfoot></table>'
)


def waterfall(contributions: Sequence[Contribution], score: int, titles: Mapping[str, str] | None = None) -> Markup:
    """The rows of a score and their sum; :class:`~amlscreen.errors.EngineError` if that is not the score.

    ``titles`` are the rules' titles by id, shown when the pointer rests on the id.
    """
    totals = list(accumulate(row.points for row in contributions))
    sum_of_rows = totals[-1] if totals else 0
    if sum_of_rows != score:
        raise EngineError(f"A score of {score} cannot be drawn: its contributions add up to {sum_of_rows}.")
    low, high = min(0, *totals, 0), max(0, *totals, 1)
    rows = Markup("").join(
        _ROW.format(
            kind=row.kind,
            what=_named(row, titles or {}),
            text=row.text,
            points=points_text(row.points),
            bar=_bar(total - row.points, total, low, high, row.kind),
            total=f"{total:,}",
        )
        for row, total in zip(contributions, totals, strict=True)
    )
    return _TABLE.format(rows=rows, score=f"{score:,}", bar=_bar(0, score, low, high, "score"))


def _named(row: Contribution, titles: Mapping[str, str]) -> Markup:
    chip = Markup("") if row.kind == "rule" else Markup('<span class="aml-kind">{}</span>').format(_KINDS[row.kind])
    title = titles.get(row.rule_id, "")
    rule = Markup('<span class="aml-rule-id" title="{}">{}</span>').format(title, row.rule_id)
    rule = rule if row.rule_id else Markup("")
    return rule + chip


def _bar(start: int, end: int, low: int, high: int, kind: str) -> Markup:
    scale = _WIDTH / (high - low)
    left, right = (min(start, end) - low) * scale, (max(start, end) - low) * scale
    sign = "score" if kind == "score" else "plus" if end >= start else "minus"
    zero = (0 - low) * scale
    return element(
        "svg",
        element("line", x1=zero, x2=zero, y1=0.0, y2=_HEIGHT, class_="aml-axis"),
        element("rect", x=left, y=3.0, width=max(right - left, 1.5), height=10.0, rx=2.0, class_=f"aml-{sign}"),
        viewBox=f"0 0 {_WIDTH:.0f} {_HEIGHT:.0f}",
        preserveAspectRatio="none",
        aria_hidden="true",
    )
