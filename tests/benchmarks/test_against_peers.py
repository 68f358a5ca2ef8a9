"""The comparison with others: its split hides what it judges, and its arithmetic is right. No competitor runs here."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from benchmarks.page import put_between
from benchmarks.peers_book import Book, Part, by_time
from benchmarks.peers_judge import LOWEST, figures, highest, mean_of
from benchmarks.peers_models import totals
from benchmarks.peers_ours import ranking
from benchmarks.peers_sets import splits_in
from benchmarks.peers_table import aims, table

DAY = 86_400


def _book(days: list[int], holders: list[tuple[int, int]], instance: list[int], count: int) -> Book:
    one, size = np.array(days) * DAY, len(days)
    amount = np.ones(size)
    return Book(
        "made", one, np.array(holders)[:, 0], np.array(holders)[:, 1], np.array(holders), amount, amount > 1,
        amount[:, None], ("amount",), np.array(instance), [str(number) for number in range(count)], None,
    )  # fmt: skip


def _part(truth: list[bool]) -> Part:
    book = _book([0], [(0, 0)], [-1], len(truth))
    return Part(book, -1, DAY, np.array(truth), np.ones(len(truth), bool))


def test_who_is_labelled_early_is_not_judged_again() -> None:
    """0 is labelled in the first half; 1 and 2 in the second; the payments judged are those of the second."""
    book = _book([0, 1, 8, 9], [(0, 3), (3, 4), (0, 1), (2, -1)], [5, -1, 6, 6], 5)
    split = by_time(book, "made", 0.5)
    (test,) = split.tests
    assert split.train.positive.tolist() == [True, False, False, True, False]
    assert test.judged.tolist() == [False, True, True, False, True]
    assert test.positive.tolist() == [False, True, True, False, False]
    assert test.rows.tolist() == [False, False, True, True] and split.train.rows.tolist() == [True, True, False, False]


def test_the_centre_has_several_labelled_payments_of_one_instance() -> None:
    """Two payments of one instance make a centre of two; one payment each of two instances does not."""
    book = _book([0, 1, 2, 3], [(0, 1), (0, 2), (3, 1), (3, 4)], [1, 1, 2, 3], 5)
    assert book.labelled(np.ones(4, bool), 2).tolist() == [True, False, False, False, False]


def test_a_holder_counts_with_its_highest_payment() -> None:
    """Whichever side it stands on; without a payment it has the lowest score there is."""
    scores = highest(np.array([0.2, 0.9]), np.array([[0, 1], [1, -1]]), 3)
    assert scores.tolist() == [0.2, 0.9, LOWEST]


def test_figures_of_a_ranking_counted_by_hand() -> None:
    """Right at places 1 and 3 of four: average precision (1 + 2/3) / 2; the cut-off at two has one of two."""
    found = figures(np.array([4.0, 3.0, 2.0, 1.0]), _part([True, False, True, False]), 0.5)
    assert found.ap == pytest.approx((1 + 2 / 3) / 2)
    assert found.f1 == pytest.approx(0.5)
    assert found.best_f1 == pytest.approx(0.8)
    assert found.precision[0] == 1.0 and found.recall[0] == 0.5


def test_equal_scores_are_worth_what_chance_gives() -> None:
    """No order among equals: the average precision is the share of the labelled."""
    found = figures(np.zeros(4), _part([True, False, False, False]), 0.25)
    assert found.ap == pytest.approx(0.25) and found.precision[0] == pytest.approx(0.25)
    assert mean_of([found, found]) == found


def test_totals_are_those_of_the_days_asked_for() -> None:
    """One payment before the cut, one after: both are in the history, one is in the judged days."""
    (test,) = by_time(_book([0, 9], [(0, 1), (0, 1)], [-1, -1], 2), "made", 0.5).tests
    assert np.expm1(totals(test)[0, 0]) == pytest.approx(2)
    assert np.expm1(totals(test, only_judged=True)[0, 0]) == pytest.approx(1)


def test_the_aims_are_held_to_the_better_forest() -> None:
    """Twice the average precision is asked; where the forest has more than half, nobody can have twice as much."""
    low, high = (figures(np.array(one), _part([True, False]), 0.5) for one in ([0.0, 1.0], [1.0, 0.0]))
    assert aims({"forest": low, "forest, judged days": high, "ours": high})[0].endswith("cannot be met)")
    assert aims({"forest": low, "ours": high})[0].endswith("met)")


def test_a_set_of_others_is_ranked_by_holder(tmp_path: Path) -> None:
    """Our ranking has a place for every holder of a world of AMLSim, and the table tells how many are labelled."""
    lines = [
        f"{one},{one},99,TRANSFER,900.00,2025-01-{one:02d}T00:00:00Z,{one > 20},{1 if one > 20 else -1}"
        for one in range(1, 31)
    ]
    head = "tran_id,orig_acct,bene_acct,tx_type,base_amt,tran_timestamp,is_sar,alert_id"
    (tmp_path / "transactions.csv").write_text("\n".join([head, *lines]) + "\n", encoding="utf-8")
    cash = ["500,99,-,CASH-IN,70.55,2025-01-01T00:00:00Z,False,-1"]
    (tmp_path / "cash_tx.csv").write_text("\n".join([head, *cash]) + "\n", encoding="utf-8")
    accounts = [f"{one},1,2025-01-01T00:00:00Z,USD" for one in [*range(1, 31), 99]]
    (tmp_path / "accounts.csv").write_text("\n".join(["acct_id,branch_id,open_dt,acct_rptng_crncy", *accounts]) + "\n")
    owned = [f"{one},C{one}" for one in [*range(1, 31), 99]]
    (tmp_path / "accountMapping.csv").write_text("\n".join(["acct_id,cust_id", *owned]) + "\n", encoding="utf-8")
    (tmp_path / "alert_accounts.csv").write_text("alert_id,alert_type,acct_id\n1,fan_in,99\n", encoding="utf-8")
    (split,) = splits_in(tmp_path)
    (test,) = split.tests
    assert [test.book.names[place] for place in np.flatnonzero(test.positive)][-1] == "C99"
    assert test.book.source[test.book.cash].tolist() == [-1]
    found = ranking(test)
    assert (found > LOWEST).all() and len(set(found.tolist())) > 1
    assert "holders judged are labelled" in table([(split, {"ours": figures(found, test, 0.1)})])


def test_a_page_keeps_what_others_wrote(tmp_path: Path) -> None:
    """Only what stands between the marks of one command is replaced; a page without them is refused."""
    page = tmp_path / "page.md"
    page.write_text("a\n<!-- made by x: begin -->\nold\n<!-- made by x: end -->\nb\n", encoding="utf-8")
    put_between(page, "new", "x")
    assert (
        page.read_text(encoding="utf-8")
        == "a\n<!-- made by x: begin -->\n```text\nnew\n```\n<!-- made by x: end -->\nb\n"
    )
    with pytest.raises(ValueError, match="no marks"):
        put_between(page, "new", "y")
