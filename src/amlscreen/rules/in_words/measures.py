"""Measures in words."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType
from typing import Any

from amlscreen.rules.grammar import Measure
from amlscreen.rules.in_words.conditions import conditions_in_words
from amlscreen.rules.in_words.values import Known, value_in_words

__all__ = ["MADE_IN_WORDS", "made_in_words", "measure_in_words"]

_OF_A_BASELINE = {
    "usual": "what is usual",
    "times": "`{compare}` as a multiple of what is usual",
    "deviations": "how far `{compare}` lies from the median, in robust standard deviations",
    "spans_known": "how many of the earlier spans are known",
    "peers": "how many people are in the group",
    "percentile": "share of the group that lies below",
    "peer_group": "in what the group is alike",
    "spans_met": "in how many of the last spans it holds",
}
_OF_A_CLUSTER = {
    "members": "how many customers are tied together",
    "shared_values": "how many different values tie them",
    "shared": "which columns tie them",
    "flagged": "how many members have a hit of the rules named",
    "flagged_share": "share of all members that have such a hit",
    "alike": "the most members with a hit of one and the same of these rules",
    "largest_hub": "how many customers are on the commonest of the values",
}
_OF_A_PATH = {
    "hops": "how many payments follow each other",
    "parties": "through how many hands the money goes",
    "chains": "how many such chains there are",
    "cycles": "how many such rounds there are",
    "duration": "time from the first payment to the last",
    "sent": "money sent at the beginning",
    "arrived": "money that arrives at the end",
    "kept": "share that arrives at the end",
    "sent_wages": "money sent at the beginning, in monthly minimum wages",
    "middles": "how many stand between sender and receiver",
    "senders": "how many pay in",
    "receivers": "how many are paid",
    "waited": "time the money rests in between",
    "spokes": "how many accounts pass their money on to one and the same",
    "received": "money the collector gets from them",
    "received_wages": "money the collector gets from them, in monthly minimum wages",
    "least_share": "the smallest share of its inflow that one of them passes on",
    "passed_on": "share of that which the collector sends on",
    "marked": "how many parties named in reports or cases are reached",
    "moved": "money moved to or from them",
    "moved_wages": "money moved to or from them, in monthly minimum wages",
}
_OF_AN_ANOMALY = {
    "oddness": "share of its peers that are less odd",
    "peers": "how many are in the group that it is held against",
    "peer_group": "in what the group is alike",
    "known": "share of the features that are known of it",
    "leading": "the feature that sets it apart most; nothing where it is only how features go together",
    "because": "the features that set it apart, each with its value and the median of its peers",
}
MADE_IN_WORDS: Mapping[str, Mapping[str, str]] = MappingProxyType(
    {"baseline": _OF_A_BASELINE, "cluster": _OF_A_CLUSTER, "path": _OF_A_PATH, "anomaly": _OF_AN_ANOMALY}
)
"""What the measures mean that a shape makes by itself, by shape and name; ``{compare}`` is what a baseline compares."""

_OF_A_COLUMN = {
    "sum": "sum of",
    "distinct": "how many different values of",
    "min": "smallest",
    "max": "largest",
    "mean": "mean of",
    "median": "median of",
    "std": "standard deviation of",
}


def made_in_words(detect: Any, name: str) -> str | None:
    """What a measure is that the shape makes by itself; None where the name says it all."""
    said = MADE_IN_WORDS.get(detect.shape, {}).get(name)
    return said.format(compare=getattr(detect, "compare", "")) if said else None


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
