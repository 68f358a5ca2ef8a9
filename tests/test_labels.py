"""Label files: what each form means, and what is said of a file that is none."""

from __future__ import annotations

from pathlib import Path

import pytest

from amlscreen.errors import DataError
from amlscreen.labels import Labels, read_labels


def read(tmp_path: Path, text: str) -> Labels:
    """The labels of a file with this content."""
    path = tmp_path / "labels.csv"
    path.write_text(text, encoding="utf-8")
    return read_labels(path)


def test_whoever_a_synthetic_bank_lists_is_a_target(project: Path) -> None:
    """Outside parties are set aside and counted; columns that could give the answer away are not read."""
    labels = read_labels(project / "sample_data" / "labels.csv")
    assert labels.form == "planted" and labels.unlisted == "innocent"
    assert {row.is_target for row in labels.rows} == {True}
    assert labels.set_aside == {"labels of outside parties, who are no customers": 1}
    assert "transaction_ids" in labels.not_read
    assert any(row.possible_victim for row in labels.rows) and all(row.typology for row in labels.rows)


def test_a_plain_file_with_ones_only_leaves_the_others_innocent(tmp_path: Path) -> None:
    """Numbers may come as a data frame writes them."""
    labels = read(tmp_path, "customer_id,label\nC1,1\nC2,1.0\n")
    assert [row.is_target for row in labels.rows] == [True, True] and labels.unlisted == "innocent"


def test_a_plain_file_with_noughts_leaves_the_others_unknown(tmp_path: Path) -> None:
    """It lists those that somebody looked at."""
    labels = read(tmp_path, "customer_id,label\nC1,1\nC2,no\nC3,\n")
    assert [row.is_target for row in labels.rows] == [True, False, None] and labels.unlisted == "unknown"


def test_a_disposition_is_about_the_customers_of_its_alert(tmp_path: Path) -> None:
    """An alert of another run is counted, not guessed."""
    labels = read(tmp_path, "alert_id,disposition\nAL-1,reported\nAL-2,False positive\nAL-9,open\n")
    found = labels.of_alerts({"AL-1": [("B", "C1"), ("B", "C2")], "AL-2": [("B", "C3")]})
    assert [(row.customer_id, row.is_target) for row in found.rows] == [("C1", True), ("C2", True), ("C3", False)]
    assert found.set_aside == {"labels of alerts that this run does not have": 1}


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("customer,label\nC1,1\n", "lacks a column customer_id"),
        ("customer_id,label\nC1,maybe\n", "labels.csv:2: label 'maybe' is not known"),
        ("alert_id,disposition\nAL-1,reportd\n", "Did you mean 'reported'?"),
        ("customer_id,label\n,1\n", "labels.csv:2: names no customer"),
        ("customer_id,first_day\nC1,1/2/26\n", "first_day '1/2/26' is not a day"),
        ("customer_id,label\nC1\n", "fewer cells than columns"),
        ("customer_id,label\n", "lacks a column customer_id"),
    ],
)
def test_a_file_that_cannot_be_used_says_where_and_why(tmp_path: Path, text: str, said: str) -> None:
    """Line, value, what is allowed."""
    with pytest.raises(DataError) as problem:
        read(tmp_path, text)
    assert said in str(problem.value)
