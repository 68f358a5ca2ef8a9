"""What a YAML text held when it was last read, kept by the text's hash.

Reading YAML 1.2 with the place of every value takes seconds for the shipped cards; what it gives, without the
places, is kept as JSON below ``AMLSCREEN_CACHE``, else the user's cache folder. Where no folder can be written nothing
is kept. What is read from there runs as rules: the folder must not be writable by people you do not trust.
"""

from __future__ import annotations

import contextlib
import datetime as dt
import hashlib
import json
import os
from pathlib import Path
from typing import Any

__all__ = ["keep", "kept"]

_FORM = "1"
"""Changes when the same text would be read as something else."""
_DAY, _INSTANT = "\0day", "\0instant"


def kept(text: str) -> dict[str, Any] | None:
    """What :func:`keep` was given for this text; None if nothing is kept, or it cannot be read."""
    try:
        held = json.loads(_path(text).read_bytes(), object_hook=_timed)
    except (OSError, ValueError):
        return None
    return held if isinstance(held, dict) else None


def keep(text: str, held: dict[str, Any]) -> None:
    """Keep what the text holds, whole or not at all."""
    path = _path(text)
    beside = path.with_suffix(f".{os.getpid()}")
    with contextlib.suppress(OSError):
        path.parent.mkdir(parents=True, exist_ok=True)
        beside.write_text(json.dumps(held, default=_written, ensure_ascii=False), encoding="utf-8")
        beside.replace(path)


def _path(text: str) -> Path:
    import platformdirs

    stated = os.environ.get("AMLSCREEN_CACHE")
    folder = Path(stated) if stated else platformdirs.user_cache_path("amlscreen")
    return folder / "yaml" / f"{hashlib.sha256(f'{_FORM} {text}'.encode()).hexdigest()}.json"


def _written(value: Any) -> dict[str, str]:
    """Days and instants, which JSON does not know."""
    if isinstance(value, dt.datetime):
        return {_INSTANT: value.isoformat()}
    if isinstance(value, dt.date):
        return {_DAY: value.isoformat()}
    raise TypeError(f"{type(value).__name__} is nothing that YAML holds")


def _timed(held: dict[str, Any]) -> Any:
    if len(held) == 1:
        if _DAY in held:
            return dt.date.fromisoformat(held[_DAY])
        if _INSTANT in held:
            return dt.datetime.fromisoformat(held[_INSTANT])
    return held
