"""Who is odd among its peers, who is not scored, and why."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from numpy.typing import NDArray

from amlscreen.detectors.odd import FEW_FEATURES, FEW_PEERS, NO_OWNER, NOTHING_KNOWN, Oddness, oddness
from amlscreen.errors import DetectorError
from amlscreen.ledger.partition import Values
from detectors.people import PEERS, columns, facts_of, ordinary

UNITS: dict[str, Any] = {
    "credits_30d": "money", "debits_30d": "money", "payers_30d": "count", "night_share_30d": "ratio"
}  # fmt: skip


def judged(
    features: dict[str, Values],
    kinds: list[str] | None = None,
    *,
    eligible: NDArray[np.bool_] | None = None,
    **more: Any,
) -> Oddness:
    """Everybody, or the eligible, among persons or firms."""
    size = next(iter(features.values())).array.size
    everyone = np.ones(size, np.bool_) if eligible is None else eligible
    asked = {"subject": "customer", "peers": PEERS, "units": UNITS, "seed": 7, **more}
    return oddness(
        features, facts_of(kinds or ["person"] * size, more.pop("occupations", None)), eligible=everyone, **asked
    )


def with_collector(size: int = 400) -> dict[str, NDArray[np.int64]]:
    """Ordinary people, and a last one whom very many pay, by night."""
    features = ordinary(size)
    features["payers_30d"][-1] = 60
    features["night_share_30d"][-1] = 900_000
    return features


def test_who_is_unlike_all_others_is_the_oddest() -> None:
    """The share counts peers that are less odd; the oddest of 400 leaves 399 behind."""
    told = judged(columns(with_collector()))
    assert told.share[-1] == 997_500
    assert told.standing.group_of(told.at(np.array([399]))).told(0) is not None
    assert (told.share >= 0).all() and dict(told.reasons) == {}


def test_reasons_name_features_value_median_and_direction() -> None:
    """What was made odd by hand comes first, on every run."""
    features = with_collector()
    told, again = judged(columns(features)), judged(columns(features))
    (because,) = told.because(np.array([399]), most=2)
    assert {one.feature for one in because} == {"payers_30d", "night_share_30d"}
    assert [one.direction for one in because] == ["above", "above"]
    payers = next(one for one in because if one.feature == "payers_30d")
    assert (payers.value, payers.usual) == (60, int(np.median(features["payers_30d"])))
    assert 0 < sum(one.part for one in because) <= 1_000_000
    assert again.because(np.array([399]), most=2) == [because]


def test_peers_are_of_ones_own_kind() -> None:
    """A firm with sixty payers among firms with sixty payers is not odd; among persons it would be."""
    features = ordinary(300)
    features["payers_30d"][:100] += 60
    told = judged(columns(features), ["entity"] * 100 + ["person"] * 200)
    assert abs(float(np.median(told.share[:100])) - 495_000) < 10_000
    assert abs(float(np.median(told.share[100:])) - 495_000) < 10_000


def test_order_and_threads_change_nothing() -> None:
    """Subjects turned round get their shares turned round, to the last digit."""
    features = with_collector()
    turned = {name: array[::-1].copy() for name, array in features.items()}
    straight = judged(columns(features), threads=1).share
    assert judged(columns(turned), threads=2).share[::-1].tolist() == straight.tolist()


def test_a_copied_subject_gets_the_copied_rank() -> None:
    """Equal features, equal share."""
    features = with_collector()
    for array in features.values():
        array[200] = array[-1]
    told = judged(columns(features))
    assert told.share[200] == told.share[-1] > 950_000


def test_a_feature_of_nobody_and_one_that_is_the_same_for_all_change_nothing() -> None:
    """Both are left out and told."""
    features = columns(with_collector())
    more = {
        **features,
        "cash_share": Values(np.zeros(400, np.int64), np.zeros(400, np.bool_)),
        "always": Values(np.full(400, 5)),
    }
    told = judged(more)
    assert dict(told.left_out) == {"cash_share": "known of nobody", "always": "the same for everybody"}
    assert told.share.tolist() == judged(features).share.tolist()


def test_an_unknown_value_takes_the_peers_median_and_is_counted() -> None:
    """It makes nobody odd, and is no reason."""
    features = columns(with_collector())
    known = np.ones(400, np.bool_)
    known[-1] = False
    features["payers_30d"] = Values(features["payers_30d"].array, known)
    told = judged(features)
    assert dict(told.filled) == {"payers_30d": 1}
    assert "payers_30d" not in {one.feature for one in told.because(np.array([399]), most=4)[0]}


def test_who_is_not_scored_has_a_reason_and_is_counted() -> None:
    """Too few firms; a person of whom one feature of four is known. The ineligible are nobody's peers, not counted."""
    features = columns(with_collector())
    known = np.ones(400, np.bool_)
    known[5] = False
    for name in ("credits_30d", "debits_30d", "night_share_30d"):
        features[name] = Values(features[name].array, known)
    eligible = np.ones(400, np.bool_)
    eligible[6] = False
    told = judged(features, ["entity"] * 3 + ["person"] * 397, eligible=eligible)
    assert dict(told.reasons) == {FEW_FEATURES: 1, FEW_PEERS: 3}
    assert [told.why(number) for number in (0, 5, 6, 7)] == [FEW_PEERS, FEW_FEATURES, None, None]
    assert told.share[[0, 5, 6]].tolist() == [-1, -1, -1]
    assert told.scored.size == 395
    with pytest.raises(ValueError, match="scored"):
        told.because(np.array([5]), most=1)


def test_where_nothing_differs_nobody_is_scored() -> None:
    """One reason for everybody instead of a rank by chance."""
    told = judged({"payers_30d": Values(np.full(50, 2))})
    assert dict(told.reasons) == {NOTHING_KNOWN: 50}
    assert (told.share == -1).all() and told.scored.size == 0


def test_an_account_without_an_owner_has_no_peers() -> None:
    """It is told apart from accounts in a small group."""
    facts = facts_of(["person"] * 40)
    offsets = np.arange(41)
    offsets[-1] -= 1
    object.__setattr__(facts, "owner_offsets", offsets)
    told = oddness(
        columns(ordinary(40)), facts, subject="account", peers=PEERS, eligible=np.ones(40, np.bool_), units=UNITS
    )
    assert dict(told.reasons) == {NO_OWNER: 1}


def test_an_unknown_detector_is_refused_with_the_nearest_name() -> None:
    """Where the name is wrong, the names that are allowed."""
    with pytest.raises(DetectorError, match="Did you mean 'isolation_forest'"):
        judged(columns(ordinary(40)), detector="isolation_forrest")


def test_doubling_all_money_changes_nothing() -> None:
    """The unit of an amount is no oddness."""
    features = with_collector()
    doubled = {name: array * 2 if UNITS[name] == "money" else array for name, array in features.items()}
    assert judged(columns(doubled)).share.tolist() == judged(columns(features)).share.tolist()
