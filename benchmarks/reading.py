"""Reading one file: as texts into a table by DuckDB alone, conformed by the product, or by its reader alone."""

from __future__ import annotations

import argparse
import resource
import tempfile
from pathlib import Path

import duckdb

__all__ = ["conformed", "text", "told"]


def text(path: Path, *, memory: str, threads: int) -> int:
    """Every column of a CSV file as text into a table on disk, nothing looked at; how many rows it holds."""
    with tempfile.TemporaryDirectory() as folder, duckdb.connect(f"{folder}/texts.duckdb") as connection:
        connection.execute(f"SET memory_limit = '{memory}'")
        connection.execute(f"SET threads = {threads}")
        name = str(path).replace("'", "''")
        connection.execute(f"CREATE TABLE texts AS FROM read_csv('{name}', all_varchar = true, header = true)")
        found = connection.execute("SELECT count(*) FROM texts").fetchone()
        assert found is not None
        return int(found[0])


def conformed(path: Path, *, memory: str, threads: int) -> int:
    """The file as a dataset, every value checked and counts that tie out; how many rows it accepted."""
    from amlscreen.intake.dataset import Dataset
    from amlscreen.settings import Settings

    with Dataset.read(path, settings=Settings(memory=memory, threads=threads)) as data:
        return data.rows_accepted


def told(path: Path, *, memory: str, threads: int) -> int:
    """The file as its reader tells it, every entry in the columns of ``transactions``; how many entries it has."""
    from amlscreen.intake.layout import Layout
    from amlscreen.intake.readers import read_raw
    from amlscreen.intake.source import find_sources
    from amlscreen.intake.store import open_store
    from amlscreen.settings import Settings

    settings = Settings(memory=memory, threads=threads)
    store = open_store(settings, in_memory=False)
    try:
        assert store.folder is not None
        (source,) = find_sources(path)
        raw = read_raw(store.connection, source, Layout(), settings=settings, workspace=store.folder)
        assert not raw.rejected and all(each.agrees for each in raw.statements)
        return raw.records
    finally:
        store.close()


_HOW = {"text": text, "conformed": conformed, "told": told}


def main() -> None:
    """``python -m benchmarks.reading told FILE``: print rows, processor seconds, megabytes of the file."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("how", choices=_HOW)
    parser.add_argument("file", type=Path)
    parser.add_argument("--memory", default="1GB")
    parser.add_argument("--threads", type=int, default=2)
    chosen = parser.parse_args()
    begun = _processor_seconds()
    rows = _HOW[chosen.how](chosen.file, memory=chosen.memory, threads=chosen.threads)
    print(rows, f"{_processor_seconds() - begun:.2f}", f"{chosen.file.stat().st_size / 1e6:.1f}")


def _processor_seconds() -> float:
    used = resource.getrusage(resource.RUSAGE_SELF)
    return used.ru_utime + used.ru_stime


if __name__ == "__main__":
    main()
