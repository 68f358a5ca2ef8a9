"""How the product reads real files of bank formats that others collected.

``python -m benchmarks.bank_formats FOLDER`` (``make formats DATA=FOLDER``) reads every file below FOLDER, except
``_expected``, through the product's own door: statements and payment messages as they stand, tables with the mapping
that is proposed for them. It prints one line for each and a summary. What a file holds is taken from
``_expected/NAME@@...`` (what its upstream project's tests expect), ``derived_counts.json`` and the statements' own
balances. The exit code is 1 if anything was read wrong or crashed. No data comes with the project.
"""

from __future__ import annotations

import argparse
import json
import sys
from collections import Counter, defaultdict
from decimal import Decimal
from pathlib import Path

from benchmarks.formats_doubtful import DOUBTFUL, NO_BOOKINGS, NOTHING, SEEN
from benchmarks.formats_read import Outcome, answers_of, read_file
from benchmarks.formats_truth import Truth, counted_truth, expected_truth, own_truth
from benchmarks.formats_verdict import ASKED, RIGHT, VERDICTS, WRONG, Verdict, judge, must_be_refused, promised
from benchmarks.formats_verdict import DOUBTFUL as DOUBT

from amlscreen.intake.readers.entries import FORMATS

__all__ = ["main", "truths_of"]

_NOT_RIGHT = ("read wrong", "crashed")


def main(arguments: list[str] | None = None) -> int:
    """Read every file, print what came of it; 1 if one was read wrong or crashed."""
    parser = argparse.ArgumentParser(prog="benchmarks.bank_formats", description=__doc__)
    parser.add_argument("folder", type=Path)
    parser.add_argument("--only", default="", help="read only files whose path holds this text")
    chosen = parser.parse_args(arguments)
    counts = _counts(chosen.folder)
    table: defaultdict[str, Counter[str]] = defaultdict(Counter)
    valid: Counter[str] = Counter()
    for file in sorted(chosen.folder.rglob("*")):
        name = file.relative_to(chosen.folder).as_posix()
        if not file.is_file() or "_expected" in file.parts or "/" not in name or chosen.only not in name:
            continue
        truths = truths_of(file, name, counts)
        outcome, verdict = judged(file, truths)
        print(_line(name, outcome, verdict), flush=True)
        folder = name.partition("/")[0]
        table[folder][verdict.word] += 1
        if _counts_as_valid(file.name, verdict, truths):
            valid[folder] += 1
            table[folder]["valid right"] += verdict.word in (RIGHT, ASKED, DOUBT)
    print("\n".join(_summary(table, valid)))
    return int(any(table[folder][word] for folder in table for word in _NOT_RIGHT))


def judged(file: Path, truths: list[Truth]) -> tuple[Outcome, Verdict]:
    """What came of a file. What it tells and does not book counts where only that meets what is expected; an answer to
    one question of a proposal counts apart."""
    doubt = DOUBTFUL.get(file.name)
    outcome = read_file(file)
    verdict = judge(file.name, outcome, truths, doubt)
    nothing = NOTHING.get(file.name, "")
    if outcome.amounts and nothing.startswith(NO_BOOKINGS):
        return outcome, Verdict(WRONG, nothing)
    if verdict.word != WRONG:
        return outcome, verdict
    if outcome.format in FORMATS:
        again = read_file(file, everything=True) if outcome.excluded else outcome
        if judge(file.name, again, truths, doubt).word == RIGHT:
            return again, Verdict(RIGHT, f"{outcome.excluded} of them are told and not booked")
        return outcome, verdict
    for answer, other in answers_of(file):
        healed = judge(file.name, other, truths, doubt).word in (RIGHT, DOUBT)
        if healed and other.quarantined <= outcome.quarantined:  # setting rows aside proves nothing
            return other, Verdict(ASKED, answer)
    return outcome, verdict


def truths_of(file: Path, name: str, counts: dict[str, object]) -> list[Truth]:
    """Everything that is told of a file, the most exact first."""
    text = file.read_bytes().decode("latin-1")
    told = [*expected_truth(file), *own_truth(file, text), *counted_truth(counts, name, file)]
    if not told and file.name in SEEN:
        entries, total = SEEN[file.name]
        return [Truth("counted by hand", entries, Decimal(total))]
    return told


def _counts(folder: Path) -> dict[str, object]:
    path = folder / "derived_counts.json"
    return dict(json.loads(path.read_text(encoding="utf-8"))) if path.exists() else {}


def _counts_as_valid(name: str, verdict: Verdict, truths: list[Truth]) -> bool:
    """Whether a file must be read: of a promised kind, nothing wrong with it, and it holds a booking, as far as known.

    A file that is refused although nobody tells what it holds counts too.
    """
    if not promised(name) or must_be_refused(name) or name in NOTHING:
        return False
    empty = bool(truths) and all(truth.entries == 0 for truth in truths)
    return verdict.word in (RIGHT, ASKED, DOUBT, *_NOT_RIGHT) or (verdict.word == "refused clearly" and not empty)


def _line(name: str, outcome: Outcome, verdict: Verdict) -> str:
    figures = ""
    if outcome.state == "read":
        figures = f"{len(outcome.amounts)} entries, sum {sum(outcome.amounts, Decimal(0))}"
        figures += f", {outcome.excluded} left out" if outcome.excluded else ""
        figures += f", {outcome.duplicates} duplicates" if outcome.duplicates else ""
    parts = (name, outcome.format or "-", verdict.word, figures, " ".join(verdict.why.split()))
    return " | ".join(part for part in parts if part)


def _summary(table: dict[str, Counter[str]], valid: Counter[str]) -> list[str]:
    words = [word for word in VERDICTS if any(row[word] for row in table.values())]
    lines = ["", "| folder | files | " + " | ".join(words) + " | valid | of them right |"]
    lines.append("|---" * (len(words) + 4) + "|")
    every: Counter[str] = Counter()
    for folder, row in sorted(table.items()):
        every.update(row)
        lines.append(_row(folder, row, words, valid[folder]))
    lines.append(_row("all", every, words, valid.total()))
    return lines


def _row(folder: str, row: Counter[str], words: list[str], valid: int) -> str:
    files = sum(row[word] for word in VERDICTS)
    share = f"{100 * row['valid right'] / valid:.1f} %" if valid else "-"
    return f"| {folder} | {files} | " + " | ".join(str(row[word]) for word in words) + f" | {valid} | {share} |"


if __name__ == "__main__":
    sys.exit(main())
