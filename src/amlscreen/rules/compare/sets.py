"""Two whole sets of rules compared."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Protocol

from amlscreen.rules.card import Card, in_language
from amlscreen.rules.compare.change import Change, Comparison
from amlscreen.rules.compare.detection import detect_changes
from amlscreen.rules.compare.head import example_changes, fact_changes, parameter_changes, text_changes
from amlscreen.rules.compare.tendency import Tendency, tendency
from amlscreen.rules.reader import CardFile

__all__ = ["Rules", "compare"]


class Rules(Protocol):
    """What is compared of a rule set: its cards as written and as they run."""

    @property
    def files(self) -> tuple[CardFile, ...]: ...

    @property
    def cards(self) -> Mapping[str, Card]: ...


def compare(old: Rules, new: Rules) -> Comparison:
    """What changed from one rule set to another; values that were tuned count as they run."""
    before, after = ({file.card.id: file.card for file in side.files} for side in (old, new))
    changes: list[Change] = []
    finds: dict[str, Tendency] = {}
    for rule_id in sorted({**before, **after}):
        if rule_id not in before:
            changes.append(_whole(after[rule_id], "added"))
        elif rule_id not in after:
            changes.append(_whole(before[rule_id], "removed"))
        else:
            bound = old.cards[rule_id], new.cards[rule_id]
            found = list(_of_card(before[rule_id], after[rule_id], bound))
            changes += found
            if found:
                finds[rule_id] = tendency(bound[0].detect, bound[1].detect)
    touched = {change.rule_id for change in changes}
    titles = {one: in_language((after.get(one) or before[one]).title, "en") for one in sorted(touched)}
    same = tuple(one for one in after if one not in touched)
    unversioned = tuple(one for one in finds if _unversioned(before[one], after[one]))
    return Comparison(tuple(changes), same, finds, titles, unversioned)


def _whole(card: Card, kind: str) -> Change:
    said = f"{'new' if kind == 'added' else 'removed'}: {card.detect.shape}, {card.status}, severity {card.severity}"
    if kind == "added":
        return Change(card.id, "added", "", said, "more", None, card.version)
    return Change(card.id, "removed", "", said, "fewer", card.version, None)


def _of_card(old: Card, new: Card, bound: tuple[Card, Card]) -> Iterator[Change]:
    yield from fact_changes(old, new)
    yield from parameter_changes(*bound, old)
    yield from detect_changes(old, new, bound)
    yield from text_changes(old, new)
    yield from example_changes(old, new)


def _unversioned(old: Card, new: Card) -> bool:
    """Whether the card as written says something else under a version that is no higher, as the lock sees it."""
    return new.status != "draft" and new.version <= old.version and _content(old) != _content(new)


def _content(card: Card) -> Card:
    """What a version stands for: a further example or a promotion is no new rule."""
    return card.model_copy(update={"version": 1, "status": "draft", "examples": ()})
