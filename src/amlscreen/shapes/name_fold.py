"""Names folded for comparison, as far as Lao spelling in two scripts goes without taking two names for one.

What is folded: titles, capitals, spaces and hyphens; in Lao script tone marks, and letters written joined or apart; in
Latin script doubled letters, ``ou`` and ``oo`` (u), ``x`` (s), ``w`` (v), ``gn`` (ny), and ``nh`` at the end. What is
not: ``l`` and ``r``, ``ph`` and ``p``, the order of the parts, one script against the other. Such variants stay apart.
"""

from __future__ import annotations

from typing import Any

import pyarrow.compute as pc

from amlscreen.intake.names import without_titles
from amlscreen.ledger.partition import Values

__all__ = ["folded_names"]

_STEPS = (
    ("[\u0ec8-\u0ecd\u0e48-\u0e4c]", ""),
    (r"[\s\p{Z}\p{Pd}.,'’]+", ""),
    ("ou|oo", "u"),
    ("x", "s"),
    ("w", "v"),
    ("gn", "ny"),
    ("nh$|ne$", "n"),
    *((letter * 2, letter) for letter in "abcdefghijklmnopqrstuvyz"),
)


def folded_names(values: Values) -> Values:
    """A column of names with variants of one name as one word; what folds to nothing is unknown."""
    if values.words is None:
        return values
    words: Any = without_titles(values.vocabulary)
    for pattern, replacement in _STEPS:
        words = pc.replace_substring_regex(words, pattern=pattern, replacement=replacement)
    folded = words.dictionary_encode()
    empty = folded.dictionary.index("").as_py()
    code = folded.indices.to_numpy(zero_copy_only=False)
    array = code[values.array]
    known = values.is_known() & (array != empty)
    array[~known] = -1
    return Values(array, known, folded.dictionary)
