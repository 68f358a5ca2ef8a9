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
    past,
    peers,
    declared,
)

__all__ = [
    "activity",
    "amounts",
    "cash",
    "chains",
    "declared",
    "facts",
    "fans",
    "others",
    "passing",
    "past",
    "peers",
    "rounds",
    "sums",
    "times",
    "wages",
    "ways",
]
