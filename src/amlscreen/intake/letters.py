"""Texts that look alike and are typed differently, as one text: what Unicode and Lao and Thai keyboards leave open.

Folded are compatibility forms (NFKC), characters without width, the order in which a tone mark and a nikhahit are
typed, two ``e`` for one ``ae``, and the Lao letter under ``h`` written joined or apart. What sounds otherwise is not.
Source: The Unicode Standard, chapter 16 (Southeast Asia): Thai, Lao.
"""

from __future__ import annotations

import re
import unicodedata

__all__ = ["LIKE", "alike", "spelling"]

LIKE: tuple[tuple[str, str], ...] = (
    ("[\u00ad\u200b-\u200f\u2060\ufeff]", ""),
    ("([\u0ecd\u0e4d])([\u0ec8-\u0ecb\u0e48-\u0e4b])", r"\2\1"),
    ("\u0ec0\u0ec0", "\u0ec1"),
    ("\u0e40\u0e40", "\u0e41"),
    ("\u0ebc", "\u0ea5"),
)
"""Expressions and what they become, after NFKC: in order, for any engine that knows RE2."""
_LIKE = [(re.compile(pattern), becomes) for pattern, becomes in LIKE]
_FOLDED = re.compile("[\u00ad\u0e00-\u0eff\u200b-\u200f\u2060\ufeff]")
_ACCENTS = re.compile("[\u0300-\u036f]")
_BETWEEN = re.compile(r"[\s.,;:'’`´\"()/·_-]+")


def alike(text: str) -> str:
    """The text with what is typed differently and looks alike made one.

    >>> alike("ນໍ້າ") == alike("ນ້ຳ")
    True
    """
    text = unicodedata.normalize("NFKC", text)
    if _FOLDED.search(text):
        for pattern, becomes in _LIKE:
            text = pattern.sub(becomes, text)
    return text


def spelling(text: str) -> str:
    """A name of a place, country or currency without capitals, accents on Latin letters, spaces and points.

    >>> spelling("Luang-Prabang"), spelling("Côte d'Ivoire")
    ('luangprabang', 'cotedivoire')
    """
    bare = _ACCENTS.sub("", unicodedata.normalize("NFKD", alike(text).casefold())).replace("đ", "d")
    return _BETWEEN.sub("", unicodedata.normalize("NFC", bare))
