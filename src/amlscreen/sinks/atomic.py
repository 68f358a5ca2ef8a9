"""A folder of outputs that changes at once or not at all.

Everything is written into a new folder beside the target, forced to disk and then exchanged with it by rename. Whatever
goes wrong before that leaves the target as it was and removes the new folder; what a killed run left beside it, the
next one removes. What people added to an earlier output folder (notes, say) is carried over.
"""

from __future__ import annotations

import ctypes
import errno
import json
import os
import re
import shutil
import sys
from collections.abc import Collection, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from xlsxwriter.exceptions import FileCreateError

from amlscreen.errors import Place, SinkError
from amlscreen.sinks.holding import held

__all__ = ["PROGRAM", "check_target", "replacing"]

PROGRAM = "amlscreen"
_AT_WORKING_FOLDER = -100  # AT_FDCWD in <fcntl.h>
_EXCHANGE = 2  # RENAME_EXCHANGE in <linux/fs.h>
_FIX = {
    errno.ENOSPC: "Free space on that disk, or choose another folder.",
    errno.EDQUOT: "The quota is used up: free space, or choose another folder.",
    errno.EROFS: "That disk is read-only: choose another folder.",
    errno.EACCES: "Choose a folder this user may write to.",
    errno.EPERM: "Choose a folder this user may write to.",
    errno.ENOTDIR: "A part of that path is a file: choose another folder.",
    errno.EEXIST: "A part of that path is a file: choose another folder.",
    errno.EBUSY: "It is a mount point, which cannot be exchanged: choose a folder inside it.",
    errno.EXDEV: "It is a mount point, which cannot be exchanged: choose a folder inside it.",
    errno.ENAMETOOLONG: "Choose a shorter name.",
}


def check_target(out: Path) -> Path:
    """The target, resolved; :class:`~amlscreen.errors.SinkError` if a run could not, or must not, write there.

    Cheap enough to ask before a long run starts.
    """
    try:
        return _checked(out, Path(os.path.realpath(out)))
    except OSError as problem:
        raise _told(problem, out) from problem


def _checked(out: Path, target: Path) -> Path:
    place = Place(str(out))
    if target.exists() and not target.is_dir():
        raise SinkError("is a file, not a folder.", place=place, fix="Give a folder for the outputs.")
    if target == Path(os.path.realpath(os.curdir)) or target.parent == target:
        raise SinkError("is the working folder itself.", place=place, fix="Give a folder of its own, such as ./out.")
    if os.path.ismount(target):
        raise SinkError("is a mount point, which cannot be exchanged.", place=place, fix="Give a folder inside it.")
    if target.is_dir() and any(target.iterdir()) and not _is_ours(target):
        raise SinkError(
            "holds files that are not outputs of an earlier run (there is no run.json of this program in it).",
            place=place,
            fix="Give a new or empty folder; nothing was written or removed.",
        )
    standing = next(folder for folder in target.parents if folder.exists())
    for folder in (standing, target):
        if folder.is_dir() and not os.access(folder, os.W_OK | os.X_OK):
            why = errno.EROFS if _is_read_only(folder) else errno.EACCES
            raise OSError(why, os.strerror(why))
    return target


def _is_read_only(folder: Path) -> bool:
    """Whether the whole disk is; Windows does not tell."""
    return hasattr(os, "statvfs") and bool(os.statvfs(folder).f_flag & os.ST_RDONLY)


@contextmanager
def replacing(out: Path, owned: Collection[str]) -> Iterator[Path]:
    """A new folder to write into, which becomes ``out`` when the block ends well.

    ``owned`` are the names this program writes; anything else in an earlier ``out`` is carried over.
    """
    target = check_target(out)
    staging = target.parent / f".{target.name}.{os.getpid()}.new"
    try:
        target.parent.mkdir(parents=True, exist_ok=True)
        with held(target):
            _mend(target)
            try:
                staging.mkdir()
                yield staging
                if target.is_dir():
                    shutil.copymode(target, staging)
                    _carry_over(target, staging, owned)
                _force_to_disk(staging, owned)
                _swap(staging, target)
                _force_folder(target.parent)
            finally:
                shutil.rmtree(staging, ignore_errors=True)
    except (OSError, FileCreateError) as problem:
        raise _told(problem, out) from problem


def _mend(target: Path) -> None:
    """What a killed run left: an old folder that was moved aside comes back, unfinished ones go."""
    ours = re.compile(rf"\.{re.escape(target.name)}\.\d+\.(new|before)")
    for left in sorted(path for path in target.parent.iterdir() if ours.fullmatch(path.name)):
        if left.suffix == ".before" and not target.exists():
            os.rename(left, target)
        else:
            shutil.rmtree(left, ignore_errors=True)


def _is_ours(folder: Path) -> bool:
    return any(_says_so(folder / name) for name in ("run.json", "quality.json"))


def _says_so(path: Path) -> bool:
    try:
        run = json.loads(path.read_bytes())
    except (OSError, ValueError):
        return False
    return isinstance(run, dict) and run.get("program") == PROGRAM


def _carry_over(target: Path, staging: Path, owned: Collection[str]) -> None:
    """Foreign entries get a second name in the new folder (a copy where links are not possible)."""
    for entry in sorted(target.iterdir()):
        if entry.name in owned:
            continue
        if entry.is_dir() and not entry.is_symlink():
            shutil.copytree(entry, staging / entry.name, symlinks=True, copy_function=_link)
        else:
            _link(str(entry), str(staging / entry.name))


def _link(source: str, target: str) -> None:
    try:
        os.link(source, target, follow_symlinks=False)
    except (OSError, NotImplementedError):
        shutil.copy2(source, target, follow_symlinks=False)


def _force_to_disk(folder: Path, owned: Collection[str]) -> None:
    for path in sorted(folder.iterdir()):
        if path.name in owned:
            with path.open("rb+") as file:
                os.fsync(file.fileno())
    _force_folder(folder)


def _force_folder(folder: Path) -> None:
    """The names in a folder to disk, where the system can; Windows and some network disks cannot."""
    with suppress(OSError):
        handle = os.open(folder, os.O_RDONLY)
        try:
            os.fsync(handle)
        finally:
            os.close(handle)


def _swap(staging: Path, target: Path) -> None:
    """``staging`` takes the place of ``target``; afterwards ``staging``, if it is still there, is the old one."""
    if not target.exists():
        os.rename(staging, target)
    elif not _exchanged(staging, target):
        before = staging.with_suffix(".before")
        os.rename(target, before)
        try:
            os.rename(staging, target)
        except OSError:
            os.rename(before, target)
            raise
        os.rename(before, staging)


def _exchanged(one: Path, other: Path) -> bool:
    """Both names exchanged in one step, which Linux can; false where it cannot be done."""
    if not sys.platform.startswith("linux"):
        return False
    rename = getattr(ctypes.CDLL(None, use_errno=True), "renameat2", None)
    if rename is None:
        return False
    names = (os.fsencode(one), os.fsencode(other))
    return bool(rename(_AT_WORKING_FOLDER, names[0], _AT_WORKING_FOLDER, names[1], _EXCHANGE) == 0)


def _told(problem: OSError | FileCreateError, out: Path) -> SinkError:
    cause = problem if isinstance(problem, OSError) else problem.__context__
    number = cause.errno if isinstance(cause, OSError) else None
    why = os.strerror(number) if number else str(problem)
    return SinkError(
        f"The outputs cannot be written: {why}. Earlier outputs are as they were.",
        place=Place(str(out)),
        fix=_FIX.get(number) if number else None,
    )
