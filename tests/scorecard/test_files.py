"""Scorecards and labels as files: what is wrong with them is told with its place."""

from __future__ import annotations

from pathlib import Path

import pytest

from amlscreen.errors import AmlScreenError, SettingsError
from amlscreen.scorecard.labels import read_labels
from amlscreen.scorecard.model import Scorecard

HEAD = "odds: {at_zero: -3, doubled_by: 12}\n"


def written(folder: Path, text: str, name: str = "card.yml") -> Path:
    """A file with that text."""
    path = folder / name
    path.write_text(text, encoding="utf-8")
    return path


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("rules: {HT-A01: {points: {1: 9, 2: 5}}}", "nor fall as the strength rises"),
        ("rules: {HT-A01: {points: {1: -9}}}", "must not be negative"),
        ("rules: {HT-A01: {points: {1: 9}, again: 12}}", "again is more than"),
        ("counter: {tenure: -5}", "counter.tenure: Input should be greater"),
        ("typolgies: {story: 5}", "'typolgies' is not known here"),
        ("features: {f: {side: or_more, cuts: [{at: 5, points: 3}, {at: 4, points: 6}]}}", "further out"),
    ],
)
def test_a_card_that_contradicts_itself_is_refused(tmp_path: Path, text: str, said: str) -> None:
    """With file and line."""
    with pytest.raises(SettingsError, match=said) as refused:
        Scorecard.read(written(tmp_path, HEAD + text))
    assert "card.yml:2" in str(refused.value)


def test_a_strength_between_two_gets_the_lower_one(tmp_path: Path) -> None:
    """A card that gained a step since the fit is scored by the step below it."""
    from decimal import Decimal

    rule = Scorecard.read(written(tmp_path, HEAD + "rules: {R: {points: {1: 9, 2: 15}}}")).rules["R"]
    assert [rule.at(Decimal(times)) for times in ("0.5", "1", "1.5", "2", "3")] == [9, 9, 9, 15, 15]


def test_labels_are_read_by_customer(tmp_path: Path) -> None:
    """Yes and no in several words; an empty cell is no answer; one yes outweighs a no."""
    text = "customer_id,label,group\nC1,1,R1\nC2,no,\nC3,,\nC4,Confirmed,\nC2,yes,\n"
    labels = read_labels(written(tmp_path, text, "labels.csv"))
    assert labels.positive == {("", "C1"): True, ("", "C2"): True, ("", "C4"): True}
    assert labels.group == {("", "C1"): "R1"} and labels.only_listed


def test_dispositions_of_alerts_are_about_their_customers(tmp_path: Path) -> None:
    """They belong together, as they stood in one alert."""
    alerts = {"AL-1": [("B", "C1"), ("B", "C2")], "AL-2": [("B", "C3")]}
    text = "alert_id,disposition\nAL-1,false positive\nAL-2,escalated\n"
    labels = read_labels(written(tmp_path, text, "labels.csv"), alerts)
    assert labels.positive == {("B", "C1"): False, ("B", "C2"): False, ("B", "C3"): True}
    assert labels.group["B", "C1"] == labels.group["B", "C2"] == "AL-1"


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("customer_id,label\nC1,maybe\n", "labels.csv:2: label 'maybe' is not known"),
        ("customer,label\nC1,1\n", "lacks a column customer_id"),
        ("alert_id,disposition\nAL-9,confirmed\n", "labels.csv: names 1 alerts that the run does not have"),
    ],
)
def test_labels_that_say_nothing_are_refused(tmp_path: Path, text: str, said: str) -> None:
    """With the place and what is allowed."""
    with pytest.raises(AmlScreenError, match=said):
        read_labels(written(tmp_path, text, "labels.csv"))


def test_possible_victims_are_neither_yes_nor_no(tmp_path: Path) -> None:
    """The labels of a synthetic bank name them; they are no subject of a score."""
    text = (
        "institution,instance,possible_victim,customer_id,subject_kind\nB,R1,false,C1,customer\nB,R1,true,C2,customer\n"
        "B,R2,true,C3,customer\nB,R3,false,C3,customer\nB,R4,false,,counterparty\n"
    )
    labels = read_labels(written(tmp_path, text, "labels.csv"))
    assert set(labels.positive) == {("B", "C1"), ("B", "C3")} and not labels.only_listed
    assert labels.left_out == {("B", "C2")}
