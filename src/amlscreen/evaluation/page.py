"""``evaluation.html``: one self-contained page; no request leaves it."""

from __future__ import annotations

from typing import Any

from markupsafe import Markup

from amlscreen._version import __version__
from amlscreen.evaluation.ablation import Without
from amlscreen.evaluation.figures import Figure
from amlscreen.evaluation.made import Evaluation, Part
from amlscreen.evaluation.pictures import capacity_picture, change_bar, share_bar
from amlscreen.evaluation.segments import Segment
from amlscreen.sinks.standalone import asset, standalone

__all__ = ["render"]

_RULES_SHOWN = 25
_SEGMENTS_SHOWN = 12
_OUTCOMES = {"clear": "clear", "look": "look at this", "leak": "leak", "not_checked": "not checked"}
_BY = {
    "all": "All targets",
    "typology": "By typology",
    "intensity": "By strength",
    "channel": "By channel",
    "role": "By role",
    "story": "By story",
    "when": "By time",
}


def render(evaluation: Evaluation) -> str:
    """The page as text; equal evaluations give equal text."""
    style = asset("pictures.css") + asset("report.css") + asset("evaluation.css")
    return standalone("evaluation.html.j2", style=style, script="", page=_content(evaluation))


def _content(one: Evaluation) -> dict[str, Any]:
    part = one.parts[0]
    marked = [(budget.reviewed, f"{budget.share * 100:g} %") for budget in part.budgets]
    shown = {budget.reviewed for budget in part.budgets} | {one.alerted, one.capacity[-1].reviewed}
    return {
        "version": __version__,
        "it": one,
        "part": part,
        "tiles": _tiles(one, part),
        "outcomes": _OUTCOMES,
        "capacity": capacity_picture(one.capacity, marked),
        "cuts": [cut for cut in one.capacity if cut.reviewed in shown or _is_round(cut.reviewed)],
        "recall": _recall(one),
        "segments": _segments(one.segments),
        "kinds": _bars([line for line in one.ablation if line.rules != 1 or " " in line.without]),
        "rules": _bars(_telling(one.ablation)),
        "rules_in_all": sum(" " not in line.without for line in one.ablation),
        "figure": _figure,
        "per_cent": _per_cent,
        "bar": share_bar,
        "number": _number,
        "ratio": _ratio,
    }


def _is_round(number: int) -> bool:
    return str(number).strip("0") in ("1", "2", "5")


def _tiles(one: Evaluation, part: Part) -> list[tuple[str, str, str]]:
    """Name, figure and note of the tiles at the top."""
    precision = part.average_precision
    times = f"{precision.value / part.chance:.1f} times chance" if precision.value and part.chance else "no target"
    last = part.budgets[-1]
    alerted = part.alerted_targets + part.alerted_innocents
    return [
        ("Average precision", _number(precision.value, 3), times),
        ("Targets", f"{part.targets:,}", f"in {part.instances:,} instances, of {one.customers:,} customers"),
        ("Targets under alert", _per_cent(part.alerted_targets / max(part.targets, 1)), f"{part.alerted_targets:,}"),
        (
            "Right among the alerted",
            _per_cent(part.alerted_targets / alerted) if alerted else "-",
            f"of {alerted:,} customers with an answer",
        ),
        (f"Found in the first {last.share * 100:g} %", _per_cent(last.recall.value), f"{last.reviewed:,} looked at"),
    ]


def _recall(one: Evaluation) -> list[tuple[str, list[Any]]]:
    """The lines of each label column, under its title."""
    groups: dict[str, list[Any]] = {}
    for line in one.recall:
        groups.setdefault(_BY[line.by], []).append(line)
    return list(groups.items())


def _segments(segments: tuple[Segment, ...]) -> list[tuple[str, list[Segment], list[Segment], float]]:
    """By column: the worst lines, the others, and the largest figure, which the bars are drawn against."""
    groups: dict[str, list[Segment]] = {}
    for line in segments:
        groups.setdefault("all innocents" if line.column == "all" else line.column.replace("_", " "), []).append(line)
    most = max((line.of_thousand.value or 0.0 for line in segments), default=1.0)
    return [(name, lines[:_SEGMENTS_SHOWN], lines[_SEGMENTS_SHOWN:], most) for name, lines in groups.items()]


def _telling(lines: tuple[Without, ...]) -> list[Without]:
    """The rules whose absence changes most, the most useful first."""
    rules = [line for line in lines if " " not in line.without and line.change.value]
    worst = sorted(rules, key=lambda line: (-abs(line.change.value or 0.0), line.without))[:_RULES_SHOWN]
    return sorted(worst, key=lambda line: (line.change.value or 0.0, line.without))


def _bars(lines: list[Without]) -> list[tuple[Without, Markup]]:
    # Without everything but anomaly nearly all is lost: on that scale the other bars could not be seen.
    drawn = [line for line in lines if not line.without.startswith("anything")]
    ends = [abs(end) for line in drawn for end in (line.change.low, line.change.high, line.change.value) if end]
    return [(line, change_bar(line.change, max(ends, default=1.0))) for line in lines]


def _figure(figure: Figure, *, per_cent: bool = True, digits: int = 3) -> str:
    """A figure and its interval in words."""
    shown = _per_cent if per_cent else lambda value: _number(value, digits)
    if figure.value is None:
        return "cannot be told"
    between = "" if figure.low is None else f" ({shown(figure.low)} to {shown(figure.high)})"
    return f"{shown(figure.value)}{between}"


def _per_cent(value: float | None) -> str:
    return "-" if value is None else f"{value:.1%}".replace("%", " %")


def _number(value: float | None, digits: int = 1) -> str:
    return "-" if value is None else f"{value:,.{digits}f}"


def _ratio(value: float | None) -> str:
    return "cannot be told" if value is None else f"{value:.2f}"
