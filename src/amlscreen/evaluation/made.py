"""An evaluation: every figure, as plain values, as tables, and as a page."""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from amlscreen._version import __version__
from amlscreen.evaluation.ablation import Without
from amlscreen.evaluation.capacity import Capacity
from amlscreen.evaluation.figures import Figure
from amlscreen.evaluation.leakage import Check
from amlscreen.evaluation.recall import Recall, Victims
from amlscreen.evaluation.segments import Fairness, Segment

if TYPE_CHECKING:
    import pandas as pd

__all__ = ["OUTPUTS", "Budget", "Evaluation", "Part"]

OUTPUTS = ("evaluation.html", "evaluation.json")


@dataclass(frozen=True, slots=True)
class Budget:
    """A share of all customers looked at from the top: ``found`` targets among ``known`` customers with an answer."""

    share: float
    reviewed: int
    found: int
    known: int
    precision: Figure
    recall: Figure


@dataclass(frozen=True)
class Part:
    """The figures over all targets, or over those before or after a split.

    ``average_precision`` is of the ranking as it stands; ``precision_of_points`` of the points alone, where customers
    with equal points are reached together, so that what only breaks ties gains nothing. ``chance`` is what an order at
    random comes to.
    """

    name: str
    targets: int
    innocents: int
    instances: int
    left_out: Mapping[str, int]
    chance: float
    average_precision: Figure
    precision_of_points: float | None
    alerted_targets: int
    alerted_innocents: int
    budgets: tuple[Budget, ...]


@dataclass(frozen=True)
class Evaluation:
    """How well a ranking puts the right customers on top. Tables are pandas; ``write(folder)`` leaves page and JSON.

    ``parts`` holds the headline figures: of everything, or with a split of what is held out and then of what was known.
    Everything else is about the first part.
    """

    source: str
    labels: str
    form: str
    as_of: dt.date
    split: dt.date | None
    customers: int
    alerts: int
    alerted: int
    parts: tuple[Part, ...]
    recall: tuple[Recall, ...]
    victims: Victims
    capacity: tuple[Capacity, ...]
    segments: tuple[Segment, ...]
    fairness: tuple[Fairness, ...]
    checks: tuple[Check, ...]
    ablation: tuple[Without, ...]
    notes: tuple[str, ...]

    @property
    def average_precision(self) -> float | None:
        """Of the first part: the mean, over targets, of the share of targets among those no later in the ranking."""
        return self.parts[0].average_precision.value

    @property
    def leaks(self) -> tuple[Check, ...]:
        """Checks that found a leak, or something a person has to look at."""
        return tuple(one for one in self.checks if one.outcome in ("leak", "look"))

    def table(self, name: str) -> pd.DataFrame:
        """One of ``budgets``, ``recall``, ``capacity``, ``segments``, ``fairness``, ``checks``, ``ablation``.

        A figure with an interval becomes three columns: the figure, ``_low`` and ``_high``.
        """
        import pandas as pd

        rows: Iterable[Any] = getattr(self.parts[0], name) if name == "budgets" else getattr(self, name)
        return pd.DataFrame([_flat(asdict(row)) for row in rows])

    def to_dict(self) -> dict[str, Any]:
        """Everything as plain values, in a fixed order."""
        content = {"program": "amlscreen", "version": __version__, **asdict(self)}
        plain: dict[str, Any] = json.loads(json.dumps(content, default=str))
        return plain

    def write(self, folder: str | Path) -> tuple[Path, ...]:
        """``evaluation.html`` and ``evaluation.json`` into a folder; equal evaluations give equal bytes."""
        from amlscreen.evaluation.page import render

        folder = Path(folder)
        folder.mkdir(parents=True, exist_ok=True)
        texts = (render(self), json.dumps(self.to_dict(), indent=2, ensure_ascii=False) + "\n")
        for name, text in zip(OUTPUTS, texts, strict=True):
            (folder / name).write_text(text, encoding="utf-8", newline="\n")
        return tuple(folder / name for name in OUTPUTS)


def _flat(row: Mapping[str, Any]) -> dict[str, Any]:
    """Figures as three columns each."""
    flat: dict[str, Any] = {}
    for name, value in row.items():
        if isinstance(value, dict) and set(value) == {"value", "low", "high"}:
            flat |= {name: value["value"], f"{name}_low": value["low"], f"{name}_high": value["high"]}
        else:
            flat[name] = value
    return flat
