"""What a machine without Spark is told."""

from __future__ import annotations

import shutil

import pytest

from amlscreen.engines.spark import Spark, failing
from amlscreen.errors import EngineError


def test_a_machine_without_pyspark_is_told_what_to_install(monkeypatch: pytest.MonkeyPatch) -> None:
    """The extra is named."""
    monkeypatch.setattr(failing, "find_spec", lambda name: None)
    with pytest.raises(EngineError, match=r"amlscreen\[spark\]"):
        Spark.on("local[1]")


def test_a_machine_without_java_is_told_what_to_install(monkeypatch: pytest.MonkeyPatch) -> None:
    """And which version."""
    monkeypatch.setattr(failing, "find_spec", lambda name: name)
    monkeypatch.setattr(shutil, "which", lambda name: None)
    monkeypatch.delenv("JAVA_HOME", raising=False)
    with pytest.raises(EngineError, match="Java 17"):
        Spark.on("local[1]")
