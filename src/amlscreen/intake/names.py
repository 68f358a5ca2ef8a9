"""Many names at once made comparable, as :func:`~amlscreen.intake.counterparty.name_key` makes each one."""

from __future__ import annotations

from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from amlscreen.intake.counterparty import name_key
from amlscreen.intake.letters import LIKE
from amlscreen.intake.titles import MOST_TITLES, TITLES

__all__ = ["bare_keys", "name_keys", "without_titles"]

_SPACES = r"[\s\p{Z}\x0b\x1c-\x1f\x{85}]+"
_NO_LETTER = r"([^\p{L}\p{N}_])|$"
_TITLES = TITLES.removesuffix(r"\s*").replace(r"\b\.?", rf"(?:\.|{_NO_LETTER})").replace(r"\b", rf"(?:{_NO_LETTER})")
"""As intake reads it, for an engine to which letters of other scripts are none: what follows a title is put back."""
_WITHOUT_FOLDS = r"^[\x00-\x7f\x{0e00}-\x{0eff}]*$"
"""Latin without accents, Thai and Lao: scripts in which small letters are all that makes capitals alike."""


def name_keys(words: pa.Array[Any]) -> pa.Array[Any]:
    """``name:`` and the key of each name, or ``name:`` alone if nothing is left of it; null stays null."""
    arrow: Any = pc  # the stubs do not know every function
    made = bare_keys(words)
    keys: pa.Array[Any] = arrow.binary_join_element_wise("name:", made, "")
    return keys


def bare_keys(words: pa.Array[Any]) -> Any:
    """The key of each name, empty if nothing is left of it; null stays null."""
    arrow: Any = pc
    if arrow.all(arrow.string_is_ascii(words)).as_py() is not False:
        return _bare(_tidy(pc.utf8_lower(words)), keep_last=True)
    made = _normal(_bare(_tidy(pc.utf8_lower(_alike(words))), keep_last=True))
    plain = arrow.match_substring_regex(words, _WITHOUT_FOLDS)
    folds = np.flatnonzero(np.asarray(arrow.equal(plain, pa.scalar(value=False)).fill_null(pa.scalar(value=False))))
    if folds.size:
        slowly = [name_key(name) or "" for name in words.take(folds).to_pylist()]
        mask = np.zeros(len(words), np.bool_)
        mask[folds] = True
        made = arrow.replace_with_mask(made, mask, pa.array(slowly, pa.string()))
    return made


def without_titles(words: pa.Array[Any]) -> Any:
    """Names in small letters, look-alikes as one, without their titles; a title alone becomes empty."""
    return _bare(_tidy(pc.utf8_lower(_alike(words))), keep_last=False)


def _bare(words: Any, *, keep_last: bool) -> Any:
    """Tidy names without their titles; ``keep_last`` leaves a title of which nothing else would be left."""
    arrow: Any = pc
    for _ in range(MOST_TITLES):
        without = pc.replace_substring_regex(words, _TITLES, r"\1\2", max_replacements=1)
        if without.equals(words):
            return words
        without = _tidy(without)
        words = arrow.if_else(arrow.equal(without, ""), words, without) if keep_last else without
    return words


def _tidy(words: Any) -> Any:
    return pc.utf8_trim(pc.replace_substring_regex(words, _SPACES, " "), " .,;-")


def _alike(words: Any) -> Any:
    words = _normal(words)
    for pattern, becomes in LIKE:
        words = pc.replace_substring_regex(words, pattern, becomes)
    return words


def _normal(words: Any) -> Any:
    normalize: Any = pc.utf8_normalize  # type: ignore[attr-defined]  # the stubs lack it
    return normalize(words, form="NFKC")
