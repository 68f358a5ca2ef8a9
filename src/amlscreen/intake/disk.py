"""The disk that temporary files lie on can be full, read-only or broken: said as what it is, wherever it happens."""

from __future__ import annotations

import errno
import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import duckdb

from amlscreen.errors import EngineError, Place

__all__ = ["disk_told"]

_FIX = {
    errno.ENOSPC: "Free space there, or state a folder on a larger disk as `temporary` in the settings.",
    errno.EDQUOT: "The quota is used up: free space, or state another folder as `temporary` in the settings.",
    errno.EFBIG: "No file may be that large there: state another folder as `temporary` in the settings.",
    errno.EROFS: "That disk is read-only: state a writable folder as `temporary` in the settings.",
    errno.EIO: "That disk is failing: state a folder on another one as `temporary` in the settings.",
}
_SPILL_FULL = "max_temp_directory_size"
"""DuckDB does not wait until the disk is full: it stops at nine tenths of what was free."""


@contextmanager
def disk_told(folder: Path | None) -> Iterator[None]:
    """Turn an error of the disk in this block into :class:`~amlscreen.errors.EngineError`; others are let through.

    ``folder`` is where the temporary files of the run lie.
    """
    try:
        yield
    except duckdb.Error as problem:
        text = str(problem)
        number = next((number for number in _FIX if os.strerror(number) in text), None)
        number = errno.ENOSPC if number is None and _SPILL_FULL in text else number
        if number is None:
            raise
        raise _told(number, folder) from problem
    except OSError as problem:
        if problem.errno not in _FIX:
            raise
        raise _told(problem.errno, folder) from problem


def _told(number: int, folder: Path | None) -> EngineError:
    return EngineError(
        f"The temporary files of the run cannot be written: {os.strerror(number)}. Earlier outputs are as they were.",
        place=Place(str(folder.parent if folder is not None else Path.cwd())),
        fix=_FIX[number],
    )
