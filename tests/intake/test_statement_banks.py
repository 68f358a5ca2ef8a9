"""Which bank a statement comes from where the file does not say, and what is said if nobody does."""

from __future__ import annotations

from pathlib import Path

import pytest

from amlscreen.errors import DataError
from amlscreen.intake.dataset import Dataset
from amlscreen.settings import Settings

STATEMENT = (
    ":20:S1\r\n:25:{account}\r\n:28C:1\r\n:60F:C260301LAK10,\r\n"
    ":61:2603010301C5,NTRFR{no}\r\n:62F:C260301LAK15,\r\n-\r\n"
)
NAMED, UNNAMED = STATEMENT.format(account="SYNBLALA/A1", no=1), STATEMENT.format(account="A2", no=2)
PAYMENT = (
    "{1:F01SYNBLALAAXXX0000000000}{2:I103SYNCLALAXXXXN}{4:\r\n:20:P1\r\n:23B:CRED\r\n:32A:260301LAK7,\r\n"
    ":50K:/A1\r\nSYNTHETIC\r\n:57D:SYNTHETIC BANK\r\n:59:/B1\r\nSYNTHETIC\r\n:71A:SHA\r\n-}"
)


def read(folder: Path, text: str, institution: str | None) -> Dataset:
    (folder / "a.sta").write_text(text, encoding="ascii", newline="")
    return Dataset.read(folder, settings=Settings(institution=institution, most_quarantined=1))


def banks(data: Dataset) -> list[tuple[str, str]]:
    return data.connection.sql("SELECT institution, account_id FROM transactions ORDER BY ALL").fetchall()


def test_a_statement_that_names_no_bank_is_of_the_stated_one(tmp_path: Path) -> None:
    """Beside one that does name it, and alone."""
    with read(tmp_path, NAMED + UNNAMED, "MYBANK") as data:
        assert banks(data) == [("MYBANK", "A2"), ("SYNBLALA", "A1")]
    with read(tmp_path, UNNAMED, "MYBANK") as data:
        assert banks(data) == [("MYBANK", "A2")]


def test_an_account_of_a_payment_whose_bank_is_not_named_is_nobody_s(tmp_path: Path) -> None:
    """It may be kept by the other bank, so the booking stands aside."""
    with read(tmp_path, PAYMENT, "MYBANK") as data:
        assert [bank for bank, _ in banks(data)] == ["SYNBLALA"]
        assert data.quarantine.table.column("reason").to_pylist() == ["missing_required"]


def test_where_nobody_says_it_the_sentence_tells_how(tmp_path: Path) -> None:
    """A file of one account of an unnamed bank is no dataset until the bank is stated."""
    with pytest.raises(DataError, match="--institution"):
        read(tmp_path, UNNAMED, None)
