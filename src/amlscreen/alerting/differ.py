"""What would have had to differ: for each deciding condition, the measured value, the threshold, and what would have
kept the rule from firing.

The thresholds are those of the bound card, so a tuned bank reads its own figures.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from decimal import Decimal
from typing import Any

from amlscreen.alerting.policy import Clause
from amlscreen.alerting.weights import inside
from amlscreen.alerting.words import phrase
from amlscreen.hits import Hit
from amlscreen.narrative import Style, format_duration, format_money, format_multiple, format_value
from amlscreen.rules.card import Card
from amlscreen.rules.grammar import Baseline, Condition, Conditions, Match, Sequence, Window, duration_microseconds
from amlscreen.rules.units import Unit

__all__ = ["clause_sentence", "would_differ"]

_WORDS = ("gte", "gt", "lte", "lt", "between", "eq", "one_of", "none_of", "null")


def would_differ(card: Card, hit: Hit, style: Style, units: Mapping[str, Unit]) -> list[str]:
    """A sentence for each deciding condition of the hit, the rule's id in front."""
    detect = card.detect
    sentences = list(_conditions(detect.where if isinstance(detect, Match) else detect.when, card, hit, style, units))
    if isinstance(detect, Match):
        if isinstance(detect.at_least, int) and detect.at_least > 1:
            name = "values_needed" if detect.distinct else "rows_needed"
            sentences.append(phrase(name, style.language, count=detect.at_least, column=detect.distinct))
    elif isinstance(detect, Baseline):
        if detect.spans and int(detect.spans.at_least) > 1:
            count, of = (int(one) for one in (detect.spans.at_least, detect.spans.of))
            sentences.append(phrase("spans_needed", style.language, count=count, of=of))
        sentences += _structure(detect, style)
    elif isinstance(detect, Window | Sequence):
        sentences += _structure(detect, style)
        if not sentences:
            sentences.append(phrase("exists", style.language, rows=", ".join(detect.rows)))
    return [f"{card.id}: {sentence}" for sentence in sentences]


def clause_sentence(clause: Clause, style: Style) -> str:
    """Why the policy lets it alert, with the figures of the clause."""
    values = {name: ", ".join(value) if isinstance(value, tuple) else value for name, value in clause.values.items()}
    alone = clause.name == "anchor_with_families" and not clause.values.get("count")
    return phrase(f"clause_{clause.name}{'_alone' if alone else ''}", style.language, **values)


def _conditions(conditions: Conditions, card: Card, hit: Hit, style: Style, units: Mapping[str, Unit]) -> Iterable[str]:
    for name, condition in conditions.columns.items():
        yield from _of_one(name, condition, card, hit, style, units)
    alternatives = [" ".join(_conditions(one, card, hit, style, units)) for one in conditions.any_of]
    if alternatives:
        yield phrase("any_of", style.language, alternatives=" ".join(alternatives))


def _of_one(
    name: str, condition: Condition, card: Card, hit: Hit, style: Style, units: Mapping[str, Unit]
) -> Iterable[str]:
    shown, unit = _measured(name, card, units)
    value = hit.measures.get(shown) if shown else None
    for word in _WORDS:
        limit = getattr(condition, word)
        if limit is None:
            continue
        what = _what(word, limit, unit, style)
        if value is None:
            yield phrase("rule_only", style.language, measure=name, what=what)
        else:
            yield phrase("fact", style.language, measure=name, value=_exact(value, unit, style), what=what)


def _measured(name: str, card: Card, units: Mapping[str, Unit]) -> tuple[str | None, Unit]:
    """The measure that shows the condition's value, and its unit: a `where` names a column, `when` a measure."""
    if not isinstance(card.detect, Match):
        return name, units[name]
    for measure, column in card.detect.measures.items():
        if column == name:
            return measure, units[measure]
    return None, "text"


def _what(word: str, limit: Any, unit: Unit, style: Style) -> str:
    if word == "null":
        return phrase("null" if limit else "not_null", style.language)
    if word == "between":
        return phrase(word, style.language, limit=_limit(limit[0], unit, style), upper=_limit(limit[1], unit, style))
    values = limit if isinstance(limit, list | tuple) else [limit]
    return phrase(word, style.language, limit=", ".join(_limit(value, unit, style) for value in values))


def _limit(value: Any, unit: Unit, style: Style) -> str:
    if isinstance(value, bool):
        return style.word("yes" if value else "no")
    if isinstance(value, str) and unit != "time":
        return value
    return _exact(int(inside(value, unit, style.minor_digits)), unit, style)


def _exact(value: int | str, unit: Unit, style: Style) -> str:
    """With every digit that was compared, so that a value and its limit never look the same where they differ."""
    if isinstance(value, str) or unit not in {"ratio", "multiple", "money"}:
        return format_value(value, unit, style)
    if unit == "ratio":
        return f"{Decimal(value).scaleb(-4).normalize():f}%"
    if unit == "multiple":
        return format_multiple(value, style)
    whole = value % 10**style.minor_digits == 0
    digits = style.shown_digits if whole else style.minor_digits
    return format_money(value, Style(style.currency, digits, style.minor_digits, style.language))


def _structure(detect: Window | Sequence | Baseline, style: Style) -> list[str]:
    sentences = []
    if isinstance(detect, Sequence):
        for step in detect.then:
            span = _span(step.within, style)
            sentences.append(phrase(f"step_{step.is_}", style.language, rows=step.rows, span=span))
    if detect.repeat is not None:
        kind = "repeat_distinct" if detect.repeat.distinct else "repeat_needed"
        values = {"count": detect.repeat.at_least, "span": _span(detect.repeat.within, style)}
        sentences.append(phrase(kind, style.language, column=detect.repeat.distinct, **values))
    if detect.after_hit is not None:
        span = _span(detect.after_hit.within, style)
        sentences.append(phrase("after_hit", style.language, rule=detect.after_hit.rule, span=span))
    return sentences


def _span(text: str, style: Style) -> str:
    return format_duration(duration_microseconds(str(text)), style)
