"""The rule catalogue as one page to search: it opens from disk, and no request leaves it."""

from __future__ import annotations

import re
from dataclasses import fields
from typing import Any

from markupsafe import Markup, escape

from amlscreen._version import __version__
from amlscreen.rules.card import FAMILIES, in_language
from amlscreen.rules.entry import Entry, entries, family_title, rules_by_need
from amlscreen.rules.indicators import REASONS
from amlscreen.rules.pages import Catalogue
from amlscreen.sinks.standalone import asset, standalone

__all__ = ["rules_page"]

_CODE = re.compile(r"`([^`]+)`")
_SEVERITIES = ("critical", "high", "medium", "low")


def rules_page(made_of: Catalogue) -> str:
    """The page as text; equal rules give equal text."""
    return standalone(
        "rules.html.j2",
        style=asset("report.css") + asset("rules.css"),
        script=asset("rules.js"),
        page=_content(made_of),
        coded=_coded,
    )


def _content(made_of: Catalogue) -> dict[str, Any]:
    every = entries(made_of.rules, made_of.language)
    names = list(FAMILIES.values())
    known = {one.rule_id for one in every}
    language = made_of.language
    return {
        "language": language,
        "version": __version__,
        "fingerprint": made_of.rules.fingerprint()[:12],
        "rules": sorted(every, key=lambda one: (names.index(one.family), one.rule_id)),
        "texts": {one.rule_id: _text(one) for one in every},
        "family": family_title,
        "families": [name for name in names if any(one.family == name for one in every)],
        "severities": [name for name in _SEVERITIES if any(one.severity == name for one in every)],
        "shapes": sorted({one.shape for one in every}),
        "typologies": sorted({one.typology for one in every}),
        "needs": list(rules_by_need(every)),
        "stories": [
            {
                "title": in_language(story.title, language),
                "story": in_language(story.story, language).strip(),
                "parts": [
                    (in_language(p.title, language), p.core, [(r, r in known) for r in p.rules]) for p in story.parts
                ],
            }
            for story in made_of.stories
        ],
        "indicators": len(made_of.listed.ids) if made_of.listed else 0,
        "not_covered": [
            {"id": name, "title": one.title, "reason": one.because or REASONS[one.reason]}
            for name, one in (made_of.listed.not_covered.items() if made_of.listed else ())
        ],
    }


def _coded(text: str) -> Markup:
    """Names in backticks as code; everything else is escaped."""
    return Markup(_CODE.sub(r"<code>\1</code>", str(escape(text))))


def _text(one: Entry) -> str:
    """All the words of a rule, to be searched."""
    return " ".join(_words(getattr(one, field.name)) for field in fields(one)).lower()


def _words(value: Any) -> str:
    if isinstance(value, str):
        return value
    if isinstance(value, tuple):
        return " ".join(map(_words, value))
    return " ".join(_words(getattr(value, field.name)) for field in fields(value))
