"""Where shipped rules, typologies, jurisdictions, mappings and the KYC standard lie: wheel, else checkout."""

from __future__ import annotations

from pathlib import Path
from typing import Literal

from amlscreen.errors import SettingsError

__all__ = ["shipped_files", "shipped_folder"]

Kind = Literal["rules", "typologies", "jurisdictions", "mappings", "kyc"]


def shipped_folder(kind: Kind) -> Path:
    """The folder of that kind of shipped file; the wheel's copy first, the checkout's else."""
    here = Path(__file__).resolve().parent
    for folder in (here / "_data" / kind, here.parent.parent / kind):
        if folder.is_dir():
            return folder
    raise SettingsError(
        f"The shipped {kind} are missing beside {here}.", fix="Install the package again; its wheel carries them."
    )


def shipped_files(kind: Kind, pattern: str = "**/*.yml") -> list[Path]:
    """Every shipped file of that kind, in a fixed order."""
    return sorted(shipped_folder(kind).glob(pattern))
