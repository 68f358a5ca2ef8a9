"""The temporary folder of a run goes with the run, and that of a killed run with the next."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

from amlscreen.intake.workspace import make_workspace

MAKE = "import sys; from pathlib import Path; from amlscreen.intake.workspace import make_workspace\n"
MAKE += "made = make_workspace(Path(sys.argv[1])); (made.folder / 'rows').write_text('x')\n"
MAKE += "print(made.folder, flush=True); sys.stdin.read()"


def test_only_folders_of_the_dead_are_removed(tmp_path: Path) -> None:
    """A run that lives keeps its folder, one that was killed loses it to the next, and strange folders stay."""
    strange = tmp_path / "amlscreen-notes"
    strange.mkdir()
    command = [sys.executable, "-c", MAKE, str(tmp_path)]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as other:
        assert other.stdout is not None
        theirs = Path(other.stdout.readline().strip())
        first = make_workspace(tmp_path)
        assert (theirs / "rows").exists()
        other.kill()
    second = make_workspace(tmp_path)
    assert not theirs.exists() and first.folder.exists() and strange.exists()
    first.remove()
    first.remove()
    second.remove()
    assert list(tmp_path.iterdir()) == [strange]
