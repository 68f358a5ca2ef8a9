"""Ids last: over nights, retuning and a rolling extract."""

from __future__ import annotations

import re
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from alerting.judging_bank import AS_OF, Bank, Judge, keep, make_card, make_hit, make_settings
from amlscreen.alerting import Previous, Verdict, judge
from amlscreen.errors import DataError
from amlscreen.hits import Hit
from amlscreen.settings import Settings

LOW_BAR = make_settings(policy={"band": "low"})


def test_an_id_is_sixteen_letters_and_says_nothing(judged: Judge) -> None:
    """Eighty bits in base32."""
    alert = judged([make_hit("HT-A01", rows=[2])], settings=LOW_BAR).alerts[0]
    assert re.fullmatch(r"AL-[A-Z2-7]{16}", alert.alert_id)
    assert (alert.revision, alert.change) == (1, "new")


def test_the_id_rests_on_subject_and_first_transaction_alone(judged: Judge) -> None:
    """Another rule, severity, measure, end day or later row changes nothing; another first row or subject does."""
    one = judged([make_hit("HT-A01", rows=[2, 4], starts=AS_OF - 9)], settings=LOW_BAR)
    graver = {"HT-N01": make_card("HT-N01", severity="critical")}
    other_rule = [make_hit("HT-N01", rows=[2, 6, 8], starts=AS_OF - 9, ends=AS_OF - 1, measures={"payers": 9})]
    assert judged(other_rule, cards=graver, settings=LOW_BAR).alerts[0].alert_id == one.alerts[0].alert_id
    moved = judged([make_hit("HT-A01", rows=[4], starts=AS_OF - 9)], settings=LOW_BAR)
    assert moved.alerts[0].alert_id != one.alerts[0].alert_id


def test_the_same_night_again_is_unchanged(judged: Judge) -> None:
    """Seen again with nothing new; the revision counts the runs."""
    hits = [make_hit("HT-A01", rows=[2, 4])]
    first = judged(hits, settings=LOW_BAR)
    second = judged(hits, settings=LOW_BAR, previous=keep(first, Bank()))
    assert [(a.change, a.revision) for a in second.alerts] == [("unchanged", 2)]


def test_new_evidence_makes_it_grown(judged: Judge) -> None:
    """Also where the first rows have left the extract."""
    first = judged([make_hit("HT-A01", rows=[2, 4])], settings=LOW_BAR)
    second = judged([make_hit("HT-A01", rows=[4, 6])], settings=LOW_BAR, previous=keep(first, Bank()))
    assert second.alerts[0].alert_id == first.alerts[0].alert_id
    assert (second.alerts[0].change, second.alerts[0].revision) == ("grown", 2)


def test_other_money_of_the_same_subject_is_a_new_alert(judged: Judge) -> None:
    """No shared transaction, no kept id; the old one goes to the history."""
    first = judged([make_hit("HT-A01", rows=[2])], settings=LOW_BAR)
    second = judged([make_hit("HT-A01", rows=[8])], settings=LOW_BAR, previous=keep(first, Bank()))
    assert second.alerts[0].change == "new"
    assert set(second.history.column("alert_id").to_pylist()) == {first.alerts[0].alert_id}


def test_what_fell_silent_and_comes_back_is_reopened(judged: Judge) -> None:
    """A night without it, or a last day before the span: the id is kept all the same."""
    hits = [make_hit("HT-A01", rows=[2, 4])]
    first = judged(hits, settings=LOW_BAR)
    silent = judged([], settings=LOW_BAR, previous=keep(first, Bank()))
    back = judged(hits, settings=LOW_BAR, previous=keep(silent, Bank()))
    assert (back.alerts[0].alert_id, back.alerts[0].change) == (first.alerts[0].alert_id, "reopened")
    later = [make_hit("HT-A01", rows=[4, 6], ends=AS_OF + 40)]
    much_later = judged(later, settings=LOW_BAR, as_of=AS_OF + 40, previous=keep(first, Bank()))
    assert (much_later.alerts[0].alert_id, much_later.alerts[0].change) == (first.alerts[0].alert_id, "reopened")


def test_history_forgets_after_a_year(judged: Judge) -> None:
    """It does not grow without end."""
    first = judged([make_hit("HT-A01", rows=[2])], settings=LOW_BAR)
    for days, kept in ((365, 1), (366, 0)):
        verdict = judged([], settings=LOW_BAR, as_of=AS_OF + days, previous=keep(first, Bank()))
        assert verdict.history.num_rows == kept


def test_of_two_claims_the_one_that_shares_most_keeps_the_id(judged: Judge) -> None:
    """A group falls apart: the member with most of its rows carries on, the other is new."""
    bank = Bank(
        owners={f"A{n}": (f"C{n}",) for n in (1, 2, 3)},
        people=[{"customer_id": f"C{n}", "phone": "+8562000"} for n in (1, 2, 3)],
    )
    hits = [make_hit("HT-A01", "A1", [2]), make_hit("HT-A01", "A2", [12, 14]), make_hit("HT-L01", "A3", [22])]
    first = judged(hits, bank=bank)
    apart = Bank(owners=bank.owners)
    second = judged(hits, bank=apart, settings=LOW_BAR, previous=keep(first, bank))
    changes = {alert.subject.id: (alert.change, alert.alert_id) for alert in second.alerts}
    assert changes["C2"] == ("unchanged", first.alerts[0].alert_id)
    assert changes["C1"][0] == changes["C3"][0] == "new"
    assert len({alert_id for _, alert_id in changes.values()}) == 3


def test_an_id_survives_the_day_its_holder_becomes_protected(judged: Judge) -> None:
    """The subject moves from the customer to the account; it is the same alert. History names nobody either."""
    hits = [make_hit("HT-A01", rows=[2, 4])]
    signal = make_hit("HT-T10", "A1", [50])
    cards = {"HT-T10": make_card("HT-T10", role="possible_victim")}
    first = judged(hits, settings=LOW_BAR)
    second = judged([*hits, signal], cards=cards, settings=LOW_BAR, previous=keep(first, Bank()))
    assert second.alerts[0].alert_id == first.alerts[0].alert_id
    assert second.alerts[0].subject.kind == "account"
    gone = judged([signal], cards=cards, settings=LOW_BAR, previous=keep(first, Bank()))
    assert set(gone.history.column("subject_id").to_pylist()) == {"A1"}


def night(day: int, *, payers: int, drop: int) -> tuple[list[Hit], Settings]:
    """One long episode that gains a row a day, and a second rule that tuning turns on and off.

    Row n is of day n. The extract starts at `drop`; the alerting span is ten days.
    """
    rows = [n for n in range(drop, day + 1) if n >= 100]
    hits = [make_hit("HT-A01", rows=rows, starts=rows[0], ends=day, measures={"payers": payers, "paid": 1})]
    if payers % 2:
        hits.append(make_hit("HT-N01", rows=rows[-3:], starts=rows[-3], ends=day))
    settings = make_settings(policy={"band": "low"}, alert_days=10, repeat_points=payers)
    return hits, settings


@settings(max_examples=40, deadline=None)
@given(
    tuning=st.lists(st.integers(0, 9), min_size=7, max_size=7),
    rolled=st.lists(st.integers(0, 3), min_size=7, max_size=7),
    skipped=st.sets(st.integers(1, 5), max_size=2),
)
def test_one_id_over_seven_nights(tuning: list[int], rolled: list[int], skipped: set[int]) -> None:
    """The extract rolls, rules and points change, some nights find nothing: it stays one alert."""
    bank, previous, ids, drop = Bank(), None, set(), 100
    for number, payers in enumerate(tuning):
        drop += rolled[number] if number else 0
        day = 125 + number
        hits, given_settings = night(day, payers=payers, drop=drop)
        hits = [] if number in skipped else hits
        cards = {hit.rule_id: make_card(hit.rule_id, severity="high" if payers > 4 else "low") for hit in hits}
        verdict = judge(hits, cards, bank.book(), given_settings, as_of=day, previous=previous)
        ids.update(alert.alert_id for alert in verdict.alerts)
        if number and number not in skipped:
            expected = "reopened" if number - 1 in skipped else "grown"
            assert [alert.change for alert in verdict.alerts] == [expected]
        previous = keep(verdict, bank)
    assert len(ids) == 1


def write_run(verdict: Verdict, folder: Path) -> None:
    """The three files a later run reads."""
    earlier = keep(verdict, Bank()).alerts.values()
    alerts = [
        {
            "alert_id": one.alert_id,
            "revision": one.revision,
            "institution": one.subject.institution,
            "subject_kind": one.subject.kind,
            "subject_id": one.subject.id,
            "last_day": one.last_day,
        }
        for one in earlier
        if not one.lapsed
    ]
    evidence = [
        {"alert_id": one.alert_id, "institution": row[0], "transaction_id": row[1], "account_id": row[2]}
        for one in earlier
        for row in sorted(one.rows)
        if not one.lapsed
    ]
    table = pa.Table.from_pylist(alerts)
    days = table.column("last_day").cast(pa.int32()).cast(pa.date32())
    pq.write_table(table.set_column(5, "last_day", days), folder / "alerts.parquet")
    pq.write_table(pa.Table.from_pylist(evidence), folder / "evidence.parquet")
    pq.write_table(verdict.history, folder / "history.parquet")


def test_an_earlier_run_is_read_from_its_files(judged: Judge, tmp_path: Path) -> None:
    """What was written is what is held against."""
    first = judged([make_hit("HT-A01", rows=[2, 4])], settings=LOW_BAR)
    second = judged([make_hit("HT-A01", rows=[8])], settings=LOW_BAR, previous=keep(first, Bank()))
    write_run(second, tmp_path)
    read = Previous.read(tmp_path)
    assert read == keep(second, Bank())
    assert {one.lapsed for one in read.alerts.values()} == {True, False}


def test_a_folder_without_a_run_is_refused_with_a_sentence(tmp_path: Path) -> None:
    """It names the file and what to give instead."""
    with pytest.raises(DataError, match=r"alerts\.parquet.*is not there.*screen -o"):
        Previous.read(tmp_path)
    (tmp_path / "alerts.parquet").write_text("no Parquet")
    with pytest.raises(DataError, match="is not a Parquet file"):
        Previous.read(tmp_path)
    pq.write_table(pa.table({"alert_id": ["AL-1"]}), tmp_path / "alerts.parquet")
    with pytest.raises(DataError, match="lacks the columns revision, institution"):
        Previous.read(tmp_path)
