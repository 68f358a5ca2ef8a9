"""``amlscreen rules coverage``: what the rules can see, in words, as a table and for programs."""

from __future__ import annotations

import csv
import json
from pathlib import Path

import pytest

from cli.running import Run


@pytest.fixture
def bare(tmp_path: Path) -> Path:
    """An export with the least a bank has: no channel, no counterparty, no place."""
    path = tmp_path / "transactions.csv"
    rows = [f"B,T{day},A1,2026-03-{day:02},100,credit" for day in range(1, 29)]
    path.write_text("\n".join(["institution,transaction_id,account_id,at,amount,direction", *rows]) + "\n")
    return path


def test_the_summary_comes_first_and_openers_are_told(run: Run, bare: Path) -> None:
    """One sentence, counts by family and typology, what to map, then the reasons."""
    ran = run("rules", "coverage", bare, "--quiet")
    assert ran.code == 0 and ran.err == ""
    assert "are blind, on 28 days of data without clock times." in " ".join(ran.out.split())
    assert "# By family" in ran.out and "# By typology" in ran.out
    assert "Mapping transactions.channel would open" in ran.out.replace("\n    ", " ")


def test_each_rule_is_a_row_of_the_table(run: Run, bare: Path, tmp_path: Path) -> None:
    """Written where it was asked for."""
    ran = run("rules", "coverage", bare, "--quiet", "--format", "csv", "-o", tmp_path / "coverage.csv")
    assert (ran.code, ran.out) == (0, "")
    with (tmp_path / "coverage.csv").open(encoding="utf-8") as file:
        rows = {row["rule_id"]: row for row in csv.DictReader(file)}
    assert rows["HT-A06"]["status"] == "blind" and "transactions.channel" in rows["HT-A06"]["opens_with"]


def test_programs_get_json(run: Run, bare: Path) -> None:
    """The same, with every need and how much of it is known."""
    told = json.loads(run("rules", "coverage", bare, "--quiet", "--format", "json").out)
    assert sum(told["summary"].values()) == len(told["rules"])
    assert {"columns", "rules"} == set(told["openers"][0])
