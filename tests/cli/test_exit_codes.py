"""Every way out: 0 done, 1 usage, 2 data refused, 3 a rule failed, 4 alerts as asked for; never a traceback."""

from __future__ import annotations

import os
import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import pytest

import amlscreen.screening
from amlscreen.finding import find
from amlscreen.hits import Outcome
from amlscreen.intake.dataset import Dataset
from amlscreen.rules.ruleset import RuleSet
from amlscreen.shipped import shipped_files
from cli.running import Run

SOURCE = Path(amlscreen.__file__).resolve().parent.parent
TRANSACTIONS = "institution,transaction_id,account_id,at,amount,direction\n"


@pytest.fixture
def little(tmp_path: Path) -> Path:
    """Two innocent transactions."""
    folder = tmp_path / "little"
    folder.mkdir()
    rows = "B,T1,A1,2026-03-10,100,credit\nB,T2,A1,2026-03-11,40,debit\n"
    (folder / "transactions.csv").write_text(TRANSACTIONS + rows)
    return folder


def test_what_a_screen_refuses_a_check_shows_and_then_refuses(run: Run, little: Path, tmp_path: Path) -> None:
    """The rows that stand aside are to be seen, or nobody could mend them; even if no row is left."""
    for rows in ("B,T3,A1,2026-02-31,5,credit\n", "B,T1,A1,2026-02-31,100,credit\n"):
        file = little / "transactions.csv"
        file.write_text(file.read_text() + rows if "T3" in rows else TRANSACTIONS + rows)
        assert run("screen", little, "-o", tmp_path / "out").code == 2
        checked = run("check", little, "-q")
        assert checked.code == 2 and "bad_date" in checked.out and "Too many rows stand aside" in checked.err
    assert not (tmp_path / "out").exists()


def test_a_quiet_night_leaves_zero(run: Run, little: Path, tmp_path: Path) -> None:
    """No alert is a result, not a failure."""
    ran = run("screen", little, "-o", tmp_path / "out")
    assert ran.code == 0
    assert "2 rows accepted" in ran.out and "0 alerts" in ran.out
    assert (tmp_path / "out" / "run.json").is_file()


def test_a_last_day_before_the_data_is_refused(run: Run, little: Path, tmp_path: Path) -> None:
    """Nothing would be looked at, and the night would pass for a quiet one."""
    ran = run("screen", little, "-o", tmp_path / "out", "--as-of", "2025-01-01")
    assert ran.code == 1
    assert "as_of 2025-01-01 lies before the first transaction, of 2026-03-10." in ran.err
    assert not (tmp_path / "out").exists()


def test_a_typology_of_rules_that_nobody_has_is_refused(run: Run, little: Path, tmp_path: Path) -> None:
    """So is a folder without any: both would pass for stories that were looked for."""
    own = tmp_path / "own"
    own.mkdir()
    ran = run("screen", little, "-o", tmp_path / "out", "--typologies", own)
    assert ran.code == 1 and "there are no typologies" in ran.err
    shipped = (SOURCE.parent / "typologies" / "funnel_account.yml").read_text(encoding="utf-8")
    (own / "funnel_account.yml").write_text(shipped.replace("HT-A01", "HT-A91"), encoding="utf-8")
    ran = run("screen", little, "-o", tmp_path / "out", "--typologies", own)
    assert ran.code == 1 and "there is no rule 'HT-A91'" in ran.err


def test_an_unknown_command_names_the_nearest(run: Run) -> None:
    """A slip of the finger is answered with the word that was meant."""
    ran = run("scren", "somewhere")
    assert ran.code == 1 and ran.out == ""
    assert "Did you mean 'screen'?" in ran.err


def test_an_unknown_rules_command_names_the_nearest(run: Run) -> None:
    """The same below ``rules``."""
    ran = run("rules", "lst")
    assert ran.code == 1
    assert "Did you mean 'list'?" in ran.err


def test_a_wrong_flag_names_the_nearest(run: Run, little: Path) -> None:
    """The same for flags."""
    ran = run("screen", little, "-o", "out", "--mappin", "x")
    assert ran.code == 1
    assert "--mapping" in ran.err


@pytest.mark.parametrize("arguments", [("screen",), ("screen", "somewhere"), ("explain",), ("rules", "show")])
def test_a_missing_argument_is_a_usage_error(run: Run, arguments: tuple[str, ...]) -> None:
    """What is missing is named, and where to read on."""
    ran = run(*arguments)
    assert ran.code == 1
    assert "Missing" in ran.err and "--help" in ran.err


def test_a_missing_source_is_refused_by_its_name(run: Run, tmp_path: Path) -> None:
    """A path that is not there: exit 2, its name, and no output folder."""
    ran = run("screen", tmp_path / "nowhere", "-o", tmp_path / "out")
    assert ran.code == 2
    assert "nowhere" in ran.err
    assert not (tmp_path / "out").exists()


def test_refused_data_leaves_no_output(run: Run, tmp_path: Path) -> None:
    """Too many bad rows: exit 2 with the reason, and an earlier folder stays as it was."""
    bad = tmp_path / "transactions.csv"
    bad.write_text(TRANSACTIONS + "B,T1,A1,2026-03-10,1.2.3,credit\nB,T2,A1,2026-03-11,40,debit\n")
    ran = run("screen", bad, "-o", tmp_path / "out")
    assert ran.code == 2
    assert "amount" in ran.err and "1.2.3" not in ran.err
    assert not (tmp_path / "out").exists()


def test_a_failed_rule_leaves_three(run: Run, little: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The other rules' results are written; the exit code says that the list is not whole."""

    def failing(*args: object, **named: object) -> object:
        found = find(*args, **named)  # type: ignore[arg-type]
        first, *rest = found.outcomes
        broken = Outcome(first.rule_id, first.version, "failed", "ZeroDivisionError: division by zero")
        return replace(found, outcomes=(broken, *rest))

    monkeypatch.setattr(amlscreen.screening, "find", failing)
    ran = run("screen", little, "-o", tmp_path / "out")
    assert ran.code == 3
    assert "failed: ZeroDivisionError" in ran.out
    assert (tmp_path / "out" / "alerts.csv").is_file()


def test_fail_on_leaves_four_only_when_a_band_is_reached(run: Run, tiny_bank: Path, tmp_path: Path) -> None:
    """A job can tell a night with urgent alerts from one without."""
    assert run("screen", tiny_bank, "-o", tmp_path / "out", "--fail-on", "medium").code == 4
    assert (tmp_path / "out" / "alerts.csv").is_file()


@pytest.mark.parametrize(
    ("flags", "named"),
    [
        (("--as-of", "31.03.2026"), "--as-of"),
        (("--most-quarantined", "7"), "--most-quarantined"),
        (("--memory", "lots"), "memory"),
        (("--threads", "0"), "--threads"),
        (("--jurisdiction", "loas"), "Did you mean 'laos'?"),
        (("--mapping", "lao_core"), "lao_core_v1"),
        (("--rules", "/nowhere"), "/nowhere"),
        (("--settings", "/nowhere.yml"), "/nowhere.yml"),
        (("--previous", "/nowhere"), "/nowhere"),
    ],
)
def test_a_wrong_value_is_named(run: Run, little: Path, tmp_path: Path, flags: tuple[str, str], named: str) -> None:
    """Usage and settings errors: one sentence with what was wrong, and nothing written."""
    ran = run("screen", little, "-o", tmp_path / "out", "--quiet", *flags)
    assert ran.code in {1, 2}
    assert named in ran.err and ran.out == ""
    assert not (tmp_path / "out").exists()


def test_a_wrong_setting_is_named_with_its_line(run: Run, little: Path, tmp_path: Path) -> None:
    """A settings file with a misspelt name is refused at that line."""
    (tmp_path / "settings.yml").write_text("alert_days: 20\nmemry: 1GB\n")
    ran = run("screen", little, "-o", tmp_path / "out", "--settings", tmp_path / "settings.yml")
    assert ran.code == 1
    assert "settings.yml:2" in ran.err and "Did you mean 'memory'?" in ran.err


def test_an_output_folder_of_others_is_left_alone(run: Run, little: Path, tmp_path: Path) -> None:
    """A folder that no run wrote is refused before anything is read."""
    (tmp_path / "theirs").mkdir()
    (tmp_path / "theirs" / "letter.txt").write_text("dear")
    ran = run("screen", little, "-o", tmp_path / "theirs")
    assert ran.code == 1
    assert "theirs" in ran.err and "reading" not in ran.err
    assert [path.name for path in (tmp_path / "theirs").iterdir()] == ["letter.txt"]


def test_a_second_run_takes_the_place_of_the_first(run: Run, little: Path, tmp_path: Path) -> None:
    """The same command can be given every night; ``--previous`` may be the folder that is replaced."""
    assert run("screen", little, "-o", tmp_path / "out").code == 0
    assert run("screen", little, "-o", tmp_path / "out", "--previous", tmp_path / "out").code == 0


def test_no_rule_that_may_run_is_an_error(run: Run, little: Path, tmp_path: Path) -> None:
    """A night on which nothing was looked for must not look like a quiet one."""
    path = next(path for path in shipped_files("rules") if path.name.startswith("HT-A01_"))
    draft = path.read_text(encoding="utf-8").replace("status: stable", "status: draft", 1)
    (tmp_path / path.name).write_text(draft, encoding="utf-8")
    ran = run("screen", little, "-o", tmp_path / "out", "--rules", tmp_path / path.name)
    assert ran.code == 1 and "No rule is stable or test" in ran.err


def test_an_empty_set_of_rules_is_not_the_shipped_one(little: Path) -> None:
    """What was asked for is what runs, even if that is nothing."""
    with Dataset.read(little) as data:
        result = amlscreen.screening.screen(data, RuleSet([]))
    assert result.outcomes == ()


def test_a_run_that_is_stopped_leaves_nothing(
    run: Run, little: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Ctrl-C: one sentence, no output folder."""

    def stopping(*args: object, **named: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr(amlscreen.screening, "find", stopping)
    ran = run("screen", little, "-o", tmp_path / "out", "--quiet")
    assert ran.code == 130 and "nothing was written" in ran.err
    assert not (tmp_path / "out").exists()


@pytest.mark.parametrize("ending", ["", "data.close()", "raise SystemExit(5)"])
def test_no_copy_of_the_data_stays_in_the_temporary_folder(little: Path, tmp_path: Path, ending: str) -> None:
    """However a program ends, closed or not: the store holds the bank's transactions."""
    (tmp_path / "temporary").mkdir()
    code = f"import amlscreen as aml\ndata = aml.Dataset.read({str(little)!r})\naml.screen(data)\n{ending}"
    environment = {**os.environ, "TMPDIR": str(tmp_path / "temporary"), "PYTHONPATH": str(SOURCE)}
    subprocess.run([sys.executable, "-c", code], env=environment, check=False)
    assert list((tmp_path / "temporary").iterdir()) == []


def test_a_run_is_refused_while_another_holds_the_folder_and_not_after_that_one_was_killed(
    run: Run, little: Path, tmp_path: Path
) -> None:
    """Before a row is read; a lock goes with its process, however that ends."""
    out = tmp_path / "out"
    code = "import sys; from pathlib import Path; from amlscreen.sinks.holding import held\n"
    code += "with held(Path(sys.argv[1])): print('held', flush=True); sys.stdin.read()"
    command = [sys.executable, "-c", code, str(out)]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE) as other:
        assert other.stdout is not None and other.stdout.readline() == b"held\n"
        refused = run("screen", tmp_path / "no such source", "-o", out)
        assert refused.code == 1 and "Another run is writing there" in refused.err and str(out) in refused.err
        other.kill()
    assert run("screen", little, "-o", out, "-q", "--top", "0").code == 0
    assert (out / "run.json").exists() and not list(tmp_path.glob(".out*"))
