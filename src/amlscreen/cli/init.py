"""``amlscreen init DIR``."""

from __future__ import annotations

from pathlib import Path

import click

__all__ = ["command"]

_NIGHTLY = """\
#!/bin/sh
# Screens the night's exports. Keeps the ids of last night's alerts. Exit codes: amlscreen --help.
set -eu
cd "$(dirname "$0")"
today=$(date +%Y-%m-%d)
last=$(ls -d out/20* 2>/dev/null | tail -n 1 || true)
amlscreen screen exports -m mapping.yml --settings settings.yml -o "out/$today" ${last:+--previous "$last"} \\
  --log-format json --fail-on critical
"""


@click.command("init")
@click.argument("folder", type=click.Path(path_type=Path))
def command(folder: Path) -> int:
    """Write settings with every default, a mapping to fill in, and a nightly script into FOLDER.

    `amlscreen map` makes a mapping from files of the bank instead: amlscreen map FILE -o FOLDER/mapping.yml --force.
    """
    from amlscreen.cli.settings_text import settings_text
    from amlscreen.errors import SinkError
    from amlscreen.shipped import shipped_folder

    template = (shipped_folder("mappings") / "generic_statement.yml").read_text(encoding="utf-8")
    files = {"settings.yml": settings_text(), "mapping.yml": template, "nightly.sh": _NIGHTLY}
    there = [name for name in files if (folder / name).exists()]
    if there:
        raise SinkError(f"{folder} already has {', '.join(there)}.", fix="Name another folder; nothing was written.")
    (folder / "exports").mkdir(parents=True, exist_ok=True)
    for name, text in files.items():
        (folder / name).write_text(text, encoding="utf-8")
        click.echo(str(folder / name))
    (folder / "nightly.sh").chmod(0o755)
    click.echo(f"Next: amlscreen map FILE -o {folder / 'mapping.yml'} --force", err=True)
    return 0
