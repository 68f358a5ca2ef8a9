"""Quick to start: nothing heavy is loaded until a command needs it."""

from __future__ import annotations

import subprocess
import sys
import time

import pytest

HEAVY = ("numba", "pandas", "duckdb", "pyod", "pyspark", "pyarrow", "numpy", "jinja2", "phonenumbers")
QUICK_SECONDS = 2.0  # about 0.2 s on a quiet machine; the margin is for a busy one


@pytest.mark.parametrize(
    "code",
    [
        "import amlscreen",
        "import amlscreen, amlscreen.cli; dir(amlscreen)",
        "from amlscreen.cli import main\ntry: main(['--help'])\nexcept SystemExit: pass",
        "from amlscreen.cli import main\ntry: main(['--version'])\nexcept SystemExit: pass",
    ],
)
def test_neither_import_nor_help_loads_anything_heavy(code: str) -> None:
    """The import and the help of the program read none of the big libraries."""
    check = f"\nimport sys\nprint('LOADED', *sorted(set(sys.modules) & set({HEAVY!r})))"
    ran = subprocess.run([sys.executable, "-c", code + check], capture_output=True, text=True, check=True)
    assert ran.stdout.splitlines()[-1] == "LOADED"


def test_help_is_there_at_once() -> None:
    """Best of three, so that a busy machine does not fail it."""
    command = [sys.executable, "-m", "amlscreen", "--help"]
    taken = []
    for _ in range(3):
        begun = time.perf_counter()
        subprocess.run(command, capture_output=True, check=True)
        taken.append(time.perf_counter() - begun)
    assert min(taken) < QUICK_SECONDS


@pytest.mark.parametrize("command", ["screen", "check", "explain", "rules", "synth", "init", "map", "scorecard"])
def test_every_command_has_help_without_numba(command: str) -> None:
    """The help of a command compiles no kernel and opens no store."""
    code = (
        f"from amlscreen.cli import main\ntry: main(['{command}', '--help'])\nexcept SystemExit: pass\n"
        "import sys\nprint('LOADED', *sorted(set(sys.modules) & {'numba', 'duckdb', 'pandas', 'pyarrow'}))"
    )
    ran = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert ran.stdout.splitlines()[-1] == "LOADED"


@pytest.mark.parametrize(
    ("code", "without"),
    [
        ("from amlscreen.rules.ruleset import RuleSet; RuleSet.load()", {"numba", "scipy", "jinja2", "xlsxwriter"}),
        ("import amlscreen.intake.build", {"numba", "scipy", "jinja2", "xlsxwriter"}),
        ("import amlscreen.screening", {"numba", "scipy", "sklearn", "pyod"}),
    ],
)
def test_cards_and_the_whole_line_are_there_without_numba(code: str, without: set[str]) -> None:
    """Kernels are compiled when they are called: by then numba was loaded beside the reading of files."""
    check = f"\nimport sys\nprint('LOADED', *sorted(set(sys.modules) & {without!r}))"
    ran = subprocess.run([sys.executable, "-c", code + check], capture_output=True, text=True, check=True)
    assert ran.stdout.splitlines()[-1] == "LOADED"
