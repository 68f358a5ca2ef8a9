"""The transactions behind an alert: exact amounts, local times, and where in the files they stand."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal
from pathlib import Path
from typing import Any

import pyarrow as pa

from amlscreen.evidence import evidence_table
from amlscreen.intake.dataset import Dataset
from amlscreen.rules.card import Card
from amlscreen.rules.ruleset import RuleSet
from amlscreen.screening import screen
from amlscreen.settings import Settings
from shapes.looking import lines, rule

SETTINGS = Settings(threads=1)


def card(**others: Any) -> Card:
    """Three payments within nine days; the score alone is enough for an alert."""
    detect = {
        "shape": "window",
        "subject": "account",
        "within": "9d",
        "rows": {"a": {"direction": "credit"}},
        "measures": {"n": {"count": "transactions", "of": "a"}},
        "when": {"n": {"gte": 3}},
    }
    return rule("HT-A01", detect=detect, severity="critical", status="stable", **others)


def evidence(data: Dataset, *cards: Card) -> pa.Table:
    """The evidence of all alerts."""
    result = screen(data, RuleSet.of(*(cards or (card(),))), settings=SETTINGS)
    assert result.alert_list
    return result.evidence_table


def test_amounts_are_exact_in_home_and_original_currency() -> None:
    """No digit is lost, however large the amount; currencies differ in how many digits they have."""
    table = lines("day currency amount\n1 LAK 98765432109876.54\n2 USD 0.01\n3 JPY 7\n4 KWD 1.005")
    given = (("USD", "21537.5"), ("JPY", 145), ("KWD", 70_000))
    rates = [{"currency": name, "date": "2026-03-01", "rate": rate} for name, rate in given]
    with Dataset.from_tables("laos", SETTINGS, transactions=table, fx_rates=rates) as data:
        found = evidence(data)
    assert found["amount"].to_pylist() == [
        Decimal("98765432109876.54"),
        Decimal("215.38"),
        Decimal("1015.00"),
        Decimal("70350.00"),
    ]
    assert found["amount_original"].to_pylist() == [
        Decimal("98765432109876.540"),
        Decimal("0.010"),
        Decimal("7.000"),
        Decimal("1.005"),
    ]
    assert found["currency"].to_pylist() == ["LAK", "USD", "JPY", "KWD"]
    assert set(found["currency_home"].to_pylist()) == {"LAK"}


def test_times_are_local_and_days_are_local_days() -> None:
    """Laos is seven hours ahead of UTC; early morning is still the same day here."""
    with Dataset.from_tables("laos", SETTINGS, transactions=lines("day\n1@00:30\n1@06:59\n2")) as data:
        found = evidence(data)
    day = dt.datetime(2026, 3, 1)
    assert found["at"].to_pylist() == [day.replace(minute=30), day.replace(hour=6, minute=59), day.replace(day=2)]
    assert found["local_day"].to_pylist() == [day.date(), day.date(), dt.date(2026, 3, 2)]


def test_each_row_says_in_which_file_and_record_it_stands(tmp_path: Path) -> None:
    """Records count from 1 in each file, in whatever order the files bring the rows."""
    head = "institution,transaction_id,account_id,at,direction,amount\n"
    (tmp_path / "transactions_a.csv").write_text(
        head + "BANK,T3,A1,2026-03-03,credit,3\nBANK,T0,A2,2026-03-01,debit,9\nBANK,T1,A1,2026-03-01,credit,1\n"
    )
    (tmp_path / "transactions_b.csv").write_text(head + "BANK,T2,A1,2026-03-02,credit,2\n")
    mapping = tmp_path / "mapping.yml"
    mapping.write_text(
        "id: two_files\ntitle: Two files\nfiles:\n- match: '*.csv'\n  table: transactions\n  columns:\n"
        + "".join(f"    {name}: {name}\n" for name in head.strip().split(","))
    )
    files = [tmp_path / f"transactions_{one}.csv" for one in "ab"]
    with Dataset.read(files, mapping=mapping, settings=SETTINGS) as data:
        found = evidence(data)
    assert list(zip(*(found[name].to_pylist() for name in ("transaction_id", "file", "record")), strict=True)) == [
        ("T1", "transactions_a.csv", 3),
        ("T2", "transactions_b.csv", 1),
        ("T3", "transactions_a.csv", 1),
    ]


def test_context_is_told_from_what_decides() -> None:
    """The peak window decides; a row of the same episode outside it is context, under its row set."""
    with Dataset.from_tables("laos", SETTINGS, transactions=lines("day\n1\n5\n8\n12")) as data:
        found = evidence(data)
    assert found["weight"].to_pylist() == ["decides", "decides", "decides", "context"]
    assert set(found["part"].to_pylist()) == {"a"}
    assert set(found["episode"].to_pylist()) == {1}


def test_a_possible_victims_id_does_not_stand_in_the_evidence() -> None:
    """The account's other owner is named instead; an account held by victims alone names nobody."""
    held = [{"account_id": "A1", "customer_id": one, "role": "joint"} for one in ("C1", "C2")]
    with Dataset.from_tables("laos", SETTINGS, transactions=lines("day\n1\n2\n3"), holdings=held) as data:
        result = screen(data, RuleSet.of(card()), settings=SETTINGS)
        owners = [
            set(evidence_table(result.alert_list, data, result.findings.reference, hidden)["customer_id"].to_pylist())
            for hidden in ((), {("BANK", "C1")}, {("OTHER", "C1")}, {("BANK", "C1"), ("BANK", "C2")})
        ]
    assert owners == [{"C1"}, {"C2"}, {"C1"}, {""}]


def test_what_the_judge_masks_is_masked_in_the_evidence() -> None:
    """Whoever is found to be a possible victim is named by no row."""
    held = [{"account_id": one, "customer_id": f"C-{one}", "role": "owner"} for one in ("A1", "V1")]
    table = lines("day counterparty counterparty_kind\n1 account:BANK/V1 account\n2 name:x name\n3 name:y name")
    with Dataset.from_tables("laos", SETTINGS, transactions=table, holdings=held) as data:
        result = screen(data, RuleSet.of(card(possible_victims="a.counterparty")), settings=SETTINGS)
        found = result.evidence_table
    assert [one.customer_id for one in result.protected_list] == ["C-V1"]
    assert ("BANK", "C-V1") in result.verdict.masked
    assert set(found["customer_id"].to_pylist()) == {"C-A1"}
