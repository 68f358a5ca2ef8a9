"""Graph features give what their slow twins give, on streams with hubs, equal instants, repeated pairs and batches."""

from __future__ import annotations

from collections.abc import Callable
from random import Random

import numpy as np
import pytest
from numpy.typing import NDArray

from amlscreen.errors import DataError
from amlscreen.ledger.graph import FIGURES, SIDES, EdgeFeatures, GraphPlan, Histogram, edge_features
from ledger import oracles_graph as slow

TRIALS = range(60)
SIZES = tuple(range(2, 12))
Ints = NDArray[np.int64]


def stream(seed: int, most: int = 40) -> tuple[list[slow.Edge], list[int], int | None, Random]:
    """Payments by time, the batch of each, and how many a batch holds."""
    rng = Random(seed)
    accounts = rng.randrange(3, 9)
    hub = rng.random() < 0.4
    edges = []
    for _ in range(rng.randrange(1, most)):
        payer, payee = rng.sample(range(accounts), 2)
        if hub and rng.random() < 0.5:
            payer, payee = rng.sample([0, rng.randrange(1, accounts)], 2)
        edges.append((payer, payee, rng.randrange(rng.choice([4, 30]))))
    edges.sort(key=lambda one: one[2])
    batch = rng.choice([None, 1, 3, 10])
    return edges, [at // batch if batch else 0 for at in range(len(edges))], batch, rng


def columns(edges: list[slow.Edge]) -> tuple[Ints, Ints, Ints]:
    """Payers, payees and times, the accounts under ids of their own."""
    payer, payee, time = np.array(edges, np.int64).T
    return payer * 7 + 100, payee * 7 + 100, np.ascontiguousarray(time)


def counted(block: NDArray[np.int32]) -> list[dict[int, int]]:
    """What a histogram over ``SIZES`` counts, as the slow twins do."""
    return [{int(bin_) + 2: int(column[bin_]) for bin_ in np.flatnonzero(column)} for column in block.T]


def made(edges: list[slow.Edge], batch: int | None, plan: GraphPlan) -> EdgeFeatures:
    """The features of a stream; two threads every other time."""
    return edge_features(*columns(edges), plan=plan, batch=batch, threads=1 + len(edges) % 2)


@pytest.mark.parametrize("distinct", [True, False])
def test_fans_and_degrees(distinct: bool) -> None:
    """Every window that holds an edge, by how many others or payments it has."""
    for seed in TRIALS:
        edges, batches, batch, rng = stream(seed)
        span = rng.choice([1, 3, 10, 100])
        name = "fan" if distinct else "degree"
        found = made(edges, batch, GraphPlan(**{name: Histogram(span, SIZES)}))
        for side, way in ((1, "in"), (0, "out")):
            wanted = slow.fans(edges, batches, span, side, distinct=distinct)
            capped = [{min(size, 11): 0 for size in one} for one in wanted]
            for one, given in zip(capped, wanted, strict=True):
                for size, times in given.items():
                    one[min(size, 11)] += times
            assert counted(found.counts[f"{name}_{way}"]) == capped, seed


def test_scatter_gathers() -> None:
    """One pattern of two ends at a time, that of the span which ends with the last edge that ties them."""
    for seed in TRIALS:
        edges, batches, batch, rng = stream(seed, 30)
        span, keep = rng.choice([1, 3, 10]), rng.choice([10, 100])
        found = made(edges, batch, GraphPlan(scatter_gather=Histogram(span, SIZES), keep=keep))
        assert counted(found.counts["scatter_gather"]) == slow.scatter_gathers(edges, batches, span, keep), seed


def test_temporal_cycles() -> None:
    """Rounds that rise in time, at each payment that can be part of one."""
    for seed in TRIALS:
        edges, batches, batch, rng = stream(seed, 26)
        span = rng.choice([3, 10, 100])
        found = made(edges, batch, GraphPlan(temporal_cycle=Histogram(span, SIZES)))
        assert counted(found.counts["temporal_cycle"]) == slow.temporal_cycles(edges, batches, span), seed


def test_bounded_cycles() -> None:
    """Rounds in any order, up to a number of accounts."""
    for seed in TRIALS:
        edges, batches, batch, rng = stream(seed, 22)
        span, longest = rng.choice([3, 10, 100]), rng.randrange(2, 6)
        found = made(edges, batch, GraphPlan(bounded_cycle=Histogram(span, SIZES), longest=longest))
        assert counted(found.counts["bounded_cycle"]) == slow.bounded_cycles(edges, batches, span, longest), seed


def test_figures() -> None:
    """Of both accounts of each edge, on both sides, as they stand when its batch has come."""
    for seed in TRIALS:
        edges, batches, batch, rng = stream(seed)
        amount = [rng.randrange(1, rng.choice([4, 10**12])) for _ in edges]
        plan = GraphPlan(figures=FIGURES, keep=rng.choice([2, 10, 100]))
        found = edge_features(*columns(edges), np.array(amount, np.int64), plan=plan, batch=batch)
        for place, side in enumerate(SIDES):
            for edge in range(len(edges)):
                wanted = slow.figures(edges, amount, batches, plan.kept(), edge, place // 2, place % 2)
                assert found.figures[side][:, edge] == pytest.approx(wanted, rel=1e-9, abs=1e-9), (seed, side, edge)


def test_long_bundles_count_at_every_payment() -> None:
    """Hundreds of payments between the same two accounts are one hop, and each of them is part of the round."""
    edges = [(1, 2, at) for at in range(50)] + [(2, 3, 60), (3, 1, 70), (3, 1, 80)]
    found = made(edges, None, GraphPlan(temporal_cycle=Histogram(100, SIZES), bounded_cycle=Histogram(100, SIZES)))
    for pattern in ("temporal_cycle", "bounded_cycle"):
        assert counted(found.counts[pattern]) == [{3: 2}] * 51 + [{3: 1}] * 2


def test_nothing_later_is_known_in_batches_of_one() -> None:
    """A stream cut anywhere gives the features its payments have in the whole."""
    plan = plan_of_all()
    edges, _, _, rng = stream(5, 60)
    amount = np.array([rng.randrange(1, 100) for _ in edges], np.int64)
    whole = edge_features(*columns(edges), amount, plan=plan, batch=1).table()
    for cut in (1, len(edges) // 2):
        part = edge_features(*columns(edges[:cut]), amount[:cut], plan=plan, batch=1).table()
        assert part.equals(whole.slice(0, cut))


def test_threads_change_nothing() -> None:
    """One thread or four: the same table."""
    rng = np.random.default_rng(3)
    stream_of = (rng.integers(0, 300, 3_000), rng.integers(0, 300, 3_000), np.sort(rng.integers(0, 900, 3_000)))
    amount = rng.integers(1, 1_000, 3_000)
    one, four = (edge_features(*stream_of, amount, plan=plan_of_all(), threads=threads).table() for threads in (1, 4))
    assert one.equals(four)


def test_who_pays_itself_is_in_nothing() -> None:
    """Its own payment has zeros and changes no other's."""
    edges, _, _, _ = stream(8, 60)
    payer, payee, time = columns(edges)
    amount = np.full(len(edges), 5, np.int64)
    plain = edge_features(payer, payee, time, amount, plan=plan_of_all()).table()
    at = len(edges) // 2
    more = [
        np.insert(column, at, value) for column, value in ((payer, 100), (payee, 100), (time, time[at]), (amount, 9))
    ]
    found = edge_features(*more, plan=plan_of_all()).table()
    assert found.filter(np.arange(len(edges) + 1) != at).equals(plain)
    assert {value for column in found.slice(at, 1).columns for value in column.to_pylist()} == {0}


def test_ids_may_be_anything() -> None:
    """Accounts far apart in number are numbered by hashing; nothing else changes."""
    edges, _, _, _ = stream(11, 60)
    payer, payee, time = columns(edges)
    near = edge_features(payer, payee, time, plan=GraphPlan(bounded_cycle=Histogram(10)))
    far = edge_features(payer * 10**15 - 7, payee * 10**15 - 7, time, plan=GraphPlan(bounded_cycle=Histogram(10)))
    assert near.table().equals(far.table())


def test_bins_hold_sizes_up_to_their_own() -> None:
    """The first bin begins at two, the last holds all larger ones; names say so."""
    payer, time = np.arange(1, 8), np.arange(7)
    plan = GraphPlan(fan=Histogram(100, (2, 4, 6)))
    found = edge_features(payer, np.zeros(7, np.int64), time, plan=plan)
    assert found.names["fan_in"] == ["fan_in_2", "fan_in_3_to_4", "fan_in_5_or_more"]
    assert found.counts["fan_in"][:, 0].tolist() == [1, 2, 3]
    assert Histogram(5, (3,)).names("fan_in") == ["fan_in_2_or_more"]


def test_an_empty_stream_has_an_empty_table() -> None:
    """No payments, no rows, all columns."""
    none = np.zeros(0, np.int64)
    table = edge_features(none, none, none, none, plan=plan_of_all()).table()
    assert table.num_rows == 0 and table.num_columns == sum(len(names) for names in plan_of_all().names().values())


@pytest.mark.parametrize(
    ("wrong", "said"),
    [
        (lambda: edge_features(*columns([(1, 2, 5), (1, 2, 4)]), plan=GraphPlan()), "row 1 is earlier"),
        (lambda: edge_features(*columns([(1, 2, 5)]), plan=GraphPlan(), batch=0), "at least one payment"),
        (lambda: edge_features(*columns([(1, 2, 5)]), plan=GraphPlan(figures=("sum",), keep=1)), "no amounts"),
        (lambda: GraphPlan(figures=("sum",)).kept(), "keep"),
        (lambda: GraphPlan(figures=("mode",)), "mode"),
        (lambda: GraphPlan(longest=1), "at least 2 accounts"),
        (lambda: Histogram(0), "at least 1 unit"),
        (lambda: Histogram(5, (4, 3)), "rise"),
    ],
)
def test_what_cannot_be_answered_is_refused(wrong: Callable[[], object], said: str) -> None:
    """The message says what is wrong and what is allowed."""
    with pytest.raises(DataError, match=said):
        wrong()


def plan_of_all() -> GraphPlan:
    """Everything there is."""
    return GraphPlan(*(Histogram(20, SIZES) for _ in range(5)), longest=4, figures=FIGURES, keep=50)
