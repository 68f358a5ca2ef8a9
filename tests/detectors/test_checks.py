"""Every detector is held to the check list, and the list notices one that breaks it."""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np
import pytest

from amlscreen.detectors.checks import CHECKS, check_detector
from amlscreen.detectors.contract import Detector, Floats, Table
from amlscreen.detectors.named import DETECTORS
from amlscreen.errors import DetectorError


@pytest.mark.parametrize("must", CHECKS)
@pytest.mark.parametrize("name", DETECTORS)
def test_a_detector_keeps_the_contract(name: str, must: str) -> None:
    """One test for each line of the list."""
    assert CHECKS[must](DETECTORS[name].detector) is None


@dataclass
class Careless:
    """Judges a row by how far it is from the mean of whatever it is asked about."""

    name: str = "careless"
    most_rows: int | None = None
    seeds: list[int] = field(default_factory=list)

    def fit(self, table: Table, *, seed: int) -> Detector:
        """Learns nothing."""
        return self

    def oddness(self, table: Table) -> Floats:
        """Depends on the company."""
        off: Floats = np.abs(table.rows - table.rows.mean(axis=0)).sum(axis=1)
        return off


def test_the_list_names_what_a_detector_breaks() -> None:
    """Where the number depends on the other rows asked about, a copied subject is not safe."""
    with pytest.raises(DetectorError, match="'careless' breaks the contract: a row gets the same number"):
        check_detector(Careless())
