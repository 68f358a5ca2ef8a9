"""How like the names of columns are to the words of the list where no name is one of them."""

from __future__ import annotations

from collections.abc import Sequence
from difflib import get_close_matches

from amlscreen.intake.proposing.vocabulary import Phrase, Vocabulary

__all__ = ["closest", "contained", "shared", "split_up"]

_MOST_PARTS = 3
_SHORTEST_SPLIT = 4
_UNKNOWN = 0.7  # how telling a token is that stands nowhere in the list


def shared(words: Sequence[str], held: Vocabulary) -> dict[Phrase, float]:
    """Phrases that share words with the name: twice what is shared of what both say, telling words counting more."""
    own = {word for word in words if word not in held.noise and not word.isdigit()}
    weight = held.tokens
    mine = sum(weight.get(word, _UNKNOWN) for word in own)
    found = {}
    for phrase in {phrase for word in own for phrase in held.by_token.get(word, ())}:
        theirs = set(phrase.words)
        both = sum(weight[word] for word in own & theirs)
        share = 2 * both / (mine + sum(weight[word] for word in theirs))
        if share > 0.5:
            found[phrase] = share
    return found


def contained(key: str, held: Vocabulary) -> dict[Phrase, float]:
    """Phrases of scripts that do not part words which stand within the name, by how much of it they are."""
    if key.isascii():
        return {}
    return {phrase: (len(part) / len(key)) ** 0.5 for part, phrase in held.unparted if part in key}


def closest(word: str, held: Vocabulary) -> str | None:
    """The word of the list that this one seems to be short for or a misspelling of; None if none is near."""
    if not word.isascii() or len(word) < 3 or word in held.tokens or word in held.abbreviations:
        return None
    near = held.by_initial.get(word[0], ())
    typed = get_close_matches(word, near, n=1, cutoff=0.84)
    if typed:
        return typed[0]
    begun = [each for each in near if each.startswith(word)]
    cut = begun or [each for each in near if len(word) < len(each) <= 3 * len(word) and _is_cut(word, each)]
    return min(cut, key=lambda each: (-held.tokens[each], len(each), each), default=None)


def _is_cut(short: str, word: str) -> bool:
    """Whether the letters of ``short`` stand in ``word`` in that order."""
    rest = iter(word)
    return all(letter in rest for letter in short)


def split_up(word: str, held: Vocabulary) -> tuple[str, ...]:
    """The known words that a joined one is made of: "acctno", "transactiondate"; () if it is none such."""
    if not word.isascii() or len(word) < _SHORTEST_SPLIT or word.isdigit():
        return ()
    return _split(word, held, _MOST_PARTS) or ()


def _split(word: str, held: Vocabulary, most: int) -> tuple[str, ...] | None:
    if _known(word, held):
        return (word,)
    if most == 1:
        return None
    for end in range(len(word) - 2, 1, -1):
        if _known(word[:end], held):
            rest = _split(word[end:], held, most - 1)
            if rest:
                return (word[:end], *rest)
    return None


def _known(word: str, held: Vocabulary) -> bool:
    return len(word) > 1 and (word in held.abbreviations or word in held.tokens)
