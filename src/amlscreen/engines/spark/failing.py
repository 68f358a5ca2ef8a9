"""What can be wrong with a cluster, said in one sentence: no pyspark, no Java, or a task that failed every time."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from importlib.util import find_spec
from os import environ

from amlscreen.errors import EngineError

__all__ = ["check_installed", "cluster_errors"]


def check_installed() -> None:
    """EngineError if pyspark or Java is missing on this machine."""
    if find_spec("pyspark") is None:
        raise EngineError(
            "pyspark is not installed.", fix="Install amlscreen[spark], or pyspark 4.3 as the cluster has it."
        )
    if shutil.which("java") is None and not environ.get("JAVA_HOME"):
        raise EngineError(
            "Java is not found, and Spark needs it.",
            fix="Install Java 17 or newer (Debian: default-jre-headless) or set JAVA_HOME.",
        )


@contextmanager
def cluster_errors() -> Iterator[None]:
    """What Spark says about a job that failed, as an EngineError with its last line."""
    from py4j.protocol import Py4JError
    from pyspark.errors import PySparkException

    try:
        yield
    except (PySparkException, Py4JError) as problem:
        lines = [line.strip() for line in str(problem).splitlines() if line.strip() and "at org." not in line]
        told = next((line for line in reversed(lines) if "Error" in line), lines[0] if lines else "no reason told")
        raise EngineError(
            f"The cluster could not finish the work: {told[:300]}",
            fix="See the log of the executors; they need amlscreen of this version and see the files at the same path.",
        ) from problem
