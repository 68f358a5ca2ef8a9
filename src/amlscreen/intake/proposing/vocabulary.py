"""The words of column_words.yml, arranged for looking up; read once."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cache
from math import log
from pathlib import Path
from typing import Any

from amlscreen.intake.proposing.spelling import bare, joined, tokens

__all__ = ["Phrase", "Vocabulary", "vocabulary"]

Place = tuple[str, str]
_SHORT = 3


@dataclass(frozen=True, slots=True)
class Phrase:
    """One word of the list: what it says, in which language, and the table and column it names."""

    words: tuple[str, ...]
    place: Place
    language: str

    @property
    def key(self) -> str:
        """The phrase as it is looked up, without accents."""
        return joined(self.words)


@dataclass(frozen=True, slots=True)
class Vocabulary:
    """Phrases by key, with and without accents; tokens with how telling each is; codes, total rows, abbreviations.

    ``unparted`` are the phrases of scripts that do not part words, ``by_initial`` the longer Latin tokens.
    """

    exact: Mapping[str, tuple[Place, ...]]
    unaccented: Mapping[str, tuple[Place, ...]]
    phrases: tuple[Phrase, ...]
    by_token: Mapping[str, tuple[Phrase, ...]]
    tokens: Mapping[str, float]
    abbreviations: Mapping[str, tuple[str, ...]]
    noise: frozenset[str]
    unparted: tuple[tuple[str, Phrase], ...]
    by_initial: Mapping[str, tuple[str, ...]]
    values: Mapping[str, Mapping[str, dict[str, str]]]
    rows: Mapping[str, str] = field(default_factory=dict)


@cache
def vocabulary() -> Vocabulary:
    """The words, read on first use."""
    from ruamel.yaml import YAML

    with Path(__file__).with_name("column_words.yml").open(encoding="utf-8") as file:
        held = YAML(typ="safe").load(file)
    phrases = [
        (word, Phrase(tuple(bare(each) for each in tokens(word)), (table, column), language))
        for table, columns in held["columns"].items()
        for column, languages in columns.items()
        for language, words in languages.items()
        for word in _listed(words)
    ]
    exact: dict[str, dict[Place, None]] = defaultdict(dict)
    unaccented: dict[str, dict[Place, None]] = defaultdict(dict)
    for word, phrase in phrases:
        exact[joined(tokens(word))][phrase.place] = None
        if len(phrase.key) > _SHORT:
            unaccented[phrase.key][phrase.place] = None
    distinct = tuple(dict.fromkeys(phrase for _, phrase in phrases))
    telling = _telling(distinct)
    return Vocabulary(
        exact={key: tuple(places) for key, places in exact.items()},
        unaccented={key: tuple(places) for key, places in unaccented.items()},
        phrases=distinct,
        by_token=_by_token(distinct),
        tokens=telling,
        unparted=tuple((each.key, each) for each in distinct if not each.key.isascii() and len(each.key) > 1),
        by_initial={letter: tuple(_long(telling, letter)) for letter in "abcdefghijklmnopqrstuvwxyz"},
        abbreviations={str(short): tokens(str(full)) for short, full in held["abbreviations"].items()},
        noise=frozenset(token for words in held["noise"].values() for each in _listed(words) for token in tokens(each)),
        values={column: _codes(meanings) for column, meanings in held["values"].items()},
        rows={
            joined(tokens(word)): kind
            for kind, languages in held["rows"].items()
            for words in languages.values()
            for word in _listed(words)
        },
    )


def _listed(words: Any) -> list[str]:
    return [word.strip() for word in str(words).split(",") if word.strip()]


def _by_token(phrases: tuple[Phrase, ...]) -> dict[str, tuple[Phrase, ...]]:
    found: dict[str, list[Phrase]] = defaultdict(list)
    for phrase in phrases:
        for token in dict.fromkeys(phrase.words):
            found[token].append(phrase)
    return {token: tuple(held) for token, held in found.items()}


def _telling(phrases: tuple[Phrase, ...]) -> dict[str, float]:
    """How much a token tells: one that names few columns tells more than one that stands in many."""
    places = Counter(token for token, _ in {(token, p.place[1]) for p in phrases for token in p.words})
    return {token: 1 / (1 + log(count)) for token, count in places.items()}


def _long(words: Mapping[str, float], letter: str) -> list[str]:
    """Words that another could be short for."""
    return [word for word in words if word[:1] == letter and word.isascii() and len(word) > 3]


def _codes(meanings: Mapping[str, Mapping[str, Any]]) -> dict[str, dict[str, str]]:
    """For each language what its words mean, by key."""
    found: dict[str, dict[str, str]] = defaultdict(dict)
    for meaning, languages in meanings.items():
        for language, words in languages.items():
            for word in _listed(words):
                found[language].setdefault(joined(tokens(word)) or word, meaning)
    return dict(found)
