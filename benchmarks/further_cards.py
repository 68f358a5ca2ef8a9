"""One shipped card and twenty more like it, so that what one costs stands out from what runs differ by."""

from __future__ import annotations

import re
import shutil
from collections.abc import Collection
from pathlib import Path

from benchmarks.child import ROOT

__all__ = ["FURTHER", "copy_cards", "write_cards"]

FURTHER = 20
_COPIED = "account/HT-A12_new_account_burst.yml"


def write_cards(folder: Path, *, further: int) -> Path:
    """One window card (four sums, a ratio), and as many copies of it with ids and windows of their own."""
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)
    text = (ROOT / "rules" / _COPIED).read_text(encoding="utf-8")
    (folder / "HT-A12.yml").write_text(text, encoding="utf-8")
    for number in range(1, further + 1):
        card = f"BM-A{number:02d}"
        copy = text.replace("HT-A12", card)
        copy, changed = re.subn(r"^  within: 30d$", f"  within: {30 + number}d", copy, flags=re.MULTILINE)
        assert changed == 1, f"{_COPIED} has another window"
        (folder / f"{card}.yml").write_text(copy, encoding="utf-8")
    return folder


def copy_cards(folder: Path, cards: Collection[str]) -> Path:
    """These of the shipped cards, as they are."""
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)
    for path in sorted((ROOT / "rules").rglob("*.yml")):
        if path.name.partition("_")[0] in cards:
            shutil.copy(path, folder)
    return folder
