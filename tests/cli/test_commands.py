"""Each command does what its help says."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pyarrow.parquet as pq
import pytest

import amlscreen
from amlscreen.cli.settings_text import settings_text
from amlscreen.settings import Settings
from amlscreen.shipped import shipped_files
from amlscreen.sinks.quality_tables import QUALITY_OUTPUTS
from amlscreen.sinks.write import OUTPUTS
from amlscreen.yaml_file import parse, plain
from cli.running import Run

SOURCE = Path(amlscreen.__file__).resolve().parent.parent


def test_screen_leaves_every_output(screened: Path) -> None:
    """No more and no less than what is documented."""
    assert sorted(path.name for path in screened.iterdir()) == sorted(OUTPUTS)
    assert json.loads((screened / "run.json").read_text())["program"] == "amlscreen"


def test_screen_prints_the_most_urgent_first(run: Run, tiny_bank: Path, tmp_path: Path) -> None:
    """The first alert on stdout is the first of the file; the count of the rest is said."""
    ran = run("screen", tiny_bank, "-o", tmp_path / "out", "--top", "1", "--quiet")
    ids = pq.read_table(tmp_path / "out" / "alerts.parquet")["alert_id"].to_pylist()
    assert ids[0] in ran.out and ids[1] not in ran.out
    assert f"and {len(ids) - 1} more" in ran.out


def test_explain_shows_how_the_points_add_up(run: Run, screened: Path) -> None:
    """The printed points are the score, and the evidence is printed below."""
    first = pq.read_table(screened / "alerts.parquet").to_pylist()[0]
    ran = run("explain", screened, first["alert_id"])
    assert ran.code == 0
    points = [
        int(line.split()[0])
        for line in ran.out.splitlines()
        if line.lstrip()[:1] in "+-" and line[:1] == " " and line.split()[0][1:].isdigit()
    ]
    assert sum(points) == first["score"]
    assert f"{first['score']}  = score" in ran.out
    assert "transactions" not in ran.err and "# Evidence:" in ran.out


def test_explain_takes_the_start_of_an_id_and_helps_with_a_wrong_one(run: Run, screened: Path) -> None:
    """Nobody types twenty letters; a wrong id is answered with the known ones."""
    alert_id = pq.read_table(screened / "alerts.parquet")["alert_id"].to_pylist()[0]
    assert run("explain", screened, alert_id[:9], "--rows", "1").code == 0
    wrong = run("explain", screened, "AL-NONE")
    assert wrong.code == 1 and "Allowed: AL-" in wrong.err


def test_explain_refuses_a_folder_that_no_run_wrote(run: Run, tmp_path: Path) -> None:
    """The message says which folder is meant."""
    ran = run("explain", tmp_path, "AL-1")
    assert ran.code == 2 and "amlscreen screen -o" in ran.err


def test_check_reports_columns_without_showing_whom_they_are_about(run: Run, tiny_bank: Path) -> None:
    """Shares and counts for every column; names and numbers masked."""
    ran = run("check", tiny_bank, "--quiet")
    assert ran.code == 0 and ran.err == ""
    assert "# Files" in ran.out and "# transactions" in ran.out and "empty_share" in ran.out
    assert "Synth" not in ran.out


def test_check_tells_what_stood_aside(run: Run, tmp_path: Path) -> None:
    """Reasons with counts; the first example is masked."""
    lines = [f"B,T{n},A1,2026-03-10,100,credit" for n in range(99)]
    path = tmp_path / "transactions.csv"
    header = "institution,transaction_id,account_id,at,amount,direction"
    path.write_text("\n".join([header, *lines, "B,T99,A1,2026-02-30,1,debit"]) + "\n")
    ran = run("check", path, "--quiet")
    assert ran.code == 0
    assert "# Quarantined rows, by reason" in ran.out and "transactions.csv:101" in ran.out


def test_rules_show_prints_the_card(run: Run) -> None:
    """Byte for byte as it stands in its file."""
    path = next(path for path in shipped_files("rules") if path.name.startswith("HT-A01_"))
    assert run("rules", "show", "HT-A01").out == path.read_text(encoding="utf-8")


def test_rules_show_helps_with_a_wrong_id(run: Run) -> None:
    """The nearest id is named."""
    ran = run("rules", "show", "HT-A99")
    assert ran.code == 1 and "HT-A0" in ran.err


def test_rules_list_can_be_narrowed(run: Run) -> None:
    """By status and family; a wrong word is answered."""
    both = run("rules", "list", "--family", "account", "--status", "test").out.splitlines()[1:]
    assert both and all(line.split("\t")[2:4] == ["test", "account"] for line in both)
    assert "Did you mean 'stable'?" in run("rules", "list", "--status", "stabel").err


def test_rules_test_runs_the_examples_of_a_card(run: Run) -> None:
    """All of a shipped card hold."""
    ran = run("rules", "test", "HT-K05")
    assert ran.code == 0 and "examples of 1 rules hold" in ran.out


def test_rules_test_fails_on_a_card_that_says_too_much(run: Run, tmp_path: Path) -> None:
    """An example that does not come true is named, and the exit code is 1."""
    path = next(path for path in shipped_files("rules") if path.name.startswith("HT-A06_"))
    text = path.read_text(encoding="utf-8")
    assert text.count("expect: clear") >= 1
    card = tmp_path / path.name
    card.write_text(text.replace("expect: clear", "expect: {hit: F1}", 1), encoding="utf-8")
    ran = run("rules", "test", "--rules", card)
    assert ran.code == 1 and "HT-A06: " in ran.out


def test_rules_lint_holds_the_shipped_cards(run: Run) -> None:
    """No error in what is shipped."""
    ran = run("rules", "lint")
    assert ran.code == 0 and ran.out.splitlines()[-1].startswith("0 errors")


def test_rules_docs_writes_every_rule(run: Run, tmp_path: Path) -> None:
    """The catalogue has a part for each card."""
    assert run("rules", "docs", "-o", tmp_path / "rules.md").code == 0
    text = (tmp_path / "rules.md").read_text(encoding="utf-8")
    assert all(path.name.split("_")[0] in text for path in shipped_files("rules") if path.name != "lock.yml")
    assert run("rules", "docs").out == text


def test_rules_lock_makes_a_silent_change_visible(run: Run, tmp_path: Path) -> None:
    """Lock, change a threshold, lint: the change wants a new version."""
    path = next(path for path in shipped_files("rules") if path.name.startswith("HT-A01_"))
    card = tmp_path / path.name
    text = path.read_text(encoding="utf-8")
    card.write_text(text, encoding="utf-8")
    assert run("rules", "lock", "--rules", tmp_path).code == 0
    assert "version" not in run("rules", "lint", "--rules", tmp_path).out
    changed = text.replace("value: 5,", "value: 6,", 1)
    assert changed != text
    card.write_text(changed, encoding="utf-8")
    assert "version" in run("rules", "lint", "--rules", tmp_path).out


def test_synth_writes_forms_beside_their_labels(run: Run, tmp_path: Path) -> None:
    """The same bank in two forms, with its labels and groups once; a second time is refused."""
    arguments = ("synth", tmp_path, "--customers", "100", "--days", "90", "--form", "canonical", "--form", "parquet")
    ran = run(*arguments)
    assert ran.code == 0
    assert {path.name for path in tmp_path.iterdir()} == {"canonical", "parquet", "groups.csv", "labels.csv"}
    assert all(Path(line).is_file() for line in ran.out.splitlines())
    again = run(*arguments)
    assert again.code == 1 and "is not empty" in again.err


def test_init_writes_what_a_night_needs(run: Run, tmp_path: Path) -> None:
    """Settings, a mapping and a script that can be run; a second time nothing is overwritten."""
    assert run("init", tmp_path / "work").code == 0
    assert os.access(tmp_path / "work" / "nightly.sh", os.X_OK)
    assert Settings() == Settings.read(tmp_path / "work" / "settings.yml")
    (tmp_path / "work" / "mapping.yml").write_text("mine")
    again = run("init", tmp_path / "work")
    assert again.code == 1 and (tmp_path / "work" / "mapping.yml").read_text() == "mine"


@pytest.mark.skipif(os.name == "nt", reason="the script is for a POSIX shell")
def test_the_nightly_script_runs_night_after_night(run: Run, tmp_path: Path) -> None:
    """As it was written, with one statement in ``exports``; the second night takes up the first."""
    assert run("init", tmp_path).code == 0
    rows = ("Date,Description,Debit,Credit,Balance", "01/03/2026,rent,500.00,,500.00", "02/03/2026,pay,,900.00,1400.00")
    (tmp_path / "exports" / "march.csv").write_text("\n".join(rows) + "\n")
    shim = tmp_path / "bin" / "amlscreen"
    shim.parent.mkdir()
    shim.write_text(f'#!/bin/sh\nexec "{sys.executable}" -m amlscreen "$@"\n')
    shim.chmod(0o755)
    environment = {**os.environ, "PATH": f"{shim.parent}:{os.environ['PATH']}", "PYTHONPATH": str(SOURCE)}
    for _ in range(2):
        ran = subprocess.run(
            [tmp_path / "nightly.sh"], capture_output=True, text=True, env=environment, cwd="/", check=False
        )
        assert ran.returncode == 0, ran.stderr
    (night,) = (tmp_path / "out").iterdir()
    assert (night / "report.html").is_file()


def test_the_settings_file_names_every_setting_with_its_default() -> None:
    """With every '#' taken away it gives the defaults again."""
    text = "\n".join(line.removeprefix("# ") for line in settings_text().splitlines() if _is_setting(line))
    assert Settings.model_validate(plain(parse(text, "settings.yml"))) == Settings()


def _is_setting(line: str) -> bool:
    name = line.removeprefix("# ").strip().partition(":")[0]
    known = {*Settings.model_fields, *Settings().policy.model_fields_set, *type(Settings().policy).model_fields}
    return line.startswith("# ") and name in known and not line.rstrip().endswith(".")


@pytest.mark.parametrize("flag", ["--help", "-h"])
def test_help_says_what_it_is_and_is_not(run: Run, flag: str) -> None:
    """A pattern is for a person to review."""
    ran = run(flag)
    assert ran.code == 0 and "for a person to review" in ran.out


def test_check_leaves_a_report_in_its_own_folder(run: Run, tiny_bank: Path, screened: Path, tmp_path: Path) -> None:
    """Page, CSV and JSON; again into the same folder, but never into that of a screen."""
    out = tmp_path / "quality"
    assert run("check", tiny_bank, "-o", out, "--quiet").code == 0
    assert {path.name for path in out.iterdir()} == set(QUALITY_OUTPUTS)
    assert json.loads((out / "quality.json").read_text(encoding="utf-8"))["program"] == "amlscreen"
    refused = run("check", tiny_bank, "-o", screened, "--quiet")
    assert refused.code == 1 and "a folder of its own" in refused.err


def test_check_can_fail_a_job(run: Run, tmp_path: Path) -> None:
    """Without --fail-on whatever is found is exit code 0."""
    lines = [f"B,T{n},A1,2026-03-{1 + n % 28:02},{100 + n},credit" for n in range(99)]
    path = tmp_path / "transactions.csv"
    path.write_text("\n".join(["institution,transaction_id,account_id,at,amount,direction", *lines]) + "\n")
    assert run("check", path, "--quiet").code == 0
    ran = run("check", path, "--quiet", "--fail-on", "error")
    assert ran.code == 4 and "error    Credits without debits" in ran.out and "Blinds" in ran.out
