"""One alert in a notebook and on a terminal."""

from __future__ import annotations

import re

from amlscreen.display import AlertView


def test_the_view_draws_sentence_sum_days_and_flow(run):
    """Everything a person needs to begin with, in one picture, without script."""
    html = AlertView.of(run, run.alert_list[0])._repr_html_()
    for part in ("aml-sentence", "aml-waterfall", "aml-timeline", "aml-flow", "Honest reasons to consider"):
        assert part in html
    assert "<script" not in html
    assert not re.search(r"https?://", html)


def test_printed_it_is_plain_lines_that_add_up(run):
    """The points printed are the score printed."""
    text = repr(AlertView.of(run, run.alert_list[0]))
    points = re.findall(r"^ +([+\N{MINUS SIGN}]\d+)  ", text, re.MULTILINE)
    assert sum(int(point.replace("\N{MINUS SIGN}", "-")) for point in points) == run.alert_list[0].score
    assert "119  score" in text
    assert "<" not in text


def test_its_tables_are_those_of_the_result(run):
    """Contributions and evidence are pandas, of this alert only."""
    view = AlertView.of(run, run.alert_list[1])
    assert view.contributions["points"].sum() == run.alert_list[1].score
    assert set(view.evidence["alert_id"]) == {"AL-00002"}
    assert len(view.evidence) == 8


def test_an_alert_without_evidence_rows_can_still_be_shown(run):
    """Context-only alerts draw what there is."""
    view = AlertView.of(run.but(evidence_table=run.evidence_table.slice(0, 0)), run.alert_list[0])
    assert "0 transactions" in repr(view)
    assert "aml-timeline" not in view._repr_html_().split("</style>")[1]
