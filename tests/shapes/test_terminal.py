"""A place as the subject: one machine, and whose accounts were used there."""

from __future__ import annotations

from typing import Any

from amlscreen.intake.dataset import Dataset
from amlscreen.rules.ruleset import RuleSet
from amlscreen.screening import screen
from amlscreen.settings import Settings
from shapes.looking import lines, look, rule

CARDS_AT_ONE_MACHINE: dict[str, Any] = {
    "shape": "window",
    "subject": "terminal",
    "within": "20min",
    "rows": {"drawn": {"direction": "debit"}},
    "measures": {"accounts": {"distinct": "account", "of": "drawn"}},
    "when": {"accounts": {"gte": 3}},
}
ROWS = lines(
    """
    day     account terminal_id
    2@10:00 A1 M1
    2@10:05 A2 M1
    2@10:10 A3 M1
    2@10:12 A1 M1
    2@10:15 A4 -
    2@10:00 A4 M2
    2@10:05 A5 M2
    2@18:00 A6 M2
    """,
    direction="debit",
)
JOINT = [
    {"account_id": "A1", "customer_id": "C1", "role": "joint"},
    {"account_id": "A1", "customer_id": "C9", "role": "joint"},
    *({"account_id": f"A{n}", "customer_id": f"C{n}", "role": "owner"} for n in range(2, 7)),
]


def test_the_machine_is_the_subject_and_whose_accounts_were_used_is_told() -> None:
    """Of a joint account the first owner stands for it; rows without a terminal are not looked at."""
    (hit,) = look(rule(detect=CARDS_AT_ONE_MACHINE), transactions=ROWS, holdings=JOINT).hits
    assert (hit.subject.kind, hit.subject.id, hit.measures) == ("terminal", "M1", {"accounts": 3})
    assert (hit.account_ids, hit.customer_ids) == (("A1", "A2", "A3"), ("C1", "C2", "C3"))
    assert len(hit.row_ids) == 4


def test_those_whose_cards_were_used_may_be_victims() -> None:
    """They are told apart, as in every other rule."""
    card = rule(detect=CARDS_AT_ONE_MACHINE, possible_victims="drawn.customer")
    (hit,) = look(card, transactions=ROWS, holdings=JOINT).hits
    assert hit.victims == ("C1", "C2", "C3")


def test_two_banks_may_use_one_number_for_two_machines() -> None:
    """Accounts of both are not together anywhere."""
    rows = [{**row, "institution": "OTHER" if row["account_id"] == "A3" else "BANK"} for row in ROWS]
    assert look(rule(detect=CARDS_AT_ONE_MACHINE), transactions=rows).hits == ()


def test_without_terminals_nothing_can_be_looked_at() -> None:
    """Never silently no hit."""
    rows = [{**row, "terminal_id": None} for row in ROWS]
    (outcome,) = look(rule(detect=CARDS_AT_ONE_MACHINE), transactions=rows).outcomes
    assert (outcome.status, outcome.reason) == ("not_evaluable", "no data: transactions.terminal_id")


def test_a_machine_can_be_asked_why_not() -> None:
    """By its number; the nearest point is two accounts of three."""
    card = rule(detect=CARDS_AT_ONE_MACHINE)
    with Dataset.from_tables("laos", Settings(threads=1), transactions=ROWS) as data:
        result = screen(data, RuleSet.of(card), settings=Settings(threads=1))
        (row,) = result.why_not(card.id, "M2").to_dict("records")
    assert (row["condition"], row["measured"], row["holds"]) == ("accounts", 2, False)


def test_an_alert_on_a_machine_names_the_machine_and_hides_whose_cards_they_were() -> None:
    """The account ids stay, for without them nothing could be looked up; no customer is named."""
    card = rule(
        "HT-L09", detect=CARDS_AT_ONE_MACHINE, possible_victims="drawn.customer", severity="critical", anchor=True
    )
    people = [{"customer_id": f"C{n}", "name": f"Test Person {n}"} for n in range(1, 10)]
    settings = Settings(threads=1)
    with Dataset.from_tables("laos", settings, transactions=ROWS, holdings=JOINT, customers=people) as data:
        result = screen(data, RuleSet.of(card), settings=settings)
        (alert,) = result.alert_list
        protected = {person.customer_id for person in result.protected_list}
    assert (alert.subject.kind, alert.subject.id, alert.customer_ids) == ("terminal", "M1", ())
    assert protected == {"C1", "C2", "C3"}
    assert "C1" not in alert.summary
