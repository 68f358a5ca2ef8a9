"""A card's examples, run: each is a tiny data set read as any other and screened with the card alone.

See :mod:`amlscreen.rules.expectation` for what counts as agreement.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from amlscreen.errors import AmlScreenError
from amlscreen.finding import find
from amlscreen.intake.dataset import Dataset
from amlscreen.jurisdiction import Jurisdiction
from amlscreen.rules.card import Card, Example
from amlscreen.rules.example_rows import tables_of
from amlscreen.rules.expectation import disagreement
from amlscreen.rules.grammar import Cluster
from amlscreen.rules.ruleset import RuleSet
from amlscreen.settings import Settings
from amlscreen.shapes.cluster_found import flag_rules

__all__ = ["ExampleResult", "prove"]


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
    """Run a card's examples, with those of ``companions`` that it looks at (``after_hit``, ``flagged_by``)."""
    home = jurisdiction if isinstance(jurisdiction, Jurisdiction) else Jurisdiction.load(jurisdiction)
    rules = RuleSet.of(*_with_led(card, {one.id: one for one in companions}).values())
    return [_result(rules, card.id, example, home) for example in card.examples]


def _with_led(card: Card, among: Mapping[str, Card]) -> dict[str, Card]:
    """The card and every rule whose hits it looks at, themselves or through another."""
    found = {card.id: card}
    waiting = [card]
    while waiting:
        detect = waiting.pop().detect
        after = getattr(detect, "after_hit", None)
        named = [after.rule] if after is not None else []
        named += flag_rules(detect.flagged_by, [*among]) if isinstance(detect, Cluster) else []
        for name in named:
            if name in among and name not in found:
                found[name] = among[name]
                waiting.append(among[name])
    return found


def _result(rules: RuleSet, rule_id: str, example: Example, jurisdiction: Jurisdiction) -> ExampleResult:
    try:
        message = _screened(rules, rule_id, example, jurisdiction)
    except AmlScreenError as problem:
        message = f"the example cannot be screened: {problem}"
    return ExampleResult(rule_id, example.name, not message, message)


def _screened(rules: RuleSet, rule_id: str, example: Example, jurisdiction: Jurisdiction) -> str:
    settings = Settings(as_of=example.as_of, threads=1, most_quarantined=1.0)
    with Dataset.from_tables(jurisdiction, settings, **tables_of(example)) as data:
        refused = data.quarantine.table
        if refused.num_rows:
            row = refused.slice(0, 1).to_pylist()[0]
            return f"{refused.num_rows} rows are quarantined, the first for {row['reason']} in {row['column']}"
        findings = find(data, rules, settings=settings)
    outcome = next(one for one in findings.outcomes if one.rule_id == rule_id)
    hits = [hit for hit in findings.hits if hit.rule_id == rule_id]
    return disagreement(rules.get(rule_id), example, hits, outcome, jurisdiction.minor_digits)
