"""``amlscreen screen --profile``."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from amlscreen.cli.progress import telling
from amlscreen.profiling import profiling, stage
from cli.running import Run


def test_a_profiled_screen_tells_every_stage_and_keeps_them_among_the_times(
    run: Run, tiny_bank: Path, tmp_path: Path
) -> None:
    """To stderr, also where nothing else is told, and to run.json with what is over by then."""
    out = tmp_path / "out"
    ran = run("screen", tiny_bank, "-o", out, "-q", "--top", "0", "--profile")
    assert ran.code == 0
    kept = json.loads((out / "run.json").read_text(encoding="utf-8"))["times"]["stages"]
    names = [one["stage"].rpartition(" / ")[2] for one in kept]
    assert {"read and conform", "sort and sweep", "judge", "write"} <= {*names}
    assert {*names} <= {line.strip().partition("  ")[0].partition(" (")[0] for line in ran.err.splitlines()}
    inside = [one["seconds"] for one in kept if one["stage"].count(" / ") == 1]
    assert kept[0]["seconds"] >= sum(inside) - 0.01


def test_a_log_of_json_lines_has_the_profile_as_one_of_them(capfd: pytest.CaptureFixture[str]) -> None:
    """Also where nothing else is told."""
    with telling(quiet=True, log_format="json") as tell:
        with profiling("all") as profile, stage("sort"):
            pass
        tell.profile(profile)
    told = json.loads(capfd.readouterr().err)
    assert told["event"] == "profile" and [one["stage"] for one in told["stages"]] == ["all", "all / sort"]
