"""Which files a source holds: a file, several, a folder, and what stands inside zip archives."""

from __future__ import annotations

import os
import stat
import zipfile
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from difflib import get_close_matches
from pathlib import Path

from amlscreen.errors import DataError, Place

__all__ = ["SourceFile", "find_sources"]

_OFFICE_PARTS = ("xl/", "[Content_Types].xml", "content.xml", "mimetype")
_LEFT_BEHIND = frozenset({"thumbs.db", "desktop.ini", "__macosx"})


@dataclass(frozen=True, slots=True)
class SourceFile:
    """One input file. ``member`` is set if it stands inside a zip; ``name`` is ``a.csv`` or ``march.zip!a.csv``.

    Within a folder the name is the path below it, with ``/`` on every system: ``2026/03/a.csv``.
    """

    path: Path
    member: str | None
    name: str


def find_sources(source: str | Path | Sequence[str | Path]) -> tuple[SourceFile, ...]:
    """Every input file of ``source`` in a fixed order; DataError if there is none.

    Folders are searched below (links to folders are not followed) in the order of their names; zip archives are
    listed but not unpacked. What editors and systems leave behind (hidden files, ``~$book.xlsx``, ``Thumbs.db``) is
    no input. A file that is given twice is read once.
    """
    given = [source] if isinstance(source, (str, Path)) else list(source)
    if not given:
        raise DataError("no input file was given.", fix="Name a file or a folder.")
    found: list[SourceFile] = []
    seen: set[Path] = set()
    for path, name in (pair for item in given for pair in _below(Path(item), with_folder=len(given) > 1)):
        real = path.resolve()
        if real not in seen:
            seen.add(real)
            found.extend(_members(path, name))
    if not found:
        places = ", ".join(str(item) for item in given)
        raise DataError(f"{places} holds no file.", fix="Name a folder or an archive that holds exports.")
    return _told_apart(found)


def _below(path: Path, *, with_folder: bool) -> Iterator[tuple[Path, str]]:
    """The files at or below a path, each with its name; DataError for what is neither file nor folder."""
    if _is_file(path):
        yield path, path.name
        return
    files = []
    for folder, folders, names in os.walk(path, onerror=_refuse):
        folders[:] = [name for name in folders if not _is_left_behind(name)]
        files += [Path(folder) / name for name in names if not _is_left_behind(name)]
    for file in sorted(files, key=lambda item: item.relative_to(path).as_posix()):
        if _is_file(file):
            below = file.relative_to(path).as_posix()
            yield file, f"{path.name}/{below}" if with_folder else below


def _is_file(path: Path) -> bool:
    """Whether it is a file; if not it is a folder. A link that leads nowhere cannot be read, so it is told."""
    try:
        mode = path.stat().st_mode
    except OSError as problem:
        raise DataError(f"cannot be read: {problem.strerror}.", place=Place(str(path)), fix=_nearby(path)) from problem
    if not stat.S_ISREG(mode) and not stat.S_ISDIR(mode):
        raise DataError("is neither a file nor a folder.", place=Place(str(path)), fix="Copy its content to a file.")
    return stat.S_ISREG(mode)


def _refuse(problem: OSError) -> None:
    raise DataError(f"cannot be read: {problem.strerror}.", place=Place(str(problem.filename))) from problem


def _is_left_behind(name: str) -> bool:
    return name.startswith((".", "~$")) or name.casefold() in _LEFT_BEHIND


def _nearby(path: Path) -> str | None:
    """Names beside a path that does not exist that it may have meant."""
    if not path.parent.is_dir():
        return f"There is no folder {path.parent}."
    near = get_close_matches(path.name, sorted(item.name for item in path.parent.iterdir()), n=1)
    return f"Did you mean '{near[0]}'?" if near else None


def _members(path: Path, name: str) -> Iterator[SourceFile]:
    """The file itself or, for a zip archive that is no office document, every file inside it."""
    if path.suffix.casefold() != ".zip":
        yield SourceFile(path, None, name)
        return
    try:
        with zipfile.ZipFile(path) as archive:
            inside = [entry.filename for entry in archive.infolist() if not entry.is_dir()]
    except (zipfile.BadZipFile, OSError, ValueError, NotImplementedError):
        yield SourceFile(path, None, name)  # reading it tells what it really is, or that it is cut short
        return
    if any(member.startswith(_OFFICE_PARTS) for member in inside):
        yield SourceFile(path, None, name)
        return
    for member in sorted(set(inside)):
        if inside.count(member) > 1:
            raise DataError(f"holds '{member}' twice.", place=Place(name), fix="Unpack it and keep the right one.")
        if not any(_is_left_behind(part) for part in member.split("/")):
            yield SourceFile(path, member, f"{name}!{member}")


def _told_apart(found: Sequence[SourceFile]) -> tuple[SourceFile, ...]:
    """The same files; those that share a name are named by their whole path."""
    names = [file.name for file in found]
    return tuple(
        file
        if names.count(file.name) == 1
        else SourceFile(file.path, file.member, file.path.as_posix() + (f"!{file.member}" if file.member else ""))
        for file in found
    )
