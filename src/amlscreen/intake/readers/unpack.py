"""The bytes of an input file on disk: as they are, or unpacked from .gz or .zip within limits, and their hash."""

from __future__ import annotations

import gzip
import hashlib
import shutil
import zipfile
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

from amlscreen.errors import DataError, Place
from amlscreen.intake.source import SourceFile
from amlscreen.settings import Settings

__all__ = ["Content", "unpack"]

_BLOCK = 2**20


class _Readable(Protocol):
    def read(self, size: int, /) -> bytes: ...


# A ledger of one repeated row shrinks to about a 250th; beyond that, and large, it is no export.
_MOST_SHRUNK = 250
_SMALL = 100 * 2**20


@dataclass(frozen=True, slots=True)
class Content:
    """The unpacked bytes of one input file.

    ``sha256`` and ``bytes`` are those of the file that was given (of the member, for one inside a zip).
    """

    name: str
    path: Path
    head: bytes
    sha256: str
    bytes: int


def unpack(source: SourceFile, *, settings: Settings, workspace: Path) -> Content:
    """Hash a file and, if it is packed, unpack it into ``workspace``; DataError if it is empty, broken or too large."""
    place = Place(source.name)
    if source.member is not None:
        return _member(source, place, settings, workspace)
    try:
        with source.path.open("rb") as handle:
            sha256 = hashlib.file_digest(handle, "sha256").hexdigest()
            size = handle.tell()
            handle.seek(0)
            head = handle.read(65536)
    except OSError as problem:
        raise DataError(f"cannot be read: {problem.strerror}.", place=place) from problem
    if size == 0:
        raise DataError("is empty (0 bytes).", place=place, fix="Export it again.")
    if size > settings.largest_file:
        raise _too_large(place, settings)
    if not head.startswith(b"\x1f\x8b"):
        return Content(source.name, _without_wildcards(source.path, workspace), head, sha256, size)
    target = workspace / "unpacked"
    with source.path.open("rb") as packed, _told(place, "gzip"), gzip.GzipFile(fileobj=packed) as stream:
        _copy(stream, target, place, size, settings)
    return _content(source.name, target, sha256, size, place)


def _without_wildcards(path: Path, workspace: Path) -> Path:
    """The file under a name that DuckDB does not take for a pattern: ``statement[1].csv`` is one file."""
    if not set("*?[") & set(str(path)):
        return path
    link = workspace / "input"
    try:
        link.symlink_to(path.absolute())
    except OSError:  # not every system lets everybody make links
        shutil.copyfile(path, link)
    return link


def _member(source: SourceFile, place: Place, settings: Settings, workspace: Path) -> Content:
    target = workspace / "unpacked"
    with _told(place, "zip"), zipfile.ZipFile(source.path) as archive:
        entry = archive.getinfo(source.member or "")
        if entry.flag_bits & 1:
            raise DataError(
                "is protected by a password.", place=place, fix="Unpack it with the password and give the file inside."
            )
        if entry.file_size > settings.largest_file:
            raise _too_large(place, settings)
        with archive.open(entry) as stream:
            sha256 = _copy(stream, target, place, max(entry.compress_size, 1), settings)
    content = _content(source.name, target, sha256, target.stat().st_size, place)
    if not content.head.startswith(b"\x1f\x8b"):
        return content
    inner = workspace / "unpacked_twice"
    with target.open("rb") as packed, _told(place, "gzip"), gzip.GzipFile(fileobj=packed) as stream:
        _copy(stream, inner, place, content.bytes, settings)
    return _content(source.name, inner, sha256, content.bytes, place)


def _copy(stream: _Readable, target: Path, place: Place, packed: int, settings: Settings) -> str:
    """Unpack a stream to a file, never more than the settings allow; the hash of what came out."""
    digest, size = hashlib.sha256(), 0
    with target.open("wb") as out:
        while block := stream.read(_BLOCK):
            size += len(block)
            if size > settings.largest_file:
                raise _too_large(place, settings)
            if size > _SMALL and size > packed * _MOST_SHRUNK:
                raise DataError(
                    f"unpacks to more than {_MOST_SHRUNK} times its size, as a zip bomb does.",
                    place=place,
                    fix="If it is a real export, unpack it yourself and give the file inside.",
                )
            digest.update(block)
            out.write(block)
    return digest.hexdigest()


def _content(name: str, path: Path, sha256: str, size: int, place: Place) -> Content:
    with path.open("rb") as handle:
        head = handle.read(65536)
    if not head:
        raise DataError("is empty (0 bytes once unpacked).", place=place, fix="Export it again.")
    return Content(name, path, head, sha256, size)


def _too_large(place: Place, settings: Settings) -> DataError:
    return DataError(
        f"holds more than {settings.largest_file} bytes once unpacked.",
        place=place,
        fix="Split it, or raise the setting largest_file.",
    )


@contextmanager
def _told(place: Place, kind: str) -> Iterator[None]:
    """What the unpacking libraries raise, as one sentence."""
    try:
        yield
    except EOFError as problem:
        said = f"is cut short: its {kind} data ends too early."
        raise DataError(said, place=place, fix="Copy it again.") from problem
    except (gzip.BadGzipFile, zipfile.BadZipFile, zlib.error, KeyError, ValueError) as problem:
        raise DataError(f"is damaged: its {kind} data does not unpack.", place=place, fix="Copy it again.") from problem
    except (NotImplementedError, RuntimeError) as problem:
        raise DataError(
            f"is packed in a way this program cannot unpack ({problem}).", place=place, fix="Unpack it yourself."
        ) from problem
    except OSError as problem:
        raise DataError(f"cannot be unpacked: {problem}.", place=place) from problem
