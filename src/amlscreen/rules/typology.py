"""Typologies: what usually goes together, as a story over cards. One YAML file each, in ``typologies/``.

A card says one thing; a typology says which of them, side by side, make a known method. It decides nothing: it names
what an alert looks most like, and what of that story was looked for and not seen.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable
from pathlib import Path

from pydantic import Field, model_validator

from amlscreen.errors import Place, RuleError, did_you_mean
from amlscreen.rules.card import Reference, Text
from amlscreen.rules.words import Strict
from amlscreen.shipped import shipped_folder
from amlscreen.yaml_file import read_model

__all__ = ["Part", "Typology", "check_typologies", "load_typologies"]


class Part(Strict):
    """One expected part of a story: seen if any of its ``rules`` has an open hit. A ``core`` part must be seen."""

    id: str = Field(pattern=r"^[a-z][a-z0-9_]*$")
    title: Text
    rules: tuple[str, ...] = Field(min_length=1)
    core: bool = False


class Typology(Strict):
    """A known method of those who live off others, in parts.

    It fits if at least ``least_parts`` are seen, every core part among them; ``points`` are added, as a row of the
    score, for the one that fits best.
    """

    id: str = Field(pattern=r"^[a-z][a-z0-9_]*$")
    title: Text
    exploitation: tuple[str, ...]
    story: Text
    references: tuple[Reference, ...] = Field(min_length=1)
    parts: tuple[Part, ...] = Field(min_length=2)
    least_parts: int = Field(2, ge=2)
    points: int = Field(10, ge=0, le=30)

    @model_validator(mode="after")
    def _parts_differ(self) -> Typology:
        names = [part.id for part in self.parts]
        for name in names:
            if names.count(name) > 1:
                raise ValueError(f"two parts are called '{name}'")
        if self.least_parts > len(names):
            raise ValueError(f"least_parts is {self.least_parts}, but there are {len(names)} parts")
        return self


def load_typologies(path: str | Path | None = None) -> tuple[Typology, ...]:
    """The typologies of a file or folder, by id; without a path, the shipped ones.

    :class:`~amlscreen.errors.RuleError` with file, line and column if one is wrong.
    """
    root = shipped_folder("typologies") if path is None else Path(path)
    files = sorted(root.glob("*.yml")) if root.is_dir() else [root]
    if not files:
        raise RuleError(
            "there are no typologies.", place=Place(str(root)), fix="A typology is a file that ends in .yml."
        )
    found = {}
    for file in files:
        one = read_model(Typology, file, RuleError)
        if one.id != file.stem:
            raise RuleError(f"{file.name}: the id is '{one.id}'.", fix=f"Call the file {one.id}.yml.")
        found[one.id] = one
    return tuple(found[name] for name in sorted(found))


def check_typologies(typologies: Iterable[Typology], cards: Collection[str]) -> list[str]:
    """What is wrong with the typologies, given the ids of all cards: rules that do not exist, rules in two parts."""
    wrong = []
    for typology in typologies:
        named = [rule for part in typology.parts for rule in part.rules]
        for rule in dict.fromkeys(named):
            if rule not in cards:
                wrong.append(f"{typology.id}: there is no rule '{rule}'. {did_you_mean(rule, cards)}")
            if named.count(rule) > 1:
                wrong.append(f"{typology.id}: '{rule}' stands in two parts")
    return wrong
