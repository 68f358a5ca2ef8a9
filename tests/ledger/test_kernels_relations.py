"""The kernels about who pays whom give what their slow twins give."""

from __future__ import annotations

from collections.abc import Iterator
from random import Random

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from amlscreen.features.flow import Side
from amlscreen.features.near import Part, Scratch, thirds
from amlscreen.features.payments import numbers_of
from amlscreen.features.rounds import meetings_of
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


def laid(paid: list[slow.Payment]) -> Part:
    """These payments by payer and by receiver."""
    into = sorted(range(len(paid)), key=lambda n: (paid[n][1], paid[n][2], n))
    out, to = _side(paid, 0), _side([paid[n] for n in into], 1)
    late, onward = np.array([paid[n][3] for n in into]), np.empty(len(paid), np.int32)
    kernels.onward_from(to.offsets, late, out.offsets, out.time, onward)
    return Part(0, 0, out, to, late, np.array(into, np.int32), onward)


def _side(paid: list[slow.Payment], party: int) -> Side:
    offsets = np.searchsorted([one[party] for one in paid], range(PARTIES + 1))
    time, amount = (np.array([one[at] for one in paid], np.int64) for at in (2, 4))
    return Side(offsets, np.array([one[1 - party] for one in paid], np.int32), time, amount)


def cases(seed: str) -> Iterator[tuple[list[slow.Payment], Part, set[int], NDArray[np.bool_]]]:
    """Payments, how they are laid out, and the parties passed through."""
    rng = Random(seed)
    for _ in TRIALS:
        paid, walked = drawn(rng), set(rng.sample(range(PARTIES), 5))
        yield paid, laid(paid), walked, np.array([one in walked for one in range(PARTIES)])


def test_places_stand_together_by_their_key() -> None:
    """Those of one key keep the order they came in."""
    rng = Random("grouped")
    for _ in TRIALS:
        key, before = [rng.randrange(4) for _ in range(9)], rng.sample(range(9), 7)
        counts = np.bincount([key[at] for at in before], minlength=4)
        found = np.empty(7, np.int32)
        kernels.grouped(np.array(key, np.int32), np.array(before, np.int32), np.cumsum(counts) - counts, found)
        assert found.tolist() == sorted(before, key=lambda at: (key[at], before.index(at)))


def test_what_was_paid_after_a_payment_is_a_slice() -> None:
    """What is certainly later, and not too late."""
    for paid, part, *_ in cases("until"):
        first, last = (np.empty(len(paid), np.int64) for _ in range(2))
        into, out = part.into, part.out
        kernels.until(into.offsets, into.time, part.onward, out.offsets, out.time, 4, first, last)
        for at, low, high in zip(part.place.tolist(), first, last, strict=True):
            assert [*range(low, high)] == slow.after(paid, at, 4, len(paid))


def test_money_both_ways_is_counted_once_for_each_other() -> None:
    """However many payments there are, and whatever was asked before."""
    room = Scratch(PARTIES)
    for paid, part, *_ in cases("mutual"):
        assert room.mutual(part).tolist() == slow.mutual(paid, PARTIES)


def test_rounds_are_those_a_slow_search_finds() -> None:
    """The shortest way back, each payer and payee once; who is not passed through has no number."""
    for most in (2, 32):
        for paid, part, walked, may in cases(f"rounds {most}"):
            found = [np.zeros(len(walked), np.int32) for _ in range(3)]
            number = np.where(may, np.cumsum(may) - 1, -1).astype(np.int32)
            out, into, onward = part.out, part.into, np.empty_like(part.onward)
            onward[part.place] = part.onward
            late = np.array([one[3] for one in paid])
            slices = [each[may] for side in (out, into) for each in (side.offsets[:-1], side.offsets[1:])]
            kernels.returns(
                slices[0], slices[1], number[out.other], out.time, late, onward, slices[2], slices[3],
                number[into.other], into.time, 6, most, np.full(5, -1, np.int32), np.zeros(5, np.int64),
                np.full(5, -1, np.int32), *found,
            )  # fmt: skip
            expected = slow.returns(paid, PARTIES, walked, 6, most)
            assert [one.tolist() for one in found] == [np.array(one)[may].tolist() for one in expected]


def test_meetings_are_those_a_slow_search_finds() -> None:
    """Who reaches whom over one other, and over how many side by side; however payers are put into groups."""
    for paid, part, walked, may in cases("meetings"):
        three = thirds(part, may, (6, 3, 1))
        found = meetings_of([three[three["home"] % 2 == rest] for rest in range(2)], PARTIES)
        assert [one.tolist() for one in found] == [*slow.meetings(paid, PARTIES, walked, 6, 32, 3, 1)]


def test_chains_are_as_long_as_a_slow_search_says() -> None:
    """Up to each payment and from it."""
    for most in (2, 32):
        for paid, part, walked, may in cases(f"chains {most}"):
            before, rest, first, second = (np.ones(len(paid) ** 2, np.int32) for _ in range(4))
            into, out = part.into, part.out
            found = kernels.payments_on(
                into.offsets, part.place, into.other, into.time, into.amount, part.onward, out.offsets, out.other,
                out.time, out.amount, may, 4, most, 2, 20, first, second,
            )  # fmt: skip
            by_time = sorted(range(found), key=lambda n: paid[first[n]][2])
            assert {*zip(first[:found], second[:found], strict=True)} == slow.payments_on(paid, walked, 4, most, 2, 20)
            before, rest = before[: len(paid)], rest[: len(paid)]
            kernels.chain_lengths(first[by_time], second[by_time], before, rest)
            assert [before.tolist(), rest.tolist()] == [*slow.chain_lengths(paid, walked, 4, most, 2, 20)]


def test_a_text_is_known_by_a_number_of_its_bytes_alone() -> None:
    """Whatever stands before it; the empty text too."""
    words = ["", "account:HT/1", "phone:+856", "ຊື່", "account:HT/1"]
    numbers = numbers_of(pa.array(["x", *words])[1:])
    assert numbers.tolist() == [slow.number_of(one) for one in words]
