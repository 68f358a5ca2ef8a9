"""How names of columns are made alike before they are compared: capitals, accents, tones, punctuation, joined words."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable
from functools import lru_cache

__all__ = ["bare", "halves", "joined", "tokens"]

# Vowel signs of Thai and Lao are marks, not letters, to Python; tone marks are left out, for many write without them.
_TONES = re.compile("[\u0e47-\u0e4c\u0ec8-\u0ecc]")
_NO_LETTER = re.compile("[^\\w\u0300-\u036f\u0e31\u0e34-\u0e3a\u0e4d\u0e4e\u0eb1\u0eb4-\u0ebc\u0ecd]+|_+")
_CAMEL = re.compile("(?<=[a-z0-9])(?=[A-Z])|(?<=[A-Z])(?=[A-Z][a-z])")
_ACCOUNT = re.compile(r"\b[Aa]/[Cc]\b\.?")
_ACCENTS = re.compile("[\u0300-\u036f]")
_UNDECOMPOSED = str.maketrans({"đ": "d", "ø": "o", "ł": "l", "æ": "ae", "œ": "oe", "ı": "i"})
_BREAKS = re.compile(r"[/|()（）\[\]\n\r;:：,，–—]+| - ")
_SCRIPT_CHANGE = re.compile(
    "(?<=[\u0e00-\u0eff\u3040-\u9fff])\\s*(?=[A-Za-z])|(?<=[A-Za-z.])\\s*(?=[\u0e00-\u0eff\u3040-\u9fff])"
)


@lru_cache(maxsize=8192)
def tokens(text: str) -> tuple[str, ...]:
    """The words of a name, folded; accents stay.

    >>> tokens("TxnDate_Time"), tokens("Số tiền (VND)"), tokens("日 志 号")
    (('txn', 'date', 'time'), ('số', 'tiền', 'vnd'), ('日', '志', '号'))
    """
    plain = unicodedata.normalize("NFKC", text).replace("\u200b", "").replace("№", " no ").replace("#", " no ")
    plain = _ACCOUNT.sub(" account ", plain)
    plain = _CAMEL.sub(" ", _TONES.sub("", plain))
    folded = unicodedata.normalize("NFC", plain.casefold())
    return tuple(_NO_LETTER.sub(" ", folded.replace("n°", " no ").replace("nº", " no ")).split())


def joined(words: Iterable[str]) -> str:
    """Words without anything between them: how they are looked up, for exports join and part them freely."""
    return "".join(words)


@lru_cache(maxsize=8192)
def bare(word: str) -> str:
    """A folded word without accents.

    >>> bare("số"), bare("libellé"), bare("đối")
    ('so', 'libelle', 'doi')
    """
    if word.isascii():
        return word
    parted = unicodedata.normalize("NFD", word.translate(_UNDECOMPOSED))
    return unicodedata.normalize("NFC", _ACCENTS.sub("", parted))


def halves(header: str) -> list[str]:
    """The parts of a name that says itself twice: "Ngày GD / Date", "วันที่ Date", "Amount (LAK)"; [] if there is one.

    >>> halves("ວັນທີ (Date)"), halves("วันที่ Date"), halves("Amount")
    (['ວັນທີ', 'Date'], ['วันที่', 'Date'], [])
    """
    parts = [part.strip() for piece in _BREAKS.split(header) for part in _SCRIPT_CHANGE.split(piece)]
    told = [part for part in parts if part]
    return told if len(told) > 1 else []
