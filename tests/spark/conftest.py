"""A real Spark on this machine: a master and two workers, each with an executor process of its own."""

from __future__ import annotations

import os
import sys
from collections.abc import Iterator
from typing import Any

import pytest


@pytest.fixture(scope="session")
def session() -> Iterator[Any]:
    """A session with two executor processes; ``make test-spark`` asks for it, other test runs pass it over."""
    if not os.environ.get("AMLSCREEN_SPARK"):
        pytest.skip("`make test-spark` runs this")
    os.environ |= {"PYSPARK_PYTHON": sys.executable, "SPARK_LOCAL_IP": "127.0.0.1"}
    from pyspark.sql import SparkSession

    builder = SparkSession.builder.master("local-cluster[2,1,1024]").appName("amlscreen tests")
    for name, value in {
        "spark.driver.memory": "512m",
        "spark.executor.memory": "1024m",
        "spark.ui.enabled": "false",
        "spark.ui.showConsoleProgress": "false",
        "spark.executorEnv.PYTHONPATH": os.environ.get("PYTHONPATH", ""),
    }.items():
        builder = builder.config(name, value)
    made = builder.getOrCreate()
    made.sparkContext.setLogLevel("ERROR")
    yield made
    made.stop()
