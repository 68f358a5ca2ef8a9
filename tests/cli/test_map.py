"""``amlscreen map`` looks at an export nobody has mapped, shows what it would read, asks, and writes a mapping."""

from __future__ import annotations

import os
import select
import subprocess
import sys
import time
from pathlib import Path

import pytest

import amlscreen
from amlscreen.intake.mapping import load_mapping
from cli.running import Run

pty = pytest.importorskip("pty")

LINES = [
    "Account No;Txn Date;Withdrawal;Deposit;Balance;Ccy;Details;Beneficiary Name",
    "1002003001;03/04/2026;1.250.000,00;;8.750.000,00;LAK;Rent;Person Alpha",
    "1002003001;04/05/2026;;2.000.000,50;10.750.000,50;LAK;Wages;Person Beta",
    "1002003001;05/06/2026;250.000,25;;10.500.000,25;LAK;Cash;Person Gamma",
]


@pytest.fixture
def export(tmp_path: Path) -> Path:
    """An export in which every day could be a month."""
    path = tmp_path / "exports" / "march.csv"
    path.parent.mkdir()
    path.write_text("\n".join(LINES) + "\n", encoding="utf-8")
    return path


def test_what_it_writes_reads_the_file(run: Run, export: Path, tmp_path: Path) -> None:
    """The next command that it names ends well."""
    out = tmp_path / "mapping.yml"
    ran = run("map", export, "-o", out)
    assert ran.code == 0 and load_mapping(out).files[0].columns["amount"].debit == "Withdrawal"
    assert f"amlscreen check {export} --mapping {out}" in ran.err
    checked = run("check", export, "--mapping", out, "--quiet")
    assert checked.code == 0, checked.err


def test_it_shows_raw_cells_beside_canonical_ones(run: Run, export: Path, tmp_path: Path) -> None:
    """With the layout, the reasons and the control totals."""
    shown = run("map", export, "-o", tmp_path / "m.yml").out
    assert "1.250.000,00 → 1,250,000.00" in shown and "→ 2026-04-03" in shown
    assert "raw → canonical" in shown and "LAK\tdebit\t2\t1,500,000.25" in shown


def test_without_a_terminal_it_lists_what_it_is_unsure_of(run: Run, export: Path, tmp_path: Path) -> None:
    """On stderr, with the answer taken; the exit code is 0 and the mapping is marked."""
    out = tmp_path / "m.yml"
    ran = run("map", export, "-o", out)
    assert ran.code == 0 and "unsure, marked UNSURE" in ran.err and "Taken:" in ran.err
    assert "# UNSURE:" in out.read_text(encoding="utf-8")


def test_values_are_masked_where_that_is_asked_for(run: Run, export: Path, tmp_path: Path) -> None:
    """Names, numbers and amounts keep their shape only; no message or comment ever holds one."""
    ran = run("map", export, "-o", tmp_path / "m.yml", "--no-values")
    held = ["Person", "Alpha", "1002003001", "1.250.000,00", "1,250,000.00"]
    assert [word for word in held if word in ran.out] == [] and "Aaaaaa" not in ran.out and "aaaaaa aaaaa" in ran.out
    written = (tmp_path / "m.yml").read_text(encoding="utf-8")
    assert [word for word in held if word in ran.err or word in written] == []


def test_a_mapping_is_not_replaced_unasked(run: Run, export: Path, tmp_path: Path) -> None:
    """Nothing of it changes without --force."""
    out = tmp_path / "m.yml"
    out.write_text("kept", encoding="utf-8")
    ran = run("map", export, "-o", out)
    assert ran.code == 1 and "--force" in ran.err and out.read_text(encoding="utf-8") == "kept"
    assert run("map", export, "-o", out, "--force").code == 0 and load_mapping(out)


def test_the_bank_can_be_named(run: Run, export: Path, tmp_path: Path) -> None:
    """Then it is no doubt."""
    run("map", export, "-o", tmp_path / "m.yml", "--institution", "TESTBANK")
    assert load_mapping(tmp_path / "m.yml").institution == "TESTBANK"


def test_what_is_no_table_is_refused(run: Run, tmp_path: Path) -> None:
    """Alone it is an error about data; nothing is written."""
    (tmp_path / "scan.pdf").write_bytes(b"%PDF-1.7\n\x00\x01")
    ran = run("map", tmp_path / "scan.pdf", "-o", tmp_path / "m.yml")
    assert ran.code == 2 and "scan.pdf" in ran.err and not (tmp_path / "m.yml").exists()


def test_statements_need_no_mapping(run: Run, tmp_path: Path) -> None:
    """That is said, and none is written."""
    (tmp_path / "s.sta").write_text(
        ":20:X\n:25:1002003001\n:28C:1/1\n:60F:C260301LAK100,00\n:61:2603020302D40,00NMSCNONREF\n:62F:C260331LAK60,00\n-\n",
        encoding="utf-8",
    )
    ran = run("map", tmp_path / "s.sta", "-o", tmp_path / "m.yml")
    assert ran.code == 0 and "need no mapping" in ran.err and not (tmp_path / "m.yml").exists()


class Terminal:
    """The program on a terminal of its own."""

    def __init__(self, *arguments: object) -> None:
        self.ours, theirs = pty.openpty()
        source = str(Path(amlscreen.__file__).parent.parent)
        self.process = subprocess.Popen(
            [sys.executable, "-m", "amlscreen", *map(str, arguments)],
            stdin=theirs, stdout=theirs, stderr=theirs, close_fds=True,
            env={**os.environ, "PYTHONPATH": source, "COLUMNS": "160", "TERM": "xterm", "PYTHONUTF8": "1"},
        )  # fmt: skip
        os.close(theirs)
        self.said = ""

    def until(self, text: str, seconds: float = 60) -> None:
        """Read what it says until it has said that."""
        end = time.monotonic() + seconds
        while text not in self.said and time.monotonic() < end:
            if select.select([self.ours], [], [], 1)[0]:
                try:
                    self.said += os.read(self.ours, 65536).decode(errors="replace")
                except OSError:  # a terminal whose other end is closed
                    break
        assert text in self.said, self.said

    def type(self, text: str) -> None:
        """Type that and the return key; what was said before counts no more."""
        self.said = ""
        os.write(self.ours, f"{text}\n".encode())


def test_on_a_terminal_it_asks(export: Path, tmp_path: Path) -> None:
    """The likeliest answer is the return key; another one changes what is shown and written."""
    out = tmp_path / "m.yml"
    terminal = Terminal("map", export, "-o", out)
    terminal.until("Which bank")
    terminal.type("TESTBANK")
    terminal.until("Which [1]")
    terminal.type("2")
    terminal.until("2026-03-04")
    terminal.until("Next: amlscreen check")
    assert terminal.process.wait(timeout=30) == 0
    assert load_mapping(out).institution == "TESTBANK"
    assert load_mapping(out).files[0].columns["at"].date == ("%m/%d/%Y",)
    assert "UNSURE" not in out.read_text(encoding="utf-8")
