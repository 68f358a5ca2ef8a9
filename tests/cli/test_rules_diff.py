"""``amlscreen rules diff``: what changed, in words and for programs."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import pytest

from amlscreen.shipped import shipped_files, shipped_folder
from cli.running import Run


@pytest.fixture
def saved(tmp_path: Path) -> Path:
    """A copy of one shipped card, the unlicensed kind of version control."""
    path = next(path for path in shipped_files("rules") if path.name.startswith("HT-A06_"))
    return Path(shutil.copy(path, tmp_path / path.name))


def edited(path: Path, *pairs: tuple[str, str]) -> Path:
    """A further copy with parts replaced."""
    text = path.read_text(encoding="utf-8")
    for old, new in pairs:
        assert old in text
        text = text.replace(old, new, 1)
    other = path.with_name("edited.yml")
    other.write_text(text, encoding="utf-8")
    return other


def test_nothing_changed(run: Run) -> None:
    """The shipped rules against their own folder."""
    ran = run("rules", "diff", "shipped", shipped_folder("rules"))
    assert (ran.code, ran.err) == (0, "") and ran.out.startswith("Nothing changed; ")


def test_a_changed_parameter_is_told(run: Run, saved: Path) -> None:
    """With what becomes of the subjects found; under a new version that is in order."""
    ran = run(
        "rules", "diff", saved, edited(saved, ("places: {value: 4", "places: {value: 5"), ("version: 1", "version: 2"))
    )
    assert ran.code == 0
    assert "parameter `places` from 4 to 5" in ran.out and "finds fewer subjects, or the same" in ran.out
    assert ran.out.rstrip().endswith("1 changed; 0 rules say the same.")


def test_a_change_without_a_version_fails(run: Run, saved: Path) -> None:
    """So that a pipeline can hold a merge back."""
    ran = run("rules", "diff", saved, edited(saved, ("places: {value: 4", "places: {value: 5")))
    assert ran.code == 1 and "Its version is still the same" in ran.out


def test_programs_get_json(run: Run, saved: Path) -> None:
    """Part, old and new value of each change."""
    new = edited(saved, ("places: {value: 4", "places: {value: 5"), ("version: 1", "version: 2"))
    told = json.loads(run("rules", "diff", saved, new, "--format", "json").out)
    (places,) = (one for one in told["changes"] if one["part"] == "parameters.places")
    assert (places["old"], places["new"], places["finds"]) == (4, 5, "fewer")


def test_a_folder_that_is_not_there_is_told(run: Run, tmp_path: Path) -> None:
    """One sentence, no traceback."""
    ran = run("rules", "diff", "shipped", tmp_path / "nowhere.yml")
    assert ran.code == 1 and "nowhere.yml" in ran.err
