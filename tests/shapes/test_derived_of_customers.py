"""Columns made for groups of customers: names folded, and what earlier reports and cases say."""

from __future__ import annotations

import pyarrow as pa
import pytest

from amlscreen.ledger.partition import as_values
from amlscreen.shapes.name_fold import folded_names
from shapes.test_match import hits, match


def fold(name: str) -> str | None:
    """One name folded."""
    values = folded_names(as_values(pa.array([name])))
    return None if values.array[0] < 0 else values.vocabulary[int(values.array[0])].as_py()


@pytest.mark.parametrize(
    "alike",
    [
        ("Mr. Bounmy TESTNAME", "bunmy testname", "Boun-my  Testname"),
        ("Xay Testvanh", "SAY  TESTVAN"),
        ("ທ້າວ ທົດສອບ", "ທົດສອບ", "ທົດ ສອບ"),
        ("ຫຼ້າ", "ຫລາ"),
        ("ໝີ", "ຫມີ"),
    ],
)
def test_ways_of_writing_one_name_are_one(alike: tuple[str, ...]) -> None:
    """Titles, spaces, tone marks, joined letters, Latin spelling."""
    assert len({fold(name) for name in alike}) == 1


@pytest.mark.parametrize("apart", [("Lar Testname", "Rar Testname"), ("Phet Testname", "Pet Testname"), ("Keo", "Ken")])
def test_names_that_may_be_two_stay_two(apart: tuple[str, str]) -> None:
    """What is not sure is not folded."""
    assert fold(apart[0]) != fold(apart[1])


def test_a_title_alone_is_no_name() -> None:
    """Nothing left is unknown, and so ties nobody."""
    assert fold("ທ້າວ") is None


def test_reports_and_cases_are_counted_for_the_customer_and_the_owners_of_the_account() -> None:
    """Of both tables, up to the day; an outside counterparty is nobody's."""
    named = [("customer", "C1", "2026-03-01"), ("account", "A1", "2026-03-02"), ("account", "A1", "2026-03-03")]
    named += [("counterparty", "C2", "2026-03-01")]
    reports = [
        {"report_id": f"R{n}", "subject_kind": kind, "subject_id": who, "at": day}
        for n, (kind, who, day) in enumerate(named)
    ]
    cases = [{"case_id": "K1", "subject_kind": "customer", "subject_id": "C1", "at": "2026-03-01"}]
    people = [{"customer_id": f"C{n}"} for n in range(1, 5)]
    held = [{"account_id": "A1", "customer_id": who, "role": "joint"} for who in ("C1", "C3")]
    card = match({"earlier_reports": {"gte": 1}}, measures={"times": "earlier_reports"})
    found = hits(card, customers=people, holdings=held, reports=reports, cases=cases)
    assert [(hit.subject.id, hit.measures) for hit in found] == [("C1", {"times": 4}), ("C3", {"times": 2})]
