"""False alerts by segment, fairness, recall by label column and the capacity curve, counted by hand."""

from __future__ import annotations

import datetime as dt

import pyarrow as pa
import pytest

from amlscreen.errors import DataError
from amlscreen.evaluation.capacity import capacity_curve
from amlscreen.evaluation.figures import Standings
from amlscreen.evaluation.known import join
from amlscreen.evaluation.places import places_of
from amlscreen.evaluation.recall import recall_by, victims_of
from amlscreen.evaluation.segments import columns_about, fairness, false_alerts
from amlscreen.labels import labels_from_rows
from evaluation.conftest import MakeRun

PEOPLE = 200


@pytest.fixture
def people(make_run: MakeRun):
    """200 people and firms; C1 to C10 are under alert, C1 and C2 are targets, and every second one is a woman."""
    ids = [f"C{n}" for n in range(1, PEOPLE + 1)]
    customers = pa.table(
        {
            "institution": ["B"] * PEOPLE,
            "customer_id": ids,
            "customer_kind": ["person"] * 180 + ["entity"] * 20,
            "sex": ["female", "male"] * 100,
            "nationality": ["LA"] * 190 + ["TH"] * 10,
            "birth_date": pa.array([dt.date(1990, 1, 1)] * 190 + [None] * 10, pa.date32()),
            "occupation": ["farmer"] * 100 + ["driver"] * 100,
        }
    )
    line = {"subject_kind": "group", "subject_id": "C1", "score": 90, "confidence": 1.0, "alert_id": "AL-1"}
    run = make_run([0] * PEOPLE, lines=[line], alerts={"AL-1": ids[:10]}, customers=customers)
    places = places_of(run)
    rows = [
        {"customer_id": "C1", "typology": "HT-A01", "channel": "cash", "instance": "R1", "last_day": "2026-07-20"},
        {"customer_id": "C2", "typology": "HT-A01", "channel": "", "instance": "R1", "last_day": "2026-05-20"},
        {"customer_id": "C99", "typology": "HT-A02", "channel": "cash", "instance": "R2", "last_day": ""},
        {"customer_id": "C5", "typology": "HT-A02", "possible_victim": "yes", "instance": "R2"},
    ]
    return run, places, join(run, places, labels_from_rows(rows))


def test_false_alerts_are_told_of_a_thousand_innocents(people) -> None:
    """Of 196 innocents seven are under alert; all of them farmers, of whom 96 are innocent."""
    run, places, known = people
    about, _ = columns_about(places, run.customers, [], run.as_of)
    told = {(one.column, one.value): one for one in false_alerts(places, known, about, 4)}
    everyone, farmers = told["all", "all"], told["occupation", "farmer"]
    assert (everyone.innocents, everyone.false_alerts) == (196, 7)
    assert everyone.of_thousand.value == pytest.approx(1000 * 7 / 196)
    assert (farmers.innocents, farmers.false_alerts) == (96, 7)
    assert farmers.ratio == pytest.approx((7 / 96) / (7 / 196))
    assert told["occupation", "driver"].false_alerts == 0
    assert told["customer_kind", "entity"].ratio is None, "twenty are too few for a ratio"


def test_groups_of_people_are_held_against_everybody_else(people) -> None:
    """Firms have no sex; who is under 30 in number gets no ratio; what is not known is a value of its own."""
    run, places, known = people
    _, traits = columns_about(places, run.customers, [], run.as_of)
    told = {(one.trait, one.value): one for one in fairness(places, known, traits)}
    women = told["sex", "female"]
    assert (women.people, told["person", "all"].people) == (90, 180)
    assert women.alerted.value == pytest.approx(1000 * 5 / 90)
    assert women.alerted_ratio == pytest.approx(1.0)
    assert (told["age", "25 to 39"].people, women.targets) == (180, 2)


def test_further_columns_need_a_customer(people) -> None:
    """A customer may stand in several groups."""
    run, places, known = people
    groups = pa.table({"customer_id": ["C3", "C3", "C4"], "group": ["shop", "family", "shop"]})
    about, _ = columns_about(places, None, [groups], run.as_of)
    told = {one.value: one.innocents for one in false_alerts(places, known, about, 4)}
    assert (told["shop"], told["family"]) == (2, 1)
    with pytest.raises(DataError, match="customer_id"):
        columns_about(places, None, [pa.table({"x": [1]})], run.as_of)


def test_who_is_found_is_told_by_every_column_of_the_labels(people) -> None:
    """Possible victims are counted apart, and what was over before the alerting span too."""
    run, places, known = people
    standings = Standings.of(known.state, known.unit, places.order)
    told = {(one.by, one.value): one for one in recall_by(run, places, known, standings, (0.005, 0.05))}
    everyone = told["all", "all"]
    assert (everyone.targets, everyone.instances, everyone.instances_alerted) == (3, 2, 1)
    assert everyone.alerted.value == pytest.approx(2 / 3)
    assert everyone.within == pytest.approx((1 / 3, 2 / 3))
    assert told["channel", "cash"].targets == 2 and ("channel", "") not in told
    assert {value for by, value in told if by == "when"} == {
        "after 2026-07-01, in the alerting span",
        "over by 2026-07-01",
    }
    victims = victims_of(run, places, known)
    assert (victims.planted, victims.protected, victims.under_review) == (1, 0, 1)


def test_the_capacity_curve_counts_what_is_left(people) -> None:
    """From nobody found to everybody looked at."""
    _, places, known = people
    curve = capacity_curve(places, known, Standings.of(known.state, known.unit, places.order), (0.05,))
    first, at_ten, last = curve[0], next(one for one in curve if one.reviewed == 10), curve[-1]
    assert (first.reviewed, first.found, first.left, first.left_alerted) == (1, 1, 2, 9)
    assert (at_ten.found, at_ten.left, at_ten.left_with_points, at_ten.left_alerted) == (2, 1, 0, 0)
    assert (last.reviewed, last.found, last.left) == (PEOPLE, 3, 0)
