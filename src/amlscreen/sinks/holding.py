"""One run at a time on a folder of outputs.

The operating system holds the lock (``flock``, on Windows ``msvcrt.locking``) and lets it go when the process ends,
however it ends: a killed run leaves at most an empty file that stops nobody.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from filelock import FileLock, Timeout

from amlscreen.errors import Place, SinkError

__all__ = ["held"]


@contextmanager
def held(target: Path) -> Iterator[None]:
    """While the block runs nobody else writes to this folder; :class:`~amlscreen.errors.SinkError` if somebody does.

    The same process may hold it again inside.
    """
    target.parent.mkdir(parents=True, exist_ok=True)
    path = target.parent / f".{target.name}.lock"
    lock = FileLock(path, is_singleton=True, thread_local=False)
    outermost = not lock.is_locked
    try:
        lock.acquire(blocking=False)
    except Timeout as problem:
        raise SinkError(
            "Another run is writing there.",
            place=Place(str(target)),
            fix="Wait until it has ended, or give another folder.",
        ) from problem
    try:
        yield
    finally:
        if outermost:
            # Gone before it is let go: who opened it meanwhile sees that its file has no name any more and tries anew.
            with suppress(OSError):
                path.unlink(missing_ok=True)
        lock.release()
