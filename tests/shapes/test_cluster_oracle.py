"""Groups, drawn at random, are what a slow walk finds; whatever the order of the rows."""

from __future__ import annotations

from random import Random
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from amlscreen.finding import find
from amlscreen.intake.dataset import Dataset
from amlscreen.rules.ruleset import RuleSet
from amlscreen.settings import Settings
from amlscreen.shapes.cluster_groups import connected, groups_of
from shapes.looking import lines
from shapes.oracle_cluster import Tie, oracle_groups
from shapes.test_cluster import cluster

EDGES = st.lists(st.tuples(st.integers(0, 30), st.integers(0, 30)), max_size=60)


@given(EDGES)
def test_connected_nodes_get_their_smallest_neighbour(edges: list[tuple[int, int]]) -> None:
    """Against a walk; a node without an edge is alone."""
    pairs = np.array(edges, np.int64).reshape(-1, 2)
    label = connected(31, pairs[:, 0], pairs[:, 1]).tolist()
    beside: dict[int, set[int]] = {node: {node} for node in range(31)}
    for one, other in edges:
        beside[one].add(other)
        beside[other].add(one)
    for node in range(31):
        group, waiting = {node}, [node]
        while waiting:
            for other in beside[waiting.pop()] - group:
                group.add(other)
                waiting.append(other)
        assert label[node] == min(group)


@given(st.integers(2, 2_000), st.integers(0, 2**32 - 1))
def test_a_long_chain_is_one_group(size: int, seed: int) -> None:
    """Whatever the numbers of its links: the number of rounds does not grow with the chain."""
    nodes = np.random.default_rng(seed).permutation(size).astype(np.int64)
    assert set(connected(size, nodes[:-1], nodes[1:]).tolist()) == {0}


@given(st.lists(st.tuples(st.integers(0, 40), st.integers(0, 25)), max_size=120), st.integers(3, 12))
def test_no_group_is_larger_than_the_limit_unless_pairs_make_it(pairs: list[tuple[int, int]], limit: int) -> None:
    """Values of more than two customers are let go until it holds, and smaller groups keep theirs."""
    distinct = np.array(sorted(set(pairs)), np.int64).reshape(-1, 2)
    held = np.bincount(distinct[:, 0], minlength=41)
    kept = held[distinct[:, 0]] >= 2
    groups = groups_of(distinct[kept, 0], distinct[kept, 1], held, limit)
    for place in np.flatnonzero(groups.members > limit).tolist():
        assert held[groups.pair_value[groups.pair_group == place]].max() <= 2
    free = groups_of(distinct[kept, 0], distinct[kept, 1], held, 10**9)
    small = {tuple(free.customer[a:b]) for a, b in zip(free.offsets, free.offsets[1:], strict=False) if b - a <= limit}
    assert small <= {tuple(groups.customer[a:b]) for a, b in zip(groups.offsets, groups.offsets[1:], strict=False)}


def _words(rng: Random, *words: str) -> str | None:
    return rng.choice([None, *words])


@pytest.mark.parametrize("seed", range(6))
def test_groups_are_those_of_the_slow_reading(seed: int) -> None:
    """Three tables, two columns of one link, a hub now and then, conditions on members; rows in any order."""
    rng = Random(seed)
    people: list[dict[str, Any]] = [
        {
            "customer_id": f"C{n:02d}",
            "phone": _words(rng, *(f"+85620555{k:05d}" for k in range(25))),
            "address": _words(rng, *(f"{'Ban' if k % 2 else 'BAN '} Test {k % 20}" for k in range(40))),
            "employer": _words(rng, "Firm A", "Firm B", "Firm C"),
            "onboarded": _words(rng, *(f"2026-02-{k:02d}" for k in range(1, 15))),
            "occupation": _words(rng, "a", "b"),
        }
        for n in range(60)
    ]
    held = [
        {"account_id": f"A{rng.randrange(50):02d}", "customer_id": f"C{rng.randrange(60):02d}", "role": "joint"}
        for _ in range(40)
    ]
    opened = [
        {
            "account_id": f"A{n:02d}",
            "opened": f"2026-01-{rng.randrange(1, 9):02d}",
            "branch_id": _words(rng, "B1", "B2"),
        }
        for n in range(50)
    ]
    accounts = {one["account_id"] for one in held}
    owners = {name: [h["customer_id"] for h in held if h["account_id"] == name] for name in accounts}
    most = rng.choice([2, 3, 4])
    mine = [(one, [one["customer_id"]]) for one in people]
    ties = [
        Tie("phone", mine, ("phone",), most),
        Tie("address", mine, ("address",), most + 1),
        Tie("firm", mine, ("onboarded", "employer"), most),
        Tie(
            "branch",
            [(one, owners.get(one["account_id"], [one["account_id"]])) for one in opened],
            ("opened", "branch_id"),
            most,
        ),
    ]
    members = {one["customer_id"] for one in people if one["occupation"] == "a"}
    wanted = oracle_groups(ties, members.__contains__)  # an account without an owner is a customer of its own
    card = cluster(
        {"same": ["phone"], "most": most},
        {"same": ["address"], "most": most + 1},
        {"same": ["onboarded", "employer"], "most": most},
        {"table": "accounts", "same": ["opened", "branch_id"], "most": most},
        members={"occupation": "a"},
    )
    for _ in range(2):
        for rows in (people, held, opened):
            rng.shuffle(rows)  # type: ignore[arg-type]
        tables = {"customers": people, "holdings": held, "accounts": opened, "transactions": lines("day\n9")}
        with Dataset.from_tables("laos", Settings(threads=1), **tables) as data:
            found = find(data, RuleSet.of(card))
        got = {
            frozenset(hit.customer_ids): {name: hit.measures[name] for name in ("shared_values", "largest_hub")}
            for hit in found.hits
        }
        assert got == wanted
