"""The notebooks run from top to bottom, and git holds them without outputs."""

from __future__ import annotations

import os
import shutil
from dataclasses import dataclass
from pathlib import Path

import nbformat
import pytest
from nbclient import NotebookClient

ROOT = Path(__file__).resolve().parent.parent
NOTEBOOKS = sorted((ROOT / "notebooks").glob("*.ipynb"))


@pytest.mark.parametrize("path", NOTEBOOKS, ids=lambda path: path.stem)
def test_a_notebook_is_kept_without_outputs(path: Path) -> None:
    """So that no data of anybody's run lands in git."""
    for cell in nbformat.read(path, as_version=4).cells:
        if cell.cell_type == "code":
            assert cell.outputs == [] and cell.execution_count is None


@pytest.fixture(scope="module", params=NOTEBOOKS, ids=lambda path: path.stem)
def ran(request: pytest.FixtureRequest, tiny_bank: Path, tmp_path_factory: pytest.TempPathFactory) -> Ran:
    """A notebook after its last cell, run on a small bank in a folder laid out like the checkout."""
    folder = tmp_path_factory.mktemp("checkout")
    (folder / "notebooks").mkdir()
    shutil.copytree(tiny_bank, folder / "sample_data" / "canonical")
    notebook = nbformat.read(request.param, as_version=4)
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("PYTHONPATH", os.pathsep.join((str(ROOT / "src"), os.environ.get("PYTHONPATH", ""))))
        place = {"metadata": {"path": str(folder / "notebooks")}}
        NotebookClient(notebook, timeout=180, kernel_name="python3", resources=place).execute()
    return Ran(request.param.stem, notebook, folder)


@dataclass(frozen=True)
class Ran:
    """A notebook that was run, and the folder it ran in."""

    name: str
    notebook: nbformat.NotebookNode
    folder: Path

    def shown(self, kind: str) -> list[str]:
        """What its cells show, of one kind: ``text/html``, ``text/plain``, or ``stream`` for what is printed."""
        outputs = [output for cell in self.notebook.cells if cell.cell_type == "code" for output in cell.outputs]
        if kind == "stream":
            return [output["text"] for output in outputs if output["output_type"] == "stream"]
        return [output["data"][kind] for output in outputs if kind in output.get("data", {})]


@pytest.mark.filterwarnings("ignore::DeprecationWarning")
def test_a_notebook_runs_and_shows_what_it_promises(ran: Ran) -> None:
    """From the first cell to the last."""
    shown = {
        "01_first_run": the_first_alert_draws_itself,
        "02_write_a_rule": a_rule_is_written_and_tuned,
        "03_rank_and_tune": a_ranking_is_measured_and_refitted,
    }
    shown[ran.name](ran)


def the_first_alert_draws_itself(ran: Ran) -> None:
    """And the files are written."""
    assert any("aml-alert" in html for html in ran.shown("text/html"))
    assert (ran.folder / "out" / "first_run" / "report.html").is_file()


def a_rule_is_written_and_tuned(ran: Ran) -> None:
    """Mistakes are answered, hits are found, a changed parameter is told and a silent change is refused."""
    printed = "".join(ran.shown("stream"))
    for said in ("Did you mean 'channel'?", "make it a parameter", "parameter `payers` from 6 to 8", "Set version: 3."):
        assert said in printed, said
    tables = ran.shown("text/html")
    assert any("people paid" in html for html in tables) and any("linear-gradient" in html for html in tables)
    assert any("wanted" in html and "distance" in html for html in tables)
    assert (ran.folder / "out" / "my_rules" / "lock.yml").is_file()


def a_ranking_is_measured_and_refitted(ran: Ran) -> None:
    """Figures with intervals, pictures, a refusal of too few labels, a leak that is told, points judged elsewhere."""
    printed = "".join(ran.shown("stream"))
    for said in ("average precision 0.", "left out:", "leak: points fitted on labels", "evaluation.html"):
        assert said in printed, said
    assert len(ran.shown("image/png")) == 3
    assert any("as shipped" in html and "refitted" in html for html in ran.shown("text/html"))
    assert (ran.folder / "out" / "rank_and_tune" / "evaluation" / "evaluation.html").is_file()
