"""What YAML held is kept by the hash of its text; read from there, cards and errors are the same."""

from __future__ import annotations

import datetime as dt
from pathlib import Path

import pytest

from amlscreen import kept_yaml
from amlscreen.errors import RuleError
from amlscreen.rules.reader import read_file
from amlscreen.rules.ruleset import RuleSet
from amlscreen.yaml_file import parse, plain

TEXT = "day: 2026-03-01\nat: 2026-03-01T10:00:00\nlist: [1, 1.5, 1_000, ~, true, ກີບ]\nmap: {a: {b: c}}\n"


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("AMLSCREEN_CACHE", str(tmp_path / "kept"))
    return tmp_path / "kept"


def test_what_is_kept_is_what_was_read(folder: Path) -> None:
    """Days and instants too; another text is another key."""
    held = plain(parse(TEXT, "a.yml"))
    assert kept_yaml.kept(TEXT) is None
    kept_yaml.keep(TEXT, held)
    assert kept_yaml.kept(TEXT) == held
    assert type(kept_yaml.kept(TEXT)["day"]) is dt.date  # type: ignore[index]
    assert kept_yaml.kept(TEXT + " ") is None


def test_every_shipped_card_is_the_same_from_there(folder: Path) -> None:
    """The first reading keeps, the second takes; fingerprint, places and trees do not differ."""
    first, second = RuleSet.load(), RuleSet.load()
    assert len(list((folder / "yaml").iterdir())) == len(first)
    assert first.fingerprint() == second.fingerprint()
    for one, other in zip(first.files, second.files, strict=True):
        assert one.card == other.card
        assert one.place("detect") == other.place("detect")


def test_a_spoilt_or_unwritable_folder_changes_nothing(
    folder: Path, project: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Half a file is read anew; where nothing can be kept nothing is."""
    card = next((project / "rules").rglob("HT-A01_*.yml"))
    sound = read_file(card).card
    for file in (folder / "yaml").iterdir():
        file.write_text('{"id": ')
    assert read_file(card).card == sound
    (folder / "file").write_text("")
    monkeypatch.setenv("AMLSCREEN_CACHE", str(folder / "file"))
    assert read_file(card).card == sound


def test_a_wrong_card_is_told_with_its_place_every_time(folder: Path, project: Path, tmp_path: Path) -> None:
    """A card that is wrong is never kept, and one that a newer program no longer takes is read anew."""
    text = next((project / "rules").rglob("HT-A01_*.yml")).read_text(encoding="utf-8")
    wrong = tmp_path / "wrong.yml"
    wrong.write_text(text.replace("severity:", "severty:"), encoding="utf-8")
    kept_yaml.keep(wrong.read_text(encoding="utf-8"), plain(parse(wrong.read_text(encoding="utf-8"), "wrong.yml")))
    for _ in range(2):
        with pytest.raises(RuleError, match="severty") as caught:
            read_file(wrong)
        assert caught.value.place is not None and caught.value.place.line
