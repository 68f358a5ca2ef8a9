"""What becomes of each rule: it ran, it could not be looked at and why, it failed and why."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest

from amlscreen.finding import Findings, find
from amlscreen.hits import Outcome
from amlscreen.intake.dataset import Dataset
from amlscreen.rules.card import Card
from amlscreen.rules.ruleset import RuleSet
from amlscreen.settings import Settings
from shapes.looking import lines, look, rule, transaction_ids

CREDITS: dict[str, Any] = {
    "shape": "window",
    "subject": "account",
    "within": "3d",
    "rows": {"a": {"direction": "credit"}},
    "measures": {"n": {"count": "transactions", "of": "a"}},
    "when": {"n": {"gte": 2}},
}
TWICE = lines("day account\n1 A1\n2 A1\n2 A2")


def outcome(card: Card, **tables: Any) -> Outcome:
    """What became of the only rule."""
    return look(card, **{"transactions": TWICE, **tables}).outcomes[0]


@pytest.mark.parametrize(
    ("changes", "reason"),
    [
        ({"rows": {"a": {"province": "LA-VT"}}}, "no data: transactions.province"),
        ({"rows": {"a": {"account_age": {"lt": 9}}}}, "no data: accounts.opened"),
        ({"subject": "conductor"}, "no data: transactions.conductor_id"),
        ({"within": "5h"}, "no clock times: every transaction is known by its date only"),
        ({"rows": {"a": {"hour": {"gte": 22}}}}, "no clock times: every transaction is known by its date only"),
        ({"rows": {"a": {"quiet_days": {"gte": 60}}}}, "needs 60 days of history, the data has 2"),
    ],
)
def test_a_rule_without_what_it_needs_says_what_that_is(changes: dict[str, Any], reason: str) -> None:
    """A table, a column, a clock, a history: never silently no hit."""
    found = outcome(rule(detect={**CREDITS, **changes}))
    assert found.status == "not_evaluable"
    assert found.reason == reason


def test_a_rule_on_two_kinds_of_subject_runs_on_the_one_there_is() -> None:
    """Without conductors the customers are still looked at, and the outcome says what was not."""
    found = outcome(rule(detect={**CREDITS, "subject": ["customer", "conductor"]}))
    assert (found.status, found.hits) == ("ran", 1)
    assert found.reason == "no data: transactions.conductor_id"


def test_one_failing_rule_does_not_stop_the_others(monkeypatch: pytest.MonkeyPatch) -> None:
    """Its outcome says what went wrong; the other's hits are all there."""
    from amlscreen.shapes import sweep

    whole = sweep.sweep_selection

    def breaks(selection: Any, alert_from: int) -> Any:
        if selection.plan.card.id == "HT-T01":
            raise ValueError("a column holds what it must not")
        return whole(selection, alert_from)

    monkeypatch.setattr(sweep, "sweep_selection", breaks)
    cards = rule("HT-T01", detect=CREDITS), rule("HT-T02", detect=CREDITS)
    first, second = look(*cards, transactions=TWICE).outcomes
    assert (first.status, first.reason) == ("failed", "ValueError: a column holds what it must not")
    assert (second.status, second.hits) == ("ran", 1)


def following(lead: str = "HT-T02", rule_id: str = "HT-T01", **changes: Any) -> Card:
    """A rule on debits of a customer after another rule's hit."""
    detect = {**CREDITS, "subject": "customer", "rows": {"a": {"direction": "debit"}}, "when": {"n": {"gte": 1}}}
    return rule(rule_id, detect={**detect, "within": "1d", "after_hit": {"rule": lead, "within": "3d"}, **changes})


DEBITS = lines(
    """
    day account direction
    1   A1      credit
    2   A1      credit
    2   B1      debit
    4   A1      debit
    5   A1      debit
    7   A1      debit
    """
)


def last_days(found: Findings, rule_id: str = "HT-T01") -> list[int]:
    """The day of March on which each hit of a rule ends."""
    first = (dt.date(2026, 3, 1) - dt.date(1970, 1, 1)).days
    return [hit.last_day - first + 1 for hit in found.hits if hit.rule_id == rule_id]


def test_a_rule_after_another_keeps_hits_within_the_span_on_the_same_customer() -> None:
    """The leading episode ended on the second; three days later it is over. The other customer never had one."""
    assert last_days(look(following(), rule("HT-T02", detect=CREDITS), transactions=DEBITS)) == [4]


def test_a_chain_of_rules_does_not_depend_on_their_ids() -> None:
    """A follows B and B follows C: B's hits are settled before A looks at them."""
    chain = following("HT-T02"), following("HT-T03", "HT-T02"), rule("HT-T03", detect=CREDITS)
    found = look(*chain, transactions=DEBITS)
    assert (last_days(found, "HT-T02"), last_days(found)) == ([4], [4, 5])


@pytest.mark.parametrize(
    ("others", "reason"),
    [
        ((), "follows HT-T02, which is not among the rules"),
        (
            (rule("HT-T02", detect={**CREDITS, "rows": {"a": {"province": "LA-VT"}}}),),
            "follows HT-T02, which cannot be looked at",
        ),
    ],
)
def test_a_rule_whose_leading_rule_is_not_there_is_not_evaluable(others: tuple[Card, ...], reason: str) -> None:
    """Without a leading hit it could only be silent."""
    found = look(following(), *others, transactions=DEBITS).outcomes[0]
    assert (found.status, found.reason) == ("not_evaluable", reason)


def test_nothing_after_as_of_is_looked_at() -> None:
    """Neither as part of a window nor as proof that somebody was silent."""
    table = lines("day direction\n1 credit\n2 credit\n3 credit\n4 debit\n9 credit")
    silent = {
        "shape": "sequence",
        "subject": "account",
        "rows": {"a": {"direction": "credit"}, "b": {"direction": "debit"}},
        "first": "a",
        "then": [{"rows": "b", "within": "2d", "is": "absent"}],
    }
    cards = rule("HT-T01", detect=CREDITS), rule("HT-T02", detect=silent)
    on_day_2 = look(*cards, settings=Settings(threads=1, as_of=dt.date(2026, 3, 2)), transactions=table)
    assert [(hit.rule_id, hit.measures) for hit in on_day_2.hits] == [("HT-T01", {"n": 2})]
    assert on_day_2.features.table["transactions"].to_pylist() == [2]
    later = look(*cards, settings=Settings(threads=1, as_of=dt.date(2026, 3, 20)), transactions=table)
    assert [(hit.rule_id, hit.measures) for hit in later.hits] == [
        ("HT-T01", {"n": 3}),
        ("HT-T02", {}),
        ("HT-T02", {}),
    ]


def test_before_the_first_row_there_is_nothing() -> None:
    """A day that is too early gives no hit and no error."""
    found = look(rule(detect=CREDITS), settings=Settings(threads=1, as_of=dt.date(2020, 1, 1)), transactions=TWICE)
    assert (found.hits, found.outcomes[0].status) == ((), "ran")


def test_only_episodes_of_the_last_days_carry_their_rows() -> None:
    """Older ones are context: they count, and point at nothing."""
    table = lines("day\n1\n2\n20\n21")
    settings = Settings(threads=1, alert_days=5)
    with Dataset.from_tables("laos", settings, transactions=table) as data:
        old, new = find(data, RuleSet.of(rule(detect=CREDITS))).hits
        assert transaction_ids(data, [old, new]) == [[], ["T002", "T003"]]
    assert (old.episode, new.episode, old.parts, new.parts) == (1, 2, (), ("a", "a"))


def test_account_sweeps_see_a_joint_account_once_and_customer_sweeps_each_owner() -> None:
    """The account's hit names all its owners; each owner's hit names the owner."""
    held = [{"account_id": "A1", "customer_id": one, "role": "joint"} for one in ("C2", "C1")]
    held.append({"account_id": "A1", "customer_id": "C9", "role": "signatory"})
    cards = rule("HT-T01", detect=CREDITS), rule("HT-T02", detect={**CREDITS, "subject": "customer"})
    found = look(*cards, transactions=TWICE, holdings=held)
    assert [(hit.subject.id, hit.customer_ids, hit.account_ids) for hit in found.hits] == [
        ("A1", ("C1", "C2"), ("A1",)),
        ("C1", ("C1",), ("A1",)),
        ("C2", ("C2",), ("A1",)),
    ]
    assert found.hits[0].row_ids.tolist() == found.hits[1].row_ids.tolist() == found.hits[2].row_ids.tolist()


def test_accounts_whose_order_within_a_day_is_unknown_are_counted() -> None:
    """Money cannot be followed through rows known by their date; other accounts are still looked at."""
    passes = {
        **CREDITS,
        "rows": {"a": {"direction": "credit"}, "b": {"direction": "debit"}},
        "measures": {"passed": {"matched_within": "1d", "of": ["a", "b"]}},
        "when": {"passed": {"gte": 100}},
    }
    table = lines(
        """
        day      account direction
        1@10:00  A1      credit
        1@11:00  A1      debit
        1        A2      credit
        1@11:00  A2      debit
        1@11:00  A3      debit
        """
    )
    found = look(rule(detect=passes), transactions=table)
    assert [hit.subject.id for hit in found.hits] == ["A1"]
    assert found.outcomes[0].subjects_not_evaluable == 1


def test_a_counterparty_that_is_an_account_here_is_that_account() -> None:
    """One from outside stays what it is, and no episode of one subject bears the number of another."""
    table = lines(
        """
        day account direction counterparty     counterparty_kind
        1   A1      credit    account:BANK/A2  account
        2   A3      credit    account:BANK/A2  account
        1   A1      credit    name:outside     name
        2   A3      credit    name:outside     name
        1   A2      credit    -                -
        2   A2      credit    -                -
        """
    )
    found = look(rule(detect={**CREDITS, "subject": ["account", "counterparty"]}), transactions=table)
    assert [(hit.subject.kind, hit.subject.id, hit.episode, hit.measures["n"]) for hit in found.hits] == [
        ("account", "A1", 1, 2),
        ("account", "A2", 1, 2),
        ("account", "A3", 1, 2),
        ("account", "A2", 2, 2),
        ("counterparty", "name:outside", 1, 2),
    ]


def test_a_hit_on_half_known_rows_is_partial() -> None:
    """Of four rows two may stand in the set; below the card's least coverage the hit says so."""
    detect = {**CREDITS, "rows": {"a": {"direction": "credit", "province": "LA-VT"}}}
    table = lines("day province\n1 LA-VT\n2 LA-VT\n2 -\n2 -")
    (whole,) = look(rule(detect=detect), transactions=table[:2]).hits
    (half,) = look(rule(detect=detect), transactions=table).hits
    (enough,) = look(rule(detect=detect, least_known=0.5), transactions=table).hits
    assert (whole.known, whole.total, whole.partial) == (2, 2, False)
    assert (half.known, half.total, half.partial, enough.partial) == (2, 4, True, False)


def test_a_recall_counts_from_the_day_the_bank_was_told() -> None:
    """Looked at as of an earlier day, a payment recalled later is an ordinary one."""
    told = {"account_id": "A1", "transaction_id": "T1", "at": "2026-03-15T00:00:00"}
    rows = [
        {"account_id": "A1", "transaction_id": "T1", "at": "2026-03-01T10:00:00", "direction": "credit", "amount": 9}
        | {"channel": "transfer"},
        {"account_id": "A1", "transaction_id": "T2", "at": "2026-03-20T10:00:00", "direction": "debit", "amount": 9},
    ]
    rules = RuleSet.load().select(ids=["HT-S03"])
    with Dataset.from_tables(transactions=rows, recalls=[told]) as data:
        seen = [len(find(data, rules, settings=Settings(as_of=dt.date(2026, 3, day))).hits) for day in (14, 15)]
    assert seen == [0, 1]


def test_a_failed_rule_leaves_no_hits_behind(monkeypatch: pytest.MonkeyPatch) -> None:
    """What it had found would depend on how the work was cut."""
    from amlscreen.shapes import sweep as sweeping

    count = iter(range(100))
    whole = sweeping.sweep_selection

    def fails_late(selection: object, alert_from: int) -> object:
        if next(count):
            raise ValueError("made to fail")
        return whole(selection, alert_from)  # type: ignore[arg-type]  # passed through as it came

    monkeypatch.setattr(sweeping, "sweep_selection", fails_late)
    rows = [
        {"account_id": f"A{n}", "transaction_id": f"T{n}{m}", "at": "2026-03-01", "direction": "credit", "amount": 9}
        for n in range(3)
        for m in range(2)
    ]
    card = rule(
        detect={
            "shape": "window",
            "subject": "account",
            "within": "1d",
            "rows": {"a": {"direction": "credit"}},
            "measures": {"n": {"count": "transactions", "of": "a"}},
            "when": {"n": {"gte": 2}},
        }
    )
    with Dataset.from_tables(transactions=rows) as data:
        found = find(data, RuleSet.of(card), settings=Settings(partition_rows=1, threads=1))
    assert (found.outcomes[0].status, found.hits) == ("failed", ())


def test_a_line_about_channels_is_not_looked_at_without_them() -> None:
    """A line that concerns cash says nothing about rows of which the channel is unknown."""
    card = RuleSet.load().get("HT-A05")
    found = look(card, transactions=TWICE)
    assert "transactions.channel, which the line cash_report is about" in found.outcomes[0].reason
