"""Which encoding the bytes of a text are in, and how sure that is.

A byte order mark or valid UTF-8 settles it. Otherwise each candidate is judged by whether the text it gives could have
been written: Thai vowels and tone marks need a consonant before them, Chinese comes in runs of common characters,
accented Latin letters stand inside words. Where two candidates read about equally well the likelier is taken, and a
warning says how to state the other.
"""

from __future__ import annotations

import codecs
import re
from collections.abc import Callable
from dataclasses import dataclass

from charset_normalizer import from_bytes

__all__ = ["Guess", "byte_order_mark", "guess_encoding", "utf16_without_mark"]

_MARKS = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF32_LE, "utf-32"),
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
_LEAST_PLAUSIBLE = 0.7
_CLEAR_LEAD = 0.2

_THAI = re.compile(r"[\u0e01-\u0e5b]+")
_THAI_WORD = re.compile(
    r"(?:[\u0e40-\u0e44]?[\u0e01-\u0e2e][\u0e31\u0e34-\u0e3a\u0e47-\u0e4e]{0,3}[\u0e30\u0e32\u0e33\u0e45]{0,2}"
    r"|[\u0e2f\u0e3f\u0e46\u0e4f-\u0e5b])+"
)
_HAN = re.compile(r"[\u3400-\u9fff\U00020000-\U0003ffff]+")
_HAN_MARKS = re.compile(r"[\u3000-\u303f\uff00-\uffef\u2014\u2018-\u201d\u2026\u00b7\u00a5]+")
_LATIN_LETTERS = frozenset("ÀÁÂÃÄÅÆÇÈÉÊËÌÍÎÏÑÒÓÔÕÖØÙÚÛÜÝßàáâãäåæçèéêëìíîïñòóôõöøùúûüýÿŒœŠšŽžŸðþÐÞ")
_LATIN_MARKS = frozenset("€£¥§©®°±²³µ·ºª«»¿¡–—‘’“”„•…™\u00a0´¨¢½¼¾")
_UNLIKELY_IN_LATIN = re.compile(r"[À-ÖØ-öø-ÿ]{4,}")


@dataclass(frozen=True, slots=True)
class Guess:
    """An encoding and, unless it is certain, the sentence that says how to state another."""

    encoding: str
    warning: str | None = None


def byte_order_mark(head: bytes) -> str | None:
    """The encoding that the first bytes of a file state, if they do."""
    return next((name for mark, name in _MARKS if head.startswith(mark)), None)


def utf16_without_mark(head: bytes) -> str | None:
    """UTF-16 shows without its mark too: every second byte of ASCII characters is zero."""
    even, odd = head[0::2], head[1::2]
    if len(head) < 4 or not odd:
        return None
    if odd.count(0) > 0.3 * len(odd) and even.count(0) < 0.05 * len(even):
        return "utf-16-le"
    if even.count(0) > 0.3 * len(even) and odd.count(0) < 0.05 * len(odd):
        return "utf-16-be"
    return None


def guess_encoding(sample: bytes) -> Guess:
    """The likeliest encoding of lines that are not UTF-8. ``sample`` holds lines with bytes above 127, whole."""
    scores = {}
    for encoding, judge in _JUDGES.items():
        try:
            scores[encoding] = judge(sample.decode(encoding))
        except UnicodeDecodeError as problem:
            scores[encoding] = _without_bad_lines(sample, encoding, judge) if problem.start else 0.0
    ranked = sorted(scores, key=lambda name: -scores[name])
    best, second = ranked[0], ranked[1]
    if scores[best] < _LEAST_PLAUSIBLE:
        return _from_statistics(sample, best)
    if scores[best] - scores[second] < _CLEAR_LEAD:
        return Guess(best, f"read as {best}, but it could also be {second}. {_state(second)}")
    return Guess(best)


def _without_bad_lines(sample: bytes, encoding: str, judge: Callable[[str], float]) -> float:
    """The score of the lines that can be decoded, times their share: a single damaged line decides nothing."""
    lines = sample.split(b"\n")
    good = []
    for line in lines:
        try:
            good.append(line.decode(encoding))
        except UnicodeDecodeError:
            continue
    share = len(good) / len(lines)
    return judge("\n".join(good)) * share if share > 0.9 else 0.0


def _from_statistics(sample: bytes, otherwise: str) -> Guess:
    """What charset-normalizer makes of bytes that none of the expected encodings explains."""
    match = from_bytes(sample[:65536]).best()
    found = codecs.lookup(match.encoding).name if match is not None else otherwise
    encoding = otherwise if found.startswith("utf") else found  # the UTFs were ruled out before
    return Guess(encoding, f"the encoding is not clear; read as {encoding}. {_state('cp874')}")


def _state(other: str) -> str:
    return f"If names look wrong, state `layout: {{encoding: {other}}}` in the mapping."


def _thai(text: str) -> float:
    """The share of non-ASCII characters that stand in Thai syllables as Thai is written."""
    high = sum(char > "\x7f" for char in text)
    runs = (run.group() for run in _THAI.finditer(text))
    good = sum(sum(map(len, _THAI_WORD.findall(run))) for run in runs if len(run) > 1)
    marks = sum(text.count(char) for char in "‘’“”–—…€\u00a0")  # the same bytes in cp1252, so they speak for neither
    return (good + 0.6 * marks) / high if high else 0.0


_COMMON_HAN_ROWS = range(0xB0, 0xD8)


def _chinese(text: str) -> float:
    """The share of non-ASCII characters that are common Chinese ones, in runs as in words, or their punctuation."""
    high = sum(char > "\x7f" for char in text)
    good = sum(len(run) for run in _HAN_MARKS.findall(text))
    for run in _HAN.findall(text):
        if len(run) > 1:
            good += sum(_is_common(char) for char in run)
    return good / high if high else 0.0


def _is_common(char: str) -> bool:
    code = char.encode("gb18030")
    return len(code) == 2 and code[0] in _COMMON_HAN_ROWS and code[1] >= 0xA1


def _latin(text: str) -> float:
    """The share of non-ASCII characters that are accented letters inside words, or Western punctuation."""
    high = sum(char > "\x7f" for char in text)
    strange = sum(len(run) for run in _UNLIKELY_IN_LATIN.findall(text))
    letters = sum(char in _LATIN_LETTERS for char in text)
    marks = sum(char in _LATIN_MARKS for char in text)
    return max(0.0, letters + 0.8 * marks - strange) / high if high else 0.0


_JUDGES: dict[str, Callable[[str], float]] = {"cp874": _thai, "gb18030": _chinese, "cp1252": _latin}
