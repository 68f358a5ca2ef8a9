"""Where compiled kernels are kept, and how a function becomes a kernel.

Compiling takes seconds, loading what was compiled takes none, so the machine code is kept in the first of these
folders that can be written to: the one given to :func:`keep_kernels_in`, else ``AMLSCREEN_CACHE``, else
``NUMBA_CACHE_DIR``, else the user's cache folder, else a private temporary folder that goes away with the process. If
none can be written to, kernels are compiled for this process only and a warning says so. Without this, numba refuses
to work in a read-only installation without a home.

Nothing is compiled or loaded before a kernel is first called, so that cards can be read and checked, and files be
conformed, without numba, which takes a second to be there.

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
from threading import RLock
from typing import Any, TypeVar, cast

import numpy as np
import platformdirs
from numpy.typing import NDArray

__all__ = [
    "Codes",
    "Flags",
    "Ints",
    "Whole",
    "cache_folder",
    "keep_kernels_in",
    "kernel",
    "load_kernels",
    "part",
]

Ints = NDArray[np.int64]
Codes = NDArray[np.int32]
Flags = NDArray[np.bool_]
Whole = int | np.int64

_log = logging.getLogger(__name__)
_F = TypeVar("_F", bound=Callable[..., Any])
_wanted: list[Path] = []
_known: list[_Later] = []
_compiling = RLock()
_OURS = "amlscreen."


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


class _Later:
    """A function that is compiled when it is first called, or when :func:`load_kernels` is."""

    def __init__(self, function: Callable[..., Any], signatures: list[str] | None) -> None:
        self._function, self._signatures = function, signatures
        self._made: Callable[..., Any] | None = None
        self.__doc__ = function.__doc__

    def __call__(self, *arguments: Any) -> Any:
        return (self._made or self.made())(*arguments)

    def made(self) -> Callable[..., Any]:
        """The compiled function; what it calls is compiled before it."""
        with _compiling:
            if self._made is None:
                around = self._function.__globals__
                for name in self._function.__code__.co_names:
                    if isinstance(called := around.get(name), _Later):
                        around[name] = called.made()
                self._made = _compiled(self._function, self._signatures)
            return self._made


def load_kernels() -> None:
    """Compile or load every kernel that was imported, as the first run would one by one; says so if that takes long."""
    with _compiling:
        for one in _known:
            one.made()
        folder = cache_folder()
        if _known and folder is not None and not (folder / _marker()).exists():
            _log.info("The kernels are compiled.")
            try:
                (folder / _marker()).touch()
            except OSError as error:
                _log.warning("The kernel cache folder %s is no longer writable: %s.", folder, error.strerror)


def kernel(*signatures: str) -> Callable[[_F], _F]:
    """A function that is compiled for these types only, and kept in :func:`cache_folder`, when it is first called.

    It runs without the interpreter's lock, on one core, and trusts its caller: indices are not checked.
    """

    def compiled(function: _F) -> _F:
        later = _Later(function, list(signatures))
        if function.__module__.startswith(_OURS):
            _known.append(later)
        return cast(_F, later)

    return compiled


def part(function: _F) -> _F:
    """A function that only kernels call; it becomes part of them and is kept with them."""
    return cast(_F, _Later(function, None))


def _compiled(function: Callable[..., Any], signatures: list[str] | None) -> Callable[..., Any]:
    folder = None if signatures is None else cache_folder()
    if folder is None:
        return _jit(signatures, function, keep=False)
    from numba.core import config

    numba_settings = vars(config)
    before = numba_settings["CACHE_DIR"]
    numba_settings["CACHE_DIR"] = str(folder)
    try:
        return _jit(signatures, function, keep=True)
    except (OSError, EOFError, pickle.UnpicklingError) as error:
        _log.warning(
            "The kernel cache %s is full or damaged (%s); compiling without it. Delete it.",
            folder,
            type(error).__name__,
        )
        return _jit(signatures, function, keep=False)
    finally:
        numba_settings["CACHE_DIR"] = before


def _jit(signatures: list[str] | None, function: Callable[..., Any], *, keep: bool) -> Callable[..., Any]:
    import numba

    made: Callable[..., Any] = numba.njit(signatures, nogil=True, cache=keep)(function)
    return made


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
    import numba
    from numba.core.registry import cpu_target

    known = hashlib.sha256(
        f"{numba.__version__} {sys.version} {cpu_target.target_context.codegen().magic_tuple()} {__file__}".encode()
    )
    for source in sorted(Path(__file__).parent.glob("kernels*.py")):
        known.update(source.read_bytes())
    return f"compiled-{known.hexdigest()[:16]}"
