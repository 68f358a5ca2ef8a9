"""The oracle itself, on cases that can be worked out by hand."""

from __future__ import annotations

from typing import Any

from amlscreen.rules.card import Card
from shapes.oracle import Episode, oracle_hits
from shapes.oracle_measures import Row

DAY = 86_400_000_000
_NO_SUBJECT = {"cluster", "scenario", "path"}
NUMBERS = {"minor_digits": 2, "end": 100 * DAY, "offset": 0, "limits": []}


def card(**detect: Any) -> Card:
    """A card that says nothing but ``detect``."""
    texts = dict.fromkeys(("title", "description", "rationale", "explain"), "Says how to detect.")
    lists = dict.fromkeys(("false_positives", "blind_spots", "next_steps"), ("None.",))
    return Card.model_validate(
        {
            "id": "HT-T01",
            "status": "draft",
            "version": 1,
            "typology": "made_up",
            "exploitation": [],
            "severity": "low",
            "role": "unclear",
            "references": [{"source": "None", "year": 2026}],
            "examples": [{"name": "none", "expect": "clear"}],
            "detect": detect if detect.get("shape") in _NO_SUBJECT else {"subject": "account", **detect},
            **texts,
            **lists,
        }
    )


def rows(table: str) -> list[Row]:
    """Rows of one account from lines ``day direction amount counterparty``; ``-`` is unknown."""
    found: list[Row] = []
    for number, line in enumerate(table.strip().splitlines()):
        day, direction, amount, counterparty = line.split()
        found.append(
            {
                "subject": "A1",
                "at": int(float(day) * DAY),
                "tie": number,
                "local_day": int(float(day)),
                "kind": "customer",
                "netted": False,
                "time_precision": "second",
                "direction": direction,
                "amount": int(amount) * 100,
                "counterparty": None if counterparty == "-" else counterparty,
            }
        )
    return found


def found(detect: dict[str, Any], table: str) -> list[tuple[float, float, dict[str, int | None]]]:
    """First day, last day and measures of each episode."""
    hits: list[Episode] = oracle_hits(card(**detect), rows(table), NUMBERS)
    return [(hit.first_at / DAY, hit.last_at / DAY, hit.measures) for hit in hits]


THREE_PAYERS = {
    "shape": "window",
    "within": "3d",
    "rows": {"paid": {"direction": "credit"}},
    "measures": {"payers": {"distinct": "counterparty", "of": "paid"}, "received": {"sum": "amount", "of": "paid"}},
    "when": {"payers": {"gte": 2}},
}


def test_a_row_exactly_one_span_earlier_is_outside() -> None:
    """The window is open at its start."""
    assert found(THREE_PAYERS, "1 credit 5 P1\n4 credit 5 P2") == []
    assert found(THREE_PAYERS, "1.1 credit 5 P1\n4 credit 5 P2") == [(1.1, 4, {"payers": 2, "received": 1000})]


def test_a_missing_payer_is_neither_one_nor_none() -> None:
    """It adds to no count, and of missing payers alone nothing is known."""
    assert found(THREE_PAYERS, "1 credit 5 P1\n2 credit 5 -") == []
    few = {**THREE_PAYERS, "when": {"payers": {"lt": 2}}}
    assert found(few, "1 credit 5 -") == []


def test_overlapping_windows_are_one_episode_with_the_peak_of_the_lead() -> None:
    """The peak is the first window with the most payers, not the one with the most money."""
    table = "1 credit 1 P1\n2 credit 1 P2\n3 credit 1 P3\n4 credit 9 P3\n20 credit 1 P1\n21 credit 1 P2"
    assert found(THREE_PAYERS, table) == [
        (1, 4, {"payers": 3, "received": 300}),
        (20, 21, {"payers": 2, "received": 200}),
    ]


def test_matched_money_counts_only_if_both_rows_are_in_the_window() -> None:
    """The debit spends the old credit first, which the window no longer sees."""
    passed = {
        "shape": "window",
        "within": "2d",
        "rows": {"inflow": {"direction": "credit"}, "outflow": {"direction": "debit"}},
        "measures": {
            "out": {"count": "transactions", "of": "outflow"},
            "passed": {"matched_within": "1d", "of": ["inflow", "outflow"]},
            "rest": {"dwell": "mean", "of": ["inflow", "outflow"]},
        },
        "when": {"out": {"gte": 1}},
    }
    table = "1 credit 10 P1\n4 credit 10 P2\n4.5 debit 14 P3"
    assert found(passed, table) == [(4, 4.5, {"out": 1, "passed": 400, "rest": DAY // 2})]


def test_a_step_comes_strictly_after_its_anchor_and_absence_waits_for_its_span() -> None:
    """A debit at the same instant is no answer; silence counts only once the span has passed."""
    steps = {
        "shape": "sequence",
        "rows": {"paid": {"direction": "credit"}, "back": {"direction": "debit"}},
        "first": "paid",
        "then": [{"rows": "back", "within": "2d"}],
        "measures": {"back": {"sum": "amount", "of": "back"}},
    }
    assert found(steps, "1 credit 10 P1\n1 debit 9 P1") == []
    assert found(steps, "1 credit 10 P1\n3 debit 9 P1") == [(1, 3, {"back": 900})]
    silent = {**steps, "then": [{"rows": "back", "within": "2d", "is": "absent"}], "measures": {}}
    assert found(silent, "1 credit 10 P1\n99 credit 10 P1") == [(1, 1, {})]


def test_repeat_lasts_from_the_first_episode_to_the_last() -> None:
    """Three pairs of payers, each within ten days of the one before, are one recurring episode."""
    often = {**THREE_PAYERS, "repeat": {"at_least": 2, "within": "10d"}}
    table = "1 credit 1 P1\n2 credit 1 P2\n9 credit 1 P1\n10 credit 1 P2\n18 credit 1 P1\n19 credit 1 P2"
    assert found(often, table) == [(1, 19, {"payers": 2, "received": 200, "times": 2})]
