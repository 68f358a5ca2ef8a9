"""The mapping that `amlscreen init` writes: it reads a plain statement as it is, and its commented options fit."""

from __future__ import annotations

import re
import textwrap
from pathlib import Path

import pytest

from amlscreen.intake.dataset import Dataset
from amlscreen.intake.mapping import Mapping
from amlscreen.shipped import shipped_folder
from amlscreen.yaml_file import parse, plain

LINES = (shipped_folder("mappings") / "generic_statement.yml").read_text(encoding="utf-8").splitlines()
OPTION = re.compile(r"^( *)# (([a-z_]+): .*)$")
OPTIONS = [(at, found) for at, line in enumerate(LINES) if (found := OPTION.match(line))]
STATEMENT = """\
Date,Description,Debit,Credit,Balance
05/03/2026,card,"1,250.50",,100.00
2026-03-06,salary,-,300.00,400.00
Total,,"1,250.50",300.00,
"""


def test_the_template_reads_a_plain_statement(tmp_path: Path) -> None:
    """Out of the box, its total row recognised."""
    (tmp_path / "march.csv").write_text(STATEMENT)
    with Dataset.read(tmp_path / "march.csv", "generic_statement") as data:
        found = data.connection.execute("SELECT account_id, direction, amount FROM transactions ORDER BY row_id")
        assert found.fetchall() == [("STATEMENT-ACCOUNT", "debit", 125050), ("STATEMENT-ACCOUNT", "credit", 30000)]
        assert data.reconciliation.files[0].footer == 1


@pytest.mark.parametrize(("at", "option"), OPTIONS, ids=[found.group(3) for _, found in OPTIONS])
def test_every_option_fits_once_its_mark_is_taken_away(at: int, option: re.Match[str]) -> None:
    """It takes the place of the line it stands for."""
    indent, body, name = option.groups()
    others = [line for line in LINES[:at] if not re.match(rf"^{indent}{name}: ", line)]
    rest = [line for line in LINES[at + 1 :] if not re.match(rf"^{indent}{name}: ", line)]
    Mapping.model_validate(plain(parse("\n".join([*others, indent + body, *rest]), "template")))


def test_the_template_shows_what_statements_need() -> None:
    """So that a person finds it without the manual."""
    shown = {found.group(3) for _, found in OPTIONS}
    assert shown >= {"zone_offset", "skip_rows", "encoding", "header", "at", "amount", "direction", "pooled", "unless"}


def test_the_manual_s_example_of_two_tables_is_a_mapping() -> None:
    """The other blocks of that page are parts of an entry; this one holds entries."""
    page = (shipped_folder("mappings").parent / "docs" / "mapping.md").read_text(encoding="utf-8")
    block = re.findall(r"^    files:\n(?:     +.*\n)+", page, re.MULTILINE)
    assert len(block) == 1
    read = Mapping.model_validate({"id": "t", "title": "t", **plain(parse(textwrap.dedent(block[0]), "mapping.md"))})
    assert [entry.table for entry in read.entries_for("accounts_2026.csv")] == ["accounts", "customers"]
