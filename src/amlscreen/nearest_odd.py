"""Why an anomaly did not hit a subject: whether it is scored, how odd it is, among whom, and because of what."""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial
from typing import Any

import numpy as np
from numpy.typing import NDArray

from amlscreen.feature_catalogue import catalogue
from amlscreen.ledger.columns import MILLION
from amlscreen.ledger.partition import Values
from amlscreen.nearest import Leaf, Row, best_of, leaves_of, told
from amlscreen.rules.grammar_anomaly import MADE
from amlscreen.shapes.anomaly import SHORT_HISTORY, Odd, feature_number
from amlscreen.shapes.anomaly_hits import FEATURES_TOLD
from amlscreen.shapes.anomaly_words import Figures
from amlscreen.shapes.conditions import inside_number

__all__ = ["nearest_odd"]

Ints = NDArray[np.int64]


def nearest_odd(odd: Odd, numbers: Ints) -> Iterator[Row]:
    """The conditions of ``among`` and of ``when``, of several subjects of one id for the oddest; then its features."""
    subject = int(numbers[np.argmax(odd.judged.share[numbers])])
    only = np.array([subject], np.int64)
    yield from _among(odd, only)
    if not odd.peers[subject]:
        return
    reason = odd.why(subject)
    if reason is not None:
        yield told("scored", _wanted(odd, reason), reason)
        return
    digits = odd.facts.jurisdiction.minor_digits
    leaves = []
    for name, condition in leaves_of(odd.detect.when):
        values = odd.measured(name, only)
        leaves.append(
            Leaf(name, condition, values, partial(inside_number, MADE[name], minor_digits=digits), _shown(name))
        )
    yield from best_of(leaves, 1)
    peers = int(odd.detect.peers.at_least)
    yield told("peers", f"at least {peers}", odd.measured("peers", only).told(0), holds=True)
    by = " and ".join(odd.detect.peers.by)
    yield told("peer_group", by, odd.measured("peer_group", only).told(0), holds=True)
    figures = Figures(odd.facts.jurisdiction)
    for one in odd.judged.because(only, FEATURES_TOLD)[0]:
        usual = f"{figures.shown(one.feature, one.usual)} is usual"
        yield told(one.feature, usual, figures.shown(one.feature, one.value), holds=True)


def _among(odd: Odd, only: Ints) -> Iterator[Row]:
    every, digits, figures = catalogue(), odd.facts.jurisdiction.minor_digits, Figures(odd.facts.jurisdiction)

    def shown(name: str, values: Values, at: int) -> Any:
        return figures.shown(name, int(values.array[at]))

    leaves = [
        Leaf(
            name,
            condition,
            odd.features.column(name).take(only),
            partial(feature_number, every[name], minor_digits=digits),
            partial(shown, name),
        )
        for name, condition in leaves_of(odd.detect.among)
    ]
    if leaves:
        yield from best_of(leaves, 1)


def _wanted(odd: Odd, reason: str) -> str:
    if reason == SHORT_HISTORY:
        return f"seen for at least {odd.detect.history}"
    return f"at least {int(odd.detect.least_features)} features known, and {int(odd.detect.peers.at_least)} peers"


def _shown(name: str) -> Any:
    def show(values: Values, at: int) -> float | int:
        value = int(values.array[at])
        return value / MILLION if MADE[name] == "ratio" else value

    return show
