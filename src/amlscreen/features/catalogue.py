"""Loads every module that declares features, in the order of the catalogue."""

from __future__ import annotations

from amlscreen.features import (  # isort: skip
    activity,
    sums,
    cash,
    times,
    others,
    amounts,
    passing,
    ways,
    wages,
    facts,
    fans,
    rounds,
    chains,
)

__all__ = [
    "activity",
    "amounts",
    "cash",
    "chains",
    "facts",
    "fans",
    "others",
    "passing",
    "rounds",
    "sums",
    "times",
    "wages",
    "ways",
]
