"""A name as part of the key of the other side."""

from __future__ import annotations

import re
import unicodedata

from amlscreen.intake.letters import alike
from amlscreen.intake.titles import MOST_TITLES, TITLES

__all__ = ["name_key"]

_TITLES = re.compile(TITLES)


def name_key(name: str | None) -> str | None:
    """A name made comparable: letters that look alike and capitals alike, titles dropped, spaces collapsed.

    None if nothing is left. The order of its parts stays.

    >>> name_key("  Mr.  SOMCHAI   Test ")
    'somchai test'
    """
    if name is None:
        return None
    text = " ".join((name if name.isascii() else alike(name)).casefold().split()).strip(" .,;-")
    for _ in range(MOST_TITLES):
        bare = _TITLES.sub("", text, count=1)
        if bare == text:
            break
        text = bare.strip(" .,;-") or text
    return (text if text.isascii() else unicodedata.normalize("NFKC", text)) or None
