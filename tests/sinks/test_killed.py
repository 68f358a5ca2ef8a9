"""Whatever kills a run, a folder of outputs holds the old ones or the new ones; two runs never write to one folder."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import textwrap
import time
from pathlib import Path
from random import Random

import pytest

from amlscreen.errors import SinkError
from amlscreen.sinks.atomic import replacing
from amlscreen.sinks.holding import held

OWNED = tuple(f"{number}.csv" for number in range(12))
WRITER = f"""
    import sys
    from pathlib import Path
    from amlscreen.sinks.atomic import replacing

    OWNED = {OWNED!r}
    out = Path(sys.argv[1])
    print("ready", flush=True)
    for night in range(1, 10_000):
        with replacing(out, (*OWNED, "run.json")) as folder:
            for name in OWNED:
                (folder / name).write_text(str(night) * 5_000)
            (folder / "run.json").write_text('{{"program": "amlscreen"}}')
"""


def nights(out: Path) -> set[str]:
    """Which night each of the files is of; every file must be there and whole."""
    texts = [(out / name).read_text() for name in OWNED]
    found = {text[: len(text) // 5_000] for text in texts}
    assert all(text == text[: len(text) // 5_000] * 5_000 for text in texts)
    return found


@pytest.mark.skipif(sys.platform == "win32", reason="kill -9 is not there")
def test_killed_at_any_moment_the_folder_is_of_one_night(tmp_path: Path) -> None:
    """Twenty times at a random moment, without a chance to clean up; the next run writes there and leaves nothing."""
    out, moments = tmp_path / "out", Random(7)
    for _ in range(20):
        command = [sys.executable, "-c", textwrap.dedent(WRITER), str(out)]
        with subprocess.Popen(command, stdout=subprocess.PIPE) as writer:
            assert writer.stdout is not None and writer.stdout.readline() == b"ready\n"
            time.sleep(moments.uniform(0, 0.05))
            writer.send_signal(signal.SIGKILL)
        if out.exists():
            assert len(nights(out)) == 1
    with replacing(out, (*OWNED, "run.json")) as folder:
        for name in OWNED:
            (folder / name).write_text("last")
        (folder / "run.json").write_text('{"program": "amlscreen"}')
    assert os.listdir(tmp_path) == ["out"]


def test_an_old_folder_that_was_moved_aside_comes_back(tmp_path: Path) -> None:
    """Where two renames do the exchange and the run was killed between them."""
    aside = tmp_path / ".out.17.before"
    aside.mkdir()
    (aside / "run.json").write_text('{"program": "amlscreen"}')
    (aside / "notes.txt").write_text("mine")
    (tmp_path / ".out.18.new").mkdir()
    with replacing(tmp_path / "out", ("run.json",)) as folder:
        (folder / "run.json").write_text('{"program": "amlscreen"}')
    assert (tmp_path / "out" / "notes.txt").read_text() == "mine"
    assert os.listdir(tmp_path) == ["out"]


def test_a_second_run_on_the_folder_is_refused(tmp_path: Path) -> None:
    """In another process; once the first has ended, however, it may."""
    code = "import sys; from pathlib import Path; from amlscreen.sinks.holding import held\n"
    code += "with held(Path(sys.argv[1])): print('held', flush=True); sys.stdin.read()"
    out = tmp_path / "out"
    command = [sys.executable, "-c", code, str(out)]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE) as other:
        assert other.stdout is not None and other.stdout.readline() == b"held\n"
        with pytest.raises(SinkError, match="Another run is writing there"), held(out):
            pass
        other.kill()
    with held(out), held(out):
        assert sorted(os.listdir(tmp_path)) == [".out.lock"]
    assert os.listdir(tmp_path) == []
