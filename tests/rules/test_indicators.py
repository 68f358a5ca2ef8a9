"""Every indicator of the sources has a card or a reason why there is none."""

from __future__ import annotations

from pathlib import Path

import pytest

from amlscreen.errors import RuleError
from amlscreen.rules.indicators import NOT_COVERED, indicator_of, mismatches, read_indicators
from amlscreen.rules.lint import lint_path
from amlscreen.rules.ruleset import RuleSet
from amlscreen.shipped import shipped_folder

LISTED = """\
indicators:
  A: [HT-A01, HT-A02]
  K: [HT-K02]
not_covered:
  HT-A02: {title: Money rushes through, reason: not_yet}
  HT-K02: {title: Papers of others, reason: no_data, because: Nobody records who showed a paper.}
"""


@pytest.fixture
def folder(tmp_path: Path, funnel_text: str) -> Path:
    """One card, and two indicators without."""
    (tmp_path / "account").mkdir()
    (tmp_path / "account" / "HT-A01_funnel.yml").write_text(funnel_text, encoding="utf-8")
    (tmp_path / NOT_COVERED).write_text(LISTED, encoding="utf-8")
    return tmp_path


def said(folder: Path) -> list[str]:
    """What lint says about the list."""
    return [f"{one.rule_id} {one.message}" for one in lint_path(folder) if one.check == "not-covered"]


def test_every_indicator_of_the_sources_is_accounted_for() -> None:
    """A hundred of them: on a card, or listed with the reason."""
    folder = shipped_folder("rules")
    listed = read_indicators(folder)
    assert listed is not None and len(set(listed.ids)) == len(listed.ids) == 100
    assert [f"{one} {message}" for one, _, message in mismatches(folder, RuleSet.load().cards)] == []


def test_a_list_beside_the_cards_is_no_card(folder: Path) -> None:
    """The folder still loads, and lint finds nothing in one that is in order."""
    assert list(RuleSet.load(folder).cards) == ["HT-A01"]
    assert lint_path(folder) == []


def test_whoever_writes_a_card_takes_the_entry_out(folder: Path, funnel_text: str) -> None:
    """A variant covers the indicator too; the message says where the entry stands."""
    variant = funnel_text.replace("id: HT-A01", "id: HT-A02B")
    (folder / "account" / "HT-A02B_variant.yml").write_text(variant, encoding="utf-8")
    assert said(folder) == ["HT-A02 has the card HT-A02B; take its entry out of not_covered.yml."]
    place = next(one.place for one in lint_path(folder) if one.check == "not-covered")
    assert (Path(place.file).name, place.line) == (NOT_COVERED, 5)


def test_an_indicator_is_never_forgotten(folder: Path) -> None:
    """Neither a card nor a reason is an error, and so is a reason for something unheard of."""
    text = LISTED.replace("HT-K02: {", "HT-K03: {")
    (folder / NOT_COVERED).write_text(text, encoding="utf-8")
    assert sorted(said(folder)) == [
        "HT-K02 has no card; write one, or say in not_covered.yml why there is none.",
        "HT-K03 is not among the `indicators` of not_covered.yml; add it there.",
    ]


@pytest.mark.parametrize(
    ("old", "new", "message"),
    [
        ("reason: no_data", "reason: lazy", "reason"),
        (", because: Nobody records who showed a paper.", "", "'no_data' needs `because:`"),
        ("HT-A02: {title: Money rushes through, ", "HT-A02: {titel: Money rushes through, ", "'titel' is.*'title'"),
    ],
)
def test_a_list_that_cannot_be_read_is_told(folder: Path, old: str, new: str, message: str) -> None:
    """With its place, as for a card."""
    assert old in LISTED
    (folder / NOT_COVERED).write_text(LISTED.replace(old, new), encoding="utf-8")
    with pytest.raises(RuleError, match=message) as raised:
        read_indicators(folder)
    assert raised.value.place is not None and raised.value.place.line in {5, 6}


def test_a_bank_s_own_folder_needs_no_list(tmp_path: Path) -> None:
    """The list is about the sources of the shipped cards."""
    assert read_indicators(tmp_path) is None
    assert list(mismatches(tmp_path, [])) == []


@pytest.mark.parametrize(("rule", "indicator"), [("HT-A02", "HT-A02"), ("HT-A02B", "HT-A02"), ("AT-X01", "AT-X01")])
def test_a_letter_after_the_number_is_the_same_indicator(rule: str, indicator: str) -> None:
    """Two ways to look for one thing."""
    assert indicator_of(rule) == indicator
