"""Loads what a screen needs after reading while it still reads: two seconds of a small run that a second core has."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from importlib import import_module
from threading import Thread

__all__ = ["loading_ahead"]

_SHARED = ("numpy", "pyarrow.compute", "pyarrow.parquet", "duckdb", "amlscreen.intake.build", "amlscreen.rules.ruleset")
"""What reading loads as well comes first and by itself: two threads never load parts of one library at once."""

_LATER = ("pandas", "amlscreen.screening", "xlsxwriter", "jinja2")


@contextmanager
def loading_ahead() -> Iterator[None]:
    """While the block runs, libraries that come later are loaded beside it; at its end they are there."""
    for name in _SHARED:
        import_module(name)
    thread = Thread(target=_load, name="ahead", daemon=True)
    thread.start()
    try:
        yield
    finally:
        thread.join()


def _load() -> None:
    import_module("amlscreen.ledger.kernels").load_kernels()
    for name in _LATER:
        import_module(name)
