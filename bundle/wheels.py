"""The set of wheels in a bundle: which are wanted, and whether all are there and fit."""

from __future__ import annotations

import zipfile
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from email.parser import HeaderParser
from pathlib import Path

from packaging.requirements import Requirement
from packaging.utils import canonicalize_name, parse_wheel_filename
from packaging.version import Version

from bundle.target import Target

__all__ = ["Wanted", "lacking", "wanted_on"]


@dataclass(frozen=True)
class Wanted:
    """One locked library: its name and version, and its lines of the lock with the hashes."""

    name: str
    version: Version
    lines: str


def wanted_on(lock: str, target: Target) -> list[Wanted]:
    """The libraries of a lock file that are for this target, in its order.

    Markers are judged here, for the target: pip judges them for the machine it runs on.
    """
    found = []
    for entry in _entries(lock):
        head = entry.split("--hash", 1)[0].replace("\\\n", " ").strip()
        requirement = Requirement(head)
        if requirement.marker is not None and not requirement.marker.evaluate(target.environment):
            continue
        (exactly,) = requirement.specifier
        plain = entry.replace(head.rstrip(), f"{requirement.name}{requirement.specifier}", 1)
        found.append(Wanted(canonicalize_name(requirement.name), Version(exactly.version), plain))
    return found


def _entries(lock: str) -> Iterator[str]:
    """A requirement and the lines of its hashes, which end in a backslash but for the last."""
    entry: list[str] = []
    for line in lock.splitlines():
        if line.strip() and not line.startswith("#"):
            entry.append(line)
            if not line.endswith("\\"):
                yield "\n".join(entry)
                entry = []


def lacking(folder: Path, wanted: Mapping[str, Version], target: Target) -> list[str]:
    """What is wrong with the wheels of a folder, a sentence each; nothing if they can be installed and run."""
    said: list[str] = []
    there: dict[str, Version] = {}
    for wheel in sorted(folder.iterdir()):
        name, version, _, tags = parse_wheel_filename(wheel.name)
        there[name] = version
        if not tags & target.tags:
            said.append(f"{wheel.name} does not run on {target.name}")
    for name, version in wanted.items():
        if there.get(canonicalize_name(name)) != version:
            said.append(f"{name} {version} is wanted and not there")
    for wheel in sorted(folder.iterdir()):
        for need in _needs(wheel, target):
            found = there.get(canonicalize_name(need.name))
            if found is None or not need.specifier.contains(found, prereleases=True):
                said.append(f"{wheel.name} needs {need}, and {found or 'nothing of that name'} is there")
    return said


def _needs(wheel: Path, target: Target) -> Iterator[Requirement]:
    """What a wheel says it needs on the target, extras aside."""
    with zipfile.ZipFile(wheel) as opened:
        (name,) = (one for one in opened.namelist() if one.endswith(".dist-info/METADATA") and one.count("/") == 1)
        told = HeaderParser().parsestr(opened.read(name).decode("utf-8"))
    for text in told.get_all("Requires-Dist", []):
        requirement = Requirement(text)
        if requirement.marker is None or requirement.marker.evaluate(target.environment):
            yield requirement
