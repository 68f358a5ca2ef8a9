"""What changed in how a card detects: row sets, measures and bounds in words, everything else by its name."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from pydantic import BaseModel

from amlscreen.rules.card import Card
from amlscreen.rules.compare.change import Change
from amlscreen.rules.compare.tendency import Tendency, tendency
from amlscreen.rules.in_words import (
    Known,
    condition_in_words,
    conditions_in_words,
    either,
    measure_in_words,
    value_in_words,
)
from amlscreen.rules.units import measure_units
from amlscreen.rules.words import Condition, Conditions, ParameterRef

__all__ = ["detect_changes"]


def detect_changes(old: Card, new: Card, bound: tuple[Card, Card]) -> Iterator[Change]:
    """``old`` and ``new`` as written, ``bound`` with their parameters filled in."""
    if old.detect == new.detect:
        return
    if old.detect.shape != new.detect.shape:
        said = f"shape from {old.detect.shape} to {new.detect.shape}; all of `detect` is new"
        yield Change(old.id, "changed", "detect", said, "unclear", old.detect.shape, new.detect.shape)
        return
    sides = _known(old), _known(new)
    for name in type(old.detect).model_fields:
        before, after = getattr(old.detect, name), getattr(new.detect, name)
        if before == after:
            continue
        for part, said, partly in _of_field(name, before, after, sides, (old, new)):
            yield _change(old, f"detect.{part}", said, _finds(bound, name, partly), before, after)


def _change(card: Card, part: str, said: str, finds: Tendency, before: Any, after: Any) -> Change:
    kind = "added" if _missing(before) else "removed" if _missing(after) else "changed"
    return Change(card.id, kind, part, said, finds)  # type: ignore[arg-type]  # one of the three


def _missing(value: Any) -> bool:
    return value is None or (isinstance(value, dict | tuple) and not value)


def _known(card: Card) -> Known:
    return {name: one.value for name, one in card.parameters.items()}


def _finds(bound: tuple[Card, Card], field: str, key: str | None) -> Tendency:
    """The tendency if only this field, or in it only this entry, were the new one."""
    old, new = bound[0].detect, bound[1].detect
    value = getattr(new, field)
    if key is not None:
        value = {name: one for name, one in getattr(old, field).items() if name != key}
        if key in getattr(new, field):
            value[key] = getattr(new, field)[key]
    return tendency(old, old.model_copy(update={field: value}))


Found = Iterator[tuple[str, str, str | None]]


def _of_field(name: str, before: Any, after: Any, sides: tuple[Known, Known], cards: tuple[Card, Card]) -> Found:
    """Place, sentence, and the entry's name where single entries of a field are told."""
    if name in {"rows", "measures"}:
        yield from _of_entries(name, before, after, sides)
    elif name == "when":
        units = {**measure_units(cards[0]), **measure_units(cards[1])}
        for part, said in _of_conditions(before, after, sides, units):
            yield f"when.{part}" if part else "when", said, None
    elif isinstance(before, Conditions) and isinstance(after, Conditions):
        for part, said in _of_conditions(before, after, sides, {}):
            yield f"{name}.{part}" if part else name, said, None
    else:
        for part, said in _generic(name, before, after, sides):
            yield part, said, None


def _of_entries(field: str, before: Mapping[str, Any], after: Mapping[str, Any], sides: tuple[Known, Known]) -> Found:
    noun = "row set" if field == "rows" else "measure"
    tell = conditions_in_words if field == "rows" else measure_in_words
    for key in {**before, **after}:
        part = f"{field}.{key}"
        if key not in before:
            yield part, f"{noun} `{key}` added: {tell(after[key], sides[1])}", key
        elif key not in after:
            yield part, f"{noun} `{key}` removed (was: {tell(before[key], sides[0])})", key
        elif before[key] != after[key]:
            if field == "rows":
                said = "; ".join(said for _, said in _of_conditions(before[key], after[key], sides, {}))
            else:
                said = f"is now {tell(after[key], sides[1])} (was: {tell(before[key], sides[0])})"
            yield part, f"{noun} `{key}` {said}", key


def _of_conditions(
    before: Conditions, after: Conditions, sides: tuple[Known, Known], units: Mapping[str, Any]
) -> Iterator[tuple[str, str]]:
    for name in {**before.columns, **after.columns}:
        a, b = before.columns.get(name), after.columns.get(name)
        if a == b:
            continue
        was, now = (_said(name, one, known, units) for one, known in zip((a, b), sides, strict=True))
        if a is None:
            yield name, f"now also asks that {now}"
        elif b is None:
            yield name, f"no longer asks that {was}"
        else:
            yield name, f"asks that {now} (was: {was})"
    if before.any_of != after.any_of:
        was = either(before, sides[0], units) if before.any_of else ""
        now = either(after, sides[1], units) if after.any_of else ""
        told = f"now also asks that {now}" if not was else f"no longer asks that {was}" if not now else None
        yield "any", told or f"asks that {now} (was: {was})"


def _said(name: str, condition: Condition | None, known: Known, units: Mapping[str, Any]) -> str:
    return condition_in_words(name, condition, known, units.get(name)) if condition else ""


def _generic(name: str, before: Any, after: Any, sides: tuple[Known, Known]) -> Iterator[tuple[str, str]]:
    """Whatever else the grammar holds, walked down to the single values that differ."""
    if isinstance(before, BaseModel) and isinstance(after, BaseModel) and type(before) is type(after):
        if isinstance(before, Conditions) and isinstance(after, Conditions):
            for part, said in _of_conditions(before, after, sides, {}):
                yield f"{name}.{part}", f"`{name}` {said}"
            return
        for field, one in type(before).model_fields.items():
            a, b = getattr(before, field), getattr(after, field)
            if a != b:
                yield from _generic(f"{name}.{one.alias or field}", a, b, sides)
    elif _is_list_of_models(before) and _is_list_of_models(after):
        for position in range(max(len(before), len(after))):
            a, b = (one[position] if position < len(one) else None for one in (before, after))
            if a != b:
                yield from _generic(f"{name}.{position + 1}", a, b, sides)
    else:
        was, now = _value(before, sides[0]), _value(after, sides[1])
        told = f"added: {now}" if _missing(before) else f"removed (was: {was})" if _missing(after) else None
        yield name, f"`{name}` {told or f'from {was} to {now}'}"


def _is_list_of_models(value: Any) -> bool:
    return isinstance(value, tuple) and any(isinstance(one, BaseModel) for one in value)


def _value(value: Any, known: Known) -> str:
    if isinstance(value, Conditions):
        return conditions_in_words(value, known)
    if isinstance(value, BaseModel):
        fields = ((type(value).model_fields[one].alias or one, getattr(value, one)) for one in value.model_fields_set)
        return ", ".join(f"{name} {_value(one, known)}" for name, one in sorted(fields, key=lambda pair: pair[0]))
    if isinstance(value, dict):
        return ", ".join(f"{name} {_value(one, known)}" for name, one in value.items()) or "none"
    if isinstance(value, list | tuple) and not isinstance(value, ParameterRef):
        return ", ".join(_value(one, known) for one in value) or "none"
    return "none" if value is None else value_in_words(value, known)
