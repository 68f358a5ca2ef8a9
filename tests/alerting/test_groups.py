"""Groups that rules find: one alert, a lead, every member with a part and a role; possible victims never lead."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from alerting.judging_bank import Bank, Judge, make_card, make_hit, make_settings
from amlscreen.hits import Hit, Member

HUB_BANK = Bank(owners={f"A{n}": (f"C{n}",) for n in range(1, 6)})


def group_hit(lead: str, members: dict[str, str], *, victims: tuple[str, ...] = (), **more: Any) -> Hit:
    """A network rule's group; `members` are customers with their parts, each on the account of the same number."""
    hit = make_hit("HT-N05", lead, kind="group", victims=victims, **more)
    people = tuple(
        Member("account", f"A{one[1:]}", (one,), part, "possible_victim" if one in victims else "unclear")
        for one, part in members.items()
    )
    accounts = tuple(member.id for member in people)
    return replace(hit, customer_ids=tuple(members), account_ids=accounts, members=people)


def test_a_group_and_what_its_members_did_are_one_alert(judged: Judge) -> None:
    """The rule's lead leads, the members' own hits stand in it, and nobody alerts a second time."""
    hits = [
        group_hit("C2", {"C1": "spoke", "C2": "collector", "C3": "spoke"}, rows=[2, 4]),
        make_hit("HT-A01", "A1", rows=[6], customer="C1"),
        make_hit("HT-L01", "A2", rows=[8], customer="C2"),
    ]
    (alert,) = judged(hits, bank=HUB_BANK).alerts
    assert (alert.subject.kind, alert.subject.id) == ("group", "C2")
    assert alert.customer_ids == ("C1", "C2")  # the third only paid in, and is a member and no more
    assert set(alert.rule_ids) == {"HT-A01", "HT-L01", "HT-N05"}
    assert [(one.id, one.part) for one in alert.members] == [("A1", "spoke"), ("A2", "collector"), ("A3", "spoke")]
    assert "linked_customers" in alert.clause


def test_a_group_of_which_nothing_else_is_known_needs_points(judged: Judge) -> None:
    """One family alone does not alert, however many members it has; points may."""
    hit = group_hit("C2", {"C1": "spoke", "C2": "collector", "C3": "spoke"}, rows=[2, 4])
    assert judged([hit], bank=HUB_BANK).alerts == ()
    critical = {"HT-N05": make_card("HT-N05", severity="critical")}
    (alert,) = judged([hit], bank=HUB_BANK, cards=critical).alerts
    assert alert.clause == "band"
    assert (alert.subject.kind, alert.customer_ids) == ("group", ("C2",))
    assert [one.id for one in alert.members] == ["A1", "A2", "A3"]


def test_spokes_who_may_be_victims_are_protected_and_not_named(judged: Judge) -> None:
    """The collector leads; the spokes stand by nothing that names them, with their role, and are listed apart."""
    hits = [
        group_hit("C2", {"C1": "spoke", "C2": "collector", "C3": "spoke"}, victims=("C1", "C3"), rows=[2, 4]),
        make_hit("HT-A01", "A1", rows=[6], customer="C1"),
    ]
    verdict = judged(hits, bank=HUB_BANK)
    (alert,) = verdict.alerts
    assert (alert.subject.id, alert.customer_ids) == ("C2", ("C2",))
    assert alert.account_ids == ("A2",)
    spokes = [one for one in alert.members if one.part == "spoke"]
    assert [(one.id[:2], one.customer_ids, one.role) for one in spokes] == [("P-", (), "possible_victim")] * 2
    assert {row.customer_id for row in verdict.protected} == {"C1", "C3"}
    assert {row.alert_id for row in verdict.protected} == {alert.alert_id}


def test_a_protected_lead_gives_way_to_something_that_names_nobody(judged: Judge) -> None:
    """Another rule protects whom this one would have led with; the group stays a group."""
    cards = {
        "HT-N05": make_card("HT-N05", severity="critical"),
        "HT-K01": make_card("HT-K01", role="possible_victim"),
    }
    hits = [
        group_hit("C2", {"C1": "spoke", "C2": "collector", "C3": "spoke"}, rows=[2, 4]),
        make_hit("HT-K01", "C2", kind="customer"),
    ]
    (alert,) = judged(hits, bank=HUB_BANK, cards=cards).alerts
    assert alert.subject.kind == "group"
    assert alert.subject.id.startswith("P-")
    assert "C2" not in (*alert.customer_ids, *(name for one in alert.members for name in one.customer_ids))


def test_what_customers_share_is_evidence_and_a_gap_in_a_file_is_not(judged: Judge) -> None:
    """A KYC card over several customers may count as a family; one about a single file only reorders."""
    shared = {"shape": "cluster", "links": [{"same": ["phone"], "most": 50}], "when": {"members": {"gte": 3}}}
    cards = {rule: make_card(rule, severity="low") for rule in ("HT-A01", "HT-N01")}
    hits = [make_hit("HT-A01", rows=[2]), make_hit("HT-N01", rows=[4]), make_hit("HT-K03", "C1", kind="customer")]
    gap = judged(hits, cards=cards)
    cluster = make_card("HT-K03", severity="low", detect=shared, explain="{members} share {shared}.")
    evidence = judged(hits, cards=cards | {"HT-K03": cluster})
    assert (len(gap.alerts), len(evidence.alerts)) == (0, 1)
    assert (len(gap.kyc), len(evidence.kyc)) == (1, 0)


def test_families_on_the_same_rows_are_one_fact(judged: Judge) -> None:
    """Three ways of saying one thing are not three things; the setting says how many are asked for."""
    cards = {rule: make_card(rule, severity="low") for rule in ("HT-A01", "HT-L01", "HT-N01")}
    same = [make_hit(rule, rows=[2, 4, 6]) for rule in cards]
    assert judged(same, cards=cards).alerts == ()
    loose = make_settings(policy={"facts_together": 1})
    assert len(judged(same, cards=cards, settings=loose).alerts) == 1
    apart = [*same[:2], make_hit("HT-N01", rows=[8, 10])]
    assert len(judged(apart, cards=cards).alerts) == 1


def test_what_a_search_left_out_is_told(judged: Judge) -> None:
    """A hub that was not followed and a list that was cut are part of the explanation, a bank's own code as it is."""
    hit = group_hit("C2", {"C1": "spoke", "C2": "collector"}, rows=[2, 4])
    noted = replace(hit, notes=("hub_skipped:A77", "hub_skipped:A78", "stopped_early", "own_code:three"))
    critical = {"HT-N05": make_card("HT-N05", severity="critical")}
    (alert,) = judged([noted], bank=HUB_BANK, cards=critical).alerts
    text = alert.contributions[0].text
    assert "Not followed, being too common to say anything: A77, A78." in text
    assert "The search stopped at its limit, so there may be more (HT-N05)." in text
    assert text.endswith("own code: three.")


def test_subjects_around_the_same_possible_victims_are_one_alert(judged: Judge) -> None:
    """The foreman, the employer abroad and the machine are about the same three people; apart none would alert."""
    people = ("C1", "C3", "C4")
    hits = [
        make_hit("HT-L10", "C2", kind="customer", customer="C2", victims=people),
        make_hit("HT-L04", "account:OTHER/1", kind="counterparty", victims=people, rows=[2, 4]),
        make_hit("HT-L09", "M1", kind="terminal", victims=people, rows=[6, 8]),
    ]
    cards = {hit.rule_id: make_card(hit.rule_id, severity="medium") for hit in hits}
    assert judged(hits[:1], cards=cards, bank=HUB_BANK).alerts == ()
    (alert,) = judged(hits, cards=cards, bank=HUB_BANK).alerts
    assert (alert.subject.kind, alert.subject.id, alert.customer_ids) == ("group", "C2", ("C2",))
    assert alert.score == 75
    others = [replace(hit, victims=(f"C{n}",)) for n, hit in enumerate(hits)]
    assert judged(others, cards=cards, bank=HUB_BANK).alerts == ()
