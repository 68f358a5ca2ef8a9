"""How one canonical column is made from a file's columns: the smallest part of a mapping."""

from __future__ import annotations

import datetime as dt
import re
from typing import Any, Literal

from pydantic import BaseModel, ConfigDict, Field, field_validator, model_validator

from amlscreen.errors import did_you_mean
from amlscreen.intake.conditions import Pattern

__all__ = ["ColumnSpec"]

_OPTIONS_OF = {
    "date": ("time", "date"),
    "time": ("time",),
    "era": ("time", "date"),
    "zone_offset": ("time",),
    "incomplete": ("date",),
    "unreadable": ("date",),
    "days_since": ("time", "date"),
    "codes": ("text", "code", "flag", "whole", "decimal"),
    "otherwise": ("text", "code", "flag", "whole", "decimal"),
    "constant": ("text", "code", "flag", "whole", "decimal", "date"),
    "round": ("money",),
    "symbol": ("money",),
    "decimal": ("money", "decimal"),
    "thousands": ("money", "decimal"),
    "sign": ("money",),
    "debit": ("money",),
    "credit": ("money",),
    "join": ("text",),
}


class ColumnSpec(BaseModel):
    """Where a canonical column comes from. A bare text in a mapping means ``{from: that column}``."""

    model_config = ConfigDict(extra="forbid", frozen=True, populate_by_name=True)

    source: tuple[str, ...] = Field((), alias="from", description="The file's column, or several.")
    constant: str | None = Field(None, description="The same value for every row.")
    find: Pattern | None = Field(
        None,
        description="A regular expression; what it (or its group) finds counts as the cell, nothing found as empty.",
    )
    codes: dict[str, str] | None = Field(
        None, description="The file's codes and what each means; the code '' is an empty cell."
    )
    otherwise: str | None = Field(None, description="What codes outside `codes` mean. Without it they are quarantined.")
    date: tuple[str, ...] = Field((), description="Date formats, tried in order (strftime letters). Default: ISO 8601.")
    time: tuple[str, ...] = Field((), description="Formats of a second, separate time column.")
    era: Literal["common", "buddhist"] = Field("common", description="The era of the years; buddhist is 543 ahead.")
    zone_offset: str | None = Field(None, pattern=r"^[+-]\d{2}:\d{2}$", description="Local time's distance from UTC.")
    days_since: dt.date | None = Field(
        None, description="The column counts days from this one, which is 0; a fraction is the time of day."
    )
    incomplete: Literal["first_day", "last_day"] | None = Field(
        None,
        description="For formats without a day, such as %m/%Y or 00/00/%Y: which of the days it can be counts.",
    )
    unreadable: Literal["empty"] | None = Field(
        None, description="Dates that are none are left empty and counted. Default: the row is quarantined."
    )
    decimal: Literal[".", ","] = Field(".", description="The decimal mark.")
    thousands: Literal[".", ",", " ", "'"] | None = Field(
        None, description="The thousands mark. Default: a comma if the decimal mark is a dot, and the other way round."
    )
    rounding: Literal["half_even"] | None = Field(
        None,
        alias="round",
        description="Round amounts with more digits than the currency has, counted in the run's warnings. "
        "Default: they are quarantined.",
    )
    symbol: tuple[str, ...] = Field(
        (), description="Currency marks that may stand before or behind an amount, for example $ or CNY."
    )
    sign: Literal["negative_is_debit", "negative_is_credit"] | None = Field(
        None, description="The amount is signed and gives the direction."
    )
    debit: str | None = Field(None, description="The column of amounts that leave the account.")
    credit: str | None = Field(None, description="The column of amounts that come in.")
    join: str = Field(" ", description="What stands between the parts if a text comes from several columns.")

    @model_validator(mode="before")
    @classmethod
    def _bare_text_is_a_column(cls, value: Any) -> Any:
        if isinstance(value, str):
            return {"from": value}
        known = [field.alias or name for name, field in cls.model_fields.items()]
        for name in value if isinstance(value, dict) else ():
            if name not in known:
                raise ValueError(f"'{name}' is not known here. {did_you_mean(str(name), known)}")
        return value

    @field_validator("source", "date", "time", "symbol", mode="before")
    @classmethod
    def _one_is_a_list_of_one(cls, value: Any) -> Any:
        return (value,) if isinstance(value, str) else value

    @field_validator("constant", "otherwise", mode="before")
    @classmethod
    def _plain_words(cls, value: Any) -> Any:
        return _word(value)

    @field_validator("codes", mode="before")
    @classmethod
    def _plain_codes(cls, value: Any) -> Any:
        return {str(key): _word(word) for key, word in value.items()} if isinstance(value, dict) else value

    @field_validator("date", "time")
    @classmethod
    def _formats_are_known(cls, value: tuple[str, ...]) -> tuple[str, ...]:
        for text in value:
            if "%" not in text and text not in {"epoch_seconds", "epoch_milliseconds"}:
                raise ValueError(f"'{text}' is no format; write it like %d/%m/%Y, or epoch_seconds, epoch_milliseconds")
            for letter in re.findall(r"%(.?)", text):
                if letter not in set("YymdHIMSfpbBz%-"):
                    raise ValueError(
                        f"'%{letter}' in '{text}' is not known; known are %Y %y %m %d %b %B %H %I %p %M %S %f %z"
                    )
        return value

    @field_validator("symbol")
    @classmethod
    def _symbols_are_no_numbers(cls, value: tuple[str, ...]) -> tuple[str, ...]:
        for text in value:
            if not text.strip() or re.search(r"[0-9+()-]|^[.,']$", text):
                raise ValueError(f"'{text}' is no currency mark: it could be part of a number")
        return value

    @model_validator(mode="after")
    def _parts_agree(self) -> ColumnSpec:
        origins = sum((bool(self.source), self.constant is not None, bool(self.debit or self.credit)))
        if origins != 1:
            raise ValueError("give exactly one of `from`, `constant`, or `debit` and `credit`")
        if bool(self.debit) != bool(self.credit):
            raise ValueError("`debit` and `credit` belong together")
        if self.find is not None and not self.source:
            raise ValueError("`find` looks into the column that `from` names")
        if self.otherwise is not None and self.codes is None:
            raise ValueError("`otherwise` needs `codes`")
        if self.constant is not None and self.codes is not None:
            raise ValueError("`codes` says nothing of a `constant`")
        if self.days_since and (self.date or self.time or self.era != "common"):
            raise ValueError("`days_since` counts days, so `date`, `time` and `era` say nothing")
        short = [form for form in self.date if "%" in form and not re.search("%-?d", form)]
        if short and self.incomplete is None:
            raise ValueError(f"'{short[0]}' lacks the day: state `incomplete: first_day` or `incomplete: last_day`")
        if self.incomplete and not short:
            raise ValueError("`incomplete` is for date formats without a day, such as %m/%Y or %Y")
        if self.time and len(self.source) != 2:
            raise ValueError("`time` is about a second column: write `from: [the day, the time]`")
        if self.thousands == self.decimal:
            raise ValueError(f"'{self.decimal}' cannot be both the decimal and the thousands mark")
        return self

    @property
    def columns(self) -> tuple[str, ...]:
        """Every column of the file that this needs."""
        return self.source or tuple(name for name in (self.debit, self.credit) if name)

    def most_sources(self, column_type: str) -> int:
        """From how many columns of the file a canonical column of this type can be made."""
        return {"money": 1, "date": 1, "time": 1 if self.days_since else 2}.get(column_type, 99)

    def misplaced(self, column_type: str) -> str | None:
        """The first option that a canonical column of this type cannot take, if there is one."""
        fields = type(self).model_fields
        given = {fields[name].alias or name for name in self.model_fields_set}
        return next((each for each, types in _OPTIONS_OF.items() if each in given and column_type not in types), None)


def _word(value: Any) -> Any:
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, dt.date):
        return value.isoformat()
    return str(value) if isinstance(value, int) else value
