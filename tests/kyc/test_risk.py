"""Risk ratings: the explanation is the arithmetic, places are capped, floors lift, the unknown adds nothing."""

from __future__ import annotations

import datetime as dt
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from amlscreen.alerts import Alert
from amlscreen.errors import SettingsError
from amlscreen.hits import SubjectRef
from amlscreen.kyc.report import KycReport
from amlscreen.kyc.standard import NEVER, RATINGS, KycStandard
from amlscreen.kyc.words import rating_in_words
from amlscreen.settings import Settings
from kyc.looking import AS_OF, booking, by_customer, report_of

OWN = [{"account_id": "A1", "customer_id": "C1", "role": "owner"}]
STANDARD = """
id: test
title: A test's
version: 1
cut_offs: {{medium: 20, high: 45}}
geography_cap: {{percent: 15, source: a test}}
health: {{source: a test}}
factors:
  - {{id: C-01, group: customer, what: A line of work, when: {{sector: {{one_of: [bar]}}}}, points: 12, source: a test}}
{more}
floors:
  - {{id: F-01, what: Not approved, when: {{pep: {{one_of: [without_approval]}}}}, rating: high, source: a test}}
"""


def ratings(*people: dict[str, Any], **others: Any) -> dict[str, dict[str, Any]]:
    """Ratings by customer; C1 is the first, and owns account A1."""
    return by_customer(report(*people, **others).ratings.to_pylist())


def report(*people: dict[str, Any], **others: Any) -> KycReport:
    """The report with people C1, C2, ..."""
    rows = [{"customer_id": f"C{n}", **one} for n, one in enumerate(people, start=1)]
    return report_of(customers=rows, **{"holdings": OWN, **others})


def factors(row: dict[str, Any]) -> dict[str, int]:
    """Points by factor."""
    return {one["factor"]: one["points"] for one in row["rows"]}


def alert(band: str, *customers: str) -> Alert:
    """An alert of that band that names these customers."""
    return Alert(
        alert_id="AL-1",
        revision=1,
        change="new",
        rank=1,
        score=120,
        band=band,  # type: ignore[arg-type]
        confidence=1.0,
        subject=SubjectRef("BANK", "customer", customers[0]),
        customer_ids=customers,
        account_ids=(),
        role="unclear",
        typologies=(),
        rule_ids=(),
        first_day=0,
        last_day=0,
        transactions=1,
        amount=1,
        currency="LAK",
        summary="",
        clause="",
        contributions=(),
        hits=(),
    )


def standard(tmp_path: Path, more: str = "") -> Settings:
    """Settings with a standard of the test's own; ``more`` are further factors."""
    path = tmp_path / "standard.yml"
    path.write_text(STANDARD.format(more=more), encoding="utf-8")
    return Settings(threads=1, as_of=AS_OF, kyc_standard=path)


PEOPLE = st.fixed_dictionaries(
    {
        "customer_kind": st.sampled_from(("person", "entity")),
        "sector": st.sampled_from((None, "karaoke", "casino", "school")),
        "province": st.sampled_from((None, "LA-BK", "LA-VT")),
        "is_pep": st.sampled_from((None, "true", "false")),
        "pep_approved": st.sampled_from((None, "2026-01-01")),
        "is_licensed": st.sampled_from((None, "true", "false")),
        "beneficial_owner_known": st.sampled_from((None, "true", "false")),
        "id_expiry": st.sampled_from((None, "2020-01-01", "2030-01-01")),
        "review_due": st.sampled_from((None, "2020-01-01", "2030-01-01")),
        "risk_rating": st.sampled_from((None, "low", "medium", "high")),
        "sex": st.sampled_from((None, "female", "male")),
        "nationality": st.sampled_from((None, "LA", "VN", "CN")),
        "birth_date": st.sampled_from((None, "1950-01-01", "2005-01-01")),
        "arrived": st.sampled_from((None, "2026-01-01")),
    }
)


@settings(max_examples=15, deadline=None)
@given(st.lists(PEOPLE, min_size=1, max_size=30))
def test_the_score_is_the_sum_of_its_rows_and_decides_the_rating(people: list[dict[str, Any]]) -> None:
    """Whatever the file: additive, places within their share, floors kept, the bank's rating beside it."""
    cut = KycStandard.load().cut_offs
    for row in report(*people).ratings.to_pylist():
        assert row["score"] == sum(one["points"] for one in row["rows"])
        wanted = "high" if row["score"] >= cut["high"] else "medium" if row["score"] >= cut["medium"] else "low"
        assert row["rating"] == wanted
        before_floors = [one for one in row["rows"] if one["group"] != "floor"]
        places = sum(one["points"] for one in before_floors if one["group"] == "geography")
        assert 0 <= places <= max(0.15 * sum(one["points"] for one in before_floors), 0)
        if "F-03" in row["floors"]:
            assert row["rating"] == "high"
        order = {None: "none", **dict.fromkeys(RATINGS, "same")}[row["bank_rating"]]
        if row["bank_rating"] and row["bank_rating"] != row["rating"]:
            order = "above" if RATINGS.index(row["rating"]) > RATINGS.index(row["bank_rating"]) else "below"
        assert row["against_bank"] == order


@settings(max_examples=8, deadline=None)
@given(PEOPLE)
def test_traits_change_no_rating(person: dict[str, Any]) -> None:
    """Sex, nationality, arrival and (of age) birth date may be anything."""
    traits = {"sex": "female", "nationality": "VN", "birth_date": "2005-01-01", "arrived": "2026-03-01"}
    others = {"sex": "male", "nationality": "LA", "birth_date": "1950-01-01", "arrived": None}
    filler = {"customer_kind": "person", **traits}
    one, other = (report({**person, **each}, filler).ratings.to_pylist()[0] for each in (traits, others))
    assert one == other


def test_a_place_alone_gives_nothing_and_the_cap_is_a_row() -> None:
    """Most residents are ordinary people; beside other points it may weigh 15 per cent of the whole."""
    found = ratings({"province": "LA-BK", "sector": "school"}, {"province": "LA-BK", "sector": "karaoke"})
    assert (found["C1"]["score"], factors(found["C1"])) == (0, {"G-01": 6, "CAP-GEOGRAPHY": -6})
    assert (found["C2"]["score"], factors(found["C2"])) == (14, {"C-01": 12, "G-01": 6, "CAP-GEOGRAPHY": -4})


def test_a_floor_is_a_row_that_lifts() -> None:
    """Exposed without approval is high, and the row says by how much it was lifted."""
    one = ratings({"is_pep": "true", "risk_rating": "low"})["C1"]
    assert (one["rating"], one["score"], one["floors"], one["against_bank"]) == ("high", 45, ["F-03"], "above")
    assert factors(one) == {"C-02": 20, "F-03": 25}


def test_a_floor_with_nothing_to_lift_is_still_told(tmp_path: Path) -> None:
    """A row of no points, so that nobody thinks the floor was overlooked."""
    more = (
        "  - {id: C-02, group: customer, what: Exposed in itself, when: {is_pep: {is: true}}, points: 50, source: test}"
    )
    one = ratings({"is_pep": "true"}, settings=standard(tmp_path, more))["C1"]
    assert (factors(one), one["rating"]) == ({"C-02": 50, "F-01": 0}, "high")


def test_what_is_not_known_adds_no_points() -> None:
    """An unknown flag is neither yes nor no; a column nobody gives makes the factor blind, and that is said."""
    made = report({"is_licensed": None, "customer_kind": "entity"}, {"is_licensed": "true"})
    assert "C-04" not in factors(by_customer(made.ratings.to_pylist())["C1"])
    assert "C-01: no data in customers.sector" in made.not_judged


def test_alerts_feed_behaviour_for_those_they_name() -> None:
    """C1 stands in a critical alert; C2, whom no alert names, gets nothing of it."""
    made = report({}, {}, alerts=[alert("critical", "C1")])
    found = by_customer(made.ratings.to_pylist())
    assert (factors(found["C1"]), found["C1"]["rating"]) == ({"B-01": 40, "F-04": 5}, "high")
    assert factors(found["C2"]) == {}


def test_earlier_reports_count_on_the_customer_and_on_the_account() -> None:
    """As of an earlier day than the data's last, what was filed later was not known."""
    filed = [
        {"report_id": "R1", "subject_kind": "account", "subject_id": "A1", "at": "2026-01-05"},
        {"report_id": "R2", "subject_kind": "customer", "subject_id": "C2", "at": "2026-03-05"},
    ]
    found = ratings({}, {}, reports=filed, settings=Settings(threads=1, as_of=dt.date(2026, 3, 1)))
    assert factors(found["C1"]) == {"B-06": 20}
    assert factors(found["C2"]) == {}


def test_cash_and_channels_are_seen_in_use() -> None:
    """Thirty wages of cash a month in ninety days."""
    cash = [booking(n, 10 + n, 25_000_000) for n in range(60)]
    found = ratings({}, transactions=[booking(900, 1, 1), *cash])
    assert factors(found["C1"])["W-01"] == 8
    assert {"B-08"} <= set(factors(found["C1"]))


def test_a_designated_customer_is_high_from_the_first_day_to_the_last_of_the_entry() -> None:
    """By an identifier that is equal; an entry that has ended, or of another kind of list, is no floor."""
    entries = [
        {"list_id": "L1", "kind": "id_number", "value": "SYN1", "category": "designated", "since": "2026-01-01"},
        {"list_id": "L2", "kind": "id_number", "value": "SYN2", "category": "designated", "until": "2026-03-30"},
        {"list_id": "L3", "kind": "customer", "value": "C3", "category": "gaming"},
    ]
    people = [{"id_number": f"SYN{n}"} for n in (1, 2, 3)]
    found = ratings(*people, listed=entries)
    assert [found[c]["floors"] for c in ("C1", "C2", "C3")] == [["F-01"], [], []]


def test_the_rating_is_told_row_by_row() -> None:
    """Points, what for, and the figure that was seen."""
    made = report({"sector": "karaoke", "review_due": "2025-01-01"})
    (lines,) = rating_in_words(made.ratings).to_pylist()
    assert lines == [
        "C-01 +12 A line of business that sources link to trafficking proceeds (karaoke)",
        "C-07 +4 A review is overdue by half a year or more (454 days)",
    ]


def test_to_look_at_are_the_high_the_underrated_and_the_unrated() -> None:
    """Who is as the bank says, and low, needs no second look."""
    made = report(
        {"is_pep": "true", "risk_rating": "high"},
        {"is_pep": "true", "pep_approved": "2026-01-01", "risk_rating": "low"},
        {"is_pep": "true", "pep_approved": "2026-01-01"},
        {"is_pep": "false", "risk_rating": "low"},
    )
    assert made.ratings_to_do["customer_id"].to_pylist() == ["C1", "C2", "C3"]
    assert made.counts["against_bank"] == {"above": 1, "none": 1, "same": 2}


def test_the_shipped_standard_names_its_sources_and_covers_the_five_groups() -> None:
    """A factor nobody can trace is worth nothing in a review."""
    shipped = KycStandard.load()
    assert {row.group for row in shipped.factors} == {"customer", "product", "channel", "geography", "behaviour"}
    assert all(row.source for row in shipped.rows)
    assert not {name for row in shipped.rows for name in row.when} & NEVER
    assert shipped.geography_cap.percent <= 15


@pytest.mark.parametrize(
    ("factor", "said"),
    [
        ("group: customer, when: {sex: {one_of: [male]}}", "'sex' never is a risk factor"),
        ("group: customer, when: {nationality: {one_of: [VN]}}", "'nationality' never is a risk factor"),
        ("group: customer, when: {age: {lt: 25}}", "'age' never is a risk factor"),
        ("group: customer, when: {secktor: {one_of: [bar]}}", "Did you mean 'sector'"),
        ("group: customer, when: {sector: {gte: 3}}", "'gte' does not fit 'sector', which is a text"),
        ("group: customer, when: {home_listed: {is: true}}", "stands outside geography"),
        ("group: weather, when: {is_pep: {is: true}}", "group"),
        ("group: customer, when: {is_pep: {}}", "needs one of"),
        ("group: customer, when: {is_pep: {equals: true}}", "'equals' is not known here"),
    ],
)
def test_a_standard_that_is_wrong_is_refused_with_what_is_allowed(tmp_path: Path, factor: str, said: str) -> None:
    """Traits are refused by name; places outside their group too."""
    more = f"  - {{id: C-99, what: A wrong factor, points: 5, source: a test, {factor}}}"
    path = standard(tmp_path, more).kyc_standard
    with pytest.raises(SettingsError, match=said):
        KycStandard.load(path)


def test_an_id_stands_once(tmp_path: Path) -> None:
    """A row is found by its id."""
    more = (
        "  - {id: C-01, group: customer, what: The same again, when: {is_pep: {is: true}}, points: 5, source: a test}"
    )
    with pytest.raises(SettingsError, match="'C-01' stands twice"):
        KycStandard.load(standard(tmp_path, more).kyc_standard)
