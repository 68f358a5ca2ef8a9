"""Who is in a group, told once each: a member that several rules found has all its parts on one line.

Whose account a possible victim holds is not told: such members are counted, and nothing stands beside the count, unless
the settings ask for it.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from itertools import groupby

from amlscreen.hits import Member
from amlscreen.sinks.protect import MASK

__all__ = ["Among", "among", "members_in_words", "parts_of"]

_ORDER = ("collector", "hub", "origin", "through", "end", "spoke", "sender", "receiver", "flagged", "member")
_ROLES = {"suspect": "may be the one who profits", "facilitator": "may help it along"}
_NOUNS = {
    "customer": ("customer", "customers"),
    "account": ("account", "accounts"),
    "counterparty": ("outside party", "outside parties"),
}
_NAMED_ON_A_LINE = 6


@dataclass(frozen=True, slots=True)
class Among:
    """One member with all its parts in the groups of an alert; ``shown`` is its id, or the mask."""

    kind: str
    shown: str
    parts: tuple[str, ...]
    role: str


def among(members: Iterable[Member], masked: Callable[[str], str], *, hides: bool) -> list[Among]:
    """Each member once, the parts that say most first; ``masked`` masks a text, ``hides`` all possible victims."""
    found: dict[tuple[str, str], list[Member]] = {}
    for member in members:
        found.setdefault((member.kind, member.id), []).append(member)
    every = [_merged(same, masked, hides=hides) for same in found.values()]
    return sorted(every, key=lambda one: (_places(one.parts), one.role, one.shown))


def parts_of(members: Iterable[Member]) -> dict[str, tuple[str, ...]]:
    """The parts by the member's own id, those that say most first."""
    found: dict[str, set[str]] = {}
    for member in members:
        found.setdefault(member.id, set()).add(member.part)
    return {who: tuple(sorted(parts, key=_place)) for who, parts in found.items()}


def members_in_words(members: Iterable[Member], masked: Callable[[str], str], *, hides: bool) -> tuple[str, ...]:
    """A line for each part and role: how many, and who they are; arguments as for :func:`among`."""
    every = among(members, masked, hides=hides)
    return tuple(_line(parts, role, list(same)) for (parts, role), same in groupby(every, key=_alike))


def _alike(one: Among) -> tuple[tuple[str, ...], str]:
    return one.parts, one.role


def _line(parts: Sequence[str], role: str, same: Sequence[Among]) -> str:
    said = _spaced(", ".join(parts))
    if role == "possible_victim":
        people = "one possible victim" if len(same) == 1 else f"{len(same):,} possible victims"
        masked = all(one.shown == MASK for one in same)
        return f"{said}: {people}" + (", kept apart" if masked else f": {_names(same)}")
    judged = f" ({_ROLES[role]})" if role in _ROLES else ""
    kinds = {one.kind for one in same}
    one, many = _NOUNS[kinds.pop()] if len(kinds) == 1 else ("party", "parties")
    return f"{said}{judged}: {f'{len(same):,} {many}' if len(same) > 1 else one} {_names(same)}"


def _names(same: Sequence[Among]) -> str:
    rest = len(same) - _NAMED_ON_A_LINE
    more = f" and {rest:,} more" if rest > 0 else ""
    return ", ".join(_short(one.shown) for one in same[:_NAMED_ON_A_LINE]) + more


def _short(key: str) -> str:
    return key.removeprefix("account:")


def _merged(same: Sequence[Member], masked: Callable[[str], str], *, hides: bool) -> Among:
    first = same[0]
    roles = {member.role for member in same}
    role = next((one for one in ("possible_victim", "suspect", "facilitator") if one in roles), "unclear")
    shown = MASK if hides and role == "possible_victim" else masked(first.id)
    return Among(first.kind, shown, tuple(sorted({member.part for member in same}, key=_place)), role)


def _places(parts: Sequence[str]) -> tuple[tuple[int, str], ...]:
    return tuple(map(_place, parts))


def _place(part: str) -> tuple[int, str]:
    return (_ORDER.index(part) if part in _ORDER else len(_ORDER), part)


def _spaced(name: str) -> str:
    return name.replace("_", " ")
