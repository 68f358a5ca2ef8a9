"""The kernels that put payments together by party, and those that prune them, give what their slow twins give."""

from __future__ import annotations

from collections.abc import Iterator
from fractions import Fraction
from itertools import pairwise
from random import Random

import numpy as np
import pyarrow as pa
import pytest

from amlscreen.ledger import kernels
from amlscreen.ledger.columns import MILLION
from amlscreen.ledger.kernels_ends import CAME, NOBODY, PAID, PAID_TO
from amlscreen.ledger.kernels_prune import MOST_STEPS
from amlscreen.shapes.path_ends import Keys, Parties, keys_of_words, parties_on
from ledger import oracles_prune as slow

HOUR = 3_600_000_000
TRIALS = range(120)


def drawn(rng: Random) -> list[slow.End]:
    """Ends of few parties, accounts and words, with equal instants and some known by their date only."""
    parties = [0, 1, 2, -5, -9]
    ends = []
    for row in range(rng.randrange(1, 40)):
        party, other = rng.sample(parties, 2)
        kind = rng.choice([PAID_TO, PAID, CAME] if party >= 0 else [PAID_TO, PAID])
        other = NOBODY if kind == CAME and rng.random() < 0.2 else other
        amount = rng.choice([1000, 950, 900, 500, 2000])
        ends.append((party, other, rng.randrange(60) * HOUR, amount, row * 8 + 4 * (rng.random() < 0.2) + kind))
    return ends


def cases(seed: str) -> Iterator[tuple[Random, Parties, dict[int, list[list[slow.End]]]]]:
    """Parties as the kernels and as the twins have them."""
    rng = Random(seed)
    for _ in TRIALS:
        ends = drawn(rng)
        yield rng, parties_on(np.array(ends, np.int64)), slow.sorted_ends(ends)


def test_ends_stand_by_party_kind_and_time() -> None:
    """Every end once, equals in the order of their rows."""
    for _, parties, wanted in cases("sorted"):
        groups = [parties.ends[low:high].tolist() for low, high in pairwise(parties.offsets.tolist())]
        assert parties.keys.tolist() == list(wanted)
        assert groups == [[list(end) for end in kind] for key in wanted for kind in wanted[key]]


def test_counterparties_are_counted_where_there_may_be_too_many() -> None:
    """Of parties with no more payments than the limit nothing needs to be counted."""
    for _, parties, wanted in cases("others"):
        exact = [slow.others(kinds) for kinds in wanted.values()]
        rows = [len(kinds[0]) + len(kinds[1]) for kinds in wanted.values()]
        assert parties.others(0).tolist() == exact
        assert parties.others(4).tolist() == [one if size > 4 else 0 for one, size in zip(exact, rows, strict=True)]
        assert parties.is_between().tolist() == [bool(kinds[0] and kinds[1]) for kinds in wanted.values()]


@pytest.mark.parametrize("third", [False, True])
def test_links_are_those_of_the_slow_search(third: bool) -> None:
    """Payments that go on through parties that are walked through."""
    for rng, parties, wanted in cases(f"links {third}"):
        walked = np.array([rng.random() < 0.8 for _ in wanted])
        busy, out = np.empty(walked.size, np.bool_), np.empty((2000, 4), np.int64)
        hop = rng.choice([12, 24, 40]) * HOUR
        given = (parties.offsets, parties.ends, walked, hop, 850_000, 1_020_000, int(third), MOST_STEPS, busy)
        size = kernels.links_between(*given, out)
        found = [slow.linked(each, hop, Fraction(85, 100), Fraction(102, 100), third=third) for each in wanted.values()]
        exact = {pair for pairs, through in zip(found, walked, strict=True) if through for pair in pairs}
        assert {(int(a), int(b)) for a, b in out[:size, :2]} == exact and len(exact) == size and not busy.any()


def test_parties_with_many_senders_and_receivers_at_a_time() -> None:
    """Told as the slow search tells them, where it takes few steps."""
    for rng, parties, wanted in cases("spread"):
        walked, out = np.ones(len(wanted), np.bool_), np.empty(len(wanted), np.bool_)
        senders, receivers, within = rng.randrange(1, 4), rng.randrange(1, 4), rng.choice([12, 24, 60]) * HOUR
        kernels.spreads_soon(parties.offsets, parties.ends, walked, senders, receivers, within, MOST_STEPS, out)
        exact = [slow.busy_spans(kinds, senders, receivers, within) for kinds in wanted.values()]
        dated = any(end[4] & 4 for kinds in wanted.values() for each in kinds for end in each)
        assert out.tolist() == exact or (dated and (out >= np.array(exact)).all())


def test_whoever_hands_on_is_found_with_the_time_of_it() -> None:
    """Pairs of which something that came went on; the time holds every payment at which most of all had gone on."""
    for rng, parties, wanted in cases("handing"):
        share, hop, within = rng.choice([500_000, 900_000]), rng.choice([12, 24]) * HOUR, rng.choice([24, 48]) * HOUR
        out = np.empty((parties.ends.shape[0], 4), np.int64)
        walked = np.ones(len(wanted), np.bool_)
        size = kernels.handing_pairs(parties.offsets, parties.ends, parties.keys, walked, hop, within, share, out)
        found = {(party, other): (start, end) for party, other, start, end in out[:size].tolist()}
        exact = {}
        for party, kinds in wanted.items():
            for other in {end[1] for end in kinds[1]} if party >= 0 else ():
                hands, times = slow.handing(kinds, other, hop, within, Fraction(share, MILLION))
                exact |= {(party, other): times} if hands else {}
        assert found.keys() == exact.keys()
        for pair, times in exact.items():
            assert all(found[pair][0] <= time <= found[pair][1] for time in times)
            assert times or found[pair][0] > found[pair][1] or pair in found


def test_keys_of_words_are_made_of_their_letters() -> None:
    """The same wherever the word stands, below zero, and found again when filed."""
    words = ["account:BANK/1", "name:x", "", "ສະບາຍດີ", "name:y"]
    keys = keys_of_words(pa.array(["left out", *words]).slice(1))
    assert keys.tolist() == [slow.key_of(word) for word in words] and (keys < 0).all()
    numbers = np.concatenate([keys, np.array([0, 1, 7], np.int64)])
    assert Keys(numbers).find(numbers[::-1]).tolist() == list(range(numbers.size))[::-1]
    assert Keys(numbers).find(np.array([2, -3], np.int64)).tolist() == [-1, -1]


def test_rows_become_ends_at_both_parties_in_order_of_shelves() -> None:
    """A payment stands at payer and receiver, what came once more at the account."""
    rng = Random("rows")
    size = 60
    own, amount = np.arange(size) % 4, np.arange(size) + 1
    other = np.array([rng.choice([0, 1, 2, 3, -7, -11]) for _ in range(size)])
    early = np.arange(size) * HOUR
    credit, dated, pays, came = (np.array([rng.random() < 0.5 for _ in range(size)]) for _ in range(4))
    out, offsets = np.empty((2 * int(pays.sum()) + int(came.sum()), 5), np.int64), np.empty(5, np.int64)
    kernels.ends_of(own, other, early, amount, credit, dated, pays, came, 100, offsets, out)
    wanted = set()
    for row in range(size):
        a, b, note = int(own[row]), int(other[row]), (100 + row) * 8 + 4 * bool(dated[row])
        told = (int(early[row]), int(amount[row]))
        if pays[row]:
            wanted |= {(a, b, *told, note + (PAID_TO if credit[row] else PAID))}
            wanted |= {(b, a, *told, note + (PAID if credit[row] else PAID_TO))}
        if came[row]:
            wanted |= {(a, b, *told, note + CAME)}
    assert {tuple(end) for end in out.tolist()} == wanted and out.shape[0] == offsets[-1]
    shelves = [set(out[low:high, 0].tolist()) for low, high in pairwise(offsets.tolist())]
    assert sum(len(one) for one in shelves) == len(set().union(*shelves))
