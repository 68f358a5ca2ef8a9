"""The place in the flow of money, on payments that can be worked out by hand."""

from __future__ import annotations

import datetime as dt
from pathlib import Path
from random import Random
from typing import Any

import numpy as np
import pytest

from amlscreen.feature_catalogue import catalogue
from amlscreen.features import laying
from amlscreen.features.aside import Column, Shuffled
from amlscreen.features.made import Subject
from amlscreen.settings import Settings
from features.asking import ask, of
from shapes.looking import lines

FLOW = [name for name, one in catalogue().items() if one.stage == "flow"]


def paid(*payments: tuple[str, str, str, int], legs: str = "both") -> list[dict[str, Any]]:
    """Payments (payer, receiver, day, amount), each told by payer and receiver, or by one of them."""
    rows = []
    for payer, receiver, day, amount in payments:
        if legs in {"both", "payer"}:
            rows.append(f"{payer} {receiver} {day} debit {amount}")
        if legs in {"both", "receiver"}:
            rows.append(f"{receiver} {payer} {day} credit {amount}")
    return lines("\n".join(["account counterparty_account day direction amount", *rows]))


ROUND = [("A", "B", "1@09:00", 100), ("B", "C", "2@09:00", 90), ("C", "A", "3@09:00", 300)]


@pytest.mark.parametrize("legs", ["both", "payer", "receiver"])
def test_a_payment_is_one_whoever_tells_it(legs: str) -> None:
    """The payer's row, the receiver's or both."""
    found = ask(FLOW, transactions=paid(*ROUND, legs=legs))
    assert of(found, "payers_7d") == dict.fromkeys("ABC", 1)
    assert of(found, "rounds_of_3") == dict.fromkeys("ABC", 1)
    assert of(found, "degree") == dict.fromkeys("ABC", 2)
    assert of(found, "reciprocity") == dict.fromkeys("ABC", 0)


def test_a_round_needs_an_order_that_is_certain() -> None:
    """By date alone two payments of one day have none; backwards there is no round."""
    same_day = [("A", "B", "1", 100), ("B", "A", "1", 100)]
    assert of(ask(FLOW, transactions=paid(*same_day)), "rounds_of_2") == {"A": 0, "B": 0}
    next_day = [("A", "B", "1", 100), ("B", "A", "2", 100)]
    assert of(ask(FLOW, transactions=paid(*next_day)), "rounds_of_2") == {"A": 1, "B": 1}
    backwards = [("A", "B", "3", 100), ("B", "C", "2", 90), ("C", "A", "1", 80)]
    assert of(ask(FLOW, transactions=paid(*backwards)), "rounds_of_3") == dict.fromkeys("ABC", 0)


def test_money_that_parts_and_meets_again_is_seen_from_every_side() -> None:
    """Over three parties, in the week; what comes too late or too small does not count."""
    there = [("S", middle, "1@09:00", 100) for middle in ("M1", "M2", "M3", "M4", "M5")]
    back = [(middle, "T", "4@09:00", 95) for middle in ("M1", "M2", "M3")]
    late_and_small = [("M4", "T", "10@09:00", 95), ("M5", "T", "4@09:00", 20)]
    found = ask(FLOW, transactions=paid(*there, *back, *late_and_small))
    assert of(found, "scatter_gather_out") == {"S": 3, "T": 0} | dict.fromkeys(("M1", "M2", "M3", "M4", "M5"), 0)
    assert of(found, "scatter_gather_in")["T"] == 3
    assert [of(found, "scatter_gather_between")[f"M{n}"] for n in range(1, 6)] == [3, 3, 3, 0, 0]
    assert (of(found, "reaches")["S"], of(found, "reached_by")["T"]) == (1, 1)


def test_a_chain_is_followed_as_long_as_the_amount_goes_on() -> None:
    """Four payments in a row; the fifth is another sum."""
    chain = [
        ("A", "B", "1@09:00", 100),
        ("B", "C", "2@09:00", 98),
        ("C", "D", "4@09:00", 90),
        ("D", "E", "5@09:00", 85),
    ]
    found = ask(FLOW, transactions=paid(*chain, ("E", "F", "6@09:00", 9)))
    assert of(found, "pass_through_depth") == {"A": 0, "B": 4, "C": 4, "D": 4, "E": 0, "F": 0}
    assert of(found, "chain_up_to") == {"A": 0, "B": 1, "C": 2, "D": 3, "E": 4, "F": 1}
    assert of(found, "chain_from") == {"A": 4, "B": 3, "C": 2, "D": 1, "E": 1, "F": 0}


def test_a_hub_is_counted_and_not_passed_through() -> None:
    """Whoever has more than a hundred counterparties ties nobody to anybody."""
    crowd = [(f"P{n}", "H", "1@09:00", 100) for n in range(101)]
    on = [("H", "Z", "2@09:00", 100), ("H", "P0", "2@10:00", 100)]
    found = ask(FLOW, transactions=paid(*crowd, *on))
    assert (of(found, "payers_7d")["H"], of(found, "degree")["H"]) == (101, 102)
    assert of(found, "payers_with_no_other_payee")["H"] == 101
    assert (of(found, "reaches")["P1"], of(found, "rounds_of_2")["P0"], of(found, "chain_up_to")["Z"]) == (0, 0, 1)
    assert of(found, "gather_scatter")["H"] == 2


def test_money_gathered_before_it_is_spread_counts_by_the_fewer() -> None:
    """Three payers and then two payees; the other way round nothing was gathered before."""
    gathers = [("A", "M", "1@09:00", 10), ("B", "M", "2@09:00", 10), ("C", "M", "3@09:00", 10)]
    spreads = [("M", "X", "4@09:00", 10), ("M", "Y", "5@09:00", 10)]
    assert of(ask(FLOW, transactions=paid(*gathers, *spreads)), "gather_scatter")["M"] == 2
    early = [(one, other, f"1@0{n}:00", amount) for n, (one, other, _, amount) in enumerate(spreads)]
    late = [(one, other, f"2@0{n}:00", amount) for n, (one, other, _, amount) in enumerate(gathers)]
    assert of(ask(FLOW, transactions=paid(*early, *late)), "gather_scatter")["M"] == 0


def test_a_party_that_keeps_nothing_is_a_pass_through() -> None:
    """Three times each way, with about as much out as in."""
    rows = [("A", "M", f"{n}@09:00", 100) for n in (1, 2, 3)] + [("M", "B", f"{n}@10:00", 90) for n in (1, 2, 3)]
    found = ask(FLOW, transactions=paid(*rows, ("A", "B", "4@09:00", 30)))
    assert of(found, "from_pass_through") == {"A": None, "B": 900_000, "M": 0}
    assert of(found, "to_pass_through")["A"] == 909_090


def test_customers_take_over_what_they_own_alone_and_the_higher_of_what_they_share() -> None:
    """Money between a customer's own accounts leads nowhere; a joint account is a place of its own."""
    holdings = [
        {"account_id": "A1", "customer_id": "C1", "role": "owner"},
        {"account_id": "A2", "customer_id": "C1", "role": "owner"},
        {"account_id": "J", "customer_id": "C1", "role": "joint"},
        {"account_id": "J", "customer_id": "C2", "role": "joint"},
    ]
    rows = [("X", "A1", "1", 10), ("X", "A2", "1", 10), ("Y", "A2", "1", 10), ("A1", "A2", "2", 10)]
    rows += [(one, "J", "3", 10) for one in "PQR"]
    found = ask(FLOW, subject="customer", transactions=paid(*rows), holdings=holdings)
    assert of(found, "payers_7d") == {"C1": 3, "C2": 3} | dict.fromkeys("PQRXY", 0)
    assert of(found, "payees_7d")["C1"] == 0


def test_where_most_rows_do_not_name_the_other_side_nothing_is_told() -> None:
    """Missing is not none; half is enough, cash has nobody, and who has no row at all has no payers."""
    rows = lines(
        """
        day account counterparty_account channel
        1   A1      B                    transfer
        1   A1      -                    transfer
        1   A2      B                    transfer
        1   A2      -                    transfer
        1   A2      -                    transfer
        1   A4      B                    transfer
        1   A4      -                    cash
        1   A4      -                    cash
        """
    )
    accounts = [{"account_id": one, "customer_id": one} for one in ("A1", "A2", "A3", "A4")]
    found = ask(FLOW, transactions=rows, accounts=accounts)
    assert of(found, "payers_7d") == {"A1": 1, "A2": None, "A3": 0, "A4": 1}


def drawn(seed: int) -> list[dict[str, Any]]:
    """Random payments of March between twelve accounts, some known by one leg or their date only."""
    rng = Random(seed)
    rows = []
    for _ in range(150):
        payer, receiver = rng.sample("ABCDEFGHIJKL", 2)
        clock = "" if rng.random() < 0.2 else f"@{rng.randrange(24):02d}:00"
        payment = payer, receiver, f"{rng.randrange(1, 29)}{clock}", rng.choice([100, 95, 60])
        rows += paid(payment, legs=rng.choice(["both", "payer", "receiver"]))
    return [{**row, "transaction_id": f"T{number:03d}"} for number, row in enumerate(rows)]


@pytest.mark.parametrize("subject", ["account", "customer"])
def test_nothing_depends_on_how_rows_are_cut(subject: Subject) -> None:
    """One partition or many, one thread or two."""
    rows = drawn(3)
    whole = ask(FLOW, subject=subject, transactions=rows)
    cut = ask(FLOW, subject=subject, transactions=rows[::-1], settings=Settings(threads=2, partition_rows=10))
    assert whole.table.equals(cut.table)


@pytest.mark.parametrize("subject", ["account", "customer"])
def test_nothing_depends_on_how_many_payments_are_in_memory(subject: Subject, monkeypatch: pytest.MonkeyPatch) -> None:
    """One group of parties or many; joint accounts, dates alone and outside parties among them."""
    holdings = [{"account_id": one, "customer_id": f"C{at // 2}", "role": "owner"} for at, one in enumerate("ABCDEFG")]
    holdings += [{"account_id": "A", "customer_id": "C3", "role": "joint"}]
    for seed in range(5):
        rows = [row for row in drawn(seed) if row["account_id"] in "ABCDEFG"]
        whole = ask(FLOW, subject=subject, transactions=rows, holdings=holdings)
        for at_once in (1, 7, 40):
            monkeypatch.setattr(laying, "AT_ONCE", at_once)
            settings = Settings(threads=2, partition_rows=30)
            cut = ask(FLOW, subject=subject, transactions=rows, holdings=holdings, settings=settings)
            assert whole.table.equals(cut.table)
        monkeypatch.undo()


def test_nothing_from_after_the_day_is_seen() -> None:
    """Features of a book cut at a day equal those of the whole book up to that day."""
    rows = drawn(5)
    day = dt.date(2026, 3, 14)
    before = [row for row in rows if row["at"][:10] <= str(day)]
    everybody = [{"account_id": one, "customer_id": one} for one in "ABCDEFGHIJKL"]
    cut = ask(FLOW, transactions=before, accounts=everybody, last_day=day)
    assert cut.table.equals(ask(FLOW, transactions=rows, accounts=everybody, last_day=day).table)
    assert not cut.table.equals(ask(FLOW, transactions=rows, accounts=everybody).table)


@pytest.mark.parametrize("in_memory", [True, False])
def test_what_is_put_aside_comes_back_as_it_was(in_memory: bool, tmp_path: Path) -> None:
    """From a file or from memory, in any piece, and each group in the order its records came in."""
    folder = None if in_memory else tmp_path
    column, shuffled = Column(folder, np.int32), Shuffled(folder, 3, np.dtype([("a", "i4"), ("b", "?")]))
    for start in (0, 10, 10):
        column.append(np.arange(start, start + 10))
        records = np.array([(n, n % 2 == 0) for n in range(start, start + 10)], [("a", "i4"), ("b", "?")])
        shuffled.add(records["a"] % 2 * 2, records)
    assert column.read(8, 22).tolist() == [8, 9, *range(10, 20), 10, 11]
    column.mapped()[29] = 7
    assert column.read(28, 30).tolist() == [18, 7]
    assert shuffled.of(2)["a"].tolist() == [*range(1, 20, 2), *range(11, 20, 2)]
    assert (shuffled.of(0)["b"].all(), shuffled.of(1).size) == (True, 0)
    assert [*tmp_path.iterdir()] == []
