"""What features there are: each is declared where it is computed, with its unit, window, meaning and needs.

The functions stand in :mod:`amlscreen.features`, which is loaded by name when the catalogue is first asked for, so that
a card can be read and checked without the ledger.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import cache
from importlib import import_module
from types import MappingProxyType
from typing import Any, Literal, TypeVar

__all__ = ["GROUPS", "Feature", "Group", "Stage", "Unit", "catalogue", "feature", "function_of"]

Unit = Literal["count", "days", "money", "ratio", "multiple", "time", "bits", "deviations", "flag", "date"]
"""Inside units are whole numbers: money in minor units; ratio, multiple, bits and deviations in millionths; time in
microseconds; days and count as they are; date as days since 1970-01-01."""

Group = Literal["facts", "activity", "past", "peers", "declared", "graph"]
"""What a feature looks at: facts on file; what was done; the change against the own past; the place among people alike;
the difference to what was declared; the place in the flow of money between accounts and outside parties."""

GROUPS: tuple[Group, ...] = ("facts", "activity", "past", "peers", "declared", "graph")

Stage = Literal["rows", "flow", "table"]
"""What the function is given: the rows of one partition; the bank's payments as a graph; the finished table of the
features of the first two stages."""

_Given = TypeVar("_Given", bound=Callable[..., Any])


@dataclass(frozen=True, slots=True)
class Feature:
    """A named number about one customer or account, up to the run's last day.

    ``window`` is how many days up to the last one are looked at; None is all of the data. ``needs`` are canonical
    columns (``transactions.channel``; with ``|`` any one of several) without which it is unknown for everybody;
    ``columns`` are the ledger columns it reads or, at stage "table", the features. ``scored``: detectors look at it
    unless a card names its features; ``label`` is how a sentence calls it.
    """

    name: str
    unit: Unit
    group: Group
    window: int | None
    meaning: str
    stage: Stage
    needs: tuple[str, ...] = ()
    columns: tuple[str, ...] = ()
    scored: bool = True
    label: str = ""


_DECLARED: dict[str, Feature] = {}
_FUNCTIONS: dict[str, Callable[..., Any]] = {}
_EVERY = MappingProxyType(_DECLARED)


def feature(
    *,
    unit: Unit,
    group: Group,
    window: int | None,
    meaning: str,
    stage: Stage = "rows",
    needs: tuple[str, ...] = (),
    columns: tuple[str, ...] = (),
    scored: bool = True,
    label: str = "",
) -> Callable[[_Given], _Given]:
    """Declare the function below as the feature of its name. ``ValueError`` if the name is taken."""

    def declare(function: _Given) -> _Given:
        name = function.__name__
        if name in _DECLARED:
            raise ValueError(f"feature '{name}' is declared twice")
        said = label or name.replace("_", " ")
        _DECLARED[name] = Feature(name, unit, group, window, meaning, stage, needs, columns, scored, said)
        _FUNCTIONS[name] = function
        return function

    return declare


@cache
def catalogue() -> Mapping[str, Feature]:
    """Every feature by name, in the order of declaration."""
    import_module("amlscreen.features.catalogue")
    return _EVERY


def function_of(name: str) -> Callable[..., Any]:
    """The function that computes a feature; ``KeyError`` if there is none of that name."""
    import_module("amlscreen.features.catalogue")
    return _FUNCTIONS[name]
