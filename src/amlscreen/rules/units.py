"""The unit of each measure, read off its verb and its column."""

from __future__ import annotations

from collections.abc import Mapping

from amlscreen.hits import MeasureUnit
from amlscreen.rules.card import Card
from amlscreen.rules.columns import RULE_COLUMNS, TABLE_COLUMNS, ColumnKind
from amlscreen.rules.grammar import Match, Measure

__all__ = ["measure_units"]

_BY_VERB: Mapping[str, MeasureUnit] = {
    "count": "count",
    "distinct": "count",
    "days_active": "count",
    "share": "ratio",
    "ratio": "ratio",
    "top_share": "ratio",
    "matched_within": "ratio",
    "gap": "time",
    "dwell": "time",
}
_BY_KIND: Mapping[ColumnKind, MeasureUnit] = {
    "text": "text",
    "flag": "text",
    "whole": "count",
    "days": "days",
    "money": "money",
    "ratio": "ratio",
}


def measure_units(card: Card) -> dict[str, MeasureUnit]:
    """The unit of every measure of the card, by name.

    ``count`` is a plain number, ``money`` minor units of the home currency, ``ratio`` millionths, ``time``
    microseconds, ``days`` days, ``text`` what the column says.
    """
    if isinstance(card.detect, Match):
        columns = TABLE_COLUMNS[card.detect.table]
        return {name: _BY_KIND[columns[column].kind] for name, column in card.detect.measures.items()}
    return {name: _unit(measure) for name, measure in card.detect.measures.items()}


def _unit(measure: Measure) -> MeasureUnit:
    if measure.verb in _BY_VERB:
        return _BY_VERB[measure.verb]
    return _BY_KIND[RULE_COLUMNS[str(measure.column)].kind]
