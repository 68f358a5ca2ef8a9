"""What labels say of each customer, and what is left out with its reason."""

from __future__ import annotations

import datetime as dt

import pytest

from amlscreen.errors import DataError
from amlscreen.evaluation.known import Known, join, split_at
from amlscreen.evaluation.places import places_of
from amlscreen.labels import labels_from_rows
from evaluation.conftest import MakeRun


def known(make_run: MakeRun, *rows: dict[str, object], customers: int = 6) -> Known:
    """Labels on customers C1 to C6."""
    run = make_run([0] * customers)
    return join(run, places_of(run), labels_from_rows(rows))


def test_a_possible_victim_is_no_target_and_not_innocent(make_run: MakeRun) -> None:
    """Unless it is a target by another row."""
    found = known(
        make_run,
        {"customer_id": "C1", "possible_victim": "true", "instance": "R1"},
        {"customer_id": "C2", "possible_victim": "true", "instance": "R1"},
        {"customer_id": "C2", "possible_victim": "false", "instance": "R2"},
    )
    assert found.state.tolist() == [-1, 1, 0, 0, 0, 0]
    assert found.left_out == {"possible victims, who are looked at apart": 1}


def test_one_answer_for_each_customer(make_run: MakeRun) -> None:
    """A target outweighs an innocent; whoever is not listed beside innocents is unknown."""
    rows = [("C1", 1), ("C1", 0), ("C2", 0), ("C3", ""), ("C9", 1)]
    found = known(make_run, *({"customer_id": one, "label": said} for one, said in rows))
    assert found.state.tolist() == [1, 0, -1, -1, -1, -1]
    assert found.left_out == {
        "labels of customers that this run does not have": 1,
        "customers looked at without an answer": 1,
        "customers of whom the labels say nothing": 3,
    }


def test_what_shares_an_instance_is_one_unit(make_run: MakeRun) -> None:
    """Also through a customer that stands in two."""
    pairs = [("C1", "R1"), ("C2", "R1"), ("C2", "R2"), ("C3", "R2"), ("C4", "R3")]
    unit = known(make_run, *({"customer_id": one, "instance": ring} for one, ring in pairs)).unit
    assert unit[0] == unit[1] == unit[2] != unit[3] and len(set(unit.tolist())) == 4


def test_what_began_after_the_last_day_could_not_be_seen(make_run: MakeRun) -> None:
    """It is counted, and its customer is not a target because of it."""
    rows = [("C1", "2026-07-01"), ("C2", "2026-08-01")]
    found = known(make_run, *({"customer_id": one, "first_day": day} for one, day in rows))
    assert found.targets == 1 and found.left_out == {"labels of what began after the run's last day": 1}


def test_a_split_leaves_the_other_side_out(make_run: MakeRun) -> None:
    """By the earliest day; what has no day is on neither side, and no target of one side is innocent on the other."""
    rows = [("C1", "2026-03-01"), ("C1", "2026-06-10"), ("C2", "2026-06-10"), ("C3", "")]
    found = known(make_run, *({"customer_id": one, "first_day": day} for one, day in rows))
    before, after = split_at(found, dt.date(2026, 6, 1))
    assert before.state.tolist() == [1, -1, -1, 0, 0, 0]
    assert after.state.tolist() == [-1, 1, -1, 0, 0, 0]
    assert after.left_out == {"targets that began before 2026-06-01": 1, "targets without a first day": 1}


def test_labels_of_another_bank_are_refused(make_run: MakeRun) -> None:
    """Figures over nobody would be noughts that look like figures."""
    with pytest.raises(DataError, match="no customer of this run"):
        known(make_run, {"customer_id": "X1"})
