"""A folder of outputs: whole, repeatable, or not there."""

from __future__ import annotations

import errno
import json
import os
from pathlib import Path
from types import SimpleNamespace

import pytest

from amlscreen.errors import EngineError, SinkError
from amlscreen.sinks import atomic
from amlscreen.sinks import write as module
from amlscreen.sinks.write import OUTPUTS, check_target, write


def content(folder: Path) -> dict[str, bytes]:
    """Every file of a folder, by name."""
    return {path.name: path.read_bytes() for path in folder.iterdir()}


def without_times(run_json: bytes) -> dict:
    """The manifest without the one object that may differ."""
    manifest = json.loads(run_json)
    del manifest["times"]
    return manifest


def test_every_output_is_written(run, tmp_path):
    """The list of outputs is the content of the folder; nothing else stays behind."""
    paths = write(run, tmp_path / "out")
    assert {path.name for path in paths} == set(OUTPUTS) == set(content(tmp_path / "out"))
    assert os.listdir(tmp_path) == ["out"]


def test_equal_runs_give_equal_bytes(make_run, tmp_path):
    """Same input, settings and version: the same bytes, times in run.json aside."""
    write(make_run(4), tmp_path / "one")
    write(make_run(4).but(times={"started": "another time"}), tmp_path / "two")
    one, two = content(tmp_path / "one"), content(tmp_path / "two")
    assert without_times(one.pop("run.json")) == without_times(two.pop("run.json"))
    assert one == two


def test_a_second_run_replaces_the_first(make_run, tmp_path):
    """The folder always shows one run, never a mixture."""
    out = tmp_path / "out"
    write(make_run(4), out)
    write(make_run(1), out)
    assert json.loads((out / "run.json").read_bytes())["counts"]["alerts"] == 1
    assert os.listdir(tmp_path) == ["out"]


def test_notes_people_left_in_the_folder_are_kept(run, tmp_path):
    """A reviewer's own files survive the next night."""
    out = tmp_path / "out"
    write(run, out)
    (out / "my notes.txt").write_text("look at the third one")
    (out / "letters").mkdir()
    (out / "letters" / "a.txt").write_text("draft")
    write(run, out)
    assert (out / "my notes.txt").read_text() == "look at the third one"
    assert (out / "letters" / "a.txt").read_text() == "draft"


def crash(*_):
    """Stands in for a sink that fails half-way."""
    raise OSError(errno.ENOSPC, "No space left on device")


@pytest.mark.parametrize(
    ("number", "fix"),
    [
        (errno.ENOSPC, "Free space"),
        (errno.EDQUOT, "quota"),
        (errno.EROFS, "read-only"),
        (errno.EACCES, "may write to"),
    ],
)
def test_a_disk_that_fails_leaves_the_old_outputs_and_no_litter(run, tmp_path, monkeypatch, number, fix):
    """The night's failure must not cost last night's result, and says where, what and what to do."""
    out = tmp_path / "out"
    write(run, out)
    before = content(out)

    def fail(*_):
        raise OSError(number, os.strerror(number))

    monkeypatch.setattr(module, "write_page", fail)
    with pytest.raises(SinkError, match=os.strerror(number)) as told:
        write(run, out)
    assert fix in str(told.value)
    assert str(out) in str(told.value)
    assert content(out) == before
    assert os.listdir(tmp_path) == ["out"]


@pytest.mark.parametrize("failure", [KeyboardInterrupt, MemoryError, ValueError])
def test_whatever_stops_the_writing_leaves_the_old_outputs(run, tmp_path, monkeypatch, failure):
    """An interrupted run is as harmless as a full disk."""
    out = tmp_path / "out"
    write(run, out)
    before = content(out)

    def stop(*_):
        raise failure

    monkeypatch.setattr(module, "write_manifest", stop)
    with pytest.raises(failure):
        write(run, out)
    assert content(out) == before
    assert os.listdir(tmp_path) == ["out"]


def test_a_first_run_that_fails_leaves_nothing(run, tmp_path, monkeypatch):
    """Half a result is worse than none."""
    monkeypatch.setattr(module, "write_manifest", crash)
    with pytest.raises(SinkError):
        write(run, tmp_path / "out")
    assert os.listdir(tmp_path) == []


def test_folders_are_exchanged_where_the_system_has_no_exchange(run, make_run, tmp_path, monkeypatch):
    """Two renames do where one step cannot; if the second fails, the old folder comes back."""
    monkeypatch.setattr(atomic, "_exchanged", lambda *_: False)
    out = tmp_path / "out"
    write(run, out)
    write(make_run(1), out)
    assert json.loads((out / "run.json").read_bytes())["counts"]["alerts"] == 1
    before = content(out)
    rename = os.rename

    def fails_into_place(source, target):
        if str(source).endswith(".new"):
            raise OSError(errno.EACCES, "Permission denied")
        rename(source, target)

    monkeypatch.setattr(os, "rename", fails_into_place)
    with pytest.raises(SinkError, match="Permission denied"):
        write(run, out)
    assert content(out) == before
    assert os.listdir(tmp_path) == ["out"]


def test_a_folder_with_other_content_is_refused(run, tmp_path):
    """A slip of the hand must not cost anybody's files."""
    (tmp_path / "thesis.docx").write_text("years of work")
    with pytest.raises(SinkError, match=r"not outputs of an earlier run.*nothing was written"):
        write(run, tmp_path)
    assert os.listdir(tmp_path) == ["thesis.docx"]


@pytest.mark.parametrize("run_json", ["{}", "not json", '{"program": "another"}', "[]"])
def test_another_programs_run_json_does_not_count(tmp_path, run_json):
    """Only this program's own run.json marks a folder as its own."""
    (tmp_path / "run.json").write_text(run_json)
    with pytest.raises(SinkError):
        check_target(tmp_path)


def test_an_empty_folder_and_a_missing_one_are_fine(run, tmp_path):
    """Folders on the way are made."""
    (tmp_path / "empty").mkdir()
    write(run, tmp_path / "empty")
    write(run, tmp_path / "a" / "b" / "out")
    assert (tmp_path / "empty" / "run.json").is_file()
    assert (tmp_path / "a" / "b" / "out" / "run.json").is_file()


def test_a_link_stays_a_link(run, tmp_path):
    """Outputs go to where a link points, and the link stays."""
    (tmp_path / "real").mkdir()
    (tmp_path / "link").symlink_to(tmp_path / "real")
    write(run, tmp_path / "link")
    assert (tmp_path / "link").is_symlink()
    assert (tmp_path / "real" / "run.json").is_file()


def test_a_file_in_the_way_is_said(run, tmp_path):
    """The message says where and what to give instead."""
    (tmp_path / "out").write_text("a file")
    with pytest.raises(SinkError, match=r"is a file, not a folder\. Give a folder"):
        write(run, tmp_path / "out")
    with pytest.raises(SinkError, match="A part of that path is a file"):
        write(run, tmp_path / "out" / "deeper")


def test_a_folder_that_may_not_be_written_is_said_before_the_run(tmp_path, monkeypatch):
    """An hour of screening must not end in a refusal that could have been told at its start."""
    monkeypatch.setattr(os, "access", lambda *_: False)
    with pytest.raises(SinkError, match=r"Permission denied.*may write to"):
        check_target(tmp_path / "deeper" / "out")


def test_the_working_folder_is_refused(run, tmp_path, monkeypatch):
    """Exchanging the folder a shell stands in would leave the shell nowhere."""
    monkeypatch.chdir(tmp_path)
    with pytest.raises(SinkError, match="working folder"):
        write(run, ".")


def test_the_manifest_counts_what_was_written(make_run, tmp_path):
    """Counts, hashes and what did not run stand in one file."""
    run = make_run(5)
    write(run.but(settings=run.settings.model_copy(update={"report_alerts": 2})), tmp_path / "out")
    manifest = json.loads((tmp_path / "out" / "run.json").read_bytes())
    assert manifest["counts"]["alerts"] == 5
    assert manifest["counts"]["alerts_in_page_and_workbook"] == 2
    assert sum(manifest["counts"]["alerts_by_band"].values()) == 5
    assert manifest["counts"]["evidence_rows"] == run.evidence_table.num_rows
    assert manifest["input"]["rows_read"] == manifest["counts"]["rows_read"] == 1_210
    assert {entry["rule_id"] for entry in manifest["did_not_run"]} == {"HT-L01", "HT-K05"}
    assert set(manifest["outputs"]) == set(OUTPUTS) - {"run.json"}
    assert manifest["times"]["rules"]["HT-A01"] == 0.25


def test_a_score_that_is_not_the_sum_of_its_rows_is_never_written(run, tmp_path):
    """The explanation is the arithmetic, or there is no output."""
    first = run.alert_list[0]
    wrong = type(first)(**{**{name: getattr(first, name) for name in first.__slots__}, "score": first.score + 1})
    with pytest.raises(EngineError, match="add up"):
        write(run.but(alert_list=(wrong,)), tmp_path / "out")
    assert os.listdir(tmp_path) == []


def test_a_folder_that_may_not_be_written_is_refused_before_the_run(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """An OUT of an earlier run that has become read-only is named, and nothing is left beside it."""
    out = tmp_path / "out"
    out.mkdir()
    really = os.access
    monkeypatch.setattr(os, "access", lambda path, mode: Path(path) != out and really(path, mode))
    with pytest.raises(SinkError, match="out"):
        check_target(out)
    assert list(tmp_path.iterdir()) == [out]


@pytest.mark.skipif(not hasattr(os, "statvfs"), reason="the system does not tell of read-only disks")
def test_a_disk_that_is_read_only_is_told_from_a_folder_of_somebody_else(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Rights do not help there."""
    monkeypatch.setattr(os, "access", lambda *_: False)
    monkeypatch.setattr(os, "statvfs", lambda _: SimpleNamespace(f_flag=os.ST_RDONLY))
    with pytest.raises(SinkError, match=r"Read-only file system.*choose another folder"):
        check_target(tmp_path / "out")
