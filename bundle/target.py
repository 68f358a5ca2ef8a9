"""The machines a bundle is made for, and which wheels fit them."""

from __future__ import annotations

from dataclasses import dataclass

from packaging.tags import Tag, compatible_tags, cpython_tags

__all__ = ["PLATFORMS", "Target"]

_GLIBC = tuple(range(28, 4, -1))
"""Wheels for glibc 2.28 (RHEL 8, Debian 10, Ubuntu 18.10) and older run on every server with one as new."""

PLATFORMS = {
    "linux": (
        *(f"manylinux_2_{minor}_x86_64" for minor in _GLIBC),
        "manylinux2014_x86_64",
        "manylinux2010_x86_64",
        "manylinux1_x86_64",
    ),
    "windows": ("win_amd64",),
}
"""Platform tags in pip's order of preference (PEP 425, PEP 600)."""


@dataclass(frozen=True)
class Target:
    """One kind of machine: ``system`` is linux or windows, ``python`` a version as (3, 11)."""

    system: str
    python: tuple[int, int]

    @property
    def name(self) -> str:
        """As it stands in the archive's name."""
        return f"{self.system}-x86_64-python{self.version}"

    @property
    def version(self) -> str:
        """3.11, for example."""
        return ".".join(map(str, self.python))

    @property
    def platforms(self) -> tuple[str, ...]:
        """The platform tags of wheels that run there."""
        return PLATFORMS[self.system]

    @property
    def tags(self) -> frozenset[Tag]:
        """Every tag of a wheel that runs there."""
        interpreter = f"cp{self.python[0]}{self.python[1]}"
        return frozenset(cpython_tags(self.python, platforms=self.platforms)) | frozenset(
            compatible_tags(self.python, interpreter, self.platforms)
        )

    @property
    def environment(self) -> dict[str, str]:
        """What the markers of requirements are held against there (PEP 508)."""
        windows = self.system == "windows"
        return {
            "implementation_name": "cpython",
            "implementation_version": f"{self.version}.0",
            "os_name": "nt" if windows else "posix",
            "platform_machine": "AMD64" if windows else "x86_64",
            "platform_python_implementation": "CPython",
            "platform_release": "",
            "platform_system": "Windows" if windows else "Linux",
            "platform_version": "",
            "python_full_version": f"{self.version}.0",
            "python_version": self.version,
            "sys_platform": "win32" if windows else "linux",
            "extra": "",
        }
