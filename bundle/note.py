"""The note in each bundle that says how to install it."""

from __future__ import annotations

__all__ = ["NOTES"]

_LINUX = """\
amlscreen, for Linux on x86-64 with Python {python}: installs without a network.

Needed: Python {python} with venv and pip, glibc 2.28 or newer. No compiler, no make.

    sha256sum --check SHA256SUMS
    python{python} -m venv /srv/amlscreen
    /srv/amlscreen/bin/pip install --no-index --find-links wheels --require-hashes -r requirements.txt
    /srv/amlscreen/bin/pip install --no-index --find-links wheels --no-deps amlscreen

Try it (the first run compiles once, about fifteen seconds, and keeps the result in the user's cache folder, or in the
folder named by AMLSCREEN_CACHE):

    /srv/amlscreen/bin/amlscreen synth bank --customers 150 --seed 7 --form canonical
    /srv/amlscreen/bin/amlscreen screen bank/canonical -o out

A newer version goes over it: the same two pip commands from the newer bundle. The package is wheels/{wheel}.
"""

_WINDOWS = """\
amlscreen, for Windows on x86-64 with Python {python}: installs without a network.

Needed: Python {python} (64 bit) and the Microsoft Visual C++ 2015-2022 runtime. No compiler, no make.
In a command window, in this folder (SHA256SUMS holds the hash of each file; certutil -hashfile FILE SHA256 shows one):

    py -{python} -m venv C:\\amlscreen
    C:\\amlscreen\\Scripts\\pip install --no-index --find-links wheels --require-hashes -r requirements.txt
    C:\\amlscreen\\Scripts\\pip install --no-index --find-links wheels --no-deps amlscreen

Try it (the first run compiles once, about fifteen seconds, and keeps the result in the user's cache folder, or in the
folder named by AMLSCREEN_CACHE):

    C:\\amlscreen\\Scripts\\amlscreen synth bank --customers 150 --seed 7 --form canonical
    C:\\amlscreen\\Scripts\\amlscreen screen bank\\canonical -o out

A newer version goes over it: the same two pip commands from the newer bundle. The package is wheels/{wheel}.
"""

NOTES = {"linux": _LINUX, "windows": _WINDOWS}
