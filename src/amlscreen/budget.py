"""How the memory of one run is shared out between what takes part in it.

``settings.memory`` is for the whole run. The store (DuckDB: reading, sorting) gets a share and spills beyond it; the
number of rows that are in memory at a time follows from the rest. What a run found (hits, alerts, evidence) and the
tables of customers and accounts are not bounded by it: they grow with what is found and with the bank.
"""

from __future__ import annotations

import os
import re
from dataclasses import dataclass
from pathlib import Path

from amlscreen.errors import SettingsError

__all__ = ["Budget", "budget_of", "bytes_of", "machine_memory"]

_UNITS = {"": 1, "b": 1, "kb": 10**3, "mb": 10**6, "gb": 10**9, "tb": 10**12}
_UNITS |= {"kib": 2**10, "mib": 2**20, "gib": 2**30, "tib": 2**40}
_LEAST = 500 * 10**6
_GROUPS = ("/sys/fs/cgroup/memory.max", "/sys/fs/cgroup/memory/memory.limit_in_bytes")
_BYTES_A_ROW = 200
"""Of a row that was picked for later: its columns, and what is made of them while it is looked at."""


@dataclass(frozen=True, slots=True)
class Budget:
    """Bytes of the whole run and of the store; ``rows_at_once`` of what was gathered from many partitions."""

    total: int
    store: int
    rows_at_once: int


def budget_of(memory: str | None) -> Budget:
    """The shares of so much memory; by default of half of what the machine, or the run's control group, has."""
    total = bytes_of(memory) if memory is not None else max(machine_memory() // 2, _LEAST)
    return Budget(total, total * 3 // 8, max(total // 4 // _BYTES_A_ROW, 100_000))


def bytes_of(memory: str) -> int:
    """The bytes that a text such as 4GB or 500MB means; :class:`~amlscreen.errors.SettingsError` if it means none."""
    found = re.fullmatch(r"\s*(\d+(?:\.\d+)?)\s*([A-Za-z]*)\s*", memory)
    if found is None or found[2].casefold() not in _UNITS:
        raise SettingsError(f"memory '{memory}' is not understood.", fix="Write it as 4GB or 500MB.")
    size = int(float(found[1]) * _UNITS[found[2].casefold()])
    if size < _LEAST:
        raise SettingsError(f"memory '{memory}' is too little.", fix="Give a run 500MB or more.")
    return size


def machine_memory() -> int:
    """Bytes of memory of the machine, or of the control group this process is held to if that is less."""
    try:
        size = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES")
    except (AttributeError, ValueError, OSError):  # Windows has no sysconf
        size = 8 * 10**9
    for path in _GROUPS:
        try:
            told = Path(path).read_text(encoding="ascii").strip()
        except OSError:
            continue
        if told.isdigit():
            size = min(size, int(told))
    return size
