"""What exports call their columns, codes and total rows in many languages; the words stand in column_words.yml.

A name is held against the words in steps, from the sure to the doubtful, and the first step that finds anything counts:
as it stands, without accents, with its abbreviations written out, without words that say nothing, one half of a name in
two languages, shared words, and words that are cut short or misspelt.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Sequence
from functools import cache, lru_cache

from amlscreen.intake.proposing.likeness import closest, contained, shared, split_up
from amlscreen.intake.proposing.spelling import bare, halves, joined, tokens
from amlscreen.intake.proposing.vocabulary import Phrase, vocabulary

__all__ = ["LANGUAGES", "footer_pattern", "is_name", "meanings", "named", "row_kind"]

LANGUAGES = ("en", "lo", "th", "zh", "zht", "vi", "fr", "de", "nl", "es", "it", "pt", "sv", "ja", "cs", "hu")
_LEAST = 0.3
_LONGEST = 120  # a longer text is no name of a column
_IN_WORD = re.compile("[A-Za-z\u00c0-\u024f\u1e00-\u1eff]{2}")  # scripts that part words do so with more than letters
_SHORT = 3  # a word this short keeps its accents: Vietnamese "nợ" is a debit, English "no" a number


def named(header: str, table: str | None = None) -> list[tuple[str, float]]:
    """Which canonical columns (or parts of them, see parts.py) a column of that name may be, the likeliest first.

    Weights are between 0.3 and 1: 1 is a word of the list as it stands. Without a table the columns of every table are
    looked at; a column that several tables have is told once. An unknown name gives an empty list.

    >>> named("TXN_DT", "transactions")[0][0], named("ຈຳນວນເງິນ", "transactions")[0]
    ('at', ('amount', 1.0))
    """
    best: dict[str, float] = {}
    for (of_table, column), weight in _places(header):
        if table in (None, of_table) and weight > best.get(column, 0):
            best[column] = weight
    return sorted(best.items(), key=lambda item: -item[1])


def is_name(text: str) -> bool:
    """Whether a text is a word of the list, in whatever spelling; far quicker than :func:`named` where it is none.

    >>> is_name("Txn Date"), is_name("Ngày GD / Date"), is_name("Somewhere, 12 March")
    (True, True, False)
    """
    return _is_name(text)


def meanings(column: str, codes: Iterable[str]) -> dict[str, str]:
    """What each of these codes of a column means, where a word of the list says so.

    ``column`` is direction, status (of a booking: booked, pending, failed), channel, kind, purpose, currency
    (names and signs, not the codes of ISO 4217), account_status, customer_kind, sex, role, risk_rating,
    id_type, guardian_relationship or flag. The language that knows most of the codes is asked first: A beside B is
    Dutch for debit, beside D Italian for credit.

    >>> meanings("direction", ["S", "H"]), meanings("direction", ["Nợ", "Có"])
    ({'S': 'debit', 'H': 'credit'}, {'Nợ': 'debit', 'Có': 'credit'})
    """
    known = vocabulary().values.get(column, {})
    given = list(dict.fromkeys(codes))
    found = {language: _meant(given, words) for language, words in known.items()}
    order = sorted(found, key=lambda language: (-_told(found[language]), LANGUAGES.index(language)))
    meant = {code: found[each][code] for each in reversed(order) for code in found[each]}
    if column in {"channel", "kind"}:
        for code in given:
            inside = [word for each in order if (word := _inside(code, known[each]))]
            if code not in meant and inside:
                meant[code] = inside[0]
    return {code: meant[code] for code in given if code in meant}


def row_kind(first_cell: str) -> str | None:
    """What a row is that begins so: "footer" (a total, a closing balance), "opening" (one brought forward), or None."""
    start = _start(first_cell)
    return start[0] if start else None


def footer_pattern(first_cell: str) -> str | None:
    """The regular expression on a first cell that finds rows like this one, for ``layout.footer``; None for others."""
    start = _start(first_cell)
    return f"(?i)^{re.escape(start[1])}".replace("\\ ", " ") if start else None


def _start(cell: str) -> tuple[str, str] | None:
    """The kind of row and the text, as written, that tells it: the longest that is known."""
    written = cell.strip()
    words = vocabulary().rows
    for end in range(min(len(written), 60), 0, -1):
        inside = _IN_WORD.match(written, end - 1)
        kind = None if inside else words.get(joined(tokens(written[:end])))
        if kind:
            return kind, written[:end].rstrip(" :：.-")
    return None


@lru_cache(maxsize=8192)
def _is_name(text: str) -> bool:
    words = tokens(text) if len(text) <= _LONGEST else ()
    return any(not word.isdigit() for word in words) and any(step(text, words) for step in _SURE)


@lru_cache(maxsize=8192)
def _places(header: str) -> tuple[tuple[tuple[str, str], float], ...]:
    """The tables and columns that the first step which finds any finds."""
    words = tokens(header) if len(header) <= _LONGEST else ()
    if all(word.isdigit() for word in words):
        return ()
    for step in _STEPS:
        found = step(header, words)
        if found:
            return tuple(found.items())
    return ()


Found = dict[tuple[str, str], float]


def _exact(words: Sequence[str], weight: float) -> Found:
    return dict.fromkeys(vocabulary().exact.get(joined(words), ()), weight)


def _unaccented(words: Sequence[str], weight: float) -> Found:
    key = joined(bare(word) for word in words)
    return dict.fromkeys(vocabulary().unaccented.get(key, ()), weight) if len(key) > _SHORT else {}


def _as_it_stands(_: str, words: Sequence[str]) -> Found:
    return _exact(words, 1.0) or _unaccented(words, 0.97)


def _written_out(_: str, words: Sequence[str]) -> Found:
    full = _full(words)
    return _exact(full, 0.95) or _unaccented(full, 0.93)


def _told_words_only(_: str, words: Sequence[str]) -> Found:
    noise = vocabulary().noise
    full = [word for word in _full(words) if word not in noise and not word.isdigit()]
    return (_exact(full, 0.9) or _unaccented(full, 0.88)) if full and len(full) < len(words) + 1 else {}


def _either_half(header: str, _: Sequence[str]) -> Found:
    """A name in two languages, or with a second thought in parentheses; both halves that agree are surer than one."""
    told: Found = {}
    for half in halves(header):
        words = tokens(half)
        found = _as_it_stands(half, words) or _written_out(half, words) if words else {}
        for place, weight in found.items():
            told[place] = min(0.97, 0.9 * weight if place not in told else told[place] + 0.07)
    return told


def _by_words(_: str, words: Sequence[str]) -> Found:
    full = [bare(word) for word in _full(words)]
    return _weighed(shared(full, vocabulary()), 0.8) or _weighed(contained(joined(words), vocabulary()), 0.8)


def _cut_or_misspelt(_: str, words: Sequence[str]) -> Found:
    full = _full(tuple(closest(bare(word), vocabulary()) or word for word in words))
    return _exact(full, 0.75) or _unaccented(full, 0.75) or _weighed(shared([bare(w) for w in full], vocabulary()), 0.6)


_SURE: tuple[Callable[[str, Sequence[str]], Found], ...] = _as_it_stands, _written_out, _told_words_only, _either_half
_STEPS = *_SURE, _by_words, _cut_or_misspelt


def _weighed(likeness: dict[Phrase, float], most: float) -> Found:
    found: Found = {}
    for phrase, share in likeness.items():
        weight = round(most * share, 3)
        if weight >= _LEAST and weight > found.get(phrase.place, 0):
            found[phrase.place] = weight
    top = max(found.values(), default=0)
    return {place: weight for place, weight in found.items() if weight >= 0.6 * top}


@cache
def _written(word: str) -> tuple[str, ...]:
    """A token with its abbreviation written out; one made of several known tokens is split up."""
    words = vocabulary()
    if word in words.abbreviations:
        return words.abbreviations[word]
    if word in words.tokens:
        return (word,)
    parts = split_up(word, words)
    return tuple(full for part in parts for full in words.abbreviations.get(part, (part,))) if parts else (word,)


def _full(words: Iterable[str]) -> list[str]:
    return [full for word in words for full in _written(word)]


def _meant(codes: Iterable[str], words: dict[str, str]) -> dict[str, str]:
    keys = {code: joined(tokens(code)) or code.strip() for code in codes}
    return {code: words[key] for code, key in keys.items() if key in words}


def _told(meant: dict[str, str]) -> int:
    """How many codes are told, and told apart: a language that gives two codes one meaning tells less."""
    return 2 * len(meant) + 3 * len(set(meant.values()))


def _inside(code: str, words: dict[str, str]) -> str | None:
    """The meaning of the longest word that a longer text holds, as whole words where the script parts words."""
    own = tokens(code)
    key, spaced = joined(own), f" {' '.join(own)} "
    inside = [w for w in words if len(w) > 1 and (f" {w} " in spaced if w.isascii() else w in key)]
    return words[max(inside, key=len)] if inside else None
