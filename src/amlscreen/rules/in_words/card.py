"""A card's whole ``detect`` in words: an opening, the named parts, and what must hold."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from amlscreen.rules.card import Card
from amlscreen.rules.in_words.conditions import condition_in_words, conditions_in_words, either
from amlscreen.rules.in_words.measures import made_in_words, measure_in_words
from amlscreen.rules.in_words.shapes import features_looked_at, opening, settings
from amlscreen.rules.in_words.values import Known, value_in_words
from amlscreen.rules.units import measure_units
from amlscreen.rules.words import Conditions

__all__ = ["Said", "looks_for"]


@dataclass(frozen=True, slots=True)
class Said:
    """What a card looks for. ``parts`` are its row sets and measures, or groups of features, by name; ``when`` must all
    hold."""

    opening: str
    parts: tuple[tuple[str, str], ...]
    when: tuple[str, ...]
    besides: tuple[str, ...]


def looks_for(card: Card) -> Said:
    """The detection of a card as written, in words; parameters show the values that ``card.parameters`` hold."""
    known = {name: one.value for name, one in card.parameters.items()}
    detect = card.detect
    rows: dict[str, Conditions] = getattr(detect, "rows", {})
    parts = [(name, conditions_in_words(one, known)) for name, one in rows.items()]
    parts += features_looked_at(detect)
    parts += [(name, measure_in_words(one, known)) for name, one in detect.measures.items()]
    asked = dict.fromkeys(getattr(detect, "when", Conditions()).names())
    parts += [(name, said) for name in asked if name not in detect.measures and (said := made_in_words(detect, name))]
    return Said(opening(detect, known), tuple(parts), tuple(_when(card, known)), tuple(_besides(card, known)))


def _when(card: Card, known: Known) -> Iterator[str]:
    when: Conditions | None = getattr(card.detect, "when", None)
    if when is None:
        return
    units = measure_units(card)
    for name, one in when.columns.items():
        yield condition_in_words(name, one, known, units.get(name))
    if when.any_of:
        yield either(when, known, units)


def _besides(card: Card, known: Known) -> Iterator[str]:
    yield from settings(card.detect, known)
    units = measure_units(card)
    for row in card.strength:
        least = value_in_words(row.from_, known, units.get(row.measure))
        yield f"From `{row.measure}` {least} on, the points count {value_in_words(row.times, known)} times."
    if card.possible_victims:
        yield f"Possible victims, kept apart and never the subject: `{card.possible_victims}`."
