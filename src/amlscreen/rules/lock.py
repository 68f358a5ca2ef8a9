"""``lock.yml``: each card's version and the sha256 of what it says, so that no rule changes without saying so.

The sum covers everything but ``version``, ``status`` and ``examples``: a further example or a promotion is no new rule.
It is taken over the parsed values, so layout and comments do not count.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from amlscreen.errors import Place, RuleError
from amlscreen.rules.reader import CardFile
from amlscreen.yaml_file import load, place_of, plain

__all__ = ["LOCK", "Locked", "digest", "drifted", "read_lock", "write_lock"]

LOCK = "lock.yml"
_HEADER = "# Written by `amlscreen rules lock`: a stable card that changes gets a higher version first.\n"
_NOT_COVERED = frozenset({"version", "status", "examples"})


@dataclass(frozen=True, slots=True)
class Locked:
    """One card as it was when the lock was written."""

    version: int
    sha256: str


def digest(file: CardFile) -> str:
    """The sha256 of what the card says."""
    content: dict[str, Any] = {key: value for key, value in plain(file.tree).items() if key not in _NOT_COVERED}
    text = json.dumps(content, sort_keys=True, ensure_ascii=False, separators=(",", ":"), default=str)
    return hashlib.sha256(text.encode()).hexdigest()


def drifted(file: CardFile, locked: Locked) -> bool:
    """Whether a card that is not a draft says something else under a version that was locked."""
    return file.card.status != "draft" and file.card.version == locked.version and digest(file) != locked.sha256


def read_lock(folder: Path) -> dict[str, Locked]:
    """The lock that lies in a folder of cards; empty if there is none."""
    path = folder / LOCK
    if not path.exists():
        return {}
    tree = load(path, RuleError)
    found: dict[str, Locked] = {}
    for rule_id, row in plain(tree).items():
        try:
            found[rule_id] = Locked(int(row["version"]), str(row["sha256"]))
        except (KeyError, TypeError, ValueError) as problem:
            fix = "Write it again with `amlscreen rules lock`."
            place: Place = place_of(tree, (rule_id,), str(path))
            raise RuleError(f"'{rule_id}' needs `version` and `sha256`.", place=place, fix=fix) from problem
    return found


def write_lock(folder: Path, files: Iterable[CardFile]) -> Path:
    """Write the lock of these cards into the folder; refused if one changed without a higher version."""
    before: Mapping[str, Locked] = read_lock(folder)
    rows = []
    for file in sorted(files, key=lambda one: one.card.id):
        card = file.card
        if card.id in before and (drifted(file, before[card.id]) or card.version < before[card.id].version):
            raise RuleError(
                f"'{card.id}' changed, but its version is {card.version} and {before[card.id].version} is locked.",
                place=file.place("version"),
                fix=f"Set version: {before[card.id].version + 1}.",
            )
        rows.append(f"{card.id}: {{version: {card.version}, sha256: {digest(file)}}}\n")
    path = folder / LOCK
    path.write_text(_HEADER + "".join(rows), encoding="utf-8")
    return path
