"""A bundle holds every library its machines need, for their platform and Python, at the locked versions."""

from __future__ import annotations

import re
import zipfile
from pathlib import Path

from bundle.target import Target
from bundle.wheels import lacking, wanted_on
from packaging.version import Version

LINUX, WINDOWS = Target("linux", (3, 11)), Target("windows", (3, 12))
LOCK = """\
colour==1.0 ; sys_platform == 'win32' \\
    --hash=sha256:aa
numbers==2.0 ; python_full_version < '3.12' \\
    --hash=sha256:bb \\
    --hash=sha256:cc
numbers==2.1 ; python_full_version >= '3.12' \\
    --hash=sha256:dd
"""


def wheel(folder: Path, name: str, *needs: str) -> None:
    """A wheel of that file name which says that it needs these."""
    package, version = name.split("-")[:2]
    with zipfile.ZipFile(folder / name, "w") as opened:
        lines = [f"Name: {package}", f"Version: {version}", *(f"Requires-Dist: {need}" for need in needs)]
        opened.writestr(f"{package}-{version}.dist-info/METADATA", "\n".join(lines) + "\n\n")


def test_markers_are_judged_for_the_target() -> None:
    """Not for the machine that makes the bundle; the hashes stay."""
    assert [(one.name, str(one.version)) for one in wanted_on(LOCK, LINUX)] == [("numbers", "2.0")]
    assert [(one.name, str(one.version)) for one in wanted_on(LOCK, WINDOWS)] == [("colour", "1.0"), ("numbers", "2.1")]
    (one,) = wanted_on(LOCK, LINUX)
    assert one.lines.split() == ["numbers==2.0", "\\", "--hash=sha256:bb", "\\", "--hash=sha256:cc"]


def test_a_set_that_fits_lacks_nothing(tmp_path: Path) -> None:
    """Stable-ABI and pure wheels fit as well as those for the very version; needs of other systems do not count."""
    wheel(tmp_path, "top-1.0-py3-none-any.whl", "fast>=1", "winonly ; sys_platform == 'win32'", "more ; extra == 'x'")
    wheel(tmp_path, "fast-1.2-cp39-abi3-manylinux_2_17_x86_64.manylinux2014_x86_64.whl")
    assert lacking(tmp_path, {"top": Version("1.0"), "fast": Version("1.2")}, LINUX) == []


def test_what_is_missing_or_does_not_fit_is_named(tmp_path: Path) -> None:
    """A need nobody locked, another version, another system, another Python."""
    wheel(tmp_path, "top-1.0-py3-none-any.whl", "fast>=2", "absent")
    wheel(tmp_path, "fast-1.2-cp312-cp312-win_amd64.whl")
    said = lacking(tmp_path, {"top": Version("1.1"), "fast": Version("1.2")}, LINUX)
    assert said == [
        "fast-1.2-cp312-cp312-win_amd64.whl does not run on linux-x86_64-python3.11",
        "top 1.1 is wanted and not there",
        "top-1.0-py3-none-any.whl needs fast>=2, and 1.2 is there",
        "top-1.0-py3-none-any.whl needs absent, and nothing of that name is there",
    ]


def test_a_bundle_carries_the_versions_that_are_tested(project: Path) -> None:
    """Each line of the lock for bundles stands in the lock for developers."""
    pinned = [
        set(re.findall(r"^[a-z0-9._-]+==\S+(?: ; [^\\]+)?", (project / name).read_text("utf-8"), re.M))
        for name in ("requirements-run.lock", "requirements.lock")
    ]
    assert pinned[0] and {one.strip() for one in pinned[0]} <= {one.strip() for one in pinned[1]}
