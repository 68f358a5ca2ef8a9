"""Provinces: the spellings met in exports become ISO 3166-2 codes, by the jurisdiction's list and never by a guess."""

from __future__ import annotations

from collections.abc import Iterator

from amlscreen.intake.letters import spelling
from amlscreen.intake.vocabulary import Vocabulary
from amlscreen.jurisdiction import Jurisdiction

__all__ = ["province_words"]

_IN_FRONT = (
    "ແຂວງ",
    "Khoueng",
    "Khoueng de",
    "Khwaeng",
    "Province",
    "Province of",
    "Province de",
    "Prov",
    "แขวง",
    "จังหวัด",
    "tỉnh",
)
_BEHIND = ("Province", "Prov", "Khoueng", "Khwaeng", "省")


def province_words(jurisdiction: Jurisdiction) -> Vocabulary:
    """Codes and spellings of every province, with and without the word for province.

    A spelling that could be two provinces is a word for none. The word for province makes no new word of such a one:
    what "Vientiane" leaves open "Vientiane Province" tells only because the list says so.
    """
    ambiguous = {word for province in jurisdiction.provinces for word in province.ambiguous}
    return Vocabulary.of(
        _listed(jurisdiction),
        ambiguous=ambiguous,
        weaker=_with_word(jurisdiction, {spelling(word) for word in ambiguous}),
    )


def _listed(jurisdiction: Jurisdiction) -> Iterator[tuple[str, str]]:
    for province in jurisdiction.provinces:
        for word in (province.code, province.name, province.name_local, *province.aliases):
            if word:
                yield province.code, word


def _with_word(jurisdiction: Jurisdiction, ambiguous: set[str]) -> Iterator[tuple[str, str]]:
    for code, word in _listed(jurisdiction):
        if word != code and spelling(word) not in ambiguous:
            yield from ((code, f"{front}{word}") for front in _IN_FRONT)
            yield from ((code, f"{word}{behind}") for behind in _BEHIND)
