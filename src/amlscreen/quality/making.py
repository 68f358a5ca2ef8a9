"""From a dataset to its report: count, check, and say which rules each finding concerns."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from amlscreen.intake.facts import Facts, facts_of
from amlscreen.quality.checks import CHECKS
from amlscreen.quality.finding import SEVERITIES, Check, Finding, Seen
from amlscreen.quality.report import QualityReport
from amlscreen.quality.touching import Reach
from amlscreen.rules.ruleset import RuleSet

if TYPE_CHECKING:
    from amlscreen.intake.dataset import Dataset
    from amlscreen.settings import Settings

__all__ = ["check", "findings_of"]


def check(
    data: Dataset, rules: RuleSet | None = None, *, settings: Settings | None = None, thorough: bool = True
) -> QualityReport:
    """How good the data are: columns, named findings with what to do, and the rules each finding blinds or weakens.

    ``rules`` are the shipped stable and test ones unless given. With ``thorough=False``, as in a screen, columns of
    transactions are told from a part of the rows and checks that need a further pass are left out, and named.
    """
    rules = RuleSet.load().select(status=("stable", "test")) if rules is None else rules
    facts = facts_of(data, settings, thorough=thorough)
    reach = Reach(rules, data.jurisdiction, data.provided)
    left_out = () if thorough else tuple(one.id for one in CHECKS if one.is_thorough)
    return QualityReport(findings_of(facts, reach), facts, reach.number, left_out)


def findings_of(facts: Facts, reach: Reach) -> tuple[Finding, ...]:
    """What every check has to say, gravest first, then in the order of the checks."""
    found = [_finding(one, seen, reach) for one in CHECKS for seen in _seen(one, facts)]
    return tuple(sorted(found, key=lambda one: SEVERITIES.index(one.severity)))


def _seen(one: Check, facts: Facts) -> Iterator[Seen]:
    yield from one.find(facts)


def _finding(one: Check, seen: Seen, reach: Reach) -> Finding:
    effects = one.effects if seen.effects is None else seen.effects
    blinds = reach.blinded(effects) if seen.is_whole and effects else ()
    severity = seen.severity or one.severity
    # What is only to know weakens nothing worth a list of rules.
    touched = reach.touched(effects) if effects and severity != "info" else ()
    return Finding(
        severity=severity,
        check=one.id,
        title=one.title,
        where=seen.where,
        what=seen.what,
        rows=seen.rows,
        meaning=one.meaning,
        action=one.action,
        blinds=blinds,
        weakens=tuple(name for name in touched if name not in blinds),
        effects=effects,
    )
