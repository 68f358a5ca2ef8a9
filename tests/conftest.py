"""What tests of the whole line share: one small bank, written once."""

from __future__ import annotations

from pathlib import Path

import pytest

from amlscreen.synth import make_bank

ROOT = Path(__file__).resolve().parent.parent


@pytest.fixture(scope="session")
def project() -> Path:
    """The root of the checkout."""
    return ROOT


@pytest.fixture(scope="session")
def tiny_bank(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Folder of a canonical export of 100 customers over 90 days, with planted patterns."""
    folder = tmp_path_factory.mktemp("bank")
    make_bank(100, days=90).write(folder)
    return folder / "canonical"
