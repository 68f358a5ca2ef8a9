"""The temporary folder of a run. It holds the bank's transactions, so none may stay, not even of a run that was killed.

A run holds a lock of the operating system on a file in its folder; the system lets go of it when the process ends,
however it ends. Whoever makes a new folder removes those beside it whose lock nobody holds.
"""

from __future__ import annotations

import os
import shutil
import tempfile
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

from filelock import BaseFileLock, FileLock, Timeout

from amlscreen.errors import EngineError
from amlscreen.profiling import watch

__all__ = ["Workspace", "make_workspace"]

_PREFIX, _LOCK = "amlscreen-", "in_use"


@dataclass(frozen=True, slots=True)
class Workspace:
    """A folder of this process alone, until it is removed; removing it twice does nothing."""

    folder: Path
    lock: BaseFileLock

    def remove(self) -> None:
        """Everything in it goes."""
        shutil.rmtree(self.folder, ignore_errors=True)
        self.lock.release()
        shutil.rmtree(self.folder, ignore_errors=True)  # where a file that is held cannot go (Windows)


def make_workspace(parent: Path | None) -> Workspace:
    """A new folder in ``parent``, else in the system's temporary one; :class:`~amlscreen.errors.EngineError` if not.

    Where TMPDIR states one it is that one: Python by itself would pass on to others, were it full.
    """
    parent = parent or (Path(stated) if (stated := os.environ.get("TMPDIR")) else None)
    try:
        folder = Path(tempfile.mkdtemp(prefix=_PREFIX, dir=parent))
        lock = FileLock(folder / _LOCK, thread_local=False)
        lock.acquire(blocking=False)
    except OSError as problem:
        raise EngineError(
            f"No temporary folder can be made in {parent or tempfile.gettempdir()}: {problem.strerror}.",
            fix="State a writable folder as `temporary` in the settings.",
        ) from problem
    _remove_left(folder)
    watch(folder)
    return Workspace(folder, lock)


def _remove_left(mine: Path) -> None:
    """Folders of runs that were killed. One without a lock is being made at this moment, and one of others may stay."""
    for left in mine.parent.glob(f"{_PREFIX}*/{_LOCK}"):
        if left.parent == mine:
            continue
        lock = FileLock(left, thread_local=False)
        with suppress(OSError, Timeout):
            lock.acquire(blocking=False)
            shutil.rmtree(left.parent, ignore_errors=True)
            lock.release()
