"""The detectors that a card may name."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from threading import Thread
from types import MappingProxyType

from amlscreen.detectors.contract import Detector
from amlscreen.detectors.ensemble import Ensemble
from amlscreen.detectors.pyod_models import PyodDetector
from amlscreen.detectors.tails import TailDetector
from amlscreen.errors import DetectorError, did_you_mean

__all__ = ["DEFAULT", "DETECTORS", "Named", "detector_named", "preload"]

DEFAULT = "copod"
"""What judges where a card names no detector."""


@dataclass(frozen=True, slots=True)
class Named:
    """A detector, what it takes for odd in a few words, and of how many rows it learns (all for None).

    One that goes ``by_column`` looks at each value by itself and counts: the order of rows is nothing to it.
    """

    detector: Detector
    looks_for: str
    learns_from: int | None = None
    by_column: bool = False


_FOREST = PyodDetector("isolation_forest", "iforest.IForest", seeded=True)
_HISTOGRAMS = PyodDetector("hbos", "hbos.HBOS", drawn_in=True, given={"alpha": 0.001})
_SAMPLE = 50_000
"""A tree of the forest is made of 256 rows: other dice change more than a sample does. The rest learn from all."""
_SMALL = 20_000
"""Rows that are compared pair by pair."""

_ALL = (
    Named(_FOREST, "what few random cuts set apart from the rest", _SAMPLE),
    Named(
        PyodDetector("pca", "pca.PCA", seeded=True, drawn_in=True, given={"n_components": 0.99}),
        "what leaves the directions in which most vary together",
    ),
    Named(_HISTOGRAMS, "values that are rare, feature by feature"),
    Named(PyodDetector("loda", "loda.LODA", seeded=True, drawn_in=True), "sums of a few features that are rare"),
    Named(
        PyodDetector("sampling", "sampling.Sampling", seeded=True, drawn_in=True),
        "what is far from each of 20 examples",
    ),
    Named(TailDetector("ecod"), "values far out on either side, feature by feature", by_column=True),
    Named(TailDetector("copod"), "values far out on the side of the longer tail, feature by feature", by_column=True),
    Named(
        PyodDetector("inne", "inne.INNE", seeded=True, most_rows=_SMALL, given={"n_estimators": 100}),
        "what lies in no ball around a few examples, or in a large one beside small ones",
    ),
    Named(PyodDetector("knn", "knn.KNN", most_rows=_SMALL), "what is far from its fifth nearest neighbour"),
    Named(
        PyodDetector("lof", "lof.LOF", most_rows=_SMALL, given={"n_neighbors": 50}),
        "what has fewer neighbours near it than they have",
    ),
    Named(
        Ensemble("ensemble", (TailDetector("copod"), _HISTOGRAMS, _FOREST)),
        "what several call odd: the mean of the ranks of copod, hbos and isolation_forest",
        _SAMPLE,
    ),
)

DETECTORS: Mapping[str, Named] = MappingProxyType({each.detector.name: each for each in _ALL})
"""By name."""


def detector_named(name: str) -> Named:
    """The detector of that name; ``DetectorError`` says which there are."""
    if name not in DETECTORS:
        raise DetectorError(f"There is no detector '{name}'.", fix=did_you_mean(name, DETECTORS))
    return DETECTORS[name]


def preload(names: Iterable[str]) -> Thread | None:
    """Begin to load the libraries behind some detectors in a thread of their own, beside other work.

    Nobody has to wait for it: who needs a library before it is there waits by itself. None if nothing is to be loaded.
    """
    asked: list[Detector] = []
    for name in names:
        one = detector_named(name).detector
        asked += one.members if isinstance(one, Ensemble) else [one]
    loading = [one.load for one in asked if isinstance(one, PyodDetector)]
    if not loading:
        return None

    def load() -> None:
        for one in loading:
            one()

    thread = Thread(target=load, name="detectors are loaded", daemon=True)
    thread.start()
    return thread
