"""Where compiled kernels are kept, and how a function becomes a kernel.

Compiling takes seconds, loading what was compiled takes none, so the machine code is kept in the first of these
folders that can be written to: the one given to :func:`keep_kernels_in`, else ``AMLSCREEN_CACHE``, else
``NUMBA_CACHE_DIR``, else the user's cache folder, else a private temporary folder that goes away with the process. If
none can be written to, kernels are compiled for this process only and a warning says so. Without this, numba refuses
to work in a read-only installation without a home.

The compiled code is unpickled when it is loaded: a cache folder must not be writable by people you do not trust.
"""

from __future__ import annotations

import atexit
import hashlib
import logging
import os
import pickle
import shutil
import sys
import tempfile
from collections.abc import Callable, Iterator
from functools import cache
from pathlib import Path
from typing import Any, TypeVar, cast

import numba
import numpy as np
import platformdirs
from numba.core import config
from numba.core.registry import cpu_target
from numpy.typing import NDArray

__all__ = [
    "Codes",
    "Flags",
    "Ints",
    "Whole",
    "cache_folder",
    "keep_kernels_in",
    "kernel",
    "kernels_are_compiled",
    "part",
]

Ints = NDArray[np.int64]
Codes = NDArray[np.int32]
Flags = NDArray[np.bool_]
Whole = int | np.int64

_log = logging.getLogger(__name__)
_F = TypeVar("_F", bound=Callable[..., Any])
_wanted: list[Path] = []


def keep_kernels_in(folder: str | Path) -> None:
    """Asks for compiled kernels to be kept in that folder; has an effect only before the kernels are imported."""
    _wanted[:] = [Path(folder)]
    cache_folder.cache_clear()


@cache
def cache_folder() -> Path | None:
    """The folder compiled kernels are kept in, decided once per process; None if no folder can be written to."""
    for folder in _candidates():
        if _can_be_written(folder):
            if not (folder / _marker()).exists():
                _log.info("Compiling once: the kernels are kept in %s, the next start takes none of this time.", folder)
            return folder
        _log.warning("The kernel cache folder %s cannot be written to; trying the next.", folder)
    _log.warning(
        "Compiling kernels for this process only: no cache folder can be written to. "
        "Set AMLSCREEN_CACHE to a folder that can."
    )
    return None


def kernels_are_compiled() -> None:
    """Notes beside the cache that every kernel of this version is in it; called when all are imported."""
    folder = cache_folder()
    if folder is not None and not (folder / _marker()).exists():
        _log.info("The kernels are compiled.")
        try:
            (folder / _marker()).touch()
        except OSError as error:
            _log.warning("The kernel cache folder %s is no longer writable: %s.", folder, error.strerror)


def kernel(*signatures: str) -> Callable[[_F], _F]:
    """Compiles a function now, for these types only, and keeps the result in :func:`cache_folder`.

    It runs without the interpreter's lock, on one core, and trusts its caller: indices are not checked.
    """

    def compiled(function: _F) -> _F:
        folder = cache_folder()
        if folder is None:
            return _jit(list(signatures), function, keep=False)
        numba_settings = vars(config)
        before = numba_settings["CACHE_DIR"]
        numba_settings["CACHE_DIR"] = str(folder)
        try:
            return _jit(list(signatures), function, keep=True)
        except (OSError, EOFError, pickle.UnpicklingError) as error:
            _log.warning(
                "The kernel cache %s is full or damaged (%s); compiling without it. Delete it.",
                folder,
                type(error).__name__,
            )
            return _jit(list(signatures), function, keep=False)
        finally:
            numba_settings["CACHE_DIR"] = before

    return compiled


def part(function: _F) -> _F:
    """Compiles a function that only kernels of the same module call; it becomes part of them and is kept with them."""
    return _jit(None, function, keep=False)


def _jit(signatures: list[str] | None, function: _F, *, keep: bool) -> _F:
    return cast(_F, numba.njit(signatures, nogil=True, cache=keep)(function))


def _candidates() -> Iterator[Path]:
    yield from _wanted
    for variable in ("AMLSCREEN_CACHE", "NUMBA_CACHE_DIR"):
        if os.environ.get(variable):
            yield Path(os.environ[variable])
    home = Path(platformdirs.user_cache_dir("amlscreen", appauthor=False))
    if home.is_absolute():  # without a home it starts with ~ and would come to lie in the working folder
        yield home / "kernels"
    try:
        temporary = tempfile.mkdtemp(prefix="amlscreen-kernels-")
    except OSError:
        return
    atexit.register(shutil.rmtree, temporary, ignore_errors=True)
    yield Path(temporary)


def _can_be_written(folder: Path) -> bool:
    try:
        folder.mkdir(parents=True, exist_ok=True)
        tempfile.TemporaryFile(dir=folder).close()
    except OSError:
        return False
    return True


@cache
def _marker() -> str:
    """A file name that changes with the kernels' source, numba, Python and the processor, as numba's own keys do."""
    known = hashlib.sha256(
        f"{numba.__version__} {sys.version} {cpu_target.target_context.codegen().magic_tuple()} {__file__}".encode()
    )
    for source in sorted(Path(__file__).parent.glob("kernels*.py")):
        known.update(source.read_bytes())
    return f"compiled-{known.hexdigest()[:16]}"
