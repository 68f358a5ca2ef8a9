"""How odd each subject is among its peers, by a detector over some of its features."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from amlscreen.detectors.because import Because, because
from amlscreen.detectors.contract import Detector, Table
from amlscreen.detectors.judging import Judged, judge
from amlscreen.detectors.named import DEFAULT, detector_named
from amlscreen.detectors.preparation import Preparation, prepare
from amlscreen.feature_catalogue import Unit, catalogue
from amlscreen.ledger.partition import Values
from amlscreen.ledger.reference import Reference
from amlscreen.peers.standing import Groups, Standing, groups_among
from amlscreen.rules.grammar_baseline import Peers

__all__ = ["FEW_FEATURES", "FEW_PEERS", "NOTHING_KNOWN", "NO_OWNER", "Oddness", "oddness"]

Ints = NDArray[np.int64]
Flags = NDArray[np.bool_]

NO_OWNER = "the account has no owner on file"
FEW_FEATURES = "less than half of the features are known"
NOTHING_KNOWN = "no feature differs between subjects"
FEW_PEERS = "too few peers"


@dataclass(frozen=True, slots=True)
class Oddness:
    """What a detector says of everybody.

    ``share``, by subject number, is in millionths the share of the subject's peers that are less odd, -1 where the
    subject is not scored; ``overall`` the share of all scored subjects of its kind, persons or firms. As each was held
    against its own peers, ``overall`` says whose distance from them is large as such distances go: in a small or even
    group somebody always comes first by ``share``. ``scored`` are the numbers of those who are, rising; ``standing``
    tells, for each of them in that order, its group. ``reasons`` counts the eligible who are not scored, by the reason,
    and ``why`` says which it is for a subject. ``filled`` counts by feature the values that were not known and so count
    as usual; ``left_out`` are features that nothing can be learned from, with the reason; ``learned_from`` counts the
    subjects that the detector learned from.
    """

    detector: str
    share: Ints
    overall: Ints
    scored: Ints
    standing: Standing
    reasons: Mapping[str, int]
    filled: Mapping[str, int]
    left_out: Mapping[str, str]
    learned_from: int
    _why: NDArray[np.int8]
    _fitted: Detector | None
    _prepared: Preparation

    def why(self, subject: int) -> str | None:
        """Why an eligible subject is not scored; None for one that is, and for one that was not eligible."""
        code = int(self._why[subject])
        return _REASONS[code] if code >= 0 else None

    def at(self, subjects: Ints) -> Ints:
        """The places of some scored subjects in ``scored``, which is how ``standing`` is asked."""
        return np.searchsorted(self.scored, subjects)

    def because(self, subjects: Ints, most: int) -> list[tuple[Because, ...]]:
        """The features that make each of some scored subjects odd, at most so many, the largest part first.

        ``ValueError`` for a subject that is not scored.
        """
        if (self.share[subjects] < 0).any() or self._fitted is None:
            raise ValueError("only scored subjects have reasons to be odd")
        return because(self._fitted, self._prepared, self.at(subjects), most)


_OF_A_KIND = Peers.model_construct(by=(), at_least=1)  # no card may write this: who is alike in nothing is no peer
_REASONS = (NO_OWNER, FEW_FEATURES, NOTHING_KNOWN, FEW_PEERS)


def oddness(
    columns: Mapping[str, Values],
    facts: Reference,
    *,
    subject: str,
    peers: Peers,
    eligible: Flags,
    detector: str = DEFAULT,
    seed: int = 0,
    threads: int = 1,
    units: Mapping[str, Unit] | None = None,
) -> Oddness:
    """Judge the eligible subjects by some features and rank each among its peers, who are the eligible like it.

    ``columns`` are by customer_no or account_no, as is ``eligible``; ``units`` default to those of the catalogue.
    Neither the order of subjects nor ``threads`` changes anything. :class:`~amlscreen.errors.DetectorError` for an
    unknown detector and for more subjects than it takes.
    """
    named = detector_named(detector)
    checked = _Checked(np.full(eligible.size, -1, np.int8), eligible.copy())
    if subject == "account":
        checked.drop(np.diff(facts.owner_offsets) == 0, NO_OWNER)
    checked.drop(~_enough_is_known(columns, eligible), FEW_FEATURES)
    numbers = np.flatnonzero(checked.wanted)
    groups = groups_among(peers, subject, facts, numbers, numbers)
    alone = groups.group >= len(groups.words)
    if alone.any():
        checked.drop_numbers(numbers[alone], FEW_PEERS)
        numbers = np.flatnonzero(checked.wanted)
        groups = groups_among(peers, subject, facts, numbers, numbers)
    known_units = {name: one.unit for name, one in catalogue().items()} if units is None else units
    prepared, rows = prepare(columns, numbers, known_units, groups, threads=threads)
    judged = None
    if prepared.columns:
        table = Table(rows, prepared.names)
        judged = judge(named, table, seed=seed, threads=threads)
        del table, rows
    else:
        checked.drop_numbers(numbers, NOTHING_KNOWN)
    kinds = groups_among(_OF_A_KIND, subject, facts, numbers, numbers)
    return _ranked(detector, checked, numbers, (groups, kinds), prepared, judged)


@dataclass(slots=True)
class _Checked:
    """Who is still to be scored, and why others are not."""

    why: NDArray[np.int8]
    wanted: Flags

    def drop(self, these: Flags, reason: str) -> None:
        """Those of these who were still wanted are not scored for this reason."""
        self.why[self.wanted & these] = _REASONS.index(reason)
        self.wanted &= ~these

    def drop_numbers(self, numbers: Ints, reason: str) -> None:
        """The same, by number."""
        these = np.zeros(self.wanted.size, np.bool_)
        these[numbers] = True
        self.drop(these, reason)


def _enough_is_known(columns: Mapping[str, Values], eligible: Flags) -> Flags:
    """Whether at least half of the features that are known of anybody are known of each subject."""
    known = [values.is_known() for values in columns.values() if (values.is_known() & eligible).any()]
    count = np.zeros(eligible.size, np.int64)
    for one in known:
        count += one
    return 2 * count >= len(known)


def _ranked(
    detector: str,
    checked: _Checked,
    numbers: Ints,
    groups: tuple[Groups, Groups],
    prepared: Preparation,
    judged: Judged | None,
) -> Oddness:
    share, overall = (np.full(checked.why.size, -1, np.int64) for _ in groups)
    place = np.zeros(numbers.size, np.int64)
    if judged is not None:
        place = np.unique(judged.oddness, return_inverse=True)[1].astype(np.int64)
    standing, of_a_kind = (each.standing(place) for each in groups)
    if judged is not None:
        share[numbers] = standing.percentile(place, np.arange(numbers.size))
        overall[numbers] = of_a_kind.percentile(place, np.arange(numbers.size))
    codes, counts = np.unique(checked.why[checked.why >= 0], return_counts=True)
    return Oddness(
        detector=detector,
        share=share,
        overall=overall,
        scored=numbers if judged is not None else np.empty(0, np.int64),
        standing=standing,
        reasons={_REASONS[code]: int(count) for code, count in zip(codes.tolist(), counts.tolist(), strict=True)},
        filled=prepared.filled,
        left_out=prepared.left_out,
        learned_from=judged.learned_from if judged is not None else 0,
        _why=checked.why,
        _fitted=judged.detector if judged is not None else None,
        _prepared=prepared,
    )
