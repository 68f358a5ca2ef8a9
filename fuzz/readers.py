"""Fuzzing of the readers, guided by which lines of them run: ``make fuzz KIND=camt SECONDS=300``.

    python -m fuzz.readers KIND SECONDS [atheris options]

Any bytes must give rows that add up or a DataError, within time and memory. What breaks that is kept under
``fuzz/found/``, to be run again by name: ``python -m fuzz.readers KIND 0 fuzz/found/crash-...``.
"""

from __future__ import annotations

import sys
from pathlib import Path

import atheris

__all__: list[str] = []

_HERE = Path(__file__).resolve().parent
_OPTIONS = ("-timeout=30", "-rss_limit_mb=3000", "-max_len=8192", "-print_final_stats=1")


def main() -> None:
    """Instrument the readers, lay out the seeds, and go on until the time is up or something breaks."""
    kind, seconds, *more = sys.argv[1:]
    sys.path.insert(0, str(_HERE.parent / "tests"))
    with atheris.instrument_imports(include=["amlscreen.intake", "amlscreen.errors"]):
        from amlscreen.intake.readers import _readers
        from intake.any_bytes import MARKS, SEEDS, hold, seed

        _readers()
    if kind not in SEEDS:
        raise SystemExit(f"{kind} is no kind of file; allowed are {', '.join(SEEDS)}.")
    corpus, found = _HERE / "corpus" / kind, _HERE / "found"
    for folder in (corpus, found):
        folder.mkdir(parents=True, exist_ok=True)
    (corpus / "seed").write_bytes(seed(kind))
    words = _HERE / "corpus" / "marks.txt"
    words.write_text("".join(f'"{_quoted(mark)}"\n' for mark in MARKS), encoding="ascii")
    where = [] if any(not each.startswith("-") for each in more) else [str(corpus)]
    options = [f"-dict={words}", f"-artifact_prefix={found}/", f"-max_total_time={seconds}", *_OPTIONS]
    atheris.Setup([sys.argv[0], *options, *more, *where], hold)
    atheris.Fuzz()


def _quoted(mark: bytes) -> str:
    return "".join(f"\\x{byte:02x}" for byte in mark)


if __name__ == "__main__":
    main()
