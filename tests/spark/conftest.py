"""A real Spark on this machine: a master and two workers, each with an executor process of its own."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from amlscreen.engines.spark import Spark
from amlscreen.intake.dataset import Dataset
from amlscreen.screening import screen

CANONICAL = Path(__file__).resolve().parents[2] / "sample_data" / "canonical"


@pytest.fixture(scope="session")
def session() -> Iterator[Any]:
    """A session with two executor processes; ``make test-spark`` asks for it, other test runs pass it over."""
    if not os.environ.get("AMLSCREEN_SPARK"):
        pytest.skip("`make test-spark` runs this")
    os.environ["SPARK_LOCAL_IP"] = "127.0.0.1"
    settings = {
        "spark.driver.memory": "512m",
        "spark.executor.memory": "1024m",
        "spark.ui.enabled": "false",
        "spark.ui.showConsoleProgress": "false",
        "spark.executorEnv.PYTHONPATH": os.environ.get("PYTHONPATH", ""),
    }
    made = Spark.on("local-cluster[2,1,1024]", settings).session
    made.sparkContext.setLogLevel("ERROR")
    yield made
    made.stop()


@pytest.fixture(scope="session")
def at_home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The outputs of this machine alone on the sample bank."""
    out = tmp_path_factory.mktemp("home") / "out"
    with Dataset.read(CANONICAL) as data:
        screen(data).write(out)
    return out
