"""The unit of each measure, read off its verb and its column."""

from __future__ import annotations

from collections.abc import Mapping

from amlscreen.rules.card import Card
from amlscreen.rules.columns import RULE_COLUMNS, TABLE_COLUMNS, ColumnKind
from amlscreen.rules.grammar import Baseline, Cluster, Match, Measure, ReadsRows
from amlscreen.rules.grammar_cluster import ClusterMeasure
from amlscreen.rules.words import Unit
from amlscreen.schema import TABLES

__all__ = ["Unit", "measure_units"]

_BY_VERB: Mapping[str, Unit] = {
    "count": "count",
    "distinct": "count",
    "days_active": "days",
    "share": "ratio",
    "ratio": "ratio",
    "top_share": "ratio",
    "gap": "time",
    "dwell": "time",
    "matched_within": "money",
}
_BY_KIND: Mapping[ColumnKind, Unit] = {
    "text": "text",
    "flag": "flag",
    "whole": "count",
    "days": "days",
    "money": "money",
    "ratio": "multiple",
}
_CALENDAR = {c.name for table in TABLES.values() for c in table.columns if c.type == "date"} | {"local_day"}


def measure_units(card: Card) -> dict[str, Unit]:
    """The unit of every measure of the card, by name.

    ``count`` is a plain number, ``money`` minor units of the home currency, ``ratio`` and ``multiple`` millionths (told
    in percent and in times), ``time`` microseconds, ``days`` days, ``date`` a calendar day counted from 1970-01-01.
    """
    detect = card.detect
    made = dict(detect.made)
    if isinstance(detect, Match):
        kinds = TABLE_COLUMNS[detect.table]
        return {name: _of_column(column, kinds[column].kind) for name, column in detect.measures.items()} | made
    if isinstance(detect, ReadsRows):
        named = {name: _of_measure(measure) for name, measure in detect.measures.items()}
        if isinstance(detect, Baseline):
            made["usual"] = named[detect.compare]
        return named | made
    if isinstance(detect, Cluster):
        return {name: _of_members(measure) for name, measure in detect.measures.items()} | made
    return made


def _of_members(measure: ClusterMeasure) -> Unit:
    if measure.median is not None:
        return _of_column(measure.median, TABLE_COLUMNS["customers"][measure.median].kind)
    return "ratio" if measure.verb == "share" else "count"


def _of_measure(measure: Measure) -> Unit:
    if measure.verb in _BY_VERB:
        return _BY_VERB[measure.verb]
    unit = _of_column(str(measure.column), RULE_COLUMNS[str(measure.column)].kind)
    return "days" if unit == "date" and measure.verb == "std" else unit


def _of_column(name: str, kind: ColumnKind) -> Unit:
    return "date" if name in _CALENDAR else _BY_KIND[kind]
