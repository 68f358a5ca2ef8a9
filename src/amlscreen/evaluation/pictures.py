"""Pictures of an evaluation: the capacity curve, and figures with their intervals as small bars."""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence

from markupsafe import Markup

from amlscreen.evaluation.capacity import Capacity
from amlscreen.evaluation.figures import Figure
from amlscreen.sinks.pictures.svg import element, figure, picture

__all__ = ["capacity_picture", "change_bar", "share_bar"]

_WIDTH, _HEIGHT = 760.0, 330.0
_LEFT, _RIGHT, _TOP, _BOTTOM = 52.0, 744.0, 14.0, 282.0
_BAR, _BAR_HEIGHT = 150.0, 14.0


def capacity_picture(curve: Sequence[Capacity], marked: Iterable[tuple[int, str]]) -> Markup:
    """The share of targets found by how many customers are looked at, on a scale of tens.

    Beside it what chance would find, and what an order without a fault would. ``marked`` are numbers of customers with
    their names, drawn as lines down.
    """
    targets, customers = curve[-1].found, curve[-1].reviewed
    if not targets or customers < 2:
        return Markup("")
    steps = [one.reviewed for one in curve]

    def x(reviewed: float) -> float:
        return _LEFT + (_RIGHT - _LEFT) * math.log10(max(reviewed, 1)) / math.log10(customers)

    def y(share: float) -> float:
        return _BOTTOM - (_BOTTOM - _TOP) * share

    def line(points: Iterable[tuple[float, float]], kind: str, name: str) -> Markup:
        drawn = " ".join(f"{figure(x(at))},{figure(y(share))}" for at, share in points)
        return element("polyline", element("title", name), points=drawn, class_=kind)

    tens = [10**power for power in range(int(math.log10(customers)) + 1)]
    parts = [*_grid(tens, x, y), *_marks(marked, x)]
    parts += [
        line(((one, one / customers) for one in steps), "ev-chance", "by chance"),
        line(((one, min(one / targets, 1.0)) for one in steps), "ev-best", "an order without a fault"),
        line(((one.reviewed, one.found / targets) for one in curve), "ev-curve", "this ranking"),
    ]
    parts += [
        element(
            "circle",
            element("title", f"{one.reviewed:,} looked at: {one.found:,} of {targets:,} found, score {one.score:,}"),
            cx=x(one.reviewed),
            cy=y(one.found / targets),
            r=2.6,
            class_="ev-point",
        )
        for one in curve
    ]
    label = f"Of {targets:,} targets, how many are found by how many of {customers:,} customers are looked at"
    return picture(parts, width=_WIDTH, height=_HEIGHT, label=label, kind="capacity")


def _grid(tens: Sequence[int], x: object, y: object) -> Iterable[Markup]:
    at, up = x, y  # both are functions of a number
    assert callable(at) and callable(up)
    for share in (0.0, 0.25, 0.5, 0.75, 1.0):
        yield element("line", x1=_LEFT, x2=_RIGHT, y1=up(share), y2=up(share), class_="ev-grid")
        yield element("text", f"{share:.0%}", x=_LEFT - 8, y=up(share) + 4, text_anchor="end")
    for ten in tens:
        yield element("line", x1=at(ten), x2=at(ten), y1=_BOTTOM, y2=_BOTTOM + 5, class_="ev-tick")
        yield element("text", f"{ten:,}", x=at(ten), y=_BOTTOM + 19, text_anchor="middle")
    middle = (_LEFT + _RIGHT) / 2
    yield element(
        "text",
        "customers looked at, from the top (each step ten times more)",
        x=middle,
        y=_HEIGHT - 6,
        text_anchor="middle",
    )


def _marks(marked: Iterable[tuple[int, str]], x: object) -> Iterable[Markup]:
    assert callable(x)
    free = -math.inf
    for reviewed, name in sorted(marked):
        at = x(reviewed)
        yield element("line", element("title", name), x1=at, x2=at, y1=_TOP, y2=_BOTTOM, class_="ev-mark")
        if at - free > 44:  # names must not run into each other
            yield element("text", name, x=at + 4, y=_TOP + 9, class_="ev-name")
            free = at


def share_bar(value: Figure, most: float = 1.0) -> Markup:
    """A share as a bar from nought, with its interval as a line over the end; empty where it cannot be told."""
    if value.value is None:
        return Markup("")
    scale = (_BAR - 2) / (most or 1.0)
    width = max(min(value.value, most) * scale, 1.0)
    parts = [
        element("rect", x=0.0, y=2.0, width=_BAR, height=_BAR_HEIGHT - 4, rx=2.0, class_="ev-rail"),
        element("rect", x=0.0, y=2.0, width=width, height=_BAR_HEIGHT - 4, rx=2.0, class_="ev-bar"),
    ]
    return _small([*parts, *_whisker(value, 0.0, scale, most)])


def change_bar(value: Figure, most: float) -> Markup:
    """A change as a bar to the left (worse) or to the right (better) of nought, with its interval."""
    if value.value is None:
        return Markup("")
    scale, middle = (_BAR / 2 - 2) / (most or 1.0), _BAR / 2
    width = min(abs(value.value), most) * scale
    left = middle - width if value.value < 0 else middle
    kind = "ev-worse" if value.value < 0 else "ev-better"
    parts = [
        element("line", x1=middle, x2=middle, y1=0.0, y2=_BAR_HEIGHT, class_="ev-zero"),
        element("rect", x=left, y=2.0, width=max(width, 0.5), height=_BAR_HEIGHT - 4, rx=2.0, class_=kind),
    ]
    return _small([*parts, *_whisker(value, middle, scale, most)])


def _whisker(value: Figure, zero: float, scale: float, most: float) -> list[Markup]:
    if value.low is None or value.high is None:
        return []
    low, high = (zero + max(-most, min(end, most)) * scale for end in (value.low, value.high))
    return [
        element("line", x1=low, x2=max(high, low + 0.5), y1=_BAR_HEIGHT / 2, y2=_BAR_HEIGHT / 2, class_="ev-whisker")
    ]


def _small(parts: Iterable[Markup]) -> Markup:
    box = f"0 0 {_BAR:.0f} {_BAR_HEIGHT:.0f}"
    return element("svg", *parts, viewBox=box, class_="ev-small", aria_hidden="true", preserveAspectRatio="none")
