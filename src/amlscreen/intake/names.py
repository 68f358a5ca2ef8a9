"""Many names at once made comparable, as :func:`~amlscreen.intake.counterparty.name_key` makes each one."""

from __future__ import annotations

from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from amlscreen.intake.counterparty import TITLES, name_key

__all__ = ["name_keys"]

_SPACES = r"[\s\p{Z}]+"
_NO_LETTER = r"([^\p{L}\p{N}_])|$"
_TITLES = TITLES.removesuffix(r"\s*").replace(r"\b\.?", rf"(?:\.|{_NO_LETTER})").replace(r"\b", rf"(?:{_NO_LETTER})")
"""As intake reads it, for an engine to which letters of other scripts are none: what follows a title is put back."""
_WITHOUT_FOLDS = r"^[\x00-\x7f\x{0e00}-\x{0eff}]*$"
"""Latin without accents, Thai and Lao: scripts in which small letters are all that makes capitals alike."""


def name_keys(words: pa.Array[Any]) -> pa.Array[Any]:
    """``name:`` and the key of each name, or ``name:`` alone if nothing is left of it; null stays null."""
    arrow: Any = pc  # the stubs do not know every function
    text = _tidy(pc.utf8_lower(_normal(words)))
    bare = _tidy(arrow.replace_substring_regex(text, _TITLES, r"\1\2", max_replacements=1))
    made = _normal(arrow.if_else(arrow.equal(bare, ""), text, bare))
    plain = arrow.match_substring_regex(words, _WITHOUT_FOLDS)
    folds = np.flatnonzero(np.asarray(arrow.equal(plain, pa.scalar(value=False)).fill_null(pa.scalar(value=False))))
    if folds.size:
        slowly = [name_key(name) or "" for name in words.take(folds).to_pylist()]
        mask = np.zeros(len(words), np.bool_)
        mask[folds] = True
        made = arrow.replace_with_mask(made, mask, pa.array(slowly, pa.string()))
    keys: pa.Array[Any] = arrow.binary_join_element_wise("name:", made, "")
    return keys


def _tidy(words: Any) -> Any:
    return pc.utf8_trim(pc.replace_substring_regex(words, _SPACES, " "), " .,;-")


def _normal(words: Any) -> Any:
    normalize: Any = pc.utf8_normalize  # type: ignore[attr-defined]  # the stubs lack it
    return normalize(words, form="NFKC")
