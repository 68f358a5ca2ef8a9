"""The whole line on a small bank: from result and folder alike, onto a page that stands by itself."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

import amlscreen as aml
from amlscreen.cli import main
from amlscreen.errors import DataError, SettingsError


@pytest.fixture(scope="module")
def run(tmp_path_factory: pytest.TempPathFactory, tiny_bank: Path) -> Path:
    """The output folder of a screen of the small bank."""
    out = tmp_path_factory.mktemp("evaluated") / "out"
    with aml.Dataset.read(tiny_bank, jurisdiction="laos") as data:
        result = aml.screen(data)
        result.write(out)
        told = aml.evaluate(result, tiny_bank.parent / "labels.csv", resamples=50)
        told.write(out.parent / "from_result")
    return out


@pytest.fixture(scope="module")
def found(run: Path, tiny_bank: Path) -> aml.evaluation.Evaluation:
    """The evaluation of the folder."""
    return aml.evaluate(run, tiny_bank.parent / "labels.csv", segments=[tiny_bank.parent / "groups.csv"], resamples=50)


def test_a_folder_and_a_result_say_the_same(run: Path, found: aml.evaluation.Evaluation) -> None:
    """Figures, recall, capacity and ablation; the result knows more about customers."""
    other = json.loads((run.parent / "from_result" / "evaluation.json").read_text(encoding="utf-8"))
    mine = found.to_dict()
    for name in ("parts", "recall", "capacity", "ablation", "victims"):
        assert other[name] == mine[name], name
    assert other["fairness"] and not mine["fairness"]


def test_the_rows_of_points_give_the_scores(found: aml.evaluation.Evaluation) -> None:
    """Else a note would say that what is without some rules is approximate."""
    assert not any("approximate" in note for note in found.notes)
    assert {"family account", "ties between customers"} <= {one.without for one in found.ablation}


def test_tables_hold_figures_with_their_intervals(found: aml.evaluation.Evaluation) -> None:
    """Three columns for each."""
    budgets = found.table("budgets")
    assert budgets["share"].tolist() == [0.0025, 0.005, 0.01, 0.02]
    assert {"precision", "precision_low", "precision_high"} <= set(budgets.columns)
    assert found.average_precision == found.parts[0].average_precision.value


def test_the_page_is_one_file_and_names_nobody(found: aml.evaluation.Evaluation, tmp_path: Path) -> None:
    """No request, no script, no customer; equal evaluations give equal bytes."""
    page, _ = found.write(tmp_path / "a")
    text = page.read_text(encoding="utf-8")
    assert "http" not in text.replace("http-equiv", "") and "<script" not in text and "C00000" not in text
    assert "aml-capacity" in text and "What the ranking rests on" in text
    assert text == found.write(tmp_path / "b")[0].read_text(encoding="utf-8")


def test_the_command_prints_writes_and_can_fail_on_a_leak(
    run: Path, tiny_bank: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """Labels on the first twenty ids are a leak; it is told, and fails only if asked to."""
    labels = tmp_path / "labels.csv"
    labels.write_text("customer_id,label\n" + "".join(f"C{n:07},1\n" for n in range(1, 21)), encoding="utf-8")
    with pytest.raises(SystemExit) as left:
        main(["evaluate", str(run), "--labels", str(labels), "-o", str(tmp_path / "ev"), "--resamples", "0"])
    said = capsys.readouterr().out
    assert left.value.code == 0 and "20 targets and 80 innocent customers" in said and "LEAK - ids" in said
    assert (tmp_path / "ev" / "evaluation.html").is_file()
    with pytest.raises(SystemExit) as left:
        main(["evaluate", str(run), "--labels", str(labels), "--fail-on-leak", "--resamples", "0"])
    assert left.value.code == 4


def test_a_split_counts_what_is_held_out_first(run: Path, tiny_bank: Path) -> None:
    """Two parts, with no target in both."""
    told = aml.evaluate(run, tiny_bank.parent / "labels.csv", split="2026-02-15", resamples=0)
    after, before = told.parts
    assert after.name == "from 2026-02-15 on" and after.targets and before.targets
    assert told.recall[0].targets == after.targets


def test_what_cannot_be_evaluated_says_why(run: Path, tiny_bank: Path, tmp_path: Path) -> None:
    """No run, budgets out of order, a day that is none, a split with nothing after it."""
    labels = tiny_bank.parent / "labels.csv"
    with pytest.raises(DataError, match=r"run\.json"):
        aml.evaluate(tmp_path, labels)
    with pytest.raises(SettingsError, match="budgets"):
        aml.evaluate(run, labels, budgets=(0.1, 0.01))
    with pytest.raises(SettingsError, match="not a day"):
        aml.evaluate(run, labels, split="soon")
    with pytest.raises(DataError, match="Split earlier"):
        aml.evaluate(run, labels, split="2027-01-01")
