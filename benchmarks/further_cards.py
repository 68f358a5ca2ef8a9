"""The shipped cards and twenty more, so that what one more card costs stands out from what a machine varies by."""

from __future__ import annotations

import re
import shutil
from pathlib import Path

from benchmarks.child import ROOT

__all__ = ["FURTHER", "write_cards"]

FURTHER = 20
_COPIED = "account/HT-A12_new_account_burst.yml"


def write_cards(folder: Path) -> Path:
    """Every shipped card, and copies of a window card (four sums, a ratio) with ids and windows of their own."""
    shutil.rmtree(folder, ignore_errors=True)
    shutil.copytree(ROOT / "rules", folder)
    text = (folder / _COPIED).read_text(encoding="utf-8")
    for number in range(1, FURTHER + 1):
        card = f"BM-A{number:02d}"
        copy = text.replace("HT-A12", card)
        copy, changed = re.subn(r"^  within: 30d$", f"  within: {30 + number}d", copy, flags=re.MULTILINE)
        assert changed == 1, f"{_COPIED} has another window"
        (folder / "account" / f"{card}.yml").write_text(copy, encoding="utf-8")
    return folder
