"""A card's examples, run: each is a tiny data set read as any other and screened with the card alone.

What is expected is written in the units of files: money in whole units, shares as decimals, spans as ``36h``. A share that
was measured is held against the digits that the example gives.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from decimal import ROUND_DOWN, ROUND_HALF_EVEN, Decimal
from typing import Any

from amlscreen.intake.dataset import Dataset
from amlscreen.screening import find

from amlscreen.errors import AmlScreenError
from amlscreen.hits import Hit, Outcome
from amlscreen.jurisdiction import Jurisdiction
from amlscreen.rules.card import Card, Example
from amlscreen.rules.example_rows import tables_of
from amlscreen.rules.grammar import duration_microseconds
from amlscreen.rules.ruleset import RuleSet
from amlscreen.rules.units import Unit, measure_units
from amlscreen.settings import Settings

__all__ = ["ExampleResult", "prove"]

_MILLION = 1_000_000
_EPOCH = dt.date(1970, 1, 1)


@dataclass(frozen=True, slots=True)
class ExampleResult:
    """What became of one example; ``message`` says why it failed."""

    rule_id: str
    name: str
    passed: bool
    message: str = ""


def prove(
    card: Card, *, companions: Iterable[Card] = (), jurisdiction: str | Jurisdiction = "laos"
) -> list[ExampleResult]:
    """Run a card's examples. ``companions`` are the rules it follows (``after_hit``)."""
    home = jurisdiction if isinstance(jurisdiction, Jurisdiction) else Jurisdiction.load(jurisdiction)
    rules = RuleSet.of(card, *(one for one in companions if one.id != card.id))
    return [_result(rules, card.id, example, home) for example in card.examples]


def _result(rules: RuleSet, rule_id: str, example: Example, jurisdiction: Jurisdiction) -> ExampleResult:
    try:
        message = _disagreement(rules, rule_id, example, jurisdiction)
    except AmlScreenError as problem:
        message = f"the example cannot be screened: {problem}"
    return ExampleResult(rule_id, example.name, not message, message)


def _disagreement(rules: RuleSet, rule_id: str, example: Example, jurisdiction: Jurisdiction) -> str:
    settings = Settings(as_of=example.as_of, threads=1, most_quarantined=1.0)
    with Dataset.from_tables(jurisdiction, settings, **tables_of(example)) as data:
        refused = data.quarantine.table
        if refused.num_rows:
            row = refused.slice(0, 1).to_pylist()[0]
            return f"{refused.num_rows} rows are quarantined, the first for {row['reason']} in {row['column']}"
        findings = find(data, rules, settings=settings)
    outcome = next(one for one in findings.outcomes if one.rule_id == rule_id)
    hits = [hit for hit in findings.hits if hit.rule_id == rule_id]
    return _compared(rules.get(rule_id), example, hits, outcome, jurisdiction)


def _compared(card: Card, example: Example, hits: list[Hit], outcome: Outcome, jurisdiction: Jurisdiction) -> str:
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
    units, digits = measure_units(card), jurisdiction.minor_digits
    wrong = [_differences(hit, expected, units, digits) for hit in hits]
    if "episodes" in expected and len(hits) != expected["episodes"]:
        return f"expected {expected['episodes']} episodes, found {len(hits)}"
    for subject in subjects:
        of_subject = [text for hit, text in zip(hits, wrong, strict=True) if hit.subject.id == subject]
        if all(of_subject):
            return min(of_subject, key=len)
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
