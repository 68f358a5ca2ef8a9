"""What goes where: results on stdout, progress, warnings and errors on stderr, as bars, lines or JSON lines."""

from __future__ import annotations

import json
import os
import pty
import subprocess
import sys
import threading
from pathlib import Path

from cli.running import Run


def test_stdout_holds_results_only(run: Run, tiny_bank: Path, tmp_path: Path) -> None:
    """The progress of a job stands on stderr as plain lines."""
    ran = run("screen", tiny_bank, "-o", tmp_path / "out", "--top", "2")
    assert ran.out.splitlines()[0].endswith("alerts.")
    assert "amlscreen:" not in ran.out and "\x1b[" not in ran.out
    assert all(line.startswith("amlscreen: ") for line in ran.err.splitlines())
    assert "sweeping rules" in ran.err and "writing results" in ran.err


def test_quiet_says_nothing_but_results(run: Run, tiny_bank: Path, tmp_path: Path) -> None:
    """Nothing on stderr if there is nothing to warn of."""
    ran = run("screen", tiny_bank, "-o", tmp_path / "out", "--quiet")
    assert ran.err == "" and "report.html" in ran.out


def test_json_lines_are_objects(run: Run, tiny_bank: Path, tmp_path: Path) -> None:
    """Each line of a job's log can be read by a program."""
    ran = run("screen", tiny_bank, "-o", tmp_path / "out", "--log-format", "json")
    lines = [json.loads(line) for line in ran.err.splitlines()]
    assert {line["event"] for line in lines} == {"progress"}
    assert [line["stage"] for line in lines][-3:] == ["sweeping rules", "judging hits", "writing results"]
    assert all(set(line) == {"event", "stage", "detail", "done", "total"} for line in lines)


def test_a_json_log_ends_in_its_error(run: Run, tmp_path: Path) -> None:
    """The error that ends a job is a line as well, with the exit code."""
    ran = run("screen", tmp_path / "nowhere", "-o", tmp_path / "out", "--log-format", "json")
    last = json.loads(ran.err.splitlines()[-1])
    assert ran.code == last["exit_code"] == 2
    assert (last["event"], last["kind"]) == ("error", "DataError") and "nowhere" in last["message"]


def test_warnings_are_told_even_when_quiet(run: Run, tmp_path: Path) -> None:
    """What nobody mapped is said: the reader of the alerts must know it."""
    (tmp_path / "transactions.csv").write_text(
        "institution,transaction_id,account_id,at,amount,direction,colour\nB,T1,A1,2026-03-10,100,credit,red\n"
    )
    ran = run("check", tmp_path / "transactions.csv", "--quiet")
    assert ran.code == 0
    assert "warning" in ran.err and "colour" in ran.err and "red" not in ran.err


def test_a_terminal_shows_bars(tiny_bank: Path, tmp_path: Path) -> None:
    """On a terminal progress is drawn, and taken away again before the results."""
    shown, code = _on_a_terminal("screen", str(tiny_bank), "-o", str(tmp_path / "out"), "--top", "1")
    assert code == 0, shown
    assert "sweeping rules" in shown and "━" in shown
    assert "points" in shown.rpartition("━")[2]


def test_a_table_on_a_terminal_fits_it() -> None:
    """Rules are a ruled table for people; a pipe gets tabs, see the next test."""
    shown, code = _on_a_terminal("rules", "list", "--family", "kyc")
    assert code == 0, shown
    assert "HT-K05" in shown and "─" in shown and "\t" not in shown


def test_a_table_in_a_pipe_is_tab_separated(run: Run) -> None:
    """One line for each rule, cut at tabs."""
    lines = [line.split("\t") for line in run("rules", "list", "--family", "kyc").out.splitlines()]
    assert lines[0][:3] == ["id", "version", "status"]
    assert len({len(line) for line in lines}) == 1
    assert "HT-K05" in [line[0] for line in lines]


def _on_a_terminal(*arguments: str) -> tuple[str, int]:
    """The command with a pseudo-terminal of 100 columns for stdout and stderr."""
    master, slave = pty.openpty()
    environment = {**os.environ, "COLUMNS": "100", "LINES": "30", "TERM": "xterm-256color"}
    process = subprocess.Popen(
        [sys.executable, "-m", "amlscreen", *arguments], stdout=slave, stderr=slave, env=environment
    )
    os.close(slave)
    parts: list[bytes] = []

    def read() -> None:
        while True:
            try:
                part = os.read(master, 65_536)
            except OSError:  # Linux says so when the last writer has gone
                return
            if not part:
                return
            parts.append(part)

    reader = threading.Thread(target=read)
    reader.start()
    code = process.wait(timeout=120)
    reader.join(timeout=10)
    os.close(master)
    return b"".join(parts).decode(), code
