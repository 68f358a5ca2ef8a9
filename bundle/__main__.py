"""``python -m bundle``: make the bundles, check them, try the one that can be tried here. See bundle/README.md."""

from __future__ import annotations

import argparse
import hashlib
import os
import shutil
import subprocess
import sys
import tarfile
import tempfile
import venv
import zipfile
from collections.abc import Sequence
from pathlib import Path

from packaging.utils import canonicalize_name, parse_wheel_filename

from bundle.note import NOTES
from bundle.target import PLATFORMS, Target
from bundle.wheels import Wanted, lacking, wanted_on

ROOT = Path(__file__).resolve().parent.parent
_LOCK = "requirements-run.lock"
_OFFLINE = {"PIP_NO_INDEX": "1", "PIP_DISABLE_PIP_VERSION_CHECK": "1", "PYTHONPATH": ""}


def main() -> int:
    """Make every bundle that was asked for; 1 with what is lacking if one of them is not complete."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--out", type=Path, default=ROOT / "dist")
    parser.add_argument("--python", action="append", help="3.11, for example; default: the one that runs this")
    parser.add_argument("--system", action="append", choices=list(PLATFORMS), help="default: all")
    chosen = parser.parse_args()
    pythons = [_version(text) for text in chosen.python or [f"{sys.version_info.major}.{sys.version_info.minor}"]]
    chosen.out.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory() as scratch:
        package = _package(Path(scratch))
        for target in (Target(system, python) for python in pythons for system in chosen.system or PLATFORMS):
            folder = Path(scratch) / f"{package.name.split('-py3')[0]}-{target.name}"
            wrong = _fill(folder, package, target)
            if wrong:
                print(f"{target.name}: not complete", *wrong, sep="\n  ")
                return 1
            print(f"{target.name}: {_tried(folder, target)}; {_packed(folder, chosen.out, target)}", flush=True)
    return 0


def _version(text: str) -> tuple[int, int]:
    major, minor = text.split(".")
    return int(major), int(minor)


def _run(command: Sequence[str | Path], **environment: str) -> None:
    subprocess.run(command, check=True, env={**os.environ, **environment}, stdout=subprocess.DEVNULL)


def _package(scratch: Path) -> Path:
    """The wheel of this checkout."""
    out = scratch / "package"
    _run([sys.executable, "-m", "build", "--no-isolation", "--wheel", "--outdir", out, ROOT])
    (wheel,) = out.glob("*.whl")
    return wheel


def _fill(folder: Path, package: Path, target: Target) -> list[str]:
    """Everything of one bundle in a folder; what is wrong with it."""
    wheels = folder / "wheels"
    wheels.mkdir(parents=True)
    wanted = wanted_on((ROOT / _LOCK).read_text("utf-8"), target)
    (folder / "requirements.txt").write_text("\n".join(one.lines for one in wanted) + "\n", "utf-8")
    _fetch(wheels, folder / "requirements.txt", target)
    shutil.copy(package, wheels)
    (folder / "INSTALL.txt").write_text(NOTES[target.system].format(python=target.version, wheel=package.name), "utf-8")
    shutil.copy(ROOT / "LICENSE", folder)
    _sums(folder)
    name, version, _, _ = parse_wheel_filename(package.name)
    return lacking(wheels, {**_versions(wanted), canonicalize_name(name): version}, target)


def _versions(wanted: Sequence[Wanted]) -> dict[str, object]:
    return {one.name: one.version for one in wanted}


def _fetch(wheels: Path, requirements: Path, target: Target) -> None:
    """The locked wheels, each held to its hash."""
    command: list[str | Path] = [sys.executable, "-m", "pip", "download", "--quiet", "--no-deps", "--require-hashes"]
    command += ["--only-binary", ":all:", "--implementation", "cp", "--python-version", target.version]
    command += ["--abi", f"cp{target.python[0]}{target.python[1]}", "--abi", "abi3", "--abi", "none"]
    for platform in target.platforms:
        command += ["--platform", platform]
    _run([*command, "--dest", wheels, "-r", requirements], PIP_DISABLE_PIP_VERSION_CHECK="1")


def _sums(folder: Path) -> None:
    """The hash of every file, as ``sha256sum --check`` reads them."""
    files = sorted(path for path in folder.rglob("*") if path.is_file())
    lines = [
        f"{hashlib.sha256(path.read_bytes()).hexdigest()}  {path.relative_to(folder).as_posix()}" for path in files
    ]
    (folder / "SHA256SUMS").write_text("\n".join(lines) + "\n", "utf-8")


def _tried(folder: Path, target: Target) -> str:
    """Install into a new environment without an index and screen a made-up bank, where this machine can."""
    if target.system != "linux" or target.python != sys.version_info[:2] or not sys.platform.startswith("linux"):
        return "complete; not installed here"
    with tempfile.TemporaryDirectory() as scratch:
        place = Path(scratch)
        venv.create(place / "venv", with_pip=True)
        python = place / "venv" / "bin" / "python"
        pip: list[str | Path] = [
            python,
            "-m",
            "pip",
            "install",
            "--quiet",
            "--no-index",
            "--find-links",
            folder / "wheels",
        ]
        _run([*pip, "--require-hashes", "-r", folder / "requirements.txt"], **_OFFLINE)
        _run([*pip, "--no-deps", "amlscreen"], **_OFFLINE)
        program = place / "venv" / "bin" / "amlscreen"
        _run([program, "synth", place / "bank", "--customers", "150", "--seed", "7", "--form", "canonical"], **_OFFLINE)
        _run([program, "screen", place / "bank" / "canonical", "-o", place / "out"], **_OFFLINE)
        assert (place / "out" / "alerts.csv").stat().st_size
    return "complete; installed without an index, and it screens"


def _packed(folder: Path, out: Path, target: Target) -> str:
    """The archive: what each system can open by itself."""
    if target.system == "windows":
        file = out / f"{folder.name}.zip"
        with zipfile.ZipFile(file, "w", zipfile.ZIP_STORED) as packed:
            for path in sorted(path for path in folder.rglob("*") if path.is_file()):
                packed.write(path, f"{folder.name}/{path.relative_to(folder).as_posix()}")
    else:
        file = out / f"{folder.name}.tar"
        with tarfile.open(file, "w") as packed_tar:
            packed_tar.add(folder, folder.name)
    return f"{file.name}, {file.stat().st_size / 1e6:.0f} MB"


if __name__ == "__main__":
    raise SystemExit(main())
