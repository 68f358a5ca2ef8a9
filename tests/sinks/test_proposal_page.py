"""``aml.propose_mapping`` in a notebook: the mapping, why, the rows, and what is left to answer."""

from __future__ import annotations

from pathlib import Path

import pytest

import amlscreen as aml
from amlscreen.intake.mapping import load_mapping

LINES = [
    "Account No;Txn Date;Withdrawal;Deposit;Ccy;Beneficiary Name",
    "1002003001;03/04/2026;1.250.000,00;;LAK;<b>Person</b> Alpha",
    "1002003001;04/05/2026;;2.000.000,50;LAK;Person Beta",
    "1002003001;05/06/2026;250.000,25;;LAK;Person Gamma",
]


@pytest.fixture
def export(tmp_path: Path) -> Path:
    """An export in which every day could be a month."""
    path = tmp_path / "march.csv"
    path.write_text("\n".join(LINES) + "\n", encoding="utf-8")
    return path


def day_doubt(proposal: object) -> int:
    """Which doubt is about the day."""
    return next(at for at, doubt in enumerate(proposal.doubts) if doubt.about == "at")  # type: ignore[attr-defined]


def test_the_card_shows_raw_next_to_canonical(export: Path) -> None:
    """With layout, reasons, doubts and choices; cells are text, never markup."""
    card = aml.propose_mapping(export, institution="TESTBANK")._repr_html_()
    for part in ("1.250.000,00", "1,250,000.00", "semicolon", "doubts[0]", "taken", "made from", "&lt;b&gt;Person"):
        assert part in card
    assert "<b>Person" not in card and "<script" not in card


def test_printed_it_quotes_nobody(export: Path) -> None:
    """A few plain lines that can stand in a log."""
    said = repr(aml.propose_mapping(export))
    assert "counterparty_name: Beneficiary Name" in said and "doubts[0]" in said
    assert [word for word in ("Alpha", "1002003001", "1.250.000") if word in said] == []


def test_an_answer_changes_what_is_read(export: Path, tmp_path: Path) -> None:
    """And what is written; the proposal before stays as it was."""
    first = aml.propose_mapping(export, institution="TESTBANK")
    other = first.answered(day_doubt(first), 1)
    days = [each.previews[0].pairs[0].canonical["at"] for each in (first, other)]
    assert sorted(days) == ["2026-03-04", "2026-04-03"]
    path = other.write(tmp_path / "m.yml")
    assert load_mapping(path).files == other.mapping.files
    with pytest.raises(aml.SinkError, match="there already"):
        first.write(path)


def test_it_reads_the_whole_through_its_mapping(export: Path) -> None:
    """Ready to be screened."""
    with aml.propose_mapping(export, institution="TESTBANK").read() as data:
        assert data.rows_accepted == 3 and data.institutions == ("TESTBANK",)
