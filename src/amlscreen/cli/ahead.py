"""Loads what a screen needs after reading while it still reads: two seconds of a small run that a second core has."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from importlib import import_module
from threading import Thread

__all__ = ["loading_ahead"]

_SHARED = ("numpy", "pyarrow.compute", "pyarrow.parquet", "duckdb", "amlscreen.intake.build", "amlscreen.rules.ruleset")
"""What reading loads as well comes first and by itself: two threads never load parts of one library at once."""

_LATER = ("pandas", "amlscreen.screening", "xlsxwriter", "jinja2")


@contextmanager
def loading_ahead(tell: Callable[[str, int, int | None], None]) -> Iterator[None]:
    """While the block runs, libraries that come later are loaded beside it; at its end they are there.

    That kernels must be compiled, which takes long and happens once, is told.
    """
    for name in _SHARED:
        import_module(name)
    thread = Thread(target=_load, args=(tell,), name="ahead", daemon=True)
    thread.start()
    try:
        yield
    finally:
        thread.join()


def _load(tell: Callable[[str, int, int | None], None]) -> None:
    kernels = import_module("amlscreen.ledger.kernels")
    if kernels.kernels_are_kept():
        kernels.load_kernels()
    else:
        tell("compiling once; later runs find it done", 0, None)
        import_module("amlscreen.ledger.compiling").compile_kernels()
    for name in _LATER:
        import_module(name)
