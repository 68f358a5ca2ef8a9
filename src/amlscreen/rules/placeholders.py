"""The gaps in ``explain`` and what may fill them.

``{measure}`` shows a measure in its own unit; ``{measure:money}``, ``{measure:.0%}``, ``{measure:.1f}``,
``{measure:duration}``, ``{measure:days}`` and ``{measure:date}`` say how. ``{first_day}``, ``{last_day}``,
``{subject}`` and, with ``for_each: limits``, ``{limit}`` are always there.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from string import Formatter

from amlscreen.errors import did_you_mean
from amlscreen.rules.units import Unit

__all__ = ["ALWAYS", "Gap", "gaps", "wrong_gap"]

ALWAYS = ("first_day", "last_day", "subject")
_NAME = re.compile(r"^[a-z][a-z0-9_]*$")
_FIGURES = (".0f", ".1f", ".2f")
_PERCENT = (".0%", ".1%", ".2%")
_FORMATS: Mapping[Unit, tuple[str, ...]] = {
    "count": ("days", *_FIGURES),
    "money": ("money",),
    "ratio": (*_PERCENT, *_FIGURES),
    "multiple": (*_FIGURES, *_PERCENT),
    "time": ("duration", "days"),
    "days": ("days",),
    "date": ("date",),
    "flag": (),
    "text": (),
}


@dataclass(frozen=True, slots=True)
class Gap:
    """One ``{name:format}`` of a text."""

    name: str
    format: str


def gaps(text: str) -> Iterator[Gap]:
    """The gaps of a text, in order. ``ValueError`` for unbalanced braces and for anything but a name and a format."""
    for _, name, form, conversion in Formatter().parse(text):
        if name is None:
            continue
        if conversion or not _NAME.match(name) or "{" in (form or ""):
            raise ValueError(f"'{{{name}}}' is not a gap this program fills; write a measure's name, {{payers}}")
        yield Gap(name, form or "")


def wrong_gap(gap: Gap, units: Mapping[str, Unit], *, has_limit: bool) -> tuple[str, str] | None:
    """What is wrong with a gap and the fix, or ``None``."""
    plain = (*ALWAYS, "limit") if has_limit else ALWAYS
    if gap.name in plain:
        return (f"'{{{gap.name}}}' takes no format.", f"Write {{{gap.name}}}.") if gap.format else None
    if gap.name == "limit":
        return "'{limit}' is known only with `for_each: limits`.", "Leave it out, or run once for each limit."
    if gap.name not in units:
        return f"'{{{gap.name}}}' is not measured by this card.", did_you_mean(gap.name, (*units, *plain))
    allowed = _FORMATS[units[gap.name]]
    if gap.format and gap.format not in allowed:
        known = f"Allowed: {', '.join(allowed)}." if allowed else "It takes no format."
        return f"'{{{gap.name}:{gap.format}}}' does not fit a measure in {units[gap.name]}.", known
    return None
