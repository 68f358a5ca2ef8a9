"""When a booking happened and from when it bears interest: which columns say so, and in which spelling."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from amlscreen.intake.column_spec import ColumnSpec
from amlscreen.intake.conditions import Held
from amlscreen.intake.proposing.atoms import folded
from amlscreen.intake.proposing.dates import Days
from amlscreen.intake.proposing.draft import Draft, column_spec
from amlscreen.intake.proposing.profile import Profile
from amlscreen.intake.proposing.proposal import Patch
from amlscreen.intake.proposing.words import meanings

__all__ = ["add_day", "add_times", "day_spec", "main_day"]

_ERAS = ("Buddhist: 69 is 2026", "common: 69 is 1969")
_NOT_THE_BOOKING = ("birth_date", "opened", "closed", "id_expiry", "since", "until", "printed", "review_due")


def main_day(profiles: Sequence[Profile]) -> Profile | None:
    """The column that says when a booking happened, if there is one."""
    days = [each for each in profiles if each.days and each.filled * 2 >= len(each.cells)]
    days = [each for each in days if not _elsewhere(each) > each.word("at", "value_date")]
    if not days:
        return None

    def likely(each: Profile) -> tuple[float, int]:
        timed = 0.15 if each.days and each.days.timed else 0.0
        late = 0.3 if each.word("value_date") > each.word("at") else 0.0
        whole = 0.2 * each.filled / len(each.cells)
        return (each.word("at") + timed - late + whole, -list(profiles).index(each))

    return max(days, key=likely)


def _elsewhere(each: Profile) -> float:
    return max((each.anywhere.get(name, 0.0) for name in _NOT_THE_BOOKING), default=0.0)


def add_times(draft: Draft, at: Profile, profiles: Sequence[Profile]) -> None:
    """State ``at`` with its clock, and ``value_date``; rows without a day are left out or told."""
    assert at.days is not None
    days = _in_era(at.days)
    clock = None if days.timed else _clock(profiles)
    sources = [at.name, clock.name] if clock else at.name
    time = (clock.clock if clock else None) or ()
    add_day(draft, "at", replace(at, days=days), sources=sources, time=time, sure=at.word("at") >= 0.6)
    if days.era != at.days.era:
        _ask_era(draft, at, (day_spec(sources, days, time=time), day_spec(sources, at.days, time=time)))
    _without_day(draft, at, days)
    value = max(
        (each for each in profiles if each.days and each is not at and each.word("value_date") >= 0.6),
        key=lambda each: each.word("value_date"),
        default=None,
    )
    if value is not None and value.days:
        same = _as_in(_in_era(value.days), days)
        draft.guess("value_date", day_spec(value.name, same), sure=True, reason="its name, and days in its cells")


def _in_era(days: Days) -> Days:
    """Years of two digits that would all lie before 1990 or far ahead are Buddhist ones: 69 is 2569, which is 2026."""
    years = [value.year for value in days.values if value]
    short = days.formats and all("%y" in form for form in days.formats)
    return (
        replace(days, era="buddhist") if short and years and not any(1990 <= each <= 2040 for each in years) else days
    )


def _ask_era(draft: Draft, at: Profile, specs: tuple[ColumnSpec, ColumnSpec]) -> None:
    """The era is likely, but two digits do not say it."""
    draft.guess("at", specs[0], sure=False, reason="days in its cells, whose years of two digits look Buddhist")
    choices = [(label, Patch(columns={"at": spec})) for label, spec in zip(_ERAS, specs, strict=True)]
    draft.doubt("at", f"Years in '{at.name}' have two digits. Which era are they of?", choices)


def _clock(profiles: Sequence[Profile]) -> Profile | None:
    clocks = [each for each in profiles if each.clock is not None and each.filled]
    return max(clocks, key=lambda each: each.word("time"), default=None)


def add_day(
    draft: Draft, column: str, profile: Profile, *, sources: str | list[str], time: tuple[str, ...] | None, sure: bool
) -> None:
    """State a column of days, and ask where day and month could change places."""
    days = profile.days
    assert days is not None
    spec = day_spec(sources, days, time=time or ())
    why = f", {days.settled}" if days.settled and days.settled != "only it reads every cell" else ""
    name = "its name, and days in its cells" if profile.word(column) else "days in its cells"
    draft.guess(column, spec, sure=sure and bool(days.settled or not days.other), reason=name + why)
    if days.other and not days.settled:
        other = day_spec(sources, Days(days.other, days.era, 1.0, (), days.timed, find=days.find), time=time or ())
        draft.doubt(
            column,
            f"Every day in '{profile.name}' reads with the day first and with the month first. Which is it?",
            [
                (_said(days.formats[0]), Patch(columns={column: spec})),
                (_said(days.other[0]), Patch(columns={column: other})),
            ],
        )


def _said(form: str) -> str:
    spoken = {"%d": "day", "%m": "month", "%Y": "year", "%y": "year"}
    first = sorted((form.find(each), word) for each, word in spoken.items() if each in form)
    return f"{form}: {', '.join(word for _, word in first)}"


def day_spec(sources: str | list[str], days: Days, *, time: tuple[str, ...] = ()) -> ColumnSpec:
    """The specification of a column of days."""
    if days.serial:
        return column_spec(sources, days_since="1899-12-30")
    era = "buddhist" if days.era == "buddhist" else None
    return column_spec(sources, date=days.formats, era=era, find=days.find, time=time)


def _as_in(days: Days, main: Days) -> Days:
    """A second column of days, which is written with day and month in the same order as the first."""
    both = days.other and main.formats and days.formats
    if both and _order(days.formats[0]) != _order(main.formats[0]) == _order(days.other[0]):
        return Days(days.other, days.era, days.share, days.values, days.timed, days.formats, "as the other days")
    return days


def _order(form: str) -> str:
    return "".join(letter for letter in form if letter in "dm")[:2]


def _without_day(draft: Draft, at: Profile, days: Days) -> None:
    """Rows whose day is empty or a word, such as Pending, are no bookings yet: they are left out, counted."""
    texts = [folded(cell) for cell, value in zip(at.cells, days.values, strict=True) if value is None]
    if not texts:
        return
    words = tuple(dict.fromkeys(text for text in texts if not any(letter.isdigit() for letter in text)))
    count = sum(text in words for text in texts)
    if count:
        held = Held(values=words)
        draft.leave_out(at.name, held)
        pending = bool(meanings("status", [word for word in words if word]))
        shown = ", ".join(f"'{word}'" if word else "nothing" for word in words[:5])
        draft.doubt(
            "records",
            f"{count} rows have no day in '{at.name}' but {shown}. What shall become of them?",
            [
                (
                    "they are not booked: leave them out, counted"
                    if pending
                    else "no bookings: leave them out, counted",
                    Patch(unless={at.name: held}),
                ),
                ("they are faulty: set them aside in quarantine", Patch(unless={at.name: None})),
            ],
        )
