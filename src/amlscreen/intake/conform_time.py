"""Instants and days: each stated format becomes a validating expression; an era is taken off before anything is parsed.

Times in files are local wall time; a text with its own zone (``Z``, ``+07:00``) is taken at its word.
"""

from __future__ import annotations

import re

from amlscreen.intake.column_spec import ColumnSpec
from amlscreen.intake.conform import Plan
from amlscreen.intake.conform_money import folded
from amlscreen.intake.conform_steps import day_of_step, has_fraction, local_us_of_step
from amlscreen.intake.sql import identifier, literal
from amlscreen.schema import Column

__all__ = ["add_date", "add_instant"]

DAY_US = 86_400_000_000
_FIRST, _LAST = "DATE '1900-01-01'", "DATE '2200-12-31'"
_ISO_DAY = r"[0-9]{4}-(?:0[1-9]|1[0-2])-(?:0[1-9]|[12][0-9]|3[01])"
_CLOCK = r"(?:[01][0-9]|2[0-3]):[0-5][0-9](?::[0-5][0-9](?:\.[0-9]{1,9})?)?"
_ZONE = r"(?:Z|[+-][0-9]{2}(?::?[0-9]{2})?)"
_PARTS = {
    "%Y": "[0-9]{4}",
    "%y": "[0-9]{2}",
    "%m": "(?:0?[1-9]|1[0-2])",
    "%d": "(?:0?[1-9]|[12][0-9]|3[01])",
    "%b": "[A-Za-z]{3}",
    "%B": "[A-Za-z]{3,9}",
    "%H": "(?:[01]?[0-9]|2[0-3])",
    "%I": "(?:0?[1-9]|1[0-2])",
    "%p": "[AaPp][Mm]",
    "%M": "[0-5]?[0-9]",
    "%S": "[0-5]?[0-9]",
    "%f": "[0-9]{1,6}",
    "%z": "[+-][0-9]{2}:?[0-9]{2}",
    "%%": "%",
}
_LOST_ZEROS = {"%d%m%Y": 8, "%m%d%Y": 8, "%d%m%y": 6, "%m%d%y": 6, "%y%m%d": 6, "%H%M%S": 6, "%H%M": 4}
_EPOCH = {"epoch_seconds": (1_000_000, "-?[0-9]{1,11}"), "epoch_milliseconds": (1000, "-?[0-9]{1,14}")}


def add_date(plan: Plan, column: Column, spec: ColumnSpec) -> None:
    """A calendar day, as days since 1970-01-01."""
    name = column.name
    day = identifier(f"day:{name}")
    if spec.constant is not None:
        plan.layers[0][f"text:{name}"] = f"{literal(spec.constant)}::VARCHAR"
        plan.layers[2][f"day:{name}"] = f"TRY_CAST({identifier(f'text:{name}')} AS DATE)"
    elif spec.days_since:
        step = _step(plan, name, spec)
        plan.layers[2][f"day:{name}"] = day_of_step(*step, spec.days_since)
    elif plan.type_of(spec.source[0]) == "DATE" or plan.type_of(spec.source[0]).startswith("TIMESTAMP"):
        plan.layers[0][f"text:{name}"] = plan.raw(spec.source[0])
        plan.layers[2][f"day:{name}"] = f"TRY_CAST({identifier(f'text:{name}')} AS DATE)"
    else:
        plan.layers[0][f"text:{name}"] = folded(plan.text(spec.source[0], spec.find))
        plan.layers[2][f"day:{name}"] = f"CAST({_stamp(identifier(f'text:{name}'), spec, None)} AS DATE)"
    shown = plan.shown(*spec.source) if spec.source else "NULL"
    text = identifier(f"text:{name}")
    none, outside = f"{text} IS NOT NULL AND {day} IS NULL", f"{day} NOT BETWEEN {_FIRST} AND {_LAST}"
    if spec.unreadable == "empty":
        plan.counted.append((name, "left_empty", f"({none}) OR {outside}"))
    else:
        plan.refuse(none, "bad_date", name, shown)
        plan.refuse(outside, "date_out_of_range", name, shown)
    if spec.incomplete:
        short = " OR ".join(
            f"regexp_full_match({text}, {literal(_pattern(form))})" for form in spec.date if _lacks(form)
        )
        plan.counted.append((name, "day_unknown", f"{day} IS NOT NULL AND ({short})"))
    plan.layers[3][name] = f"CASE WHEN {day} BETWEEN {_FIRST} AND {_LAST} THEN ({day} - DATE '1970-01-01')::INTEGER END"
    plan.require(column)


def add_instant(plan: Plan, column: Column, spec: ColumnSpec) -> None:
    """An instant: layer 3 gets microseconds UTC under the column's name, ``local:`` microseconds and ``exact:``.

    ``exact:`` is false where only the day is known.
    """
    name, first = column.name, spec.source[0]
    kind = plan.type_of(first)
    offset = offset_us(spec.zone_offset) if spec.zone_offset else plan.country.offset_us
    stamp, text = identifier(f"stamp:{name}"), identifier(f"text:{name}")
    shown = plan.shown(*spec.source)
    if spec.days_since:
        step = _step(plan, name, spec)
        plan.layers[2][f"stamp:{name}"] = local_us_of_step(*step, spec.days_since)
        exact = has_fraction(*step)
    elif (kind.startswith("TIMESTAMP") or kind == "DATE") and len(spec.source) == 1:
        plan.layers[0][f"text:{name}"] = plan.raw(first)
        shift = offset if "TIME ZONE" in kind else 0
        plan.layers[2][f"stamp:{name}"] = f"epoch_us(TRY_CAST({text} AS TIMESTAMP)) + {shift}"
        exact = "FALSE" if kind == "DATE" else "TRUE"
    else:
        clock = _texts(plan, name, spec)
        plan.layers[2][f"stamp:{name}"] = _local_us(text, spec, clock, offset)
        exact = _exact(text, spec, clock)
    plan.layers[2][f"exact:{name}"] = f"({exact})"
    plan.refuse(f"{text} IS NOT NULL AND {stamp} IS NULL", "bad_date", name, shown)
    first_us, last_us = (f"epoch_us(CAST({day} AS TIMESTAMP))" for day in (_FIRST, _LAST))
    plan.refuse(f"{stamp} NOT BETWEEN {first_us} AND {last_us} + {DAY_US - 1}", "date_out_of_range", name, shown)
    plan.layers[3][name] = f"({stamp} - {offset})"
    plan.require(column, shown)


def offset_us(offset: str) -> int:
    """``+07:00`` as microseconds."""
    sign = -1 if offset[0] == "-" else 1
    return sign * (int(offset[1:3]) * 60 + int(offset[4:6])) * 60_000_000


def _step(plan: Plan, name: str, spec: ColumnSpec) -> tuple[str, str]:
    """The name and type under which layer 0 keeps a count of days."""
    source = spec.source[0]
    typed = plan.type_of(source) != "VARCHAR" and not plan.empty
    plan.layers[0][f"text:{name}"] = plan.raw(source) if typed else plan.text(source, spec.find)
    return identifier(f"text:{name}"), plan.type_of(source) if typed else "VARCHAR"


def _texts(plan: Plan, name: str, spec: ColumnSpec) -> str | None:
    plan.layers[0][f"text:{name}"] = folded(plan.text(spec.source[0], spec.find))
    if len(spec.source) == 1:
        return None
    plan.layers[0][f"clock:{name}"] = folded(plan.text(spec.source[1]))
    return identifier(f"clock:{name}")


def _local_us(text: str, spec: ColumnSpec, clock: str | None, offset: int) -> str:
    """SQL for local microseconds; NULL if the text is no instant in the stated spelling."""
    if spec.date:
        return f"epoch_us({_stamp(text, spec, clock)})" if not _has_zone(spec) else _zoned(text, spec, offset)
    local = f"epoch_us({_stamp(text, spec, clock)})"
    own_zone = literal(rf"{_ISO_DAY}[T ]{_CLOCK} ?{_ZONE}")
    apart = literal(f" ({_ZONE})$")  # the store does not read a zone that a space stands before
    zoned = f"regexp_replace({text}, {apart}, '\\1')"
    return (
        f"CASE WHEN regexp_full_match({text}, {own_zone}) "
        f"THEN epoch_us(TRY_CAST({zoned} AS TIMESTAMPTZ)) + {offset} ELSE {local} END"
    )


def _has_zone(spec: ColumnSpec) -> bool:
    return any("%z" in form or form in _EPOCH for form in spec.date)


def _zoned(text: str, spec: ColumnSpec, offset: int) -> str:
    """Formats that say the zone themselves give an instant; the others are local."""
    cases = []
    for form in spec.date:
        matches = f"WHEN regexp_full_match({text}, {literal(_pattern(form))})"
        if form in _EPOCH:
            cases.append(f"{matches} THEN TRY_CAST({text} AS BIGINT) * {_EPOCH[form][0]} + {offset}")
        elif "%z" in form:
            cases.append(f"{matches} THEN epoch_us(try_strptime({text}, {literal(form)})) + {offset}")
        else:
            cases.append(_one_form(text, form, spec.era).replace("THEN ", "THEN epoch_us(", 1) + ")")
    return f"CASE {' '.join(cases)} END"


def _exact(text: str, spec: ColumnSpec, clock: str | None) -> str:
    if clock is not None:
        return f"{clock} IS NOT NULL"
    if not spec.date:
        return f"strlen({text}) > 10"
    cases = " ".join(
        f"WHEN regexp_full_match({text}, {literal(_pattern(each))}) THEN {'TRUE' if _tells_time(each) else 'FALSE'}"
        for each in spec.date
    )
    return f"CASE {cases} END"


def _tells_time(form: str) -> bool:
    return "%H" in form or "%I" in form or form in _EPOCH


def _stamp(text: str, spec: ColumnSpec, clock: str | None) -> str:
    """SQL for a TIMESTAMP from a text, and a clock text if there is a second column."""
    forms = spec.date or ("iso",)
    day = "CASE " + " ".join(_one_form(text, form, spec.era) + _ahead(form, spec) for form in forms) + " END"
    if clock is None:
        return day
    clocks = spec.time or ("%H:%M:%S", "%H:%M")
    parsed = " ".join(
        f"WHEN regexp_full_match({_padded(clock, form)}, {literal(_pattern(form))}) "
        f"THEN try_strptime('2000-01-01 ' || {_padded(clock, form)}, {literal('%Y-%m-%d ' + form)})"
        for form in clocks
    )
    since = f"(CASE {parsed} END) - TIMESTAMP '2000-01-01'"
    return f"({day}) + CASE WHEN {clock} IS NULL THEN INTERVAL 0 SECOND ELSE {since} END"


def _one_form(text: str, form: str, era: str) -> str:
    if form == "iso":
        if era == "common":
            pattern = rf"{_ISO_DAY}(?:[T ]{_CLOCK})?"
            return f"WHEN regexp_full_match({text}, {literal(pattern)}) THEN TRY_CAST({text} AS TIMESTAMP)"
        pattern = rf"[0-9]{{4}}-[0-9]{{2}}-[0-9]{{2}}(?:[T ]{_CLOCK})?"
        common = f"CAST(TRY_CAST(left({text}, 4) AS INTEGER) - 543 AS VARCHAR) || substr({text}, 5)"
        return f"WHEN regexp_full_match({text}, {literal(pattern)}) THEN TRY_CAST({common} AS TIMESTAMP)"
    padded = _padded(text, form)
    matches = f"WHEN regexp_full_match({padded}, {literal(_pattern(form))})"
    if era == "common":
        return f"{matches} THEN try_strptime({padded}, {literal(form)})"
    ahead, year, behind = (
        f"regexp_extract({padded}, {literal(_pattern(form, grouped=True))}, {no})" for no in (1, 2, 3)
    )
    common = f"TRY_CAST({year} AS INTEGER) {'- 543' if '%Y' in form else '+ 1957'}"
    return f"{matches} THEN try_strptime({ahead} || ({common}) || {behind}, {literal(form.replace('%y', '%Y'))})"


def _ahead(form: str, spec: ColumnSpec) -> str:
    """What a date without a day lies before the day that counts: a format without one is read as the first."""
    if spec.incomplete != "last_day" or not _lacks(form):
        return ""
    return f" + INTERVAL 1 {'MONTH' if re.search('%-?[mbB]', form) else 'YEAR'} - INTERVAL 1 DAY"


def _lacks(form: str) -> bool:
    """Whether a format names no day of the month."""
    return "%" in form and not re.search("%-?d", form)


def _padded(text: str, form: str) -> str:
    """A sheet drops leading zeros of 05032026; where every digit is placed they can be put back."""
    if form not in _LOST_ZEROS:
        return text
    length = _LOST_ZEROS[form]
    return f"CASE WHEN strlen({text}) = {length - 1} THEN '0' || {text} ELSE {text} END"


def _pattern(form: str, *, grouped: bool = False) -> str:
    """The validating expression of a format; ``grouped`` catches what stands before, in and after the year."""
    if form in _EPOCH:
        return _EPOCH[form][1]
    pieces = re.split(r"(%-?[A-Za-z%])", form)
    made = []
    for piece in pieces:
        part = _PARTS.get(piece.replace("-", "")) if piece.startswith("%") else re.escape(piece)
        if grouped and piece in {"%Y", "%y"}:
            part = f")({part})("
        made.append(part or "")
    return f"({''.join(made)})" if grouped else "".join(made)
