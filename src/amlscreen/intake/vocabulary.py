"""Words that stand for a code: one table of spellings, in which a word for two codes stands for none."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from amlscreen.intake.letters import spelling

__all__ = ["Vocabulary"]


@dataclass(frozen=True, slots=True)
class Vocabulary:
    """Codes by spelling; None where a spelling is a word for several codes. Both are compared without capitals.

    ``standard`` are the standard's own codes in capitals, which no word of a language gainsays: MY is Malaysia, though
    without its accent it is the Vietnamese word for the United States.
    """

    codes: Mapping[str, str | None]
    by_mark: Mapping[str, str | None] = field(default_factory=dict)
    standard: Mapping[str, str] = field(default_factory=dict)

    @classmethod
    def of(
        cls,
        words: Iterable[tuple[str, str]],
        *,
        ambiguous: Iterable[str] = (),
        weaker: Iterable[tuple[str, str]] = (),
        marks: Mapping[str, str | None] | None = None,
        standard: Mapping[str, str] | None = None,
    ) -> Vocabulary:
        """From pairs of code and word. ``weaker`` words count only where no other word is spelt so.

        ``ambiguous`` words are for no code, whatever else says so; ``marks`` are signs such as ₭, compared as they are.
        """
        strong = _by_spelling(words)
        codes = {**{word: code for word, code in _by_spelling(weaker).items() if word not in strong}, **strong}
        codes |= dict.fromkeys(map(spelling, ambiguous))
        codes.pop("", None)
        return cls(codes, marks or {}, standard or {})

    def read(self, text: str) -> tuple[str | None, bool]:
        """The code that a text stands for, and whether it is known at all: (None, True) stands for several codes."""
        if text.strip() in self.standard:
            return self.standard[text.strip()], True
        mark = text.strip().upper()
        if mark in self.by_mark:
            return self.by_mark[mark], True
        word = spelling(text)
        return self.codes.get(word), word in self.codes


def _by_spelling(words: Iterable[tuple[str, str]]) -> dict[str, str | None]:
    found: dict[str, set[str]] = {}
    for code, word in words:
        found.setdefault(spelling(word), set()).add(code)
    return {word: next(iter(codes)) if len(codes) == 1 else None for word, codes in found.items()}
