"""A set of rules to run: loaded, chosen, tuned."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from pathlib import Path
from types import MappingProxyType
from typing import Any

from amlscreen.errors import RuleError, SettingsError, did_you_mean
from amlscreen.rules import needs as needs_of
from amlscreen.rules.bind import bind
from amlscreen.rules.card import FAMILIES, Card
from amlscreen.rules.compare import Comparison, compare
from amlscreen.rules.indicators import NOT_COVERED
from amlscreen.rules.lock import LOCK
from amlscreen.rules.reader import CardFile, read_file
from amlscreen.rules.vocabulary import mistakes_in_bound
from amlscreen.shipped import shipped_folder

__all__ = ["RuleSet", "card_paths"]


STATUSES = ("draft", "test", "stable", "deprecated")
Names = str | Sequence[str] | None


class RuleSet:
    """Rules by id, in order of id. Iterating gives bound cards: their parameters filled in.

    >>> rules = RuleSet.load().select(status="stable")                       # doctest: +SKIP
    >>> rules.tune({"HT-A01": {"payers": 6}}).get("HT-A01").parameters["payers"].value  # doctest: +SKIP
    6
    """

    def __init__(self, files: Iterable[CardFile], overrides: Mapping[str, Mapping[str, Any]] | None = None) -> None:
        self._files = {file.card.id: file for file in sorted(files, key=lambda one: one.card.id)}
        self._overrides = {name: dict(values) for name, values in (overrides or {}).items() if name in self._files}
        self._cards = {name: bind(one.card, self._overrides.get(name)) for name, one in self._files.items()}

    @classmethod
    def load(cls, path: str | Path | None = None) -> RuleSet:
        """The cards of a file or of a folder with all below it; without a path, the shipped ones."""
        files: dict[str, CardFile] = {}
        for file in map(read_file, card_paths(path)):
            if file.card.id in files:
                raise RuleError(
                    f"rule '{file.card.id}' stands in {files[file.card.id].path} too.",
                    place=file.place("id"),
                    fix="Give one of them another id.",
                )
            files[file.card.id] = file
        return cls(files.values())

    @classmethod
    def of(cls, *cards: Card) -> RuleSet:
        """Cards that are already at hand, without their files."""
        return cls(CardFile(Path(f"{card.id}.yml"), card) for card in cards)

    @property
    def files(self) -> tuple[CardFile, ...]:
        """The cards as written, with their files."""
        return tuple(self._files.values())

    @property
    def cards(self) -> Mapping[str, Card]:
        """The bound cards by id."""
        return MappingProxyType(self._cards)

    @property
    def overrides(self) -> Mapping[str, Mapping[str, Any]]:
        """What ``tune`` changed, by rule."""
        return MappingProxyType(self._overrides)

    def __iter__(self) -> Iterator[Card]:
        return iter(self._cards.values())

    def __len__(self) -> int:
        return len(self._cards)

    def __contains__(self, rule_id: object) -> bool:
        return rule_id in self._cards

    def __repr__(self) -> str:
        return f"RuleSet({', '.join(self._cards)})"

    def get(self, rule_id: str) -> Card:
        """The bound card of that id."""
        self._known("rule", [rule_id], self._cards)
        return self._cards[rule_id]

    def select(self, status: Names = None, family: Names = None, ids: Names = None) -> RuleSet:
        """The rules that are of one of these statuses, of one of these families and among these ids."""
        statuses = self._known("status", status, STATUSES)
        families = self._known("family", family, FAMILIES.values())
        chosen = self._known("rule", ids, self._cards)
        kept = (
            file
            for file in self.files
            if (statuses is None or file.card.status in statuses)
            and (families is None or file.card.family in families)
            and (chosen is None or file.card.id in chosen)
        )
        return RuleSet(kept, self._overrides)

    def tune(self, overrides: Mapping[str, Mapping[str, Any]]) -> RuleSet:
        """The same rules with other parameter values, by rule and parameter; later ones win."""
        self._known("rule", list(overrides), self._cards)
        merged = {name: {**self._overrides.get(name, {}), **overrides.get(name, {})} for name in self._cards}
        tuned = RuleSet(self.files, {name: values for name, values in merged.items() if values})
        for name in overrides:
            for mistake in mistakes_in_bound(tuned.get(name)):
                raise SettingsError(f"{name}: {mistake.message}", fix=mistake.fix)
        return tuned

    def needs(self, card: Card) -> frozenset[str]:
        """What the data must hold for the rule to run at all; see :func:`amlscreen.rules.needs.needs`."""
        return needs_of.needs(card)

    def compare(self, new: RuleSet) -> Comparison:
        """What changed from these rules to the new ones, in words; print it, or iterate over its changes."""
        return compare(self, new)

    def fingerprint(self) -> str:
        """A sha256 of what the rules say and the values they run with: same fingerprint, same rules."""
        content = [card.model_dump(mode="json", by_alias=True, exclude_unset=True) for card in self]
        text = json.dumps(content, sort_keys=True, ensure_ascii=False, separators=(",", ":"))
        return hashlib.sha256(text.encode()).hexdigest()

    @staticmethod
    def _known(noun: str, names: Names, allowed: Iterable[str]) -> frozenset[str] | None:
        if names is None:
            return None
        asked, known = [names] if isinstance(names, str) else list(names), set(allowed)
        for name in asked:
            if name not in known:
                raise SettingsError(f"There is no {noun} '{name}'.", fix=did_you_mean(name, known))
        return frozenset(asked)


def card_paths(path: str | Path | None = None) -> list[Path]:
    """The card files at a path, in a fixed order; without a path, the shipped ones. The lists beside them are none."""
    root = shipped_folder("rules") if path is None else Path(path)
    if root.is_dir():
        every = sorted(file for ending in ("yml", "yaml") for file in root.rglob(f"*.{ending}"))
        found = [file for file in every if file.name not in {LOCK, NOT_COVERED}]
        if not found:
            raise RuleError(f"there are no cards in {root}.", fix="A card is a file that ends in .yml.")
        return found
    return [root]
