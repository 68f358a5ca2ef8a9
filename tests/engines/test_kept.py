"""A run that was killed goes on from what was finished, and ends as one that nobody stopped."""

from __future__ import annotations

import hashlib
import json
import os
import shutil
import subprocess
import sys
import textwrap
import time
from collections.abc import Iterator
from itertools import islice
from pathlib import Path
from random import Random

import pytest

from amlscreen.engines.kept import KeptWork, work_folder
from amlscreen.finding import Findings, find
from amlscreen.intake.dataset import Dataset
from amlscreen.rules.ruleset import RuleSet
from amlscreen.settings import Settings

MOMENTS = int(os.environ.get("KILL_MOMENTS", "6"))
SMALL = Settings(partition_rows=500)
CARDS = ["HT-A05", "HT-A08", "HT-N01", "HT-N02", "HT-T01"]


@pytest.fixture(scope="module")
def data(tiny_bank: Path) -> Iterator[Dataset]:
    with Dataset.read(tiny_bank) as read:
        yield read


def found(data: Dataset, kept: KeptWork | None, cards: list[str] = CARDS) -> Findings:
    return find(data, RuleSet.load().select(ids=cards), settings=SMALL, kept=kept)


def told(found: Findings) -> tuple[object, ...]:
    return [repr(hit) for hit in found.hits], found.features.table, repr(found.kyc)


def test_finished_partitions_are_taken_from_the_folder(data: Dataset, tmp_path: Path) -> None:
    """All of them, if the run had swept them all; what is found is the same, and nothing stays at the end."""
    folder = work_folder(tmp_path / "out")
    first, second = KeptWork(folder, resume=False), KeptWork(folder, resume=True)
    before, after = found(data, first), found(data, second)
    assert (first.taken, second.taken, second.swept) == (0, first.swept, 0) and first.swept > 3
    assert told(before) == told(after) == told(found(data, None))
    second.ended()
    assert os.listdir(tmp_path) == []
    assert second.notes == [f"Went on from an unfinished run: {first.swept} of {first.swept} partitions."]


def test_without_resume_nothing_is_taken(data: Dataset, tmp_path: Path) -> None:
    """A new run starts anew and removes what lay there."""
    found(data, KeptWork(tmp_path / "work", resume=False))
    (tmp_path / "work" / "0123").write_bytes(b"old")
    anew = KeptWork(tmp_path / "work", resume=False)
    found(data, anew)
    assert anew.taken == 0 and not (tmp_path / "work" / "0123").exists()


def test_with_other_rules_everything_is_swept_and_it_is_said_why(data: Dataset, tmp_path: Path) -> None:
    """What changed is named."""
    found(data, KeptWork(tmp_path / "work", resume=False))
    other = KeptWork(tmp_path / "work", resume=True)
    assert told(found(data, other, CARDS[:2])) == told(found(data, None, CARDS[:2]))
    assert other.taken == 0 and "the rules" in other.notes[0] and "changed" in other.notes[0]


def test_only_rows_that_changed_are_swept_again(tiny_bank: Path, data: Dataset, tmp_path: Path) -> None:
    """One direction in one row: what holds it is swept, the other partitions are taken as they are."""
    found(data, KeptWork(tmp_path / "work", resume=False))
    other = shutil.copytree(tiny_bank, tmp_path / "other") / "transactions.csv"
    text = other.read_text()
    other.write_text(text.replace('"credit",', '"debit",', 1))
    assert other.read_text() != text
    kept = KeptWork(tmp_path / "work", resume=True)
    with Dataset.read(other.parent) as changed:
        assert told(found(changed, kept)) == told(found(changed, None))
    assert kept.swept == 1 and kept.taken > 2


def test_a_damaged_file_is_swept_again(data: Dataset, tmp_path: Path) -> None:
    """Cut short or altered, a file is not read; it is said which."""
    found(data, KeptWork(tmp_path / "work", resume=False))
    one, other, *_ = sorted(path for path in (tmp_path / "work").iterdir() if path.name != "of.json")
    one.write_bytes(one.read_bytes()[:-1])
    other.write_bytes(other.read_bytes()[:-1] + b"?")
    kept = KeptWork(tmp_path / "work", resume=True)
    assert told(found(data, kept)) == told(found(data, None))
    assert kept.swept == 2 and kept.taken > 1 and {one.name, other.name} == {note.split()[0] for note in kept.notes}


@pytest.mark.skipif(not hasattr(os, "getuid"), reason="folders have no owner there")
def test_a_folder_that_others_may_write_to_is_not_read(data: Dataset, tmp_path: Path) -> None:
    """What lies there would run."""
    found(data, KeptWork(tmp_path / "work", resume=False))
    (tmp_path / "work").chmod(0o777)
    kept = KeptWork(tmp_path / "work", resume=True)
    found(data, kept)
    assert kept.taken == 0 and (tmp_path / "work").stat().st_mode & 0o777 == 0o700


def test_a_folder_that_cannot_be_written_does_not_end_the_run(data: Dataset, tmp_path: Path) -> None:
    """The run says that nothing is kept and goes on."""
    (tmp_path / "file").write_text("in the way")
    kept = KeptWork(tmp_path / "file" / "work", resume=False)
    assert told(found(data, kept)) == told(found(data, None))
    assert len(kept.notes) == 1 and "can no longer be kept" in kept.notes[0]


RUNNER = """
    import os, signal, sys, threading
    from amlscreen.cli import main
    # Everything is loaded once; each run is a fork of this process, killed at the moment that is asked for.
    def run(arguments):
        try:
            main(arguments)
        except SystemExit as left:
            return left.code or 0
    told, sys.stdout = sys.stdout, open(os.devnull, "w")
    run(sys.argv[1:])
    for line in sys.stdin:
        after, *arguments = line.split()
        if (child := os.fork()) == 0:
            if float(after):
                threading.Timer(float(after), os.kill, (os.getpid(), signal.SIGKILL)).start()
            os._exit(run(arguments))
        print(os.waitpid(child, 0)[1], file=told, flush=True)
"""


def outputs(out: Path) -> dict[str, bytes]:
    """Every file but the manifest, which holds times, and what is zipped with them."""
    return {path.name: path.read_bytes() for path in sorted(out.iterdir()) if path.name != "run.json"}


def whole(out: Path) -> bool:
    """Whether the folder holds what its manifest says, all of it of one run."""
    files = {path.name: hashlib.sha256(path.read_bytes()).hexdigest() for path in out.iterdir()}
    files.pop("run.json")
    told = json.loads((out / "run.json").read_text())["outputs"]
    return files == {name: each["sha256"] for name, each in told.items()}


@pytest.mark.skipif(not hasattr(os, "fork"), reason="processes cannot be forked there")
def test_killed_at_random_moments_and_gone_on_with(tiny_bank: Path, tmp_path: Path) -> None:
    """The folder is whole after each; gone on with, it is as if nobody had stopped. KILL_MOMENTS=20 asks for more."""
    settings, rules, out = tmp_path / "settings.yml", tmp_path / "rules", tmp_path / "out"
    settings.write_text("partition_rows: 100\n")
    with (tiny_bank / "transactions.csv").open() as rows:
        (tmp_path / "transactions.csv").write_text("".join(islice(rows, 1_000)))
    rules.mkdir()
    for card in RuleSet.load().select(ids=CARDS).files:
        shutil.copy(card.path, rules)
    line = f"screen {tmp_path / 'transactions.csv'} --settings {settings} --rules {rules} -q --threads 2 -o"
    command = [sys.executable, "-c", textwrap.dedent(RUNNER), *line.split(), str(tmp_path / "first")]
    moments = Random(11)
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as runner:

        def run(after: float, *more: str) -> int:
            assert runner.stdin is not None and runner.stdout is not None
            runner.stdin.write(f"{after} {line} {out} {' '.join(more)}\n")
            runner.stdin.flush()
            return int(runner.stdout.readline())

        begun = time.perf_counter()
        assert run(0) == 0
        took = time.perf_counter() - begun
        wanted = outputs(out)
        assert wanted == outputs(tmp_path / "first")
        for _ in range(MOMENTS):
            run(moments.uniform(0, took), "--resume")
            assert whole(out)
        assert run(0, "--resume") == 0
    assert outputs(out) == wanted
    assert sorted(os.listdir(tmp_path)) == ["first", "out", "rules", "settings.yml", "transactions.csv"]
