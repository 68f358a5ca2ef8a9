"""Whether a changed ``detect`` finds more subjects or fewer, where the grammar lets one tell.

Directions are +1 (wider, higher, more), -1, 0 (the same) and None (cannot be told). A higher ``gte`` never adds a
subject and more rows never lower a count. Nothing is claimed of a mean, a median or a share, which may go either way,
of an upper bound on a measure whose rows changed, since rows are also the instants a window is looked at, or of
``repeat``, since episodes may join or fall apart.
"""

from __future__ import annotations

from typing import Any, Literal

from amlscreen.rules.compare.directions import Direction, combined, of_conditions, of_number, of_span, turned
from amlscreen.rules.grammar import Conditions, Match, Measure, Sequence, Window

__all__ = ["Tendency", "tendency"]

Tendency = Literal["same", "fewer", "more", "unclear"]

_SAID: dict[Direction, Tendency] = {0: "same", 1: "more", -1: "fewer", None: "unclear"}
_GROW_WITH_ROWS = frozenset({"count", "distinct", "days_active", "max"})
_MAY_BE_NEGATIVE = frozenset({"balance_after"})
_NO_CONDITIONS = Conditions()


def tendency(old: Any, new: Any) -> Tendency:
    """What becomes of the subjects found, from one bound ``detect`` to another."""
    if old == new:
        return "same"
    if type(old) is not type(new):
        return "unclear"
    if isinstance(old, Match):
        return _SAID[_of_match(old, new)]
    if isinstance(old, Window | Sequence):
        return _SAID[_of_sweep(old, new)]
    return _SAID[_of_others(old, new)]


def _of_match(old: Match, new: Match) -> Direction:
    kept = all(getattr(old, name) == getattr(new, name) for name in ("table", "subject", "subject_kind", "distinct"))
    if not kept:
        return None
    where = of_conditions(old.where, new.where)
    return combined(where, of_span(old.within, new.within), turned(of_number(old.at_least, new.at_least)))


def _of_sweep(old: Any, new: Any) -> Direction:
    if any(getattr(old, name) != getattr(new, name) for name in ("subjects", "by", "for_each")):
        return None
    sets = {name: _of_set(old, new, name) for name in {**old.rows, **new.rows}}
    grown = _of_steps(old, new, sets) if isinstance(old, Sequence) else 0
    found = combined(grown, _of_when(old, new, old.when, new.when, sets))
    if new.repeat and found != 0:
        return None
    return combined(found, _of_repeat(old.repeat, new.repeat), _of_after(old.after_hit, new.after_hit))


def _of_set(old: Any, new: Any, name: str) -> Direction:
    """Whether a row set holds more rows of the span that is looked at."""
    if name not in old.rows or name not in new.rows:
        return None
    if ("kind" in set(old.rows[name].names())) != ("kind" in set(new.rows[name].names())):
        return None  # a set that names no kind means the customer's own transactions only
    rows = of_conditions(old.rows[name], new.rows[name])
    if isinstance(old, Window):
        return combined(rows, of_span(old.within, new.within))
    steps = [(a, b) for a, b in zip(old.then, new.then, strict=False) if a.rows == b.rows == name]
    return combined(rows, *(of_span(a.within, b.within) for a, b in steps))


def _of_steps(old: Sequence, new: Sequence, sets: dict[str, Direction]) -> Direction:
    same = [(step.rows, step.is_, step.from_, step.same, step.different) for step in old.then] == [
        (step.rows, step.is_, step.from_, step.same, step.different) for step in new.then
    ]
    if not same or (old.first, old.anchor) != (new.first, new.anchor):
        return None
    if any(a.similar != b.similar for a, b in zip(old.then, new.then, strict=True)):
        return None
    first = sets[old.first] if old.anchor == "each" or sets[old.first] == 0 else None
    steps = [sets[step.rows] if step.is_ == "present" else turned(sets[step.rows]) for step in old.then]
    return combined(first, *steps)


def _of_when(old: Any, new: Any, before: Conditions, after: Conditions, sets: dict[str, Direction]) -> Direction:
    """Whether what must hold of the measures holds more often: by other bounds, or because the measures moved."""
    found = [of_conditions(before, after)]
    for name in after.names():
        if name in set(before.names()):
            moved = _of_measure(old, new, name, sets)
            found += [_moved_past(one, moved) for one in _conditions_on(after, name)]
    return combined(*found)


def _conditions_on(conditions: Conditions, name: str) -> list[Any]:
    here = [conditions.columns[name]] if name in conditions.columns else []
    return here + [one for alternative in conditions.any_of for one in _conditions_on(alternative, name)]


def _moved_past(condition: Any, moved: Direction) -> Direction:
    """Whether a condition holds more often when what it is about went up or down."""
    return moved if moved == 0 or condition.model_fields_set <= {"gte", "gt"} else None


def _of_measure(old: Any, new: Any, name: str, sets: dict[str, Direction]) -> Direction:
    a, b = old.measures.get(name), new.measures.get(name)
    if a is None or b is None or a != b:
        return 0 if a is b is None and all(one == 0 for one in sets.values()) else None
    assert isinstance(a, Measure)
    if a.ratio:
        above, below = (_of_measure(old, new, part, sets) for part in a.ratio)
        return above if below == 0 else None
    moved = [sets[one] for one in a.row_sets]
    if all(one == 0 for one in moved):
        return 0
    if a.verb in _GROW_WITH_ROWS or (a.verb == "sum" and a.column not in _MAY_BE_NEGATIVE):
        return moved[0]
    return None


def _of_repeat(old: Any, new: Any) -> Direction:
    if old is None or new is None:
        return 0 if old is new else (1 if new is None else -1)
    if old.distinct != new.distinct:
        return None
    return combined(turned(of_number(old.at_least, new.at_least)), of_span(old.within, new.within))


def _of_after(old: Any, new: Any) -> Direction:
    if old is None or new is None:
        return 0 if old is new else (1 if new is None else -1)
    return of_span(old.within, new.within) if old.rule == new.rule else None


def _of_others(old: Any, new: Any) -> Direction:
    """Of the shapes whose own settings may go either way, only other bounds are told."""
    names = set(type(old).model_fields) - {"when", "after_hit"}
    if any(getattr(old, name) != getattr(new, name) for name in names):
        return None
    after = (getattr(one, "after_hit", None) for one in (old, new))
    return combined(of_conditions(old.when, new.when), _of_after(*after))
