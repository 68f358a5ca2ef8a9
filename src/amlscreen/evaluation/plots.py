"""An evaluation drawn with matplotlib, for notebooks; the page needs none of it.

matplotlib is no dependency of the package: ``pip install matplotlib`` beside it.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from amlscreen.errors import SettingsError, did_you_mean
from amlscreen.evaluation.made import Evaluation

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

__all__ = ["PLOTS", "plots"]

_CURVE, _BAR, _WORSE, _BETTER, _QUIET = "#b4530f", "#17515a", "#b4530f", "#1f7a6c", "#8b9693"
_MOST_LINES = 18


def plots(evaluation: Evaluation, *names: str) -> Figure:
    """The named plots (all of :data:`PLOTS` unless some are named) one below the other, as one figure.

    Raises :class:`~amlscreen.errors.SettingsError` for a name that is none, or without matplotlib.
    """
    try:
        from matplotlib import pyplot
    except ImportError as problem:
        raise SettingsError("Plots need matplotlib.", fix="Run: pip install matplotlib") from problem
    chosen = names or tuple(PLOTS)
    for name in chosen:
        if name not in PLOTS:
            raise SettingsError(f"There is no plot '{name}'.", fix=did_you_mean(name, PLOTS))
    drawn = [PLOTS[name] for name in chosen]
    heights = [height(evaluation) for _, height in drawn]
    figure = pyplot.figure(figsize=(8.5, sum(heights)), layout="constrained")
    axes = figure.subplots(len(drawn), 1, squeeze=False, gridspec_kw={"height_ratios": heights})[:, 0]
    for (draw, _), ax in zip(drawn, axes, strict=True):
        draw(evaluation, ax)
        ax.spines[["top", "right"]].set_visible(False)
        ax.title.set_fontweight("bold")
    pyplot.close(figure)  # else a notebook would show it twice: as what the cell gives, and as an open figure
    return figure


def _capacity(evaluation: Evaluation, ax: Axes) -> None:
    curve = evaluation.capacity
    reviewed, targets = [one.reviewed for one in curve], max(curve[-1].found, 1)
    ax.plot(reviewed, [min(one / targets, 1.0) for one in reviewed], "--", color=_BETTER, lw=1, label="without a fault")
    ax.plot(reviewed, [one.found / targets for one in curve], color=_CURVE, lw=2.2, label="this ranking")
    ax.plot(reviewed, [one.share for one in curve], ":", color=_QUIET, lw=1.4, label="by chance")
    for budget in evaluation.parts[0].budgets:
        ax.axvline(budget.reviewed, ymax=0.93, color=_BAR, lw=0.8, ls=(0, (2, 3)))
        ax.annotate(f"{budget.share * 100:g} %", (budget.reviewed, 1.03), color=_BAR, fontsize=8, ha="center")
    ax.set(xscale="log", ylim=(0, 1.1), xlabel="customers looked at, from the top", ylabel="targets found")
    ax.yaxis.set_major_formatter("{x:.0%}")
    ax.xaxis.set_major_formatter("{x:,.0f}")
    ax.set_title("What a cut-off finds", loc="left")
    ax.legend(frameon=False, loc="center left")


def _budgets(evaluation: Evaluation, ax: Axes) -> None:
    budgets = evaluation.parts[0].budgets
    for offset, name, colour in ((-0.19, "precision", _BAR), (0.19, "recall", _CURVE)):
        figures = [getattr(one, name) for one in budgets]
        values = [one.value or 0.0 for one in figures]
        places = [place + offset for place in range(len(values))]
        below = [
            value - (one.low if one.low is not None else value) for value, one in zip(values, figures, strict=True)
        ]
        above = [
            (one.high if one.high is not None else value) - value for value, one in zip(values, figures, strict=True)
        ]
        errors = [[max(end, 0.0) for end in ends] for ends in (below, above)]
        ax.bar(
            places, values, 0.36, yerr=errors, color=colour, alpha=0.85, label=name, error_kw={"lw": 1.2, "capsize": 3}
        )
    ax.set_xticks(range(len(budgets)), [f"{one.share * 100:g} %\n{one.reviewed:,}" for one in budgets])
    ax.set(ylim=(0, 1.05), xlabel="customers looked at")
    ax.yaxis.set_major_formatter("{x:.0%}")
    ax.set_title("Precision and recall at review budgets, with 95 % intervals", loc="left")
    ax.legend(frameon=False, ncols=2, loc="lower right", bbox_to_anchor=(1, 1))


def _found(evaluation: Evaluation, ax: Axes) -> None:
    lines = _found_lines(evaluation)
    for place, line in enumerate(reversed(lines)):
        value, low, high = line.alerted.value or 0.0, line.alerted.low or 0.0, line.alerted.high or 0.0
        ax.plot([low, high], [place, place], color=_QUIET, lw=1.4)
        ax.plot(value, place, "o", color=_BAR, ms=5)
    names = [f"{line.value.replace('_', ' ')} ({line.targets:,})" for line in reversed(lines)]
    ax.set_yticks(range(len(lines)), names, fontsize=8)
    ax.set(xlim=(-0.02, 1.02), xlabel="share of targets under alert, with 95 % intervals")
    ax.xaxis.set_major_formatter("{x:.0%}")
    ax.grid(axis="x", alpha=0.3)
    ax.set_title("Who is found: strength, channel, role", loc="left")


def _found_lines(evaluation: Evaluation) -> list[Any]:
    return [line for line in evaluation.recall if line.by in ("all", "intensity", "channel", "role")][: _MOST_LINES + 8]


def _without(evaluation: Evaluation, ax: Axes) -> None:
    lines = _without_lines(evaluation)
    values = [line.change.value or 0.0 for line in reversed(lines)]
    colours = [_WORSE if value < 0 else _BETTER for value in values]
    ax.barh(range(len(lines)), values, color=colours, alpha=0.85)
    for place, line in enumerate(reversed(lines)):
        if line.change.low is not None and line.change.high is not None:
            ax.plot([line.change.low, line.change.high], [place, place], color="#1d2625", lw=1.2)
    ax.axvline(0, color=_QUIET, lw=1)
    ax.set_yticks(range(len(lines)), [line.without for line in reversed(lines)], fontsize=8)
    ax.set(xlabel="change of average precision without it")
    ax.set_title("What the ranking rests on", loc="left")


def _without_lines(evaluation: Evaluation) -> list[Any]:
    """Kinds of rules, then the rules that change most; anomaly rules alone are another question."""
    kinds = [line for line in evaluation.ablation if " " in line.without and not line.without.startswith("anything")]
    rules = [line for line in evaluation.ablation if " " not in line.without and line.change.value]
    rules.sort(key=lambda line: -abs(line.change.value or 0.0))
    return [*kinds, *rules[: max(0, _MOST_LINES - len(kinds))]]


PLOTS: dict[str, tuple[Callable[[Evaluation, Any], None], Callable[[Evaluation], float]]] = {
    "capacity": (_capacity, lambda _: 3.6),
    "budgets": (_budgets, lambda _: 3.2),
    "found": (_found, lambda one: 1.0 + 0.22 * len(_found_lines(one))),
    "without": (_without, lambda one: 1.0 + 0.22 * len(_without_lines(one))),
}
"""What can be drawn, each with the height it takes in inches."""
