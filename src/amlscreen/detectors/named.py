"""The detectors that a card may name."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from threading import Thread
from types import MappingProxyType

from amlscreen.detectors.contract import Detector
from amlscreen.detectors.pyod_models import PyodDetector
from amlscreen.errors import DetectorError, did_you_mean

__all__ = ["DEFAULT", "DETECTORS", "Named", "detector_named", "preload"]

DEFAULT = "isolation_forest"
"""What judges where a card names no detector."""


@dataclass(frozen=True, slots=True)
class Named:
    """A detector, what it takes for odd in a few words, and from how many rows it learns (a fixed sample of more)."""

    detector: Detector
    looks_for: str
    learns_from: int = 50_000


DETECTORS: Mapping[str, Named] = MappingProxyType(
    {
        each.detector.name: each
        for each in (
            Named(
                PyodDetector("isolation_forest", "iforest.IForest", seeded=True),
                "what few random cuts set apart from the rest",
            ),
            Named(
                PyodDetector("pca", "pca.PCA", seeded=True), "what leaves the directions in which most vary together"
            ),
            Named(PyodDetector("hbos", "hbos.HBOS"), "values that are rare, feature by feature"),
            Named(PyodDetector("loda", "loda.LODA", seeded=True), "sums of a few features that are rare"),
            Named(
                PyodDetector("sampling", "sampling.Sampling", seeded=True), "what is far from each of a few examples"
            ),
        )
    }
)
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
    asked = [detector_named(name).detector for name in names]
    loading = [one.load for one in asked if isinstance(one, PyodDetector)]
    if not loading:
        return None

    def load() -> None:
        for one in loading:
            one()

    thread = Thread(target=load, name="detectors are loaded", daemon=True)
    thread.start()
    return thread
