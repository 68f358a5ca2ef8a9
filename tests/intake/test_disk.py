"""A disk for temporary files that is full or read-only ends a run with a sentence, and leaves nothing."""

from __future__ import annotations

import errno
import os
import subprocess
import sys
from pathlib import Path

import duckdb
import pytest

from amlscreen.errors import EngineError
from amlscreen.intake.disk import disk_told
from amlscreen.intake.workspace import make_workspace

FULL = os.strerror(errno.ENOSPC)
LIMITED = """
import resource, sys
from amlscreen.cli import main
resource.setrlimit(resource.RLIMIT_FSIZE, (int(sys.argv[1]), resource.RLIM_INFINITY))
main(sys.argv[2:])
"""


@pytest.mark.parametrize(
    ("problem", "said", "fix"),
    [
        (duckdb.IOException(f'Could not write file "store.duckdb": {FULL}'), FULL, "Free space"),
        (
            duckdb.OutOfMemoryException("This limit was set by the 'max_temp_directory_size' setting."),
            FULL,
            "Free space",
        ),
        (OSError(errno.ENOSPC, FULL), FULL, "Free space"),
        (OSError(errno.EDQUOT, os.strerror(errno.EDQUOT)), os.strerror(errno.EDQUOT), "quota"),
        (OSError(errno.EROFS, os.strerror(errno.EROFS)), os.strerror(errno.EROFS), "read-only"),
    ],
)
def test_a_disk_that_cannot_be_written_is_said_with_what_to_do(
    tmp_path: Path, problem: Exception, said: str, fix: str
) -> None:
    """Whoever met it: the store, or a file of ours."""
    with pytest.raises(EngineError) as told, disk_told(tmp_path / "amlscreen-x"):
        raise problem
    assert str(told.value).startswith(f"{tmp_path}: ") and said in str(told.value) and fix in str(told.value)


@pytest.mark.parametrize("problem", [duckdb.BinderException("no such column"), FileNotFoundError(errno.ENOENT, "gone")])
def test_other_errors_are_let_through(tmp_path: Path, problem: Exception) -> None:
    """A fault of the program must not be taken for a full disk."""
    with pytest.raises(type(problem)), disk_told(tmp_path):
        raise problem


@pytest.mark.skipif(sys.platform == "win32", reason="no limit to the size of files can be set there")
def test_a_run_whose_disk_is_too_small_leaves_the_old_outputs_and_no_litter(tiny_bank: Path, tmp_path: Path) -> None:
    """Files may grow to 200 kB, as if the disk ended there: exit code 1, one sentence, no traceback."""
    out, temporary = tmp_path / "out", tmp_path / "temporary"
    out.mkdir()
    temporary.mkdir()
    (out / "run.json").write_text('{"program": "amlscreen"}')
    command = [sys.executable, "-c", LIMITED, "200000", "screen", str(tiny_bank), "-o", str(out), "-q"]
    ran = subprocess.run(
        command, env={**os.environ, "TMPDIR": str(temporary)}, capture_output=True, text=True, check=False
    )
    assert ran.returncode == 1 and ran.stdout == ""
    assert ran.stderr.startswith(f"amlscreen: {temporary}: The temporary files of the run cannot be written: ")
    assert ran.stderr.count("\n") == 1
    assert os.listdir(out) == ["run.json"] and os.listdir(temporary) == []
    assert sorted(os.listdir(tmp_path)) == ["out", "temporary"]


def test_temporary_files_go_where_tmpdir_says_or_nowhere(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Never silently into another folder: they hold the bank's transactions."""
    monkeypatch.setenv("TMPDIR", str(tmp_path))
    workspace = make_workspace(None)
    assert workspace.folder.parent == tmp_path
    workspace.remove()
    monkeypatch.setenv("TMPDIR", str(tmp_path / "missing"))
    with pytest.raises(EngineError, match=r"No temporary folder can be made in .*missing"):
        make_workspace(None)
