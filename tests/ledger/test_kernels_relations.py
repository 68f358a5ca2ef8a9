"""The kernels about who pays whom give what their slow twins give."""

from __future__ import annotations

from collections.abc import Iterator
from random import Random
from types import SimpleNamespace
from typing import Any

import numpy as np
from numpy.typing import NDArray

from amlscreen.features.flow import Flow, flow_of
from amlscreen.features.payments import Payments
from amlscreen.ledger import kernels
from ledger import oracles_relations as slow

TRIALS = range(150)
PARTIES = 6


def drawn(rng: Random) -> list[slow.Payment]:
    """Payments with equal instants, repeated pairs and some known by their date only, by payer and time."""
    paid = []
    for _ in range(rng.randrange(1, 26)):
        payer, receiver = rng.sample(range(PARTIES), 2)
        early = rng.randrange(12)
        paid.append((payer, receiver, early, early + rng.choice([0, 0, 0, 3]), rng.choice([100, 95, 80, 40, 210])))
    return sorted(paid, key=lambda one: (one[0], one[2]))


def flow(paid: list[slow.Payment]) -> Flow:
    """The graph of these payments, all parties accounts."""
    at = sorted(range(len(paid)), key=lambda n: paid[n][2])
    source, target, early, late, amount = (np.array(each, np.int64)[at] for each in zip(*paid, strict=True))
    told = np.ones(PARTIES, np.int64)
    payments = Payments(
        PARTIES,
        PARTIES,
        source.astype(np.int32),
        target.astype(np.int32),
        early,
        late,
        amount,
        np.arange(len(paid), dtype=np.int32),
        told,
        told,
    )
    facts: Any = SimpleNamespace(last_day=0, jurisdiction=SimpleNamespace(utc_offset_minutes=0))
    return flow_of(payments, facts, "account")


def scratch(count: int) -> list[NDArray[np.int32]]:
    return [np.full(PARTIES, -1, np.int32) for _ in range(count)]


def cases(seed: str) -> Iterator[tuple[list[slow.Payment], Flow, set[int], NDArray[np.bool_]]]:
    """Payments, their graph, and the parties passed through."""
    rng = Random(seed)
    for _ in TRIALS:
        paid, walked = drawn(rng), set(rng.sample(range(PARTIES), 5))
        yield paid, flow(paid), walked, np.array([one in walked for one in range(PARTIES)])


def test_payments_stand_by_payer_and_by_receiver_in_order_of_time() -> None:
    """Putting together keeps the order that was given."""
    for paid, graph, *_ in cases("grouped"):
        order = graph.by_receiver
        assert graph.source.tolist() == [one[0] for one in paid]
        assert list(zip(graph.out.other[order], graph.into.time, strict=True)) == sorted((p[1], p[2]) for p in paid)


def test_what_was_paid_after_a_payment_is_a_slice() -> None:
    """What is certainly later, and not too late."""
    for paid, graph, *_ in cases("until"):
        first, last = (np.empty(len(paid), np.int64) for _ in range(2))
        into, out = graph.into, graph.out
        kernels.until(into.offsets, into.time, graph.onward_by_receiver, out.offsets, out.time, 4, first, last)
        for at, low, high in zip(graph.by_receiver.tolist(), first, last, strict=True):
            assert [*range(low, high)] == slow.after(paid, at, 4, len(paid))


def test_money_both_ways_is_counted_once_for_each_other() -> None:
    """However many payments there are."""
    for paid, graph, *_ in cases("mutual"):
        assert graph.mutual.tolist() == slow.mutual(paid, PARTIES)


def test_rounds_are_those_a_slow_search_finds() -> None:
    """The shortest way back, each payer and payee once."""
    for most in (2, 32):
        for paid, graph, walked, may in cases(f"rounds {most}"):
            found = [np.zeros(PARTIES, np.int64) for _ in range(3)]
            stamp, done = scratch(2)
            last, into, out = np.zeros(PARTIES, np.int64), graph.into, graph.out
            kernels.returns(
                out.offsets, out.other, out.time, graph.late, graph.onward, into.offsets, into.other, into.time, may,
                6, most, stamp, last, done, *found,
            )  # fmt: skip
            assert [one.tolist() for one in found] == [*slow.returns(paid, PARTIES, walked, 6, most)]


def test_meetings_are_those_a_slow_search_finds() -> None:
    """Who reaches whom over one other, and over how many side by side."""
    for most in (2, 32):
        for paid, graph, walked, may in cases(f"meetings {most}"):
            found = [np.zeros(PARTIES, np.int64) for _ in range(5)]
            out, by_pair = graph.out, np.empty(len(paid), np.int32)
            kernels.grouped(graph.source, graph.by_receiver, out.offsets[:-1].copy(), by_pair)
            kernels.meetings(
                out.offsets, out.other, out.time, out.amount, graph.onward, by_pair, may, 6, most, 3, 1, *scratch(3),
                *found,
            )  # fmt: skip
            assert [one.tolist() for one in found] == [*slow.meetings(paid, PARTIES, walked, 6, most, 3, 1)]


def test_chains_are_as_long_as_a_slow_search_says() -> None:
    """Up to each payment and from it."""
    for most in (2, 32):
        for paid, graph, walked, may in cases(f"chains {most}"):
            before, rest, first, second = (np.ones(len(paid) ** 2, np.int32) for _ in range(4))
            into, out = graph.into, graph.out
            found = kernels.payments_on(
                into.offsets, graph.by_receiver, into.other, into.time, into.amount, graph.onward_by_receiver,
                out.offsets, out.other, out.time, out.amount, may, 4, most, 2, 20, first, second,
            )  # fmt: skip
            place = {at: n for n, at in enumerate(graph.order.tolist())}
            by_time = sorted(range(found), key=lambda n: place[first[n]])
            assert {*zip(first[:found], second[:found], strict=True)} == slow.payments_on(paid, walked, 4, most, 2, 20)
            before, rest = before[: len(paid)], rest[: len(paid)]
            kernels.chain_lengths(first[by_time], second[by_time], before, rest)
            assert [before.tolist(), rest.tolist()] == [*slow.chain_lengths(paid, walked, 4, most, 2, 20)]
