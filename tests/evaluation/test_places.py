"""Where a customer stands: the best of its own line and of the alerts it is under review in."""

from __future__ import annotations

from amlscreen.evaluation.places import Lines, places_of
from evaluation.conftest import MakeRun


def test_a_customer_stands_where_its_group_stands(make_run: MakeRun) -> None:
    """C4 has no points of its own and is in the group on top; C1 leads with its own."""
    group = {"subject_kind": "group", "subject_id": "C3", "score": 90, "confidence": 1.0, "alert_id": "AL-1"}
    places = places_of(make_run([60, 50, 40, 0], lines=[group], alerts={"AL-1": ["C3", "C4"]}))
    order = [places.ids[number] for number in places.order]
    assert order == ["C3", "C4", "C1", "C2"]
    assert dict(zip(places.ids, places.score.tolist(), strict=True)) == {"C1": 60, "C2": 50, "C3": 90, "C4": 90}
    assert [one for one, under in zip(places.ids, places.alerted.tolist(), strict=True) if under] == ["C3", "C4"]


def test_other_scores_give_another_order_and_ties_keep_theirs(make_run: MakeRun) -> None:
    """The ranking made again from its own scores is itself."""
    lines = Lines.of(make_run([60, 50, 50, 0]))
    assert (lines.places(lines.score).order == lines.places().order).all()
    other = lines.places(lines.score * [0, 1, 1, 1])
    assert [other.ids[number] for number in other.order] == ["C2", "C3", "C1", "C4"]


def test_an_unknown_customer_has_no_number(make_run: MakeRun) -> None:
    """With or without its institution."""
    places = places_of(make_run([1, 0]))
    assert places.numbers([("B", "C1"), ("", "C2"), ("X", "C1"), ("", "C9")]).tolist() == [0, 1, -1, -1]
