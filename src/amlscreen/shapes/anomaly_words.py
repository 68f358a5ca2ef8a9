"""What sets a subject apart from its peers, in words: each feature with its value and the peers' median."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from decimal import ROUND_DOWN, ROUND_HALF_EVEN, Decimal

from amlscreen.detectors.because import Because
from amlscreen.feature_catalogue import Unit, catalogue
from amlscreen.jurisdiction import Jurisdiction

__all__ = ["NOTHING_ALONE", "Figures", "in_words"]

NOTHING_ALONE = "no single figure, but how they go together"
"""Where no feature makes the subject odd by itself."""
_DAY, _HOUR, _MINUTE = 86_400_000_000, 3_600_000_000, 60_000_000


@dataclass(frozen=True, slots=True)
class Figures:
    """How the values of features are shown: money in the home currency, as the run shows it."""

    jurisdiction: Jurisdiction

    def shown(self, name: str, value: int) -> str:
        """A feature's value, given in inside units, as people read it; shares and multiples are cut, not rounded."""
        unit = catalogue()[name].unit
        return self._money(value) if unit == "money" else _FORMS[unit](value)

    def _money(self, minor: int) -> str:
        home = self.jurisdiction
        whole = (
            Decimal(minor).scaleb(-home.minor_digits).quantize(Decimal(1).scaleb(-home.shown_digits), ROUND_HALF_EVEN)
        )
        return f"{whole:,f} {home.currency}"


def in_words(found: Iterable[Because], figures: Figures) -> str:
    """The features in the order given, with the peers' median behind each.

    A feature is called by its label; :data:`NOTHING_ALONE` where there is none.
    """
    features = catalogue()
    told = [
        f"{features[one.feature].label} {figures.shown(one.feature, one.value)}"
        f" ({figures.shown(one.feature, one.usual)} is usual)"
        for one in found
    ]
    return ", ".join(told) or NOTHING_ALONE


def _cut(value: int, places: int, digits: int) -> str:
    cut = Decimal(value).scaleb(places).quantize(Decimal(1).scaleb(-digits), ROUND_DOWN)
    text = f"{cut:,f}"
    return text.rstrip("0").rstrip(".") if "." in text else text


def _span(microseconds: int) -> str:
    for size, word in ((_DAY, "days"), (_HOUR, "hours"), (_MINUTE, "minutes")):
        if abs(microseconds) >= 2 * size:
            return f"{microseconds // size:,} {word}"
    return f"{microseconds // 1_000_000} seconds"


_FORMS: Mapping[Unit, Callable[[int], str]] = {
    "count": lambda n: f"{n:,}",
    "days": lambda n: f"{n:,} day{'' if abs(n) == 1 else 's'}",
    "ratio": lambda n: f"{_cut(n, -4, 1)}%",
    "multiple": lambda n: f"{_cut(n, -6, 2)} times",
    "time": _span,
    "bits": lambda n: f"{_cut(n, -6, 2)} bits",
    "deviations": lambda n: f"{_cut(n, -6, 1)} deviations",
    "flag": lambda n: "yes" if n else "no",
    "date": lambda n: (dt.date(1970, 1, 1) + dt.timedelta(days=n)).isoformat(),
}
"""Of every unit but money."""
