"""Checks of a card's head and words."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping

from amlscreen.rules.card import Card, Text
from amlscreen.rules.lint.finding import Noted
from amlscreen.rules.reader import CardFile

__all__ = ["WORD_CHECKS"]

LONGEST_TITLE = 100
ACCUSING = re.compile(
    r"\b(traffick(?:s|er|ers|ing)|criminals?|crooks?|launder(?:s|er|ers|ing|ed)?|culprits?|perpetrators?|offenders?|"
    r"fraudsters?|scammers?|pimps?|prostitut\w*|guilty|illegal(?:ly)?|convicts?|mules?|terrorists?)\b",
    re.IGNORECASE,
)
NOT_AT_A_DESK = re.compile(
    r"\b(contact|phone up|telephone|call|ask|interview|question|confront|visit|notify|warn|tell|inform|freeze|block|"
    r"close|suspend|seize|withhold|decline|refuse|terminate|exit)\b(?!-)",
    re.IGNORECASE,
)


def _all_texts(card: Card, names: tuple[str, ...]) -> Iterator[tuple[tuple[int | str, ...], str]]:
    for name in names:
        value = getattr(card, name)
        items: tuple[tuple[tuple[int | str, ...], Text], ...] = (
            tuple(((name, position), text) for position, text in enumerate(value))
            if isinstance(value, tuple)
            else (((name,), value),)
        )
        for steps, text in items:
            yield from ((steps, one) for one in ((text,) if isinstance(text, str) else text.values()))


def _file_name(file: CardFile) -> Iterator[Noted]:
    card = file.card
    if (
        not re.fullmatch(rf"{re.escape(card.id)}_[a-z0-9]+(?:_[a-z0-9]+)*", file.path.stem)
        or file.path.suffix != ".yml"
    ):
        yield Noted(("id",), f"the file is '{file.path.name}'; call it '{card.id}_a_few_words.yml'.")
    if file.path.parent.name != card.family:
        yield Noted(("id",), f"the card lies in '{file.path.parent.name}/'; its id belongs in '{card.family}/'.")


def _key_order(file: CardFile) -> Iterator[Noted]:
    yield from _in_order(list(file.tree), [one.alias or name for name, one in Card.model_fields.items()])
    if next(iter(file.tree["detect"])) != "shape":
        yield Noted(("detect",), "`shape` comes first under `detect`.")


def _in_order(written: list[str], order: list[str]) -> Iterator[Noted]:
    expected = sorted(written, key=order.index)
    for found, wanted in zip(written, expected, strict=True):
        if found != wanted:
            yield Noted((found,), f"`{wanted}` comes before `{found}`; the order is {', '.join(expected)}.")
            return


def _title(file: CardFile) -> Iterator[Noted]:
    for steps, text in _all_texts(file.card, ("title",)):
        if len(text) > LONGEST_TITLE:
            yield Noted(steps, f"the title has {len(text)} characters; at most {LONGEST_TITLE} fit.")
        if text.endswith("."):
            yield Noted(steps, "the title ends with a full stop.")


def _accusing(file: CardFile) -> Iterator[Noted]:
    for steps, text in _all_texts(file.card, ("title", "description", "false_positives", "next_steps", "explain")):
        for word in sorted({found[0].lower() for found in ACCUSING.finditer(text)}):
            yield Noted(steps, f"'{word}' accuses; say what the rows show.")


def _desk_review(file: CardFile) -> Iterator[Noted]:
    for steps, text in _all_texts(file.card, ("next_steps",)):
        for word in sorted({found[0].lower() for found in NOT_AT_A_DESK.finditer(text)}):
            yield Noted(steps, f"'{word}' goes beyond desk review; say what to read, list or compare.")


def _reference(file: CardFile) -> Iterator[Noted]:
    if file.card.status != "stable":
        return
    for position, reference in enumerate(file.card.references):
        if reference.section is None:
            yield Noted(("references", position), f"'{reference.source}' has no `section`; a stable card names it.")
    if not any(reference.seen for reference in file.card.references):
        yield Noted(("references",), "no source was read (`seen: false`); a stable card needs one, else status: test.")


WORD_CHECKS: Mapping[str, Callable[[CardFile], Iterator[Noted]]] = {
    "file-name": _file_name,
    "key-order": _key_order,
    "title-length": _title,
    "accusing-words": _accusing,
    "desk-review": _desk_review,
    "reference": _reference,
}
