"""The documents are true: blocks run, links lead somewhere, and what is made from the code is up to date."""

from __future__ import annotations

import doctest
import importlib
import importlib.util
import os
import re
import shlex
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

import amlscreen
from amlscreen.cli import main
from amlscreen.errors import AmlScreenError
from amlscreen.intake.dictionary import data_dictionary
from amlscreen.intake.mapping import FileEntry, Mapping
from amlscreen.rules.pages import Catalogue
from amlscreen.shipped import shipped_files
from amlscreen.sinks.write import OUTPUTS
from amlscreen.yaml_file import parse, plain

ROOT = Path(__file__).resolve().parent.parent
README = (ROOT / "README.md").read_text(encoding="utf-8")
PAGES = [ROOT / "README.md", ROOT / "CHANGELOG.md", *sorted((ROOT / "docs").rglob("*.md"))]
TARGETS = set(re.findall(r"^([a-z]+):", (ROOT / "Makefile").read_text(encoding="utf-8"), re.MULTILINE))


def blocks(text: str, language: str) -> list[str]:
    """The fenced blocks of a language."""
    return re.findall(rf"^```{language}\n(.*?)^```$", text, re.MULTILINE | re.DOTALL)


def reference() -> Any:
    """The module that makes pages from the code; it lies beside them, not in the package."""
    spec = importlib.util.spec_from_file_location("make_reference", ROOT / "docs" / "make_reference.py")
    assert spec and spec.loader
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


@pytest.fixture
def desk(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder with a copy of the sample data, as if in a fresh checkout."""
    shutil.copytree(ROOT / "sample_data", tmp_path / "sample_data")
    monkeypatch.chdir(tmp_path)
    return tmp_path


def test_the_readme_s_commands_run(desk: Path) -> None:
    """Each ``amlscreen`` line ends well; each ``make`` line is a target."""
    lines = [line for block in blocks(README, "sh") for line in block.splitlines()]
    assert {"make demo", "make test"} <= {line.partition("#")[0].strip() for line in lines}
    for line in lines:
        program, *arguments = shlex.split(line, comments=True)
        if program == "make":
            assert arguments[0] in TARGETS
        else:
            assert program == "amlscreen"
            with pytest.raises(SystemExit) as left:
                main(arguments)
            assert not left.value.code, line
    assert (desk / "work" / "mapping.yml").is_file() and (desk / "out" / "messy" / "report.html").is_file()


def test_the_readme_shows_what_the_demo_prints(
    desk: Path, capfd: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    """Its first alert and its last lines, as they are printed today; ``make golden`` copies them."""
    monkeypatch.setenv("COLUMNS", "100")
    with pytest.raises(SystemExit):
        main(["screen", "sample_data/canonical", "-o", "out/demo", "--quiet"])
    paragraphs = capfd.readouterr().out.strip().split("\n\n")
    shown = "\n\n".join([*paragraphs[:2], "...", "\n".join(paragraphs[-1].splitlines()[-2:])]) + "\n"
    readme = README
    if os.environ.get("GOLDEN") == "write":
        readme = re.sub(r"(?<=You get:\n\n```\n).*?(?=```)", lambda _: shown, README, count=1, flags=re.DOTALL)
        (ROOT / "README.md").write_text(readme, encoding="utf-8", newline="\n")
    assert shown in readme, "if it was meant: make golden"


def test_the_readme_s_notebook_lines_run(desk: Path) -> None:
    """From top to bottom in one namespace; the files are then there."""
    (block,) = blocks(README, "python")
    exec(compile(block, "README.md", "exec"), {})
    assert sorted(path.name for path in (desk / "out" / "notebook").iterdir()) == sorted(OUTPUTS)


def test_the_readme_s_mapping_is_one() -> None:
    """Somebody will copy it."""
    (block,) = blocks(README, "yaml")
    assert Mapping.model_validate(plain(parse(block, "README.md"))).id == "my_bank"


def test_the_mapping_page_s_blocks_are_parts_of_one() -> None:
    """They fit into an entry of ``files``, or are the files of a mapping."""
    found = blocks((ROOT / "docs" / "mapping.md").read_text(encoding="utf-8"), "yaml")
    assert found
    for block in found:
        stated = plain(parse(block, "mapping.md"))
        if "files" in stated:
            Mapping.model_validate({"id": "m", "title": "M", **stated})
        else:
            FileEntry.model_validate({"match": "*", "table": "transactions", **stated})


def test_the_mapping_page_s_table_cells_are_parts_of_one() -> None:
    """Every ``column: {...}`` in its tables is understood."""
    text = (ROOT / "docs" / "mapping.md").read_text(encoding="utf-8")
    cells = re.findall(r"`((?:amount|direction|currency|at|channel): \{.*?\})`", text)
    births = re.findall(r"`(birth_date: \{.*?\})`", text)
    assert len(cells) >= 7 and births
    for table, cell in [("transactions", cell) for cell in cells] + [("customers", cell) for cell in births]:
        FileEntry.model_validate({"match": "*", "table": table, "columns": plain(parse(cell, "mapping.md"))})


@pytest.mark.parametrize("page", PAGES, ids=lambda page: str(page.relative_to(ROOT)))
def test_links_lead_somewhere(page: Path) -> None:
    """Every relative link of a page is a file of the checkout."""
    links = re.findall(r"\]\(([^)#\s]+)(?:#[^)]*)?\)", page.read_text(encoding="utf-8"))
    assert [link for link in links if "://" not in link and not (page.parent / link).exists()] == []


@pytest.mark.parametrize(
    "name", ["settings.md", "mapping_reference.md", "commands.md", "api.md", "rule_words.md", "features.md"]
)
def test_pages_made_from_the_code_are_up_to_date(name: str) -> None:
    """If not: ``make docs``."""
    assert (ROOT / "docs" / name).read_text(encoding="utf-8") == reference().pages()[name]


def test_the_data_dictionary_is_up_to_date() -> None:
    """If not: ``make docs``."""
    assert (ROOT / "docs" / "data_dictionary.md").read_text(encoding="utf-8") == data_dictionary()


def test_the_catalogue_of_rules_is_up_to_date() -> None:
    """If not: ``make docs``."""
    assert (ROOT / "docs" / "rules.md").read_text(encoding="utf-8") == Catalogue.of().markdown()


def test_every_output_is_described() -> None:
    """The table of files in the README names each."""
    assert [name for name in OUTPUTS if f"`{name}`" not in README] == []


def test_the_exit_codes_are_those_of_the_errors() -> None:
    """The README's table and the classes agree."""
    table = set(map(int, re.findall(r"^\| (\d) \|", README, re.MULTILINE)))
    assert table == {0, 1, 2, 3, 4}
    assert {kind.exit_code for kind in AmlScreenError.__subclasses__()} == {1, 2}


def test_every_shipped_mapping_is_told() -> None:
    """The page names the mappings to begin with."""
    text = (ROOT / "docs" / "mapping.md").read_text(encoding="utf-8")
    assert [path.stem for path in shipped_files("mappings", "*.yml") if f"`{path.stem}`" not in text] == []


def test_the_changelog_has_the_version() -> None:
    """Keep a Changelog: a heading for the version at hand, with what was added, changed or fixed."""
    text = (ROOT / "CHANGELOG.md").read_text(encoding="utf-8")
    assert f"## [{amlscreen.__version__}]" in text
    assert set(re.findall(r"^### (\w+)$", text, re.MULTILINE)) <= {
        "Added", "Changed", "Deprecated", "Removed", "Fixed", "Security",
    }  # fmt: skip


def test_decisions_are_numbered_once() -> None:
    """A number is a name: no two decisions share one."""
    numbers = [path.name[:4] for path in sorted((ROOT / "docs" / "decisions").glob("*.md"))]
    assert all(number.isdigit() for number in numbers) and len(set(numbers)) == len(numbers)


WITH_EXAMPLES = [
    ".".join(path.relative_to(ROOT / "src").with_suffix("").parts).removesuffix(".__init__")
    for path in sorted((ROOT / "src").rglob("*.py"))
    if ">>> " in path.read_text(encoding="utf-8")
]


@pytest.mark.parametrize("name", WITH_EXAMPLES)
def test_examples_in_docstrings_hold(name: str) -> None:
    """What a docstring shows is what comes out."""
    assert doctest.testmod(importlib.import_module(name)).failed == 0


def test_the_makefile_s_targets_are_documented() -> None:
    """Each stands in the README or has a comment above it."""
    text = (ROOT / "Makefile").read_text(encoding="utf-8")
    said = set(re.findall(r"`make ([a-z]+)`", README)) | {"demo", "test"}
    commented = set(re.findall(r"^#[^\n]*\n([a-z]+):", text, re.MULTILINE))
    assert TARGETS - said - commented - {"clean"} == set()


def test_python_m_amlscreen_is_the_command() -> None:
    """For machines where the script is not on the path."""
    ran = subprocess.run([sys.executable, "-m", "amlscreen", "--version"], capture_output=True, text=True, check=True)
    assert ran.stdout.strip() == f"amlscreen, version {amlscreen.__version__}"
