"""A name as part of the key of the other side."""

from __future__ import annotations

import re
import unicodedata

from amlscreen.intake.letters import alike
from amlscreen.intake.titles import MOST_TITLES, TITLES

__all__ = ["name_key"]

_TITLES = re.compile(TITLES)
_SPACES = re.compile(r"\s+")


def name_key(name: str | None) -> str | None:
    """A name made comparable: letters that look alike and capitals alike, titles dropped, spaces collapsed.

    None if nothing is left. The order of its parts stays.

    >>> name_key("  Mr.  SOMCHAI   Test ")
    'somchai test'
    """
    if name is None:
        return None
    text = _SPACES.sub(" ", alike(name).casefold()).strip(" .,;-")
    bare = text
    for _ in range(MOST_TITLES):
        bare = _TITLES.sub("", bare, count=1).strip(" .,;-") or bare
    return unicodedata.normalize("NFKC", bare) or None
