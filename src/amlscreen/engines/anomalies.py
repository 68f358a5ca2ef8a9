"""After the sweep: cards of shape ``anomaly``, on the features that were worked out for them."""

from __future__ import annotations

import time
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from amlscreen.detectors.named import DEFAULT, preload
from amlscreen.errors import DetectorError
from amlscreen.features.asked import EVERY_RUN, Asked
from amlscreen.features.made import Features
from amlscreen.ledger.kernels import load_kernels
from amlscreen.ledger.reference import Reference
from amlscreen.rules.card import Card
from amlscreen.rules.grammar import Anomaly
from amlscreen.shapes.anomaly import Odd
from amlscreen.shapes.anomaly_hits import anomaly_hits
from amlscreen.shapes.settled import Settled
from amlscreen.shapes.sweep import RULE_FAILURES

__all__ = ["Judged", "asked_by", "judged_odd", "mean_oddness", "warm_up"]

_WORTH_LOADING = 50_000
"""From so many transactions on, detectors are loaded beside the sweep; a small run may never need them."""


@dataclass(frozen=True, slots=True)
class Judged:
    """What became of one card: its hits, or why nobody could be scored, or why it failed; and how long it took.

    ``overall`` is, by customer_no or account_no, the share of all scored subjects of its kind that are less odd, in
    millionths, -1 where the subject is not scored.
    """

    settled: Settled
    overall: NDArray[np.int32]
    lacks: str = ""
    failed: str = ""
    seconds: float = 0.0


def asked_by(cards: Iterable[Card]) -> Asked:
    """The features that cards read, with those that every run has."""
    asked = EVERY_RUN
    for card in cards:
        if isinstance(card.detect, Anomaly):
            asked = asked.and_of(card.detect.subject, card.detect.asked)
    return asked


def warm_up(cards: Iterable[Card], rows: int) -> None:
    """Begin to load what the cards' detectors need, beside the sweep of so many rows; nobody waits for it."""
    names = {card.detect.detector or DEFAULT for card in cards if isinstance(card.detect, Anomaly)}
    if names and rows >= _WORTH_LOADING:
        load_kernels()  # numba is there first: no two threads load parts of one library
        preload(sorted(names))


def judged_odd(
    cards: Iterable[Card],
    facts: Reference,
    features: Features,
    account_features: Features,
    *,
    threads: int,
) -> Iterator[tuple[Card, Judged]]:
    """Each card over features with what became of it, in their order; one after the other, for each takes memory."""
    for card in cards:
        if isinstance(card.detect, Anomaly):
            mine = features if card.detect.subject == "customer" else account_features
            yield card, _one(Odd(card, facts, mine, threads))


def _one(odd: Odd) -> Judged:
    begun = time.perf_counter()
    overall = np.full(odd.size, -1, np.int32)
    lacks, failed, settled = odd.lacks, "", Settled()
    if not lacks:
        try:
            settled = anomaly_hits(odd)
        except DetectorError as problem:
            lacks = str(problem)
        except RULE_FAILURES as problem:
            failed = f"{type(problem).__name__}: {problem}"
        else:
            if odd.judged.scored.size:
                overall = odd.judged.overall.astype(np.int32)
            else:
                lacks = _nobody(odd)
    return Judged(settled, overall, lacks, failed, time.perf_counter() - begun)


def _nobody(odd: Odd) -> str:
    told = ", ".join(f"{said} ({count:,})" for said, count in sorted(odd.reasons().items()))
    return f"nobody can be scored: {told or 'nobody meets the conditions of `among`'}"


def mean_oddness(found: Iterable[tuple[Card, Judged]]) -> NDArray[np.int64]:
    """By customer_no, the mean place over the cards that scored the customer, in millionths; -1 where none did.

    The place is the share of all scored customers of its kind that are less odd, not only of its peers: peers are what
    each was held against, and between groups it counts how far from its own each stands.

    Empty without a card about customers.
    """
    every = [
        one.overall for card, one in found if isinstance(card.detect, Anomaly) and card.detect.subject == "customer"
    ]
    if not every:
        return np.empty(0, np.int64)
    total, count = np.zeros(every[0].size, np.int64), np.zeros(every[0].size, np.int64)
    for overall in every:
        scored = overall >= 0
        total += np.where(scored, overall, 0)
        count += scored
    mean: NDArray[np.int64] = np.where(count > 0, total // np.maximum(count, 1), -1)
    return mean
