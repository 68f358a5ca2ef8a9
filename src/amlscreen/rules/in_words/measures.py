"""Measures in words."""

from __future__ import annotations

from typing import Any

from amlscreen.rules.grammar import Measure
from amlscreen.rules.in_words.conditions import conditions_in_words
from amlscreen.rules.in_words.values import Known, value_in_words

__all__ = ["measure_in_words"]

_OF_A_COLUMN = {
    "sum": "sum of",
    "distinct": "how many different values of",
    "min": "smallest",
    "max": "largest",
    "mean": "mean of",
    "median": "median of",
    "std": "standard deviation of",
}


def measure_in_words(measure: Any, known: Known) -> str:
    """What a measure of any shape is; a ``match`` shows columns, which are told by name."""
    if isinstance(measure, str):
        return f"the column `{measure}`"
    if not isinstance(measure, Measure):
        return _of_members(measure, known)
    verb = measure.verb
    if verb in _OF_A_COLUMN:
        return f"{_OF_A_COLUMN[verb]} `{measure.column}` in `{measure.of}`"
    if measure.ratio:
        return f"`{measure.ratio[0]}` as a share of `{measure.ratio[1]}`"
    if isinstance(measure.of, tuple):
        return _first_in_first_out(measure, measure.of, known)
    if verb == "share":
        return f"share of `{measure.of}` in `{measure.within}`, by {measure.share}"
    if verb == "top_share":
        most = value_in_words(measure.k, known)
        return f"share of `{measure.of}` that carries one of the {most} commonest values of `{measure.column}`"
    plain = {
        "count": f"how many transactions in `{measure.of}`",
        "days_active": f"on how many days there is a transaction in `{measure.of}`",
        "gap": f"the longest pause between transactions in `{measure.of}`",
    }
    return plain[verb]


def _first_in_first_out(measure: Measure, pair: tuple[str, str], known: Known) -> str:
    if measure.verb == "dwell":
        return f"mean time from `{pair[0]}` to `{pair[1]}`, weighted by value, first in first out"
    span = value_in_words(measure.matched_within, known)
    return f"how much of `{pair[0]}` left as `{pair[1]}` within {span}, first in first out"


def _of_members(measure: Any, known: Known) -> str:
    """A measure about the members of a cluster."""
    if measure.distinct:
        return f"how many different values of `{measure.distinct}` the members have"
    if measure.median:
        return f"median of `{measure.median}` among the members"
    if measure.consecutive:
        return f"longest run of members whose `{measure.consecutive}` follow each other"
    of_whom = measure.count or measure.share
    return f"{'how many' if measure.count else 'share of'} members for whom {conditions_in_words(of_whom, known)}"
