"""Groups of customers the slow, obvious way: dictionaries, sets, and a walk from neighbour to neighbour."""

from __future__ import annotations

import re
import unicodedata
from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

__all__ = ["Tie", "oracle_groups"]

Row = Mapping[str, Any]


@dataclass(frozen=True)
class Tie:
    """One link: rows, each with the customers it belongs to, the columns compared, and the most that may share."""

    name: str
    rows: Sequence[tuple[Row, Sequence[str]]]
    same: tuple[str, ...]
    most: int


def written(value: Any) -> Any:
    """A text as it is compared; None if nothing is left."""
    if not isinstance(value, str):
        return value
    text = re.sub("[\u200b\u200c\u200d\u2060\ufeff\u00ad]", "", unicodedata.normalize("NFC", value).lower())
    return re.sub(r"\s+", " ", text).strip() or None


def oracle_groups(ties: Iterable[Tie], is_member: Callable[[str], bool]) -> dict[frozenset[str], dict[str, int]]:
    """Members of each group, and how many values tie them and how common the commonest of these is."""
    holders: dict[tuple[Any, ...], set[str]] = defaultdict(set)
    most: dict[tuple[Any, ...], int] = {}
    for tie in ties:
        for row, owners in tie.rows:
            values = tuple(written(row.get(name)) for name in tie.same)
            if None not in values:
                holders[tie.name, *values].update(owners)
                most[tie.name, *values] = tie.most
    tying = {}
    for key, everyone in holders.items():
        members = {one for one in everyone if is_member(one)}
        if len(everyone) <= most[key] and len(members) >= 2:
            tying[key] = members
    beside: dict[str, set[str]] = defaultdict(set)
    for members in tying.values():
        for one in members:
            beside[one] |= members
    found: dict[frozenset[str], dict[str, int]] = {}
    seen: set[str] = set()
    for start in sorted(beside):
        if start in seen:
            continue
        group, waiting = {start}, [start]
        while waiting:
            for other in beside[waiting.pop()] - group:
                group.add(other)
                waiting.append(other)
        seen |= group
        mine = [key for key, members in tying.items() if members <= group]
        found[frozenset(group)] = {"shared_values": len(mine), "largest_hub": max(len(holders[key]) for key in mine)}
    return found
