"""The sample bank's outputs, byte for byte; and the same bytes however the work is cut.

``GOLDEN=write`` (``make golden``) writes them anew: read the difference in git before it is kept.
"""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from amlscreen.intake.dataset import Dataset
from amlscreen.screening import screen
from amlscreen.settings import Settings
from amlscreen.sinks.write import OUTPUTS

ROOT = Path(__file__).resolve().parent.parent
KEPT = ROOT / "tests" / "golden"
COMPARED = (
    "alerts.csv",
    "cash_reports.csv",
    "kyc.csv",
    "kyc_health.csv",
    "protected.csv",
    "quality.csv",
    "risk_ratings.csv",
    "rules.csv",
)
WITH_TIMES = {"run.json"}
WITH_SETTINGS = {"alerts.xlsx", "report.html"}  # they show the fingerprint of the settings


def outputs(folder: Path, source: str, mapping: str | None, settings: Settings) -> Path:
    """The output folder of a run on one form of the sample bank."""
    with Dataset.read(ROOT / "sample_data" / source, mapping, settings=settings) as data:
        screen(data).write(folder)
    return folder


@pytest.fixture(scope="module")
def canonical(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """One run with the settings everybody has."""
    return outputs(tmp_path_factory.mktemp("golden") / "out", "canonical", None, Settings())


@pytest.mark.parametrize("name", COMPARED)
def test_an_output_is_what_it_was(canonical: Path, name: str) -> None:
    """A change of any byte is a change somebody meant."""
    kept = KEPT / name
    if os.environ.get("GOLDEN") == "write":
        KEPT.mkdir(exist_ok=True)
        kept.write_bytes((canonical / name).read_bytes())
    assert (canonical / name).read_bytes() == kept.read_bytes(), "if it was meant: make golden"


def test_partitions_and_threads_change_no_byte(canonical: Path, tmp_path: Path) -> None:
    """Forty small partitions on two threads say what one says."""
    other = outputs(tmp_path / "out", "canonical", None, Settings(partition_rows=500, threads=2))
    different = [name for name in OUTPUTS if (canonical / name).read_bytes() != (other / name).read_bytes()]
    assert set(different) <= WITH_TIMES | WITH_SETTINGS


def test_a_second_run_gives_the_same_bytes(canonical: Path, tmp_path: Path) -> None:
    """Page and workbook too; only ``run.json`` has times."""
    again = outputs(tmp_path / "out", "canonical", None, Settings())
    different = [name for name in OUTPUTS if (canonical / name).read_bytes() != (again / name).read_bytes()]
    assert set(different) <= WITH_TIMES


def test_the_messy_export_says_the_same(canonical: Path, tmp_path: Path) -> None:
    """The same bank in six layouts leads to the same alerts, the same people protected and the same papers missing."""
    other = outputs(tmp_path / "out", "messy", "lao_core_v1", Settings())
    assert [name for name in COMPARED if (canonical / name).read_bytes() != (other / name).read_bytes()] == []
