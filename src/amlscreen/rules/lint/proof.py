"""Checks of a card's examples."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping

from amlscreen.rules.lint.finding import Noted
from amlscreen.rules.reader import CardFile

__all__ = ["PROOF_CHECKS"]


def _hit(file: CardFile) -> Iterator[Noted]:
    if not any(isinstance(example.expect, dict) for example in file.card.examples):
        yield Noted(("examples",), "no example expects a hit.")


def _clear(file: CardFile) -> Iterator[Noted]:
    if not any(example.expect == "clear" and example.known_miss is None for example in file.card.examples):
        yield Noted(("examples",), "no example of an innocent look-alike expects `clear`.")


def _known_miss(file: CardFile) -> Iterator[Noted]:
    if not any(example.known_miss for example in file.card.examples):
        yield Noted(("examples",), "no example says what the card misses; add one with `known_miss: why`.")


def _measures(file: CardFile) -> Iterator[Noted]:
    names = set(file.card.measure_names)
    for position, example in enumerate(file.card.examples):
        if names and isinstance(example.expect, dict) and not names & set(example.expect):
            said = f"the hit expects no measure; add one of {', '.join(sorted(names))}."
            yield Noted(("examples", position, "expect"), said)


def _names(file: CardFile) -> Iterator[Noted]:
    seen: set[str] = set()
    for position, example in enumerate(file.card.examples):
        if example.name in seen:
            yield Noted(("examples", position, "name"), f"two examples are called '{example.name}'.")
        seen.add(example.name)


PROOF_CHECKS: Mapping[str, Callable[[CardFile], Iterator[Noted]]] = {
    "hit-example": _hit,
    "clear-example": _clear,
    "known-miss": _known_miss,
    "hit-measures": _measures,
    "example-names": _names,
}
