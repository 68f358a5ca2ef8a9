"""Wheel, sdist and editable install each carry rules, jurisdictions and mappings, and can use them.

Nothing is fetched: what the package needs is seen in the running environment through a ``.pth`` file.
"""

from __future__ import annotations

import os
import subprocess
import sys
import sysconfig
import tarfile
import venv
import zipfile
from pathlib import Path

import pytest

KINDS = ("rules", "typologies", "jurisdictions", "mappings", "kyc")
QUIET = {**os.environ, "PIP_NO_INDEX": "1", "PIP_DISABLE_PIP_VERSION_CHECK": "1", "PYTHONPATH": ""}


def shipped_names(project: Path) -> set[str]:
    """Every shipped file, as a path below its checkout or below ``_data``."""
    return {str(path.relative_to(project)) for kind in KINDS for path in (project / kind).rglob("*.yml")}


def said(command: list[str | Path], folder: Path) -> str:
    """What the command prints when it is run in a folder; it must end well."""
    ran = subprocess.run(command, capture_output=True, text=True, cwd=folder, env=QUIET, check=False)
    assert ran.returncode == 0, ran.stdout + ran.stderr
    return ran.stdout


def built(project: Path, out: Path, kind: str) -> Path:
    """A distribution built with the locked backend, without a build environment of its own."""
    command: list[str | Path] = [sys.executable, "-m", "build", "--no-isolation", f"--{kind}", "--outdir", out, project]
    said(command, out)
    return next(path for path in out.iterdir() if path.suffix in {".whl", ".gz"})


@pytest.fixture(scope="module")
def wheel(project: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The wheel, built from the checkout."""
    return built(project, tmp_path_factory.mktemp("wheel"), "wheel")


@pytest.fixture(scope="module")
def unpacked_sdist(project: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The sdist, unpacked."""
    folder = tmp_path_factory.mktemp("sdist")
    with tarfile.open(built(project, folder, "sdist")) as archive:
        archive.extractall(folder, filter="data")
    return next(path for path in folder.iterdir() if path.is_dir())


def installed(folder: Path, *what: str) -> Path:
    """The ``amlscreen`` script of a new environment into which ``what`` was installed."""
    venv.create(folder, with_pip=False)
    python = folder / ("Scripts" if os.name == "nt" else "bin") / "python"
    ask = "import sysconfig; print(sysconfig.get_path('purelib'))"
    site = said([python, "-c", ask], folder).strip()
    (Path(site) / "running.pth").write_text(sysconfig.get_path("purelib") + "\n")
    command: list[str | Path] = [sys.executable, "-m", "pip", "--python", python, "install", "--quiet", "--no-deps"]
    said([*command, "--no-build-isolation", *what], folder)
    return python.parent / "amlscreen"


def assert_it_works(script: Path, elsewhere: Path) -> Path:
    """The program finds its rules, a jurisdiction and a mapping, away from the checkout. Returns where they lie."""
    assert "HT-A01" in said([script, "rules", "list"], elsewhere)
    code = (
        "from amlscreen.jurisdiction import Jurisdiction; from amlscreen.shipped import shipped_folder;"
        "assert Jurisdiction.load('laos').currency == 'LAK';"
        "assert (shipped_folder('mappings') / 'lao_core_v1.yml').is_file(); print(shipped_folder('rules'))"
    )
    return Path(said([script.parent / "python", "-c", code], elsewhere).strip())


def test_the_wheel_carries_every_shipped_file(project: Path, wheel: Path) -> None:
    """Rules, jurisdictions, mappings, templates and the marker that the package is typed."""
    names = set(zipfile.ZipFile(wheel).namelist())
    assert {f"amlscreen/_data/{name}" for name in shipped_names(project)} <= names
    assert {"amlscreen/py.typed", "amlscreen/sinks/templates/report.html.j2"} <= names
    assert "amlscreen/intake/proposing/column_words.yml" in names
    assert any(name.endswith("licenses/LICENSE") for name in names)


def test_the_wheel_holds_nothing_else(wheel: Path) -> None:
    """No tests, no caches, no sample data."""
    tops = {name.split("/")[0] for name in zipfile.ZipFile(wheel).namelist()}
    assert {top for top in tops if not top.endswith(".dist-info")} == {"amlscreen"}
    assert not [name for name in zipfile.ZipFile(wheel).namelist() if "cache" in name.split("/")[-2]]


def test_an_installed_wheel_works(wheel: Path, tmp_path: Path) -> None:
    """It reads its own copies, not those of a checkout."""
    script = installed(tmp_path / "environment", str(wheel))
    rules = assert_it_works(script, tmp_path)
    assert tmp_path in rules.parents and rules.parent.name == "_data"


def test_the_sdist_carries_every_shipped_file(project: Path, unpacked_sdist: Path) -> None:
    """And nothing from the tools' caches."""
    assert all((unpacked_sdist / name).is_file() for name in shipped_names(project))
    assert not list(unpacked_sdist.rglob("*cache*/*"))


def test_a_wheel_built_from_the_sdist_works(unpacked_sdist: Path, tmp_path: Path) -> None:
    """What PyPI would serve to somebody who builds from source."""
    script = installed(tmp_path / "environment", str(unpacked_sdist))
    assert tmp_path in assert_it_works(script, tmp_path).parents


def test_an_editable_install_works(project: Path, unpacked_sdist: Path, tmp_path: Path) -> None:
    """It reads the files of its checkout; a copy is installed, so that the real checkout is left alone."""
    script = installed(tmp_path / "environment", "--editable", str(unpacked_sdist))
    assert assert_it_works(script, tmp_path) == unpacked_sdist / "rules"


def test_the_lock_names_versions_and_hashes_only(project: Path) -> None:
    """Every developer gets the same bytes, from whichever index they use."""
    lines = (project / "requirements.lock").read_text(encoding="utf-8").splitlines()
    assert all("==" in line or line.lstrip().startswith("--hash=sha256:") for line in lines)
    assert not [line for line in lines if "://" in line or "file:" in line]
