"""What changed in a card beside how it detects: facts, texts, sources, parameters, points, examples."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

from amlscreen.errors import SettingsError
from amlscreen.rules.bind import bind
from amlscreen.rules.card import Card, Parameter, in_language
from amlscreen.rules.compare.change import Change
from amlscreen.rules.compare.tendency import Tendency, tendency
from amlscreen.rules.in_words import value_in_words

__all__ = ["example_changes", "fact_changes", "parameter_changes", "text_changes"]

_FACTS = ("version", "status", "typology", "severity", "role", "anchor", "safety", "exploitation", "possible_victims")
_TEXTS = ("title", "description", "rationale", "explain")
_LISTS = ("references", "false_positives", "blind_spots", "next_steps")
_MEANS = {
    ("severity", True): ", so each hit weighs more",
    ("severity", False): ", so each hit weighs less",
}
_SEVERITIES = ("low", "medium", "high", "critical")


def fact_changes(old: Card, new: Card) -> Iterator[Change]:
    """Version, status, severity, role and the like."""
    for name in (*_FACTS, "least_known"):
        before, after = getattr(old, name), getattr(new, name)
        if before != after:
            what = "the least share of known values" if name == "least_known" else name.replace("_", " ")
            said = f"{what} from {_told(before)} to {_told(after)}{_meaning(name, before, after)}"
            yield Change(old.id, "changed", name, said, "same", _plain(before), _plain(after))
    if old.strength != new.strength:
        before, after = _points(old), _points(new)
        yield Change(old.id, "changed", "strength", f"points: {before}; now: {after}", "same", before, after)


def _points(card: Card) -> str:
    known = {name: one.value for name, one in card.parameters.items()}
    rows = [
        f"`{row.measure}` from {value_in_words(row.from_, known)} times {value_in_words(row.times, known)}"
        for row in card.strength
    ]
    return ", ".join(rows) or "no strength table"


def _meaning(name: str, before: Any, after: Any) -> str:
    return _MEANS[name, _SEVERITIES.index(after) > _SEVERITIES.index(before)] if name == "severity" else ""


def text_changes(old: Card, new: Card) -> Iterator[Change]:
    """Texts that were reworded, entries of lists that came or went."""
    for name in _TEXTS:
        before, after = getattr(old, name), getattr(new, name)
        if before != after:
            yield Change(old.id, "changed", name, _reworded(name, before, after), "same", _plain(before), _plain(after))
    for name in _LISTS:
        before, after = getattr(old, name), getattr(new, name)
        noun = name.removesuffix("s").replace("_", " ")
        for one in (one for one in after if one not in before):
            yield Change(old.id, "added", name, f"{noun} added: {_entry(one)}", "same", None, _plain(one))
        for one in (one for one in before if one not in after):
            yield Change(old.id, "removed", name, f"{noun} removed: {_entry(one)}", "same", _plain(one), None)


def _reworded(name: str, before: Any, after: Any) -> str:
    old, new = in_language(before, "en").strip(), in_language(after, "en").strip()
    if old == new:
        return f"{name} changed in another language"
    return f'{name} reworded: "{new}" (was: "{old}")'


def parameter_changes(old: Card, new: Card, written: Card) -> Iterator[Change]:
    """Parameters that came, went, or have another value; ``old`` and ``new`` are bound, ``written`` is the old one."""
    for name, one in new.parameters.items():
        if name not in old.parameters:
            said = f"parameter `{name}` added, {value_in_words(one.value, {})}{_help(one)}"
            yield Change(old.id, "added", f"parameters.{name}", said, "same", None, _plain(one.value))
    for name, before in old.parameters.items():
        part = f"parameters.{name}"
        if name not in new.parameters:
            yield Change(old.id, "removed", part, f"parameter `{name}` removed", "same", _plain(before.value), None)
            continue
        after = new.parameters[name]
        if before.value != after.value:
            values = f"from {value_in_words(before.value, {})} to {value_in_words(after.value, {})}"
            said = f"parameter `{name}` {values}{_help(after)}"
            finds = _finds(old, written, name, after.value)
            yield Change(old.id, "changed", part, said, finds, _plain(before.value), _plain(after.value))
        elif before.help != after.help:
            yield Change(old.id, "changed", part, f"the help of parameter `{name}` was reworded", "same")


def _finds(old: Card, written: Card, name: str, value: Any) -> Tendency:
    values = {key: one.value for key, one in old.parameters.items()}
    try:
        return tendency(old.detect, bind(written, {**values, name: value}).detect)
    except SettingsError:  # a value of another kind fits the new card only
        return "unclear"


def _help(parameter: Parameter) -> str:
    return f" ({in_language(parameter.help, 'en').strip().rstrip('.')})"


def example_changes(old: Card, new: Card) -> Iterator[Change]:
    """Examples by name."""
    before, after = ({one.name: one for one in card.examples} for card in (old, new))
    for name in after:
        if name not in before:
            yield Change(old.id, "added", "examples", f"example added: {name}")
        elif before[name] != after[name]:
            yield Change(old.id, "changed", "examples", f"example changed: {name}")
    for name in before:
        if name not in after:
            yield Change(old.id, "removed", "examples", f"example removed: {name}")


def _entry(one: Any) -> str:
    if hasattr(one, "source"):
        section = f", {one.section}" if one.section else ""
        return f"{one.source}{section} ({one.year})"
    return f'"{in_language(one, "en").strip()}"'


def _told(value: Any) -> str:
    if isinstance(value, str):
        return value.replace("_", " ")
    if isinstance(value, Sequence):
        return ", ".join(map(str, value)) or "none"
    return "none" if value is None else value_in_words(value, {})


def _plain(value: Any) -> Any:
    """A value as JSON holds it: numbers that are exact inside are told as written."""
    if hasattr(value, "model_dump"):
        return value.model_dump(mode="json", exclude_unset=True)
    if isinstance(value, list | tuple):
        return [_plain(one) for one in value]
    return value if isinstance(value, bool | int | str | dict | type(None)) else str(value)
