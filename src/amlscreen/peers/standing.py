"""Shape ``baseline``: who a subject's peers are, and where it stands among them.

A peer is a customer, or an account, of the same kind (person or firm) that was active in the last span: it had a
countable transaction made by or for the customer, whatever the card's row sets ask for. What lies dormant says nothing
about what is usual in a month. Who is active and never does what the card looks at says much: it counts as zero where
the measure counts or sums; a share, a mean or a median it does not have, and so it is no member there. The subject is
one of its own peers. A customer of unknown kind is held against others of unknown kind.

Age and place choose the group to compare with, and nothing else: by themselves they meet no condition.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from amlscreen.ledger.columns import MILLION, full_years
from amlscreen.ledger.kernels import floor_ratio
from amlscreen.ledger.partition import Values, as_values
from amlscreen.ledger.reference import UNKNOWN_DAY, Reference
from amlscreen.peers.usual import Usual, first_at_least, median_and_order, median_usual
from amlscreen.rules.grammar_baseline import Peers

__all__ = ["AGE_BANDS", "Crowd", "Groups", "Standing", "groups_among", "standing_among"]

Ints = NDArray[np.int64]
AGE_BANDS = ("0-17", "18-25", "26-35", "36-50", "51-65", "66 and over")
"""Age in whole years on the run's day."""
_FIRST_AGES = (18, 26, 36, 51, 66)
_KINDS: Mapping[str | None, str] = {"person": "persons", "entity": "firms", None: "customers of unknown kind"}
_TABLE = 1 << 25
"""Up to so many combinations of columns are looked up in a table, more by halving."""
_LARGEST = 2**62
_LABELS = {"age_band": "age"}
_SAY_KIND = frozenset({"occupation", "sector"})


@dataclass(frozen=True, slots=True)
class Crowd:
    """Every active subject by number, and its value of the compared measure in the last span."""

    numbers: Ints
    values: Ints

    @classmethod
    def of(cls, parts: Sequence[Crowd]) -> Crowd:
        """The crowds of several partitions together, in the order of the numbers."""
        numbers = np.concatenate([part.numbers for part in parts])
        order = np.argsort(numbers, kind="stable")
        return cls(numbers[order].astype(np.int64), np.concatenate([part.values for part in parts])[order])


@dataclass(frozen=True, slots=True)
class Standing:
    """The group of each subject, one past the last where it has none; of each group its usual, values and words.

    ``ordered`` are the members' values, group after group, rising.
    """

    group: Ints
    usual: Usual
    ordered: Ints
    words: tuple[str, ...]

    def usual_of(self, subjects: Ints) -> Usual:
        """What is usual among the peers of some subjects."""
        return self.usual.at(self.group[subjects])

    def group_of(self, subjects: Ints) -> Values:
        """Their groups in words."""
        group = self.group[subjects]
        return Values(np.where(group < len(self.words), group, -1), group < len(self.words), pa.array([*self.words]))

    def percentile(self, value: Ints, subjects: Ints) -> Ints:
        """The share of the peers, in millionths, whose value lies below; 0 where there is no group."""
        group, count = self.group[subjects], self.usual.count
        start = np.cumsum(count) - count
        low, high = int(self.ordered.min(initial=0)), int(self.ordered.max(initial=0))
        width = high - low + 2
        if count.size * width < _LARGEST:
            runs = np.repeat(np.arange(count.size), count) * width + (self.ordered - low)
            below = np.searchsorted(runs, group * width + np.clip(value - low, 0, width - 1)) - start[group]
        else:
            below = first_at_least(self.ordered, start[group], start[group] + count[group], value) - start[group]
        out = np.empty(group.size, np.int64)
        floor_ratio(below, np.maximum(count[group], 1), MILLION, out)
        return out


@dataclass(frozen=True, slots=True)
class _Traits:
    """What groups are made by: a code for each subject, -1 where it is empty, and the words of the codes."""

    codes: Mapping[str, Ints]
    words: Mapping[str, Sequence[str]]

    @classmethod
    def of(cls, facts: Reference, subject: str, numbers: Ints, by: Sequence[str]) -> _Traits:
        owner = numbers if subject == "customer" else facts.owner[facts.owner_offsets[numbers]].astype(np.int64)
        codes: dict[str, Ints] = {}
        words: dict[str, Sequence[str]] = {}
        for name in ("kind", *by):
            if name == "age_band":
                codes[name], words[name] = _age_bands(facts, owner), AGE_BANDS
            else:
                values = as_values(getattr(facts, name))
                codes[name] = values.array[numbers if name == "product" else owner].astype(np.int64)
                words[name] = [str(word) for word in values.vocabulary.to_pylist()]
        return cls(codes, words)

    def key(self, columns: Sequence[str]) -> Ints:
        """A number for each combination of kind and columns; -1 where one of the columns is empty."""
        key = self.codes["kind"] + 1
        known = np.ones(key.size, np.bool_)
        for name in columns:
            known &= self.codes[name] >= 0
            key = key * (len(self.words[name]) + 1) + self.codes[name]
        return np.where(known, key, -1)

    def said(self, member: int, columns: Sequence[str]) -> str:
        """A group in words, by one of its members."""
        kind = int(self.codes["kind"][member])
        people = _KINDS[self.words["kind"][kind] if kind >= 0 else None]
        if not columns:
            return f"all {people}"
        parts = [f"{_LABELS.get(name, name)} {self.words[name][int(self.codes[name][member])]}" for name in columns]
        return ", ".join(parts if _SAY_KIND & {*columns} else [people, *parts])


def _age_bands(facts: Reference, owner: Ints) -> Ints:
    born = facts.birth[owner].astype(np.int64)
    known = (born != UNKNOWN_DAY) & (born <= facts.last_day)
    years = full_years(np.where(known, born, 0), np.full(born.size, facts.last_day, np.int64))
    return np.where(known, np.searchsorted(_FIRST_AGES, years, side="right"), -1).astype(np.int64)


@dataclass(frozen=True, slots=True)
class Groups:
    """The group of each subject, one past the last where it has none; the groups in words, and who is in each.

    ``member`` are places in the crowd and ``owner`` the group of each of them: groups may share members.
    """

    group: Ints
    words: tuple[str, ...]
    member: Ints
    owner: Ints

    def standing(self, values: Ints) -> Standing:
        """Where one value of everybody in the crowd stands, among the members of each group."""
        usual, ordered = median_and_order(values[self.member], self.owner, len(self.words) + 1, 1)
        return Standing(self.group, usual, ordered, self.words)

    def usual(self, values: Values) -> Usual:
        """What is usual in each group, of a value that is not known of everybody; one more, of nobody, at the end."""
        member, owner = self.known(values)
        return median_usual(values.array[member].astype(np.int64), owner, len(self.words) + 1, 1)

    def known(self, values: Values) -> tuple[Ints, Ints]:
        """The members of whom a value is known, and the group of each."""
        if values.known is None:
            return self.member, self.owner
        known = values.known[self.member]
        return self.member[known], self.owner[known]


def standing_among(peers: Peers, subject: str, facts: Reference, crowd: Crowd, numbers: Ints) -> Standing:
    """Where the crowd's values stand among the peers of some subjects."""
    return groups_among(peers, subject, facts, crowd.numbers, numbers).standing(crowd.values)


def groups_among(peers: Peers, subject: str, facts: Reference, crowd: Ints, numbers: Ints) -> Groups:
    """The peers of some subjects: those who agree in every column, else in all but the last, and so on."""
    everyone = _Traits.of(facts, subject, crowd, peers.by)
    mine = _Traits.of(facts, subject, numbers, peers.by)
    group = np.full(numbers.size, -1, np.int64)
    words: list[str] = []
    members, owners = [np.empty(0, np.int64)], [np.empty(0, np.int64)]
    waiting = _by_filled_columns(mine, peers.by)
    for length in range(len(peers.by), -1, -1):
        for columns in [each for each in waiting if len(each) == length]:
            wanting = np.concatenate(waiting.pop(columns))
            own = mine.key(columns)[wanting]
            slot, own_slot, size = _members(everyone.key(columns), own)
            large = size >= max(int(peers.at_least), 1)
            number = np.where(large, len(words) + np.cumsum(large) - 1, -1)
            group[wanting] = number[own_slot]
            inside = np.flatnonzero(np.append(large, False)[slot])
            members.append(inside)
            owners.append(number[slot[inside]])
            first = np.empty(size.size, np.int64)
            first[slot[inside[::-1]]] = inside[::-1]
            words += [everyone.said(member, columns) for member in first[large].tolist()]
            if columns:
                waiting.setdefault(columns[:-1], []).append(wanting[~large[own_slot]])
    group[group < 0] = len(words)
    return Groups(group, tuple(words), np.concatenate(members), np.concatenate(owners))


def _members(keys: Ints, own: Ints) -> tuple[Ints, Ints, Ints]:
    """Numbers for the different values of ``own``: that of each key, -1 for others; that of each own; how many keys."""
    wanted, own_slot = np.unique(own, return_inverse=True)
    largest = int(max(keys.max(initial=0), own.max(initial=0)))
    if largest < _TABLE:
        table = np.full(largest + 2, -1, np.int32)  # its last place is that of the key -1
        table[wanted] = np.arange(wanted.size)
        slot = table[keys].astype(np.int64)
    else:
        place = np.searchsorted(wanted, keys)
        slot = np.where(np.append(wanted, -2)[place] == keys, place, -1)
    return slot, own_slot.astype(np.int64), np.bincount(slot[slot >= 0], minlength=wanted.size)


def _by_filled_columns(traits: _Traits, by: Sequence[str]) -> dict[tuple[str, ...], list[Ints]]:
    """The subjects by the columns that are filled for them."""
    bits = np.zeros(traits.codes["kind"].size, np.int64)
    for position, name in enumerate(by):
        bits |= (traits.codes[name] >= 0).astype(np.int64) << position
    return {
        tuple(name for position, name in enumerate(by) if filled >> position & 1): [np.flatnonzero(bits == filled)]
        for filled in np.unique(bits).tolist()
    }
