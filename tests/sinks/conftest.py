"""A small finished run with the same fields as a real one, so that outputs can be tested without screening."""

from __future__ import annotations

import datetime as dt
from dataclasses import asdict, dataclass, field, replace
from decimal import Decimal
from typing import Any

import pyarrow as pa
import pytest

from amlscreen.alerts import Alert, Contribution, Protected
from amlscreen.hits import Outcome, SubjectRef
from amlscreen.jurisdiction import Jurisdiction
from amlscreen.kyc.report import KycReport
from amlscreen.quality import QualityReport
from amlscreen.rules.card import Card
from amlscreen.settings import BANDS, Settings
from sinks.made_kyc import made_kyc
from sinks.made_quality import made_quality

FIRST_DAY = 20_500  # 2026-02-16
MONEY = pa.decimal128(38, 2)
EVIDENCE = pa.schema(
    [
        ("alert_id", pa.string()),
        ("rule_id", pa.string()),
        ("episode", pa.int64()),
        ("part", pa.string()),
        ("weight", pa.string()),
        ("institution", pa.string()),
        ("transaction_id", pa.string()),
        ("account_id", pa.string()),
        ("customer_id", pa.string()),
        ("local_day", pa.date32()),
        ("at", pa.timestamp("us")),
        ("direction", pa.string()),
        ("amount", MONEY),
        ("currency_home", pa.string()),
        ("amount_original", MONEY),
        ("currency", pa.string()),
        ("channel", pa.string()),
        ("kind", pa.string()),
        ("purpose", pa.string()),
        ("counterparty", pa.string()),
        ("counterparty_kind", pa.string()),
        ("province", pa.string()),
        ("country", pa.string()),
        ("branch_id", pa.string()),
        ("terminal_id", pa.string()),
        ("narrative", pa.string()),
        ("file", pa.string()),
        ("record", pa.int64()),
    ]
)
JURISDICTION = Jurisdiction.model_validate(
    {
        "id": "testland",
        "title": "Testland",
        "currency": "LAK",
        "minor_digits": 2,
        "shown_digits": 0,
        "utc_offset_minutes": 420,
        "time_zone": "Asia/Vientiane",
        "cash_report_threshold": [],
        "monthly_minimum_wage": [],
        "required_kyc": [],
    }
)
TITLES = {
    "HT-A01": "Unrelated people in several provinces pay in, then the money leaves as cash",
    "HT-A02": "Money that comes in leaves again within a day",
    "HT-L01": "Wages are paid back to the employer",
    "HT-S02": "An account under fraud recall keeps moving money",
    "HT-K05": "Identity paper has expired",
}


def card(rule_id: str) -> Card:
    """The least card that can be built."""
    return Card.model_validate(
        {
            "id": rule_id,
            "title": TITLES[rule_id],
            "status": "stable",
            "version": 1,
            "typology": "funnel_account",
            "exploitation": ["labour"],
            "severity": "high",
            "role": "unclear",
            "description": "What it is.",
            "rationale": "Why it matters.",
            "references": [{"source": "FinCEN FIN-2020-A008", "year": 2020}],
            "false_positives": ["Traders with branches in several provinces."],
            "blind_spots": ["Money that leaves by card."],
            "next_steps": ["Read the account-opening file."],
            "detect": {
                "shape": "window",
                "subject": "account",
                "within": "9d",
                "rows": {"inflow": {"direction": "credit"}},
                "measures": {"received": {"sum": "amount", "of": "inflow"}},
                "when": {"received": {"gte": 1}},
            },
            "explain": "{received:money} came in.",
            "examples": [{"name": "one", "transactions": [], "expect": "clear"}],
        }
    )


@dataclass(frozen=True)
class KycFound:
    institution: str
    customer_id: str
    rule_id: str
    severity: str
    finding: str
    since: int


@dataclass(frozen=True)
class Quarantined:
    table: pa.Table


@dataclass(frozen=True)
class Reconciled:
    rows_read: int
    rows_accepted: int
    rows_quarantined: int
    rows_duplicate: int
    rows_excluded: int = 0

    def ties(self) -> None:
        assert self.rows_read == self.rows_accepted + self.rows_quarantined + self.rows_duplicate

    def to_dict(self) -> dict[str, Any]:
        return asdict(self)


@dataclass(frozen=True)
class Verdict:
    counts: dict[str, int] = field(default_factory=lambda: {"hits": 9, "unreviewed": 4})
    masked: frozenset[tuple[str, str]] = frozenset({("BANKA", "CV77")})
    history: pa.Table = field(default_factory=lambda: pa.table({"alert_id": pa.array([], pa.string())}))


@dataclass(frozen=True)
class Data:
    quarantine: Quarantined
    reconciliation: Reconciled
    tables: dict[str, pa.Table]
    rows_accepted: int = 1_204
    first_day: int = FIRST_DAY - 90
    last_complete_day: int = FIRST_DAY + 28
    institutions: tuple[str, ...] = ("BANKA",)
    warnings: tuple[str, ...] = ("transactions.csv: column REMARK2 is not mapped.",)


@dataclass(frozen=True)
class FakeRun:
    alert_list: tuple[Alert, ...]
    ranked_table: pa.Table
    points_table: pa.Table
    protected_list: tuple[Protected, ...]
    kyc_list: tuple[KycFound, ...]
    evidence_table: pa.Table
    outcomes: tuple[Outcome, ...]
    data: Data
    cards: dict[str, Card] = field(default_factory=lambda: {rule_id: card(rule_id) for rule_id in TITLES})
    settings: Settings = field(default_factory=Settings)
    jurisdiction: Jurisdiction = JURISDICTION
    verdict: Verdict = field(default_factory=Verdict)
    kyc_report: KycReport = field(default_factory=made_kyc)
    quality: QualityReport = field(default_factory=lambda: made_quality(JURISDICTION))
    fingerprint: str = "0" * 64
    times: dict[str, Any] = field(default_factory=lambda: {"started": "2026-03-16T20:00:00+07:00"})

    def but(self, **changes: Any) -> FakeRun:
        """The same run with other fields."""
        return replace(self, **changes)


def alert(number: int) -> Alert:
    """Alert ``number`` of a run, most urgent first; account F<number>, customer C<number>."""
    contributions = (
        Contribution("rule", "HT-A01", 45, "5 people in 4 provinces paid in; 80% left as cash within three days."),
        Contribution("rule", "HT-S02", 70, "A fraud complaint names this account; money moved after it."),
        Contribution("repeat", "HT-A01", 5, "One further episode of the same rule."),
        Contribution("overlap", "HT-A02", -25, "Rests on the same rows as HT-A01 and is counted once."),
        Contribution("rule", "HT-A02", 25, "91% of the money left within a day."),
        Contribution("counter", "", -number % 30 - 30, "Salary arrived and was spent on daily living for 14 months."),
    )
    score = sum(row.points for row in contributions)
    return Alert(
        alert_id=f"AL-{number:05}",
        revision=1 + number % 2,
        change=("new", "grown", "unchanged")[number % 3],
        rank=number,
        score=score,
        band=BANDS[3 - number % 4],
        confidence=0.75 if number % 2 else 1.0,
        subject=SubjectRef("BANKA", "account", f"F{number}"),
        customer_ids=(f"C{number}",),
        account_ids=(f"F{number}",),
        role="unclear",
        typologies=("funnel_account", "recalled_fraud"),
        rule_ids=("HT-A01", "HT-S02", "HT-A02"),
        first_day=FIRST_DAY + number % 5,
        last_day=FIRST_DAY + 10 + number % 5,
        transactions=6,
        amount=2_700_000_000 - number * 100_000,
        currency="LAK",
        summary="5 people with no earlier tie to the holder paid 15,000,000 LAK from 4 provinces; 80% left as cash.",
        clause="anchor_with_families;band",
        contributions=contributions,
        hits=(),
        would_differ=("With fewer than 5 payers, HT-A01 would not have been met.",),
        false_positives=("Traders with branches in several provinces; agents who collect for a known company.",),
        next_steps=("Read the account-opening file.", "Compare the payers with earlier reports."),
    )


def evidence_rows(number: int) -> list[dict[str, Any]]:
    """Five payments in, one cash withdrawal, two of them standing in two rules."""
    rows = []
    day = FIRST_DAY + number % 5
    for step in range(6):
        out = step == 5
        local_day = dt.date(1970, 1, 1) + dt.timedelta(days=day + 2 * step)
        amount = Decimal("12000000.00") if out else Decimal(f"{2_500_000 + 250_000 * step}.00")
        row = {
            "alert_id": f"AL-{number:05}",
            "rule_id": "HT-A01",
            "episode": 0,
            "part": "cash_out" if out else "inflow",
            "weight": "context" if step == 0 else "decides",
            "institution": "BANKA",
            "transaction_id": f"T{number}-{step}",
            "account_id": f"F{number}",
            "customer_id": f"C{number}",
            "local_day": local_day,
            "at": dt.datetime.combine(local_day, dt.time(9 + step, 30)),
            "direction": "debit" if out else "credit",
            "amount": amount,
            "currency_home": "LAK",
            "amount_original": amount,
            "currency": "LAK",
            "channel": "atm" if out else "transfer",
            "kind": "customer",
            "counterparty": None if out else f"account:BANKB/P{step}",
            "counterparty_kind": None if out else "account",
            "province": ("LA-VT", "LA-BK", "LA-SV", "LA-CH", "LA-LP", "LA-VT")[step],
            "branch_id": "001",
            "narrative": None if out else "for goods",
            "file": "transactions.csv",
            "record": number * 10 + step,
        }
        rows.append(row)
        if step in (1, 2):
            rows.append({**row, "rule_id": "HT-A02", "part": "through"})
    return rows


def build(alerts: int = 3) -> FakeRun:
    """A run with that many alerts."""
    quarantine = {
        "file": ["transactions.csv"] * 3,
        "line": [7, 19, 40],
        "record": [6, 18, 39],
        "table": ["transactions"] * 3,
        "column": ["amount", "at", "amount"],
        "reason": ["not_a_number", "impossible_date", "not_a_number"],
        "value": ["=1+1", "31/02/2026", "12,O00"],
        "message": ["amount is not a number"] * 3,
    }
    tables = {
        "accounts": pa.table({"account_id": ["F1", "V100200"], "customer_id": ["C1", "CV77"]}),
        "customers": pa.table({"customer_id": ["C1", "CV77"], "name": [None, "Testname Onlyhere"]}),
    }
    numbers = range(1, alerts + 1)
    evidence = [row for number in numbers for row in evidence_rows(number)]
    return FakeRun(
        alert_list=tuple(alert(number) for number in numbers),
        ranked_table=pa.table({"institution": ["BANKA"] * 40, "customer_id": [f"C{n}" for n in range(1, 41)]}),
        points_table=pa.table({"institution": ["BANKA"], "customer_id": ["C1"], "points": [70]}),
        protected_list=(Protected("AL-00001", "CV77", "possible_victim", 90, "CV77 pays most wages back."),),
        kyc_list=(KycFound("BANKA", "C9", "HT-K05", "medium", "The identity paper has expired.", FIRST_DAY),),
        evidence_table=pa.Table.from_pylist(evidence, schema=EVIDENCE),
        outcomes=(
            Outcome("HT-A01", 1, "ran", hits=4, subjects=3, partial_hits=1, seconds=0.25),
            Outcome("HT-A02", 1, "ran", hits=3, subjects=3, seconds=0.125),
            Outcome("HT-S02", 1, "ran", hits=3, subjects=3, seconds=0.1),
            Outcome("HT-L01", 1, "not_evaluable", "transactions.purpose has no value in this data."),
            Outcome("HT-K05", 1, "failed", "customers.id_expiry could not be read."),
        ),
        data=Data(
            Quarantined(pa.table(quarantine)),
            Reconciled(1_210, 1_204, 3, 3),
            tables,
        ),
    )


@pytest.fixture
def make_run() -> Any:
    """Builds a run: ``make_run(alerts=3)``."""
    return build


@pytest.fixture
def run() -> FakeRun:
    """A run with three alerts."""
    return build()
