"""Compiling kernels in two processes: numba lets one process compile on one core only.

``python -m amlscreen.ledger.compiling`` is the second; it begins with the last kernel and leaves each in the cache
folder, where the first one finds it.
"""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager, suppress

from amlscreen.ledger import kernels
from amlscreen.ledger.kernel_cache import cache_folder

__all__ = ["compile_kernels"]


def compile_kernels() -> None:
    """Compile every kernel and keep it, with the help of a second process where there is a folder to keep them in."""
    with _second_process():
        kernels.load_kernels()


@contextmanager
def _second_process() -> Iterator[None]:
    """Begins it and ends it; a machine on which none can be started compiles alone."""
    folder, process = cache_folder(), None
    if folder is not None:
        with suppress(OSError):
            process = subprocess.Popen(
                [sys.executable, "-m", __name__],
                env={**os.environ, "AMLSCREEN_CACHE": str(folder)},
                stdin=subprocess.DEVNULL,
                stdout=subprocess.DEVNULL,
                stderr=subprocess.DEVNULL,
            )
    try:
        yield
    finally:
        if process is not None:
            process.kill()
            process.wait()


if __name__ == "__main__":
    kernels.load_kernels(last_first=True)
