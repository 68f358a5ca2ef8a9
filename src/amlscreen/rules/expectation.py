"""Whether what a rule found is what its example expects, and if not, the difference in the units of files.

Money is in whole units, a share is a decimal, a span is written ``36h``, a day is a date. A share that was measured is
held against the digits that the example gives.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from decimal import ROUND_DOWN, ROUND_HALF_EVEN, Decimal
from typing import Any

from amlscreen.hits import Hit, Outcome
from amlscreen.rules.card import Card, Example
from amlscreen.rules.grammar import duration_microseconds
from amlscreen.rules.units import Unit, measure_units

__all__ = ["disagreement"]

_MILLION = 1_000_000
_EPOCH = dt.date(1970, 1, 1)


def disagreement(card: Card, example: Example, hits: Sequence[Hit], outcome: Outcome, minor_digits: int) -> str:
    """What the hits of a card on one of its examples are other than expected; empty if nothing.

    The subjects must be exactly those expected, and each must have an episode that shows every expected measure.
    """
    if outcome.status != "ran":
        return f"the rule is {outcome.status}: {outcome.reason}"
    found = sorted({hit.subject.id for hit in hits})
    if example.expect == "clear":
        if not hits:
            return ""
        if example.known_miss:
            return f"this known miss is seen now, on {', '.join(found)}: update the card"
        return f"expected clear, found a hit on {', '.join(found)} with {_said(hits[0])}"
    expected: Mapping[str, Any] = dict(example.expect)
    wanted = expected["hit"]
    subjects = sorted(str(one) for one in (wanted if isinstance(wanted, list) else [wanted]))
    if found != subjects:
        return f"expected a hit on {', '.join(subjects)}, found {', '.join(found) or 'none'}"
    if "episodes" in expected and len(hits) != expected["episodes"]:
        return f"expected {expected['episodes']} episodes, found {len(hits)}"
    units = measure_units(card)
    for subject in subjects:
        wrong = [_differences(hit, expected, units, minor_digits) for hit in hits if hit.subject.id == subject]
        if all(wrong):
            return min(wrong, key=len)
    return ""


def _differences(hit: Hit, expected: Mapping[str, Any], units: Mapping[str, Unit], digits: int) -> str:
    """What of the expectation the hit does not show; empty if it shows all."""
    shown: dict[str, Any] = {
        "first_day": hit.first_day,
        "last_day": hit.last_day,
        "limit": hit.limit,
        "partial": int(hit.partial),
        "victims": sorted(hit.victims),
    }
    wrong = []
    for name, value in expected.items():
        if name in units and not _same(hit.measures.get(name), value, units[name], digits):
            wrong.append(f"{name}: expected {value}, measured {_told(hit.measures.get(name), units[name], digits)}")
        elif name in shown and shown[name] != _plain(value):
            wrong.append(f"{name}: expected {value}, found {shown[name]}")
    return "; ".join(wrong)


def _plain(value: Any) -> Any:
    if isinstance(value, dt.date):
        return (value - _EPOCH).days
    if isinstance(value, list):
        return sorted(str(one) for one in value)
    return int(value) if isinstance(value, bool) else value


def _same(measured: int | str | None, expected: Any, unit: Unit, digits: int) -> bool:
    if measured is None or expected is None:
        return measured is expected
    if unit in {"text", "flag"} or isinstance(measured, str):
        return str(measured) == str(_plain(expected))
    if unit == "time" and isinstance(expected, str):
        return duration_microseconds(expected) == measured
    if unit == "date":
        return bool(measured == _plain(expected))
    wanted, got = Decimal(str(expected)), Decimal(measured) / _scale(unit, digits)
    step = Decimal(1).scaleb(int(wanted.as_tuple().exponent))
    if unit not in {"ratio", "multiple"}:
        return wanted == got
    return wanted in {got.quantize(step, ROUND_DOWN), got.quantize(step, ROUND_HALF_EVEN)}


def _scale(unit: Unit, digits: int) -> int:
    if unit == "money":
        return int(10**digits)
    return _MILLION if unit in {"ratio", "multiple"} else 1


def _told(measured: int | str | None, unit: Unit, digits: int) -> str:
    if not isinstance(measured, int):
        return "nothing" if measured is None else measured
    if unit == "time":
        return f"{Decimal(measured) / 3_600_000_000:f}h"
    return f"{Decimal(measured) / _scale(unit, digits):f}"


def _said(hit: Hit) -> str:
    return ", ".join(f"{name} {value}" for name, value in hit.measures.items()) or "no measures"
