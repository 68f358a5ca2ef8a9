"""Customers tied together by what they share: who is in a group, whom it is about, and what is said of it."""

from __future__ import annotations

from typing import Any

import pytest
from pydantic import ValidationError

from amlscreen.finding import Findings
from amlscreen.hits import Hit
from amlscreen.rules.card import Card
from shapes.looking import lines, look, rule

PAID = lines("day account direction amount\n8 A1 credit 100\n8 A2 credit 300\n9 A3 credit 200")
HELD = [{"account_id": f"A{n}", "customer_id": f"C{n}", "role": "owner"} for n in range(1, 10)]
PHONE = {"same": ["phone"], "most": 5}
MANY_PAID = rule(
    "HT-A99",
    detect={
        "shape": "window",
        "subject": "account",
        "within": "9d",
        "rows": {"paid": {"direction": "credit"}},
        "measures": {"n": {"count": "transactions", "of": "paid"}},
        "when": {"n": {"gte": 1}},
    },
)


def cluster(*links: dict[str, Any], **others: Any) -> Card:
    """A card of shape ``cluster``."""
    card = {name: others.pop(name) for name in ("role", "possible_victims") if name in others}
    detect = {"shape": "cluster", "links": list(links or [PHONE]), "when": {"members": {"gte": 2}}, **others}
    return rule("HT-N99", detect=detect, **card)


def people(table: str) -> list[dict[str, Any]]:
    """Customers from a table whose first line names the columns; ``-`` is unknown, ``_`` a space."""
    head, *body = (line.split() for line in table.strip().splitlines())
    named = [
        {name: None if cell == "-" else cell.replace("_", " ") for name, cell in zip(head, cells, strict=True)}
        for cells in body
    ]
    return [{("customer_id" if name == "id" else name): value for name, value in one.items()} for one in named]


def found(card: Card, *others: Card, **tables: Any) -> Findings:
    """What the card finds beside three small payments."""
    result = look(card, *others, **{"transactions": PAID, "holdings": HELD, **tables})
    outcome = next(one for one in result.outcomes if one.rule_id == card.id)
    assert outcome.status == "ran", outcome.reason
    return result


def hits(card: Card, *others: Card, **tables: Any) -> list[Hit]:
    """The hits of the card."""
    return [hit for hit in found(card, *others, **tables).hits if hit.rule_id == card.id]


def groups(card: Card, *others: Card, **tables: Any) -> list[tuple[str, ...]]:
    """The members of each hit."""
    return [hit.customer_ids for hit in hits(card, *others, **tables)]


def test_links_join_customers_into_connected_groups() -> None:
    """C1 and C3 have nothing in common but C2."""
    customers = people(
        "id phone email\nC1 +8562055500001 -\nC2 +8562055500001 x@test.la\nC3 - X@TEST.LA\nC4 - y@test.la"
    )
    card = cluster(PHONE, {"same": ["email"], "most": 5})
    (hit,) = hits(card, customers=customers)
    assert hit.customer_ids == ("C1", "C2", "C3")
    assert hit.account_ids == ("A1", "A2", "A3")
    assert hit.measures == {
        "members": 3, "shared_values": 2, "shared": "phone, email", "flagged": 0, "flagged_share": 0,
        "alike": 0, "largest_hub": 2,
    }  # fmt: skip


def test_all_columns_of_one_link_must_be_equal_and_known() -> None:
    """The same day and the same introducer; an unknown introducer is nobody's."""
    customers = people(
        "id onboarded introducer\nC1 2026-03-02 I1\nC2 2026-03-02 I1\nC3 2026-03-02 I2\n"
        "C4 2026-03-03 I1\nC5 2026-03-02 -\nC6 2026-03-02 -"
    )
    assert groups(cluster({"same": ["onboarded", "introducer"], "most": 9}), customers=customers) == [("C1", "C2")]


def test_only_the_way_of_writing_is_looked_past() -> None:
    """Spaces, capitals and marks without width; not spelling."""
    customers = [
        {"customer_id": f"C{n}", "address": text}
        for n, text in enumerate(["Ban Test  12", "ban test 12 ", "BAN\u200b TEST\u00a012", "Ban Tesst 12"], start=1)
    ]
    assert groups(cluster({"same": ["address"], "most": 9}), customers=customers) == [("C1", "C2", "C3")]


def test_a_value_on_too_many_customers_ties_nobody_and_is_told() -> None:
    """Members or not, all who carry it count; the value itself is not told, and hits say whom it touches."""
    customers = people(
        "id phone email occupation\n"
        + "\n".join(f"C{n} +8562055500001 {'x@test.la' if n < 3 else '-'} {'a' if n < 3 else 'b'}" for n in range(1, 5))
    )
    card = cluster({"same": ["phone"], "most": 3}, {"same": ["email"], "most": 3}, members={"occupation": "a"})
    result = found(card, customers=customers)
    assert [(hit.customer_ids, hit.notes) for hit in result.hits] == [(("C1", "C2"), ("hub_skipped:customers.phone",))]
    (note,) = result.outcomes[0].notes
    assert note.rpartition(":")[0] == "hub_skipped:customers.phone:4 customers"
    assert "55500001" not in note


def test_banks_are_kept_apart() -> None:
    """One number at two banks ties nobody, and a customer number may be of both."""
    customers = [
        {"institution": bank, "customer_id": who, "phone": "+8562055500001"}
        for bank, who in (("BANK", "C1"), ("OTHER", "C1"), ("OTHER", "C2"))
    ]
    tables = {
        name: [{"institution": "BANK", **row} for row in rows]
        for name, rows in (("transactions", PAID), ("holdings", HELD))
    }
    (hit,) = hits(cluster(), customers=customers, **tables)
    assert (hit.subject.institution, hit.customer_ids) == ("OTHER", ("C1", "C2"))


def test_accounts_tie_their_owners_and_holdings_whoever_holds() -> None:
    """One branch and day; one signatory over two accounts."""
    accounts = [
        {"account_id": "A1", "opened": "2026-03-01", "branch_id": "B1"},
        {"account_id": "A2", "opened": "2026-03-01", "branch_id": "B1"},
        {"account_id": "A3", "opened": "2026-03-02", "branch_id": "B1"},
    ]
    card = cluster({"table": "accounts", "same": ["opened", "branch_id"], "most": 9})
    assert groups(card, accounts=accounts) == [("C1", "C2")]
    recent = cluster({"table": "accounts", "same": ["branch_id"], "most": 9, "within": "8d"})
    assert groups(recent, accounts=accounts) == []
    held = [
        *HELD,
        {"account_id": "A4", "customer_id": "C1", "role": "signatory"},
        {"account_id": "A4", "customer_id": "C2", "role": "proxy"},
    ]
    card = cluster({"table": "holdings", "same": ["account_id"], "most": 9, "where": {"role": ["signatory", "proxy"]}})
    assert groups(card, holdings=held) == [("C1", "C2")]


def test_logins_tie_within_a_span() -> None:
    """A device that both used, but one of them long ago."""
    logins = [
        {"login_id": f"L{n}", "customer_id": who, "at": f"{day}T10:00:00", "device_id": "D1"}
        for n, (who, day) in enumerate(
            (("C1", "2026-03-08"), ("C2", "2026-03-01"), ("C3", "2026-01-01"), ("C9", "2026-03-08"))
        )
    ]
    card = cluster({"table": "logins", "same": ["device_id"], "most": 9, "within": "30d"})
    assert groups(card, logins=logins) == [("C1", "C2", "C9")]


def test_flagged_members_are_those_other_rules_are_about() -> None:
    """By id or by family; their rows stand with the group as context."""
    customers = people("id phone\nC1 +8562055500001\nC2 +8562055500001\nC4 +8562055500001\nC5 +8562055500001")
    for name in ("HT-A99", "account"):
        card = cluster(flagged_by=[name], when={"flagged": {"gte": 2}, "alike": {"gte": 2}})
        (hit,) = hits(card, MANY_PAID, customers=customers)
        assert (hit.measures["flagged"], hit.measures["alike"]) == (2, 2)
        assert (hit.parts, hit.decides.tolist(), hit.row_ids.size) == (("HT-A99",) * 2, [False] * 2, 2)
    late = cluster(flagged_by=["HT-A99"], flagged_within="1d", when={"flagged": {"gte": 1}})
    assert groups(late, MANY_PAID, customers=customers) == []


def test_the_lead_has_most_hits_then_most_money() -> None:
    """C2 got more than C1; C3 got less, later; a possible victim never leads."""
    customers = people(
        "id phone birth_date\nC1 +8562055500001 1990-01-01\nC2 +8562055500001 2008-01-01\nC3 +8562055500001 1991-01-01"
    )
    assert hits(cluster(), customers=customers)[0].subject.id == "C2"
    (hit,) = hits(cluster(victims={"age": {"between": [10, 26]}}, role="suspect"), customers=customers)
    assert (hit.subject.kind, hit.subject.id, hit.victims) == ("group", "C3", ("C2",))
    assert [(one.id, one.part, one.role) for one in hit.members] == [
        ("C1", "member", "unclear"), ("C2", "member", "possible_victim"), ("C3", "member", "suspect"),
    ]  # fmt: skip


def test_a_group_of_possible_victims_only_is_named_by_a_mark() -> None:
    """The mark says nothing, and does not change when a member joins."""
    customers = people("id phone birth_date\n" + "\n".join(f"C{n} +8562055500001 2008-01-01" for n in range(1, 5)))
    card = cluster(victims={"age": {"lt": 26}})
    marks = {hits(card, customers=customers[:size])[0].subject.id for size in (2, 3, 4)}
    (mark,) = marks
    assert mark.startswith("G-") and "5550" not in mark


def test_whom_a_column_names_leads() -> None:
    """Two batches of one introducer are two episodes of one subject."""
    customers = people(
        "id onboarded introducer\nC1 2026-03-02 I1\nC2 2026-03-02 I1\nC3 2026-03-03 I1\nC4 2026-03-03 I1"
    )
    found = hits(cluster({"same": ["onboarded", "introducer"], "most": 9}, lead="introducer"), customers=customers)
    assert [(hit.subject.id, hit.episode, hit.customer_ids) for hit in found] == [
        ("I1", 1, ("C1", "C2")),
        ("I1", 2, ("C3", "C4")),
    ]
    assert {one.role for hit in found for one in hit.members} == {"unclear"}


def test_measures_of_members() -> None:
    """Different names whatever the capitals, a share, a median, numbers that follow each other."""
    customers = people(
        "id phone name income id_number\n"
        "C1 +8562055500001 Test_One 100 P-0010\n"
        "C2 +8562055500001 TEST_ONE 300 P-0011\n"
        "C3 +8562055500001 Test_Two - P-0014\n"
        "C4 +8562055500001 - 200 P-0018"
    )
    card = cluster(
        measures={
            "names": {"distinct": "name"},
            "well": {"count": {"income": {"gte": 200}}},
            "share": {"share": {"income": {"gte": 200}}},
            "middle": {"median": "income"},
            "run": {"consecutive": "id_number"},
        },
        when={"names": 2, "run": {"gte": 3}},
    )
    (hit,) = hits(card, customers=customers)
    shown = {name: hit.measures[name] for name in card.detect.measures}
    assert shown == {"names": 2, "well": 2, "share": 500_000, "middle": 20_000, "run": 3}
    assert (hit.known, hit.total, hit.partial) == (7, 8, False)


def test_a_group_too_large_to_look_at_lets_its_commonest_values_go() -> None:
    """Small links tie 300 people; the run says what was dropped, and values of two that still tie too many are cut."""
    everyone = [
        {"customer_id": f"D{n:03d}", "phone": f"+85620555{n // 2:05d}", "email": f"m{n // 60}@test.la"}
        for n in range(300)
    ]
    everyone += [
        {"customer_id": f"E{n:03d}", "phone": f"+85620555{n:05d}", "address": f"road {n // 5}"} for n in range(150)
    ]
    card = cluster({"same": ["phone"], "most": 60}, {"same": ["email"], "most": 60}, {"same": ["address"], "most": 60})
    result = found(card, customers=everyone)
    assert max(len(hit.customer_ids) for hit in result.hits) <= 200
    chain = [
        {"customer_id": f"F{n:03d}", "phone": f"+85620555{n // 2:05d}", "email": f"{(n + 1) // 2}@test.la"}
        for n in range(250)
    ]
    card = cluster({"same": ["phone"], "most": 60}, {"same": ["email"], "most": 60})
    (hit,) = (result := found(card, customers=chain)).hits
    assert (hit.measures["members"], len(hit.customer_ids)) == (250, 200)
    assert hit.notes == ("members_cut:200 of 250 shown",)
    assert result.outcomes[0].notes == ("members_cut:1 groups of more than 200 customers",)


def test_what_is_not_there_to_look_at_is_told() -> None:
    """One link of two is enough; none is not."""
    customers = people("id phone\nC1 +8562055500001\nC2 +8562055500001")
    device = {"table": "logins", "same": ["device_id"], "most": 9}
    result = found(cluster(PHONE, device), customers=customers)
    assert (len(result.hits), result.outcomes[0].notes) == (1, ("not_looked_at:logins.device_id",))
    outcome = look(cluster(device), transactions=PAID, customers=customers).outcomes[0]
    assert (outcome.status, outcome.reason) == ("not_evaluable", "no data: logins.device_id")


def test_flags_of_rules_that_cannot_be_looked_at_make_the_card_not_evaluable() -> None:
    """No hit of a rule that did not run is not no hit."""
    customers = people("id phone\nC1 +8562055500001\nC2 +8562055500001")
    card = cluster(flagged_by=["HT-A98"], when={"flagged": {"gte": 1}})
    outcome = look(card, MANY_PAID, transactions=PAID, customers=customers).outcomes[-1]
    assert (outcome.status, outcome.reason) == (
        "not_evaluable",
        "none of the rules that flag its members (HT-A98) can be looked at",
    )


def test_rules_that_should_flag_and_do_not_run_are_told() -> None:
    """The group is found without them, and the run says who was silent."""
    customers = people("id phone\nC1 +8562055500001\nC2 +8562055500001")
    outcome = found(cluster(flagged_by=["HT-A99", "HT-A98"]), MANY_PAID, customers=customers).outcomes[-1]
    assert (outcome.hits, outcome.notes) == (1, ("flags_not_looked_at:HT-A98",))


@pytest.mark.parametrize(
    ("given", "said"),
    [
        ({"measures": {"members": {"distinct": "name"}}}, "every cluster has"),
        ({"when": {"flagged": {"gte": 1}}}, "flagged_by"),
        ({"when": {"nothing": 1}}, "nothing"),
        ({"measures": {"a": {"distinct": "name", "median": "income"}}}, "exactly one"),
        ({"links": [{"same": ["phone"], "most": 3, "within": "36h"}]}, "whole days"),
    ],
)
def test_what_a_card_cannot_say(given: dict[str, Any], said: str) -> None:
    """Refused when it is read."""
    with pytest.raises(ValidationError, match=said):
        cluster(**given)
