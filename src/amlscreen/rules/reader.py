"""Cards from YAML files. What is wrong is told with file, line and column, and with the nearest word that is right."""

from __future__ import annotations

from contextlib import suppress
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

from pydantic import ValidationError
from ruamel.yaml.comments import CommentedMap

from amlscreen.errors import Place, RuleError
from amlscreen.kept_yaml import keep, kept
from amlscreen.rules.card import Card
from amlscreen.rules.sentences import as_rule_error, steps_in_file
from amlscreen.rules.vocabulary import mistakes_in
from amlscreen.yaml_file import parse, place_of, plain, text_of

__all__ = ["CardFile", "read_card", "read_file", "read_text"]


@dataclass(frozen=True)
class CardFile:
    """A card as written, its parameters still names, with the file it came from and the places in it."""

    path: Path
    card: Card
    text: str = ""

    @cached_property
    def tree(self) -> CommentedMap:
        """What the file holds, with the place of every value."""
        return parse(self.text, str(self.path), RuleError)

    def place(self, *steps: int | str) -> Place:
        """Where in the file the value at ``steps`` stands."""
        return place_of(self.tree, steps, str(self.path))


def read_card(path: str | Path) -> Card:
    """The card in a file, its parameters not yet filled in; :class:`~amlscreen.errors.RuleError` if it is wrong."""
    return read_file(path).card


def read_file(path: str | Path) -> CardFile:
    """The card in a file, with the places of what it says. What was read before is not parsed again if it is sound."""
    text = text_of(Path(path), RuleError)
    held = kept(text)
    if held is not None:
        with suppress(ValidationError):  # reading it anew tells where
            card = Card.model_validate(held)
            if not any(mistakes_in(card, held)):
                return CardFile(Path(path), card, text)
    file = read_text(text, str(path))
    keep(text, plain(file.tree))
    return file


def read_text(text: str, name: str = "card.yml") -> CardFile:
    """The card in a text; ``name`` stands for the file in messages."""
    tree = parse(text, name, RuleError)
    try:
        card = Card.model_validate(plain(tree))
    except ValidationError as problem:
        raise as_rule_error(problem, Card, tree, name) from problem
    file = CardFile(Path(name), card, text)
    mistakes = list(mistakes_in(card, tree))
    if mistakes:
        placed = [(file.place(*steps_in_file(tree, one.steps)), one) for one in mistakes]
        place, first = min(placed, key=lambda pair: (pair[0].line or 0, pair[0].column or 0))
        raise RuleError(first.message, place=place, fix=first.fix)
    return file
