"""The machine that figures were taken on, and how much memory is free."""

from __future__ import annotations

import os
import platform
from importlib.metadata import version

__all__ = ["available", "described"]

_LIBRARIES = ("duckdb", "pyarrow", "numpy", "numba", "pandas", "polars")


def described() -> str:
    """Cores, memory, Python and the libraries that the figures hang on."""
    libraries = ", ".join(f"{name} {version(name)}" for name in _LIBRARIES)
    return (
        f"{os.cpu_count()} cores ({_processor()}), {_memory()['MemTotal'] / 2**30:.0f} GB; "
        f"{platform.system()}, Python {platform.python_version()}, {libraries}"
    )


def available() -> int:
    """Bytes that a further process may take without pushing others out."""
    return _memory()["MemAvailable"]


def _memory() -> dict[str, int]:
    with open("/proc/meminfo", encoding="ascii") as lines:
        pairs = (line.split(":") for line in lines)
        return {name: int(rest.split()[0]) * 1024 for name, rest in pairs}


def _processor() -> str:
    with open("/proc/cpuinfo", encoding="utf-8") as lines:
        names = [line.partition(":")[2].strip() for line in lines if line.startswith("model name")]
    return names[0] if names else platform.machine()
