"""What a mapping makes of a file: canonical rows beside the raw ones, by really reading it."""

from __future__ import annotations

from pathlib import Path

import pytest

from amlscreen.intake.mapping import Mapping
from amlscreen.intake.proposing import beginning as beginnings
from amlscreen.intake.proposing.preview import preview
from amlscreen.jurisdiction import Jurisdiction

LAOS = Jurisdiction.load("laos")
MAPPING = Mapping.model_validate(
    {
        "id": "m",
        "title": "One export",
        "files": [
            {
                "match": "*",
                "table": "transactions",
                "columns": {
                    "account_id": "ACC",
                    "at": {"from": "DAY", "date": "%d/%m/%Y", "era": "buddhist"},
                    "amount": {"debit": "OUT", "credit": "IN"},
                    "currency": "CCY",
                    "counterparty_name": "WHO",
                },
                "unless": {"STATE": "Pending"},
            }
        ],
    }
)
LINES = [
    "DAY;ACC;OUT;IN;CCY;WHO;STATE",
    "29/02/2567;1001;1.250.000,00;;LAK;Person A;Booked",
    "01/03/2567;1001;;200,50;USD;Person B;Booked",
    "31/02/2567;1001;5,00;;LAK;Person C;Booked",
    "01/03/2567;1001;5,00;;LAK;Person D;Pending",
    "02/03/2567;1001;;300,00;LAK;Person E",
]


def mapped(**changes: object) -> Mapping:
    """The mapping with its amounts in the spelling of these lines, and other changes."""
    (entry,) = MAPPING.model_dump(by_alias=True, exclude_unset=True)["files"]
    entry["columns"]["amount"] = {"debit": "OUT", "credit": "IN", "decimal": ","}
    return Mapping.model_validate({"id": "m", "title": "One export", "files": [{**entry, **changes}]})


@pytest.fixture
def export(tmp_path: Path) -> Path:
    """A small export with a good row of each side, a day that never was, a pending and a short row."""
    path = tmp_path / "march.csv"
    path.write_text("\n".join(LINES) + "\n", encoding="utf-8")
    return path


def test_canonical_rows_stand_beside_their_records(export: Path) -> None:
    """As a canonical export would spell them, with the line they came from."""
    (seen,) = preview(export, mapped(), LAOS)
    first, second = seen.pairs[:2]
    assert first.line == 2 and first.raw == tuple(LINES[1].split(";"))
    assert first.canonical == {
        "account_id": "1001", "at": "2024-02-29", "direction": "debit", "amount": "1,250,000.00", "currency": "LAK",
        "kind": "customer", "counterparty_name": "Person A", "counterparty": first.canonical["counterparty"],
    }  # fmt: skip
    assert (second.canonical["amount"], second.canonical["currency"], second.canonical["direction"]) == (
        "200.50",
        "USD",
        "credit",
    )


def test_rows_that_would_stand_aside_are_shown_with_their_reason(export: Path) -> None:
    """What the mapping gets wrong is seen at once."""
    (seen,) = preview(export, mapped(), LAOS)
    assert [(pair.line, pair.reason, pair.column) for pair in seen.pairs[2:]] == [
        (4, "bad_date", "at"),
        (6, "ragged", None),
    ]
    assert dict(seen.reasons) == {"bad_date in at": 1, "ragged": 1}


def test_the_counts_tie_and_the_totals_are_those_of_accepted_rows(export: Path) -> None:
    """Records are accepted, set aside or excluded; money is told by currency and side."""
    (seen,) = preview(export, mapped(), LAOS)
    assert (seen.records, seen.accepted, seen.quarantined, seen.excluded, seen.whole) == (5, 2, 2, 1, True)
    assert seen.totals == (("LAK", "debit", 1, "1,250,000.00"), ("USD", "credit", 1, "200.50"))
    assert [warning for warning in seen.warnings if "exchange rate" in warning]


def test_a_mapping_that_does_not_fit_is_told_in_one_sentence(export: Path) -> None:
    """Not raised: the other files still have a preview."""
    (seen,) = preview(export, mapped(columns={"account_id": "NOWHERE"}), LAOS)
    assert seen.refused and "no column 'NOWHERE'" in seen.refused and not seen.pairs


def test_a_file_that_is_no_table_is_told_too(tmp_path: Path) -> None:
    """Beside one that is."""
    (tmp_path / "a.csv").write_text("\n".join(LINES), encoding="utf-8")
    (tmp_path / "b.csv").write_bytes(b"%PDF-1.7 \x00\x01\x02")
    seen = preview(tmp_path, mapped(), LAOS)
    assert [each.refused is None for each in seen] == [True, False]


@pytest.mark.parametrize("encoding", ["utf-8", "utf-16", "utf-16-le"])
def test_only_the_beginning_of_a_large_file_is_read(
    export: Path, encoding: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Whole lines, told as no whole file."""
    text = "\n".join([LINES[0], *LINES[1:3] * 50]) + "\n"
    export.write_bytes(("\ufeff" if encoding == "utf-16-le" else "").encode("utf-16-le") + text.encode(encoding))
    monkeypatch.setattr(beginnings, "_MOST_BYTES", 1001)
    (seen,) = preview(export, mapped(), LAOS)
    assert not seen.whole and seen.refused is None and seen.quarantined == 0
    assert 2 < seen.accepted == seen.records < 100
