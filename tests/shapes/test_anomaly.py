"""Cards over features: who is odd, who is not scored and why, and that nothing but the data decides it."""

from __future__ import annotations

import datetime as dt
from random import Random
from typing import Any

import pyarrow as pa
import pytest

import amlscreen as aml
from amlscreen.covering import coverage
from amlscreen.detectors.named import DETECTORS
from amlscreen.engines.anomalies import asked_by
from amlscreen.feature_catalogue import catalogue
from amlscreen.features.asked import EVERY_RUN
from amlscreen.finding import Findings, find
from amlscreen.hits import Outcome
from amlscreen.intake.dataset import Dataset
from amlscreen.rules.card import Card
from amlscreen.rules.grammar_anomaly import DetectorName
from amlscreen.rules.ruleset import RuleSet
from amlscreen.settings import Settings
from shapes.looking import look, rule

FIRST = dt.date(2026, 1, 1)
AMONG = {"transactions": {"gte": 3}}
Row = dict[str, Any]


def anomaly(rule_id: str = "HT-X99", severity: str = "low", **others: Any) -> Card:
    """A card over a few features."""
    detect = {
        "shape": "anomaly",
        "subject": "customer",
        "detector": "copod",
        "features": ["credits_90d", "debits_90d", "counterparties_90d", "largest_credit_90d", "active_days_30d"],
        "among": AMONG,
        "peers": {"by": ["occupation"], "at_least": 30},
        "when": {"oddness": {"gte": 0.97}},
        **others,
    }
    return rule(rule_id, detect=detect, severity=severity, explain="{oddness:.1%} of {peers}, {peer_group}: {because}.")


def bank(seed: int = 7, customers: int = 40, days: int = 80) -> dict[str, list[Row]]:
    """Drivers who are paid by a few and spend at a few; C000 is paid by many and much, C001 has one row only."""
    rng = Random(seed)
    rows: list[Row] = []
    for number in range(customers):
        count = 1 if number == 1 else 25 if number == 0 else rng.randrange(6, 12)
        for _ in range(count):
            amount = rng.randrange(100, 900) * (60 if number == 0 else 1)
            other = rng.randrange(40 if number == 0 else 4)
            rows.append(
                {
                    "transaction_id": f"T{len(rows):04d}",
                    "account_id": f"A{number:03d}",
                    "at": str(FIRST + dt.timedelta(days=rng.randrange(days))),
                    "direction": rng.choice(["credit", "debit"]),
                    "amount": amount,
                    "channel": "transfer",
                    "counterparty_name": f"name{other}",
                }
            )
    rows.append({**rows[0], "transaction_id": "LAST", "at": str(FIRST + dt.timedelta(days=days))})
    names = [f"{number:03d}" for number in range(customers)]
    return {
        "transactions": rows,
        "customers": [{"customer_id": f"C{one}", "customer_kind": "person", "occupation": "driver"} for one in names],
        "holdings": [{"account_id": f"A{one}", "customer_id": f"C{one}", "role": "owner"} for one in names],
    }


def outcome(found: Findings, rule_id: str = "HT-X99") -> Outcome:
    """What became of the card."""
    return next(one for one in found.outcomes if one.rule_id == rule_id)


def test_who_is_unlike_its_peers_is_found_and_told_why() -> None:
    """The hit names the peers, their number, and what sets the customer apart; it points at no transactions."""
    found = look(anomaly(), **bank())
    assert outcome(found).status == "ran", outcome(found).reason
    (hit,) = found.hits
    assert (hit.subject.kind, hit.subject.id, hit.customer_ids) == ("customer", "C000", ("C000",))
    assert hit.measures["peers"] == 39
    assert hit.measures["peer_group"] == "occupation driver"
    assert hit.measures["oddness"] == 38 * 1_000_000 // 39
    assert hit.measures["leading"] in catalogue()
    assert "is usual)" in str(hit.measures["because"])
    assert hit.row_ids.size == 0
    assert found.oddness[0] == hit.measures["oddness"]


def test_accounts_are_judged_like_customers() -> None:
    """The hit is about the account and names its owners."""
    found = look(anomaly(subject="account"), **bank())
    assert outcome(found).status == "ran", outcome(found).reason
    (hit,) = found.hits
    assert (hit.subject.kind, hit.subject.id, hit.customer_ids, hit.account_ids) == (
        "account",
        "A000",
        ("C000",),
        ("A000",),
    )
    assert found.oddness.size == 0


def test_who_does_too_little_is_no_peer_and_is_counted() -> None:
    """One transaction is below the floor of ``among``."""
    found = look(anomaly(), **bank())
    assert "not_looked_at:1 outside of `among`" in outcome(found).notes
    assert found.oddness[1] == -1


def test_neither_partitions_nor_threads_nor_the_order_of_rows_change_anything() -> None:
    """The same data give the same hits and the same oddness of everybody."""
    given = bank()
    cards = [anomaly(), anomaly("HT-X98", detector="isolation_forest"), anomaly("HT-X97", subject="account")]
    first = look(*cards, **given)
    assert {one.status for one in first.outcomes} == {"ran"}
    turned = {name: rows[::-1] for name, rows in given.items()}
    for settings, tables in ((Settings(threads=2, partition_rows=40), given), (Settings(threads=1), turned)):
        again = look(*cards, settings=settings, **tables)
        assert list(map(repr, again.hits)) == list(map(repr, first.hits))
        ids, oddness = (found.reference.customer_ids["customer_id"].to_pylist() for found in (first, again))
        assert dict(zip(ids, first.oddness.tolist(), strict=True)) == dict(
            zip(oddness, again.oddness.tolist(), strict=True)
        )


@pytest.mark.parametrize(
    ("changes", "tables", "said"),
    [
        ({"history": "90d"}, {}, "needs 90 days of history, the data has 81"),
        (
            {"features": ["conductors_90d", "emptied_share_90d", "credits_90d"], "least_features": 2},
            {},
            "needs 2 features",
        ),
        ({"features": ["conductors_90d"], "least_features": 1}, {}, "no data: transactions.conductor_id"),
        ({"peers": {"by": ["occupation"], "at_least": 100}}, {}, "nobody can be scored: too few peers (39)"),
        ({"among": {"transactions": {"gte": 900}}}, {}, "nobody meets the conditions of `among`"),
    ],
)
def test_data_too_poor_are_told_with_the_reason(changes: Row, tables: Row, said: str) -> None:
    """A card by which nobody can be scored is not evaluable, never silently without a hit."""
    found = look(anomaly(**changes), **{**bank(), **tables})
    assert (outcome(found).status, found.hits) == ("not_evaluable", ())
    assert said in outcome(found).reason
    assert (found.oddness == -1).all()


def test_more_subjects_than_a_detector_takes_is_a_reason(monkeypatch: pytest.MonkeyPatch) -> None:
    """Detectors that compare pair by pair say so; the run goes on."""
    from amlscreen.detectors import named

    few = named.Named(named.PyodDetector("knn", "knn.KNN", most_rows=10), "what is far")
    monkeypatch.setattr(named, "DETECTORS", {**DETECTORS, "knn": few})
    found = look(anomaly(detector="knn"), **bank())
    assert outcome(found).status == "not_evaluable"
    assert "at most 10" in outcome(found).reason


def test_a_short_history_is_not_scored_and_counted() -> None:
    """Who was first seen a week ago has no half year to be held against."""
    given = bank()
    late = [row for row in given["transactions"] if row["account_id"] == "A005"]
    for at, row in enumerate(late):
        row["at"] = str(FIRST + dt.timedelta(days=75 + at % 5))
    found = look(anomaly(history="30d"), **given)
    assert outcome(found).status == "ran"
    assert "not_scored:1 too short a history" in outcome(found).notes
    assert outcome(found).subjects_not_evaluable == 1


def test_without_such_cards_nothing_is_worked_out_for_them() -> None:
    """A run pays for no feature, no detector and no column that nobody asked for."""
    others = RuleSet.load().select(family=["account", "network", "kyc"])
    assert asked_by(others) == EVERY_RUN
    found = look(**bank())
    assert found.oddness.size == 0


def test_an_anomaly_never_alerts_alone_whatever_it_is_called() -> None:
    """Neither by its points nor as a family; it only reorders."""
    cards = RuleSet.of(*(anomaly(f"MY-{letter}51", "critical") for letter in "ATLNS"))
    settings = Settings(threads=1)
    with Dataset.from_tables("laos", settings, **bank()) as data:
        result = aml.screen(data, cards, settings=settings)
        assert result.alert_list == ()
        first = result.ranked.iloc[0]
    assert (first.customer_id, first["rank"]) == ("C000", 1)
    assert first.score > 100


def test_oddness_orders_those_whom_points_leave_equal() -> None:
    """After score and confidence; who was not scored comes last of them, and null says so."""
    settings = Settings(threads=1)
    never = anomaly(when={"oddness": {"gt": 1}})
    with Dataset.from_tables("laos", settings, **bank()) as data:
        ranked = aml.screen(data, RuleSet.of(never), settings=settings).ranked_table
    oddness = ranked["oddness"].to_pylist()
    assert set(ranked["score"].to_pylist()) == {0}
    assert oddness[:-1] == sorted(oddness[:-1], reverse=True)
    assert oddness[-1] is None
    assert ranked["customer_id"].to_pylist()[0] == "C000"
    assert ranked.schema.field("oddness").type == pa.float64()


def test_why_not_tells_place_peers_and_figures() -> None:
    """For one that is no hit, one that is not looked at, and one that is not there."""
    settings = Settings(threads=1)
    with Dataset.from_tables("laos", settings, **bank()) as data:
        result = aml.screen(data, RuleSet.of(anomaly()), settings=settings)
        of_one = result.why_not("HT-X99", "C002").set_index("condition")
        assert not of_one.loc["oddness", "holds"]
        assert of_one.loc["oddness", "distance"] > 0
        assert of_one.loc["peers", "measured"] == 39
        idle = result.why_not("HT-X99", "C001")
        assert (idle["condition"].tolist(), idle["holds"].tolist()) == (["transactions"], [False])
        with pytest.raises(aml.SettingsError, match="no customer 'C999'"):
            result.why_not("HT-X99", "C999")


def test_coverage_names_the_column_that_would_open_a_card() -> None:
    """As for rules that sweep rows."""
    given = bank()
    for row in given["transactions"]:
        del row["counterparty_name"]
    card = anomaly(features=[], groups=["graph"])
    with Dataset.from_tables("laos", Settings(threads=1), **given) as data:
        (told,) = coverage(data, RuleSet.of(card)).rules
        assert find(data, RuleSet.of(card)).outcomes[0].status == "not_evaluable"
    assert (told.status, told.opens_with) == ("blind", ("transactions.counterparty",))


def test_cards_may_name_the_detectors_there_are() -> None:
    """The grammar is read without loading them, and knows the same names."""
    assert set(DetectorName.__args__) == set(DETECTORS)
