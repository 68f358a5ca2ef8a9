"""Shape ``anomaly``: how odd a customer or an account is among its peers, by what a detector makes of its features."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType
from typing import Literal

from pydantic import Field, model_validator

from amlscreen.feature_catalogue import Feature, Group, catalogue
from amlscreen.rules.grammar_baseline import Peers
from amlscreen.rules.grammar_rows import unknown_name
from amlscreen.rules.measure import Measure
from amlscreen.rules.words import Conditions, ParameterRef, Span, Strict, Unit, Value, When, duration_microseconds

__all__ = ["MADE", "SEEN_SINCE", "Anomaly", "DetectorName"]

DetectorName = Literal[
    "isolation_forest", "pca", "hbos", "loda", "ecod", "copod", "inne", "knn", "lof", "sampling", "ensemble"
]
"""What a card may name; :mod:`amlscreen.detectors.named` holds them."""

MADE: Mapping[str, Unit] = MappingProxyType(
    {
        "oddness": "ratio",
        "peers": "count",
        "peer_group": "text",
        "known": "ratio",
        "leading": "text",
        "because": "text",
    }
)
_ASKED_FOR = ("oddness", "peers", "known")
SEEN_SINCE = "first_day"
"""The feature that ``history`` counts from."""
_DAY = duration_microseconds("1d")


class Anomaly(Strict):
    """How odd a subject is among its peers, by a detector over some of its features; as of the run's day.

    The features looked at are those named in ``features`` and all of ``groups`` that detectors look at, without those
    of ``without``. ``among`` are conditions on features that say who is looked at at all, and who is a peer; who has
    been seen for less than ``history``, or has fewer than ``least_features`` of them known, is not scored.
    It makes ``oddness`` (the share of its peers that are less odd), ``peers`` (how many), ``peer_group``, ``known``
    (share of the features that are known of the subject), ``leading`` (the feature that sets it apart most) and
    ``because`` (those that set it apart, in words). No alert rests on it.
    """

    shape: Literal["anomaly"]
    subject: Literal["account", "customer"]
    detector: DetectorName | None = Field(None, description="Which detector; without it the default one.")
    groups: tuple[Group, ...] = Field((), description="Groups of the catalogue of features.")
    features: tuple[str, ...] = Field((), description="Single features by name.")
    without: tuple[str, ...] = Field((), description="Features of `groups` that are left out.")
    among: Conditions = Conditions()
    history: Span | None = Field(None, description="Fewest days since the subject's first transaction.")
    least_features: Value = Field(3, description="Fewest features that must be known.")
    peers: Peers
    when: When = When()

    @property
    def subjects(self) -> tuple[Literal["account", "customer"], ...]:
        """The kinds of subject: one."""
        return (self.subject,)

    @property
    def measures(self) -> Mapping[str, Measure]:
        """None of its own."""
        return {}

    @property
    def made(self) -> Mapping[str, Unit]:
        """What every anomaly measures."""
        return MADE

    @property
    def looked_at(self) -> tuple[Feature, ...]:
        """The features that the detector is given, in the order of the catalogue."""
        return tuple(one for one in catalogue().values() if self._is_looked_at(one))

    @property
    def asked(self) -> frozenset[str]:
        """The names of all features it reads."""
        names = {*(one.name for one in self.looked_at), *self.among.names()}
        return frozenset({*names, SEEN_SINCE} if self.history is not None else names)

    def _is_looked_at(self, one: Feature) -> bool:
        of_group = one.scored and one.group in self.groups and one.name not in self.without
        return one.name in self.features or of_group

    @model_validator(mode="after")
    def _features_exist(self) -> Anomaly:
        every = catalogue()
        for word in ("features", "without"):
            for name in getattr(self, word):
                if name not in every:
                    raise unknown_name(f"`{word}` names '{name}'", name, every, "features of the catalogue")
        for name in self.without:
            if every[name].group not in self.groups or not every[name].scored or name in self.features:
                raise ValueError(f"`without` names '{name}', which would not be looked at anyway")
        if not self.looked_at:
            raise ValueError("an anomaly looks at some features; name `groups`, or single `features`")
        few = self.least_features
        if isinstance(few, int) and few > len(self.looked_at):
            raise ValueError(f"`least_features` asks for {few} of {len(self.looked_at)} features")
        return self

    @model_validator(mode="after")
    def _oddness_is_asked_for(self) -> Anomaly:
        asked = set(self.when.names())
        for name in asked:
            if name not in _ASKED_FOR:
                raise unknown_name(f"`when` names '{name}'", name, _ASKED_FOR, "measures that it may ask for")
        if "oddness" not in asked:
            raise ValueError("`when` must ask for oddness, the share of its peers that are less odd")
        if "product" in self.peers.by and self.subject != "account":
            raise ValueError("product is that of an account; write subject: account")
        span = self.history
        if span is not None and not isinstance(span, ParameterRef) and duration_microseconds(span) % _DAY:
            raise ValueError(f"`history` counts whole days, for example 60d, not '{span}'")
        return self
