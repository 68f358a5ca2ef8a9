"""``scorecard fit`` and ``show``: from a run to a file and back to words."""

from __future__ import annotations

import json
from pathlib import Path

import pyarrow.parquet as pq
import pytest

from amlscreen.cli import main
from scorecard.made import answers, hits_on, people, verdict_on

COUNT = 600


@pytest.fixture
def run(tmp_path: Path) -> Path:
    """An output folder, as far as a fit reads it, and labels beside it."""
    hits = hits_on(COUNT, 3)
    verdict = verdict_on(hits, people(COUNT))
    folder = tmp_path / "out"
    folder.mkdir()
    pq.write_table(verdict.points, folder / "points.parquet")
    pq.write_table(verdict.ranked, folder / "ranked.parquet")
    (folder / "protected.csv").write_text("alert_id,customer_id\n,C0599\n", encoding="utf-8")
    (folder / "run.json").write_text(json.dumps({"as_of": "2024-10-04"}), encoding="utf-8")
    lines = [f"{one},{int(yes)}" for (_, one), yes in answers(hits, COUNT, 4).positive.items()]
    (tmp_path / "labels.csv").write_text("\n".join(["customer_id,label", *lines]), encoding="utf-8")
    return folder


def said(capsys: pytest.CaptureFixture[str], *arguments: str) -> tuple[int, str, str]:
    """Exit code, stdout and stderr of a command."""
    with pytest.raises(SystemExit) as left:
        main(list(arguments))
    shown = capsys.readouterr()
    return int(left.value.code or 0), shown.out, shown.err


def test_a_card_is_fitted_and_shown(run: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """What changed, what points mean, how well it held; the file is then there."""
    file, labels = str(tmp_path / "card.yml"), str(tmp_path / "labels.csv")
    code, out, _ = said(capsys, "scorecard", "fit", str(run), "--labels", labels, "-o", file)
    assert (
        code == 0
        and "kind\tname\tstrength\tbefore\tnow" in out
        and "average precision went from" in " ".join(out.split())
    )
    code, out, _ = said(capsys, "scorecard", "show", file)
    assert code == 0 and "HT-L01" in out and "double the odds" in out


@pytest.mark.parametrize("features", [False, True])
def test_what_is_missing_is_told(run: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str], features: bool) -> None:
    """No run there, or one that kept no features: one sentence and exit code 1."""
    more = ["--features"] if features else []
    folder = str(run if features else tmp_path)
    labels = str(tmp_path / "labels.csv")
    code, _, err = said(capsys, "scorecard", "fit", folder, "--labels", labels, "-o", str(tmp_path / "c.yml"), *more)
    assert code == 1 and ("--keep-features" if features else "holds no points.parquet") in err
