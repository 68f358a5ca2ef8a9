"""Which format a column of days or instants is written in: tried over the whole column, never over one cell."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache
from itertools import pairwise

from amlscreen.intake.proposing.atoms import folded

__all__ = ["Days", "clock_formats", "days_of", "read_day"]

_FIRST, _LAST = 1950, 2099
_ENOUGH = 0.9
_CLOCKS = ("%H:%M:%S", "%H:%M", "%I:%M:%S %p", "%I:%M %p", "%I:%M%p", "%H%M%S", "%H.%M.%S", "%H.%M", "%H:%M:%S.%f")
_JOINTS = (" ", "T", ", ", "  ", "")
_ISO = re.compile(
    r"\d{4}-\d\d-\d\d(?:[T ]\d\d:\d\d(?::\d\d(?:\.\d{1,9})?)?(?: ?(?:Z|[+-]\d\d(?::?\d\d)?))?)?"
)  # what reading takes without a format
_AHEAD = re.compile(r"(?<!\d)(?:24[89]|25\d|26[012])\d(?=\D|$)|(?<=^\d{4})25\d\d$|^25\d\d(?=[01]\d[0-3]\d$)")
_BEGINS = re.compile(
    r"\d{1,4}\W{1,2}(\d{1,2}|[A-Za-z]{3,9})\W{1,2}\d|\d{1,2}[A-Za-z]{3}\d|[A-Za-z]{3,9}\W{1,2}\d|\d{4}年|\d{6}"
)
_LEADING = re.compile(r"^(\d{14}|\d{1,4}[-/.]\d{1,2}[-/.]\d{1,4})(?=[ \[(,;T].)")


@dataclass(frozen=True, slots=True)
class Days:
    """How a column's days are written.

    ``formats`` as a mapping states them, empty for ISO 8601; ``era`` buddhist where the years are 543 ahead; ``share``
    of the filled cells that read so; ``values`` the cells read, None elsewhere; ``timed`` if they say the time too;
    ``other`` the formats with day and month swapped, where both read every cell; ``settled`` why one was preferred,
    "" if nothing speaks for either; ``find`` the expression that cuts the day out of a longer text; ``serial`` if they
    count days since 1899-12-30.
    """

    formats: tuple[str, ...]
    era: str
    share: float
    values: tuple[dt.datetime | None, ...]
    timed: bool
    other: tuple[str, ...] = ()
    settled: str = ""
    find: str | None = None
    serial: bool = False


def days_of(cells: Sequence[str]) -> Days | None:
    """The way a column of days is written; None if it holds no days."""
    texts = [folded(cell) for cell in cells]
    digital = [text if any(letter.isdigit() for letter in text) else "" for text in texts]
    if sum(map(bool, digital)) * 2 >= sum(map(bool, texts)):
        texts = digital  # words such as Pending are no days, and say nothing against the others
    filled = [text for text in texts if text]
    ahead = sum(bool(_AHEAD.search(text)) for text in filled)
    if sum(bool(_BEGINS.match(text)) for text in filled) * 2 < len(filled):
        return None
    if not filled or ahead < _ENOUGH * len(filled):
        return _common_days(texts) if filled else None
    found = _common_days([_AHEAD.sub(lambda year: str(int(year[0]) - 543), text) for text in texts])
    return replace(found, era="buddhist") if found else None


def _common_days(texts: Sequence[str]) -> Days | None:
    filled = [text for text in texts if text]
    if sum(bool(_ISO.fullmatch(text)) for text in filled) >= _ENOUGH * len(filled):
        iso = _iso(texts)
        if iso is not None:
            return iso
    found = _best(texts, filled)
    if found is not None and found.share == 1.0:
        return found
    cut_out = _cut_out(texts, filled)
    return cut_out if cut_out is not None and (found is None or cut_out.share > found.share) else found


def _cut_out(texts: Sequence[str], filled: Sequence[str]) -> Days | None:
    """Days at the beginning of longer texts."""
    cut = [text if _plain_day(text) else (_LEADING.match(text) or [""])[0] for text in texts]
    if sum(map(bool, cut)) < _ENOUGH * len(filled):
        return None
    share = sum(map(bool, cut)) / len(filled)
    found = _best(cut, [text for text in cut if text])
    compact = all(len(text) == 14 and text.isdigit() for text in cut if text)
    find = "^[0-9]{14}" if compact else "^[0-9/.-]+"
    return replace(found, find=find, share=found.share * share) if found else None


def _plain_day(text: str) -> bool:
    return re.fullmatch(r"\d{1,4}[-/.]\d{1,2}[-/.]\d{1,4}", text) is not None


def read_day(text: str, form: str) -> dt.datetime | None:
    """The instant a text is in one format; None if it is none."""
    if not _fits(form).fullmatch(text):
        return None
    try:
        return dt.datetime.strptime(text, form).replace(tzinfo=None)
    except ValueError:
        return None


def clock_formats(cells: Sequence[str]) -> tuple[str, ...] | None:
    """The formats of a column of clock times (() for the usual ones); None if it holds none."""
    filled = [text for text in map(folded, cells) if text]
    if not filled:
        return None
    for form in _CLOCKS:
        hit = sum(read_day(text, form) is not None for text in filled)
        if hit >= 0.95 * len(filled) and not (form == "%H%M%S" and len({len(text) for text in filled}) > 2):
            return () if form in ("%H:%M:%S", "%H:%M") else (form,)
    if all(read_day(text, "%H:%M:%S") or read_day(text, "%H:%M") for text in filled):
        return ()
    return None


def _iso(texts: Sequence[str]) -> Days | None:
    values = [_iso_value(text) for text in texts]
    years = [value.year for value in values if value]
    timed = any(len(text) > 10 for text in texts)
    filled = sum(map(bool, texts))
    if len([year for year in years if _FIRST <= year <= _LAST]) < _ENOUGH * filled:
        return None
    return Days((), "common", len(years) / filled, tuple(values), timed)


def _iso_value(text: str) -> dt.datetime | None:
    if not _ISO.fullmatch(text):
        return None
    try:
        return dt.datetime.fromisoformat(text[:19].strip())
    except ValueError:
        return None


def _best(texts: Sequence[str], filled: Sequence[str]) -> Days | None:
    """The format, or two that go together, that reads most cells; ties between day and month by the order of rows."""
    candidates: dict[str, int] = {}
    for text in _sample(filled):
        for form in _formats_for(text):
            candidates.setdefault(form, 0)
    for form in candidates:
        candidates[form] = sum(_plausible(text, form) is not None for text in filled)
    ranked = sorted(candidates, key=lambda form: -candidates[form])
    if not ranked or candidates[ranked[0]] == 0:
        return None
    first = ranked[0]
    rivals = [form for form in ranked if candidates[form] == candidates[first] and _shape(form) == _shape(first)]
    chosen, other, why = _preferred(rivals, texts)
    formats = [chosen]
    read = {text for text in filled if _plausible(text, chosen)}
    for form in ranked:
        rest = [text for text in filled if text not in read and _plausible(text, form)]
        if rest and _order(form) == _order(chosen) and len(formats) < 4:
            formats.append(form)
            read.update(rest)
    share = sum(text in read for text in filled) / len(filled)
    if share < _ENOUGH:
        return None
    values = tuple(_first_reading(text, formats) for text in texts)
    return Days(tuple(formats), "common", share, values, any("H" in f or "I" in f for f in formats), other, why)


def _first_reading(text: str, formats: Iterable[str]) -> dt.datetime | None:
    return next((value for form in formats if (value := _plausible(text, form))), None)


def _plausible(text: str, form: str) -> dt.datetime | None:
    """The instant, if it lies in years that records have."""
    value = read_day(text, form)
    return value if value is not None and _FIRST <= value.year <= _LAST else None


def _sample(filled: Sequence[str]) -> list[str]:
    """A few cells of each length, for which formats are made up."""
    by_length: dict[int, str] = {}
    for text in filled:
        by_length.setdefault(len(text), text)
    return [*list(by_length.values())[:24], *filled[:3]]


def _formats_for(text: str) -> list[str]:
    """Every format that a cell could be written in."""
    days = [
        form
        for length in range(5, min(len(text), 20) + 1)
        for form in _day_formats(text[:length])
        if _ends(text, length)
    ]
    made = []
    for form in dict.fromkeys(days):
        made.append(form)
        made += [f"{form}{joint}{clock}" for joint in _JOINTS for clock in _CLOCKS]
        made += [f"{form}{joint}{clock}%z" for joint in (" ", "T") for clock in _CLOCKS[:2]]
    return [form for form in dict.fromkeys(made) if read_day(text, form)]


def _ends(text: str, length: int) -> bool:
    """Whether a day could end there: not within a run of letters or between a digit and a mark of dates."""
    return length == len(text) or not (text[length - 1].isalpha() and text[length].isalpha())


def _day_formats(text: str) -> list[str]:
    if text.isdigit():
        return {8: ["%Y%m%d", "%d%m%Y", "%m%d%Y"], 6: ["%y%m%d", "%d%m%y", "%m%d%y"]}.get(len(text), [])
    named = re.fullmatch(r"(\d{1,4})([-/. ,]{0,2})([A-Za-z]{3,9})([-/. ,]{0,2})(\d{1,4})", text)
    if named:
        one, two = named[2], named[4]
        letter = "%b" if len(named[3]) == 3 else "%B"
        if len(named[1]) == 4:
            return [f"%Y{one}{letter}{two}%d"]
        return [f"%d{one}{letter}{two}{'%Y' if len(named[5]) == 4 else '%y'}"]
    ahead = re.fullmatch(r"([A-Za-z]{3,9})([. ]{1,2})(\d{1,2})([, ]{1,2})(\d{4}|\d\d)", text)
    if ahead:
        letter = "%b" if len(ahead[1]) == 3 else "%B"
        return [f"{letter}{ahead[2]}%d{ahead[4]}{'%Y' if len(ahead[5]) == 4 else '%y'}"]
    han = re.fullmatch(r"\d{4}年\d{1,2}月\d{1,2}日", text)
    if han:
        return ["%Y年%m月%d日"]
    return _numeric_formats(text)


def _numeric_formats(text: str) -> list[str]:
    numeric = re.fullmatch(r"(\d{1,4})([-/.]|\. )(\d{1,2})([-/.]|\. )(\d{1,4})(\.?)", text)
    if not numeric:
        return []
    one, two, end = numeric[2], numeric[4], numeric[6]
    if len(numeric[1]) == 4:
        return [f"%Y{one}%m{two}%d{end}"]
    if len(numeric[5]) == 4:
        return [f"%d{one}%m{two}%Y{end}", f"%m{one}%d{two}%Y{end}"]
    if len(numeric[5]) == 2:
        return [f"%d{one}%m{two}%y{end}", f"%m{one}%d{two}%y{end}", f"%y{one}%m{two}%d{end}"]
    return []


def _shape(form: str) -> str:
    return re.sub("[dm]", "x", re.sub("%[dmYy]", "x", form))


def _order(form: str) -> str:
    """Which of day, month and year stands first and second: formats of one column agree in it."""
    return "".join(letter.lower() for letter in re.findall("%([dmYybB])", form)).replace("b", "m")


def _preferred(rivals: Sequence[str], texts: Sequence[str]) -> tuple[str, tuple[str, ...], str]:
    """The likelier of formats that read equally many cells, the other one, and why."""
    if len(rivals) == 1:
        return rivals[0], (), "only it reads every cell"
    read = {form: [value for text in texts if (value := _plausible(text, form))] for form in rivals}
    disorder = {form: _disorder(values) for form, values in read.items()}
    spans = {form: (max(values) - min(values)).days + 1 for form, values in read.items()}
    usual = sorted(rivals, key=lambda form: (disorder[form], _unusual(form)))
    best, second = usual[0], usual[1]
    if disorder[best] < disorder[second]:
        return best, (second,), "so the rows are in order of time"
    if len(set(read[best])) > 2:
        closest = min(rivals, key=lambda form: (spans[form], _unusual(form)))
        others = [spans[form] for form in rivals if form != closest]
        if spans[closest] * 4 < min(others):
            return closest, (best if closest == second else second,), "so the rows lie close together"
    return best, (second,), "" if "." not in best else "days stand first where dots are between"


def _unusual(form: str) -> int:
    return {"dm": 0, "md": 1}.get(_order(form)[:2], 2)


def _disorder(known: Sequence[dt.datetime]) -> float:
    """How far rows are from standing in order of time, up or down: the share of steps against the main way."""
    steps = [(after - before).days for before, after in pairwise(known) if after.date() != before.date()]
    if not steps:
        return 0.0
    back = min(sum(step < 0 for step in steps), sum(step > 0 for step in steps))
    return back / len(steps)


@lru_cache(maxsize=4096)
def _fits(form: str) -> re.Pattern[str]:
    """The digits a format takes when the mapping states it, which is stricter than Python in the year."""
    parts = {
        "%Y": r"\d{4}", "%y": r"\d{2}", "%b": "[A-Za-z]{3}", "%B": "[A-Za-z]{3,9}", "%p": "[AaPp][Mm]",
        "%f": r"\d{1,6}", "%z": r"[+-]\d\d:?\d\d",
    }  # fmt: skip
    compact = re.search(r"%[YymdHMS]%[YymdHMS]", form) is not None
    pieces = re.split(r"(%[A-Za-z])", form)
    return re.compile(
        "".join(
            parts.get(piece, r"\d{2}" if compact else r"\d{1,2}") if piece.startswith("%") else re.escape(piece)
            for piece in pieces
        )
    )
