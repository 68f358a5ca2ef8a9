"""The bank that comes with the project."""

from __future__ import annotations

import gzip
from pathlib import Path

from amlscreen.synth import make_bank

SAMPLE = Path(__file__).resolve().parents[2] / "sample_data"


def test_the_sample_is_small() -> None:
    """Everybody who clones the project carries it."""
    assert sum(path.stat().st_size for path in SAMPLE.rglob("*") if path.is_file()) < 5_000_000


def test_the_sample_is_what_the_generator_makes(tmp_path: Path) -> None:
    """`make sample` has been run since the generator last changed."""
    bank = make_bank(150)
    for path in [*bank.write(tmp_path), *bank.write(tmp_path, "messy")]:
        shipped = SAMPLE / path.relative_to(tmp_path)
        packed = shipped.with_name(shipped.name + ".gz")
        content = shipped.read_bytes() if shipped.exists() else gzip.decompress(packed.read_bytes())
        assert content == path.read_bytes(), path.name
