"""Which way single words of the grammar moved: conditions, numbers, spans."""

from __future__ import annotations

from decimal import Decimal
from typing import Any, Literal

from amlscreen.rules.words import Condition, Conditions, duration_microseconds

__all__ = ["Direction", "combined", "of_conditions", "of_number", "of_span", "turned"]

_DAY = duration_microseconds("1d")
Direction = Literal[-1, 0, 1] | None


def turned(direction: Direction) -> Direction:
    """The other way round."""
    return None if direction is None else -1 if direction == 1 else 1 if direction == -1 else 0


def combined(*directions: Direction) -> Direction:
    """All of them at once: told only if none pulls the other way."""
    found = {one for one in directions if one != 0}
    return 0 if not found else found.pop() if len(found) == 1 else None


def of_number(old: Any, new: Any) -> Direction:
    """Up or down; None if either is no number."""
    if old == new:
        return 0
    if not isinstance(old, int | float | Decimal) or not isinstance(new, int | float | Decimal):
        return None
    return 1 if new > old else -1


def of_span(old: Any, new: Any) -> Direction:
    """Longer or shorter; without a span everything is looked at."""
    if old == new:
        return 0
    if old is None or new is None:
        return 1 if new is None else -1
    before, after = duration_microseconds(old), duration_microseconds(new)
    moved = of_number(before, after)
    whole = (before % _DAY == 0, after % _DAY == 0)
    if whole[0] != whole[1] and moved != (1 if whole[1] else -1):
        return None  # with hours, rows known by their date only are left out, and with whole days they count
    return moved


def of_conditions(old: Conditions, new: Conditions) -> Direction:
    """Wider (+1) if whatever met the old ones meets the new ones, narrower (-1) the other way round."""
    moved: list[Direction] = []
    for name in {**old.columns, **new.columns}:
        if name not in old.columns or name not in new.columns:
            moved.append(-1 if name in new.columns else 1)
        else:
            moved.append(_of_condition(old.columns[name], new.columns[name]))
    return combined(*moved, _of_alternatives(old.any_of, new.any_of))


def _of_alternatives(old: tuple[Conditions, ...], new: tuple[Conditions, ...]) -> Direction:
    if old == new:
        return 0
    if not old or not new:
        return -1 if new else 1
    gone, come = [one for one in old if one not in new], [one for one in new if one not in old]
    if len(gone) == len(come):
        return combined(*(of_conditions(a, b) for a, b in zip(gone, come, strict=True)))
    return 1 if not gone else -1 if not come else None


def _of_condition(old: Condition, new: Condition) -> Direction:
    if old == new:
        return 0
    if old.null != new.null:
        return None
    least = [_bound(old, new, word, toward=-1) for word in ("gte", "gt")]
    most = [_bound(old, new, word, toward=1) for word in ("lte", "lt")]
    return combined(*least, *most, _of_values(old, new), _of_exceptions(old, new), _of_ranges(old, new))


def _bound(old: Condition, new: Condition, word: str, *, toward: Literal[-1, 1]) -> Direction:
    """A bound that moved: a higher ``gte`` is narrower (``toward`` -1), a higher ``lte`` wider."""
    a, b = getattr(old, word), getattr(new, word)
    if a is None or b is None:
        return 0 if a is b else (1 if b is None else -1)
    moved = of_number(a, b)
    return moved if toward == 1 else turned(moved)


def _of_values(old: Condition, new: Condition) -> Direction:
    a, b = _allowed(old), _allowed(new)
    if a is None or b is None:
        return 0 if a is b else (1 if b is None else -1)
    return 0 if a == b else 1 if a < b else -1 if b < a else None


def _allowed(condition: Condition) -> set[Any] | None:
    if condition.eq is not None:
        return {condition.eq}
    return None if condition.one_of is None else set(condition.one_of)


def _of_exceptions(old: Condition, new: Condition) -> Direction:
    a, b = set(old.none_of or ()), set(new.none_of or ())
    return 0 if a == b else -1 if a < b else 1 if b < a else None


def _of_ranges(old: Condition, new: Condition) -> Direction:
    if old.between is None or new.between is None:
        return 0 if old.between is new.between else (1 if new.between is None else -1)
    low, high = (of_number(a, b) for a, b in zip(old.between, new.between, strict=True))
    return combined(turned(low), high)
