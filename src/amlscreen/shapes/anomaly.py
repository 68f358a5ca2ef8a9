"""Shape ``anomaly``: a detector over features, and for each subject the share of its peers that are less odd.

Who is no peer by the card's ``among`` is not looked at. Of the others, those with too short a history, too few known
features or too few peers are not scored, and are counted by the reason. The same features give the same hits in any
order of subjects and on any number of threads.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from amlscreen.detectors.named import DEFAULT
from amlscreen.detectors.odd import Oddness, oddness
from amlscreen.feature_catalogue import Feature, catalogue
from amlscreen.features.made import Features
from amlscreen.ledger.columns import MILLION
from amlscreen.ledger.partition import Values
from amlscreen.ledger.reference import Reference
from amlscreen.rules.card import Card
from amlscreen.rules.grammar import Anomaly, Condition, duration_microseconds
from amlscreen.rules.grammar_anomaly import MADE, SEEN_SINCE
from amlscreen.shapes.conditions import Truth, evaluate, inside_number, test_values
from amlscreen.shapes.plan import DAY

__all__ = ["FEW_FEATURES", "SEED", "SHORT_HISTORY", "Odd", "feature_number"]

Ints = NDArray[np.int64]
Flags = NDArray[np.bool_]
SEED = 0
"""All dice of all detectors are thrown from here, so that the same data give the same ranks."""
SHORT_HISTORY = "too short a history"
FEW_FEATURES = "too few features are known"
_KINDS: Mapping[str, str] = {"bits": "ratio", "deviations": "ratio"}


def feature_number(feature: Feature, literal: object, minor_digits: int) -> object:
    """A literal of a card in the inside unit of a feature."""
    return inside_number(_KINDS.get(feature.unit, feature.unit), literal, minor_digits)


@dataclass(frozen=True)
class Odd:
    """What one card sees: who is looked at, who is scored, and what is measured of them."""

    card: Card
    facts: Reference
    features: Features
    threads: int = 1

    @property
    def detect(self) -> Anomaly:
        """How the card detects."""
        assert isinstance(self.card.detect, Anomaly)
        return self.card.detect

    @cached_property
    def columns(self) -> Mapping[str, Values]:
        """The features looked at that are known of anybody."""
        made = {one.name: self.features.column(one.name) for one in self.detect.looked_at}
        return {name: values for name, values in made.items() if values.is_known().any()}

    @property
    def lacks(self) -> str:
        """Why nobody can be scored; empty if somebody may be."""
        least, of = int(self.detect.least_features), len(self.detect.looked_at)
        if len(self.columns) >= least:
            return ""
        return f"needs {least} features, and of its {of} only {len(self.columns)} are known of anybody"

    @cached_property
    def size(self) -> int:
        """How many subjects there are."""
        return self.features.table.num_rows

    @cached_property
    def peers(self) -> Flags:
        """Who is looked at, and who is a peer of those: for whom the conditions of ``among`` hold."""
        every, digits = catalogue(), self.facts.jurisdiction.minor_digits

        def atom(name: str, condition: Condition) -> Truth:
            return test_values(
                self.features.column(name), condition, lambda value: feature_number(every[name], value, digits)
            )

        return evaluate(self.detect.among, atom, self.size).true

    @cached_property
    def known(self) -> Ints:
        """How many of the features that are known of anybody are known of each subject."""
        count = np.zeros(self.size, np.int64)
        for values in self.columns.values():
            count += values.is_known()
        return count

    @cached_property
    def is_short(self) -> Flags:
        """Who has been seen for less than the card's ``history``."""
        if self.detect.history is None:
            return np.zeros(self.size, np.bool_)
        days = duration_microseconds(self.detect.history) // DAY
        first = self.features.column(SEEN_SINCE)
        return ~first.is_known() | (first.array.astype(np.int64) > self.facts.last_day - days + 1)

    @cached_property
    def has_few(self) -> Flags:
        """Of whom fewer features are known than the card asks for."""
        few: Flags = self.known < int(self.detect.least_features)
        return few

    @cached_property
    def judged(self) -> Oddness:
        """What the detector says; :class:`~amlscreen.errors.DetectorError` where there are more than it takes."""
        return oddness(
            self.columns,
            self.facts,
            subject=self.detect.subject,
            peers=self.detect.peers,
            eligible=self.peers & ~self.is_short & ~self.has_few,
            detector=self.detect.detector or DEFAULT,
            seed=SEED,
            threads=self.threads,
        )

    def measured(self, name: str, subjects: Ints) -> Values:
        """One of the measures but those in words, of some scored subjects."""
        if name == "oddness":
            return Values(self.judged.share[subjects])
        if name == "known":
            return Values(self.known[subjects] * MILLION // max(len(self.columns), 1))
        places, standing = self.judged.at(subjects), self.judged.standing
        return Values(standing.usual_of(places).count) if name == "peers" else standing.group_of(places)

    def meeting(self) -> Ints:
        """The scored subjects for whom ``when`` holds, rising."""
        scored, digits = self.judged.scored, self.facts.jurisdiction.minor_digits

        def atom(name: str, condition: Condition) -> Truth:
            values = self.measured(name, scored)
            return test_values(values, condition, lambda value: inside_number(MADE[name], value, digits))

        return scored[evaluate(self.detect.when, atom, scored.size).true]

    def reasons(self) -> dict[str, int]:
        """How many of those looked at are not scored, by the reason."""
        short = self.peers & self.is_short
        found = {SHORT_HISTORY: int(short.sum()), FEW_FEATURES: int((self.peers & self.has_few & ~short).sum())}
        return {said: count for said, count in (found | dict(self.judged.reasons)).items() if count}

    def why(self, subject: int) -> str | None:
        """Why a subject that is looked at is not scored; None for one that is."""
        if self.is_short[subject]:
            return SHORT_HISTORY
        return FEW_FEATURES if self.has_few[subject] else self.judged.why(subject)
