"""The command line, run as a person would but in this process."""

from __future__ import annotations

from pathlib import Path

import pytest

from amlscreen.cli import main
from cli.running import Ran, Run


@pytest.fixture
def run(capfd: pytest.CaptureFixture[str]) -> Run:
    """Runs ``amlscreen`` with these arguments."""

    def run_it(*arguments: object) -> Ran:
        capfd.readouterr()
        with pytest.raises(SystemExit) as left:
            main([str(argument) for argument in arguments])
        out, err = capfd.readouterr()
        assert "Traceback" not in err
        return Ran(int(left.value.code or 0), out, err)

    return run_it


@pytest.fixture(scope="session")
def screened(tiny_bank: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The output folder of one run on the tiny bank."""
    out = tmp_path_factory.mktemp("screened") / "out"
    with pytest.raises(SystemExit) as left:
        main(["screen", str(tiny_bank), "-o", str(out), "--quiet"])
    assert not left.value.code
    return out
