"""Which files a source holds: a file, several, a folder, and what stands inside zip archives."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

__all__ = ["SourceFile", "find_sources"]


@dataclass(frozen=True, slots=True)
class SourceFile:
    """One input file. ``member`` is set if it stands inside a zip; ``name`` is ``a.csv`` or ``march.zip!a.csv``."""

    path: Path
    member: str | None
    name: str


def find_sources(source: str | Path | Sequence[str | Path]) -> tuple[SourceFile, ...]:
    """Every input file of ``source`` in a fixed order; DataError if there is none."""
    raise NotImplementedError
