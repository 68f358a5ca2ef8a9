"""What was written can be read back, one alert at a time."""

from __future__ import annotations

import pytest

from amlscreen.errors import DataError, SettingsError
from amlscreen.sinks.reading import read_alert
from amlscreen.sinks.write import write


@pytest.fixture
def out(make_run, tmp_path):
    """The folder of a run with twelve alerts."""
    write(make_run(12), tmp_path / "out")
    return tmp_path / "out"


def test_an_alert_comes_back_with_its_sum_and_its_rows(out):
    """The contributions add up, and only this alert's evidence comes along."""
    alert, rows = read_alert(out, "AL-00003")
    assert sum(part["points"] for part in alert["contributions"]) == alert["score"]
    assert {row["alert_id"] for row in rows} == {"AL-00003"}
    assert len(rows) == 8


def test_the_start_of_an_id_is_enough_if_it_is_clear(out):
    """Nobody types sixteen letters; but nobody should get another alert either."""
    assert read_alert(out, "AL-00012")[0]["alert_id"] == "AL-00012"
    with pytest.raises(SettingsError, match="More than one alert starts with 'AL-0000'"):
        read_alert(out, "AL-0000")
    with pytest.raises(SettingsError, match=r"No alert starts with 'XX'.*Allowed: AL-00001"):
        read_alert(out, "XX")


def test_a_folder_of_something_else_is_said(tmp_path):
    """The message names the file that is missing or broken."""
    with pytest.raises(DataError, match=r"alerts\.parquet: is not there\."):
        read_alert(tmp_path, "AL-1")
    (tmp_path / "alerts.parquet").write_text("not Parquet")
    with pytest.raises(DataError, match=r"alerts\.parquet: cannot be read as Parquet\."):
        read_alert(tmp_path, "AL-1")
